/**
 * Audits of several parts of one input, or of several inputs, to the audit that one scan of all of them would give. The
 * parts are taken in the order of time whatever the order they are named in; what one part could not know for want of
 * the part before is read now (survey/resume). Rates, intervals, verdicts and totals are made anew from sums.
 */
import { assembleAudit } from './audit/assemble.ts';
import type { Audit, AuditInput, Owner } from './audit/audit.ts';
import type { AuditEdges, EdgesPart, Weight } from './audit/edges.ts';
import { isMissedNote } from './audit/missed.ts';
import { isPowerNote } from './audit/power-notes.ts';
import { DIALECTS } from './dialects/index.ts';
import type { Contact } from './endpoints/contact.ts';
import { Networks } from './endpoints/networks.ts';
import { isEchoNote } from './hosts/echoes.ts';
import { AgeNotes } from './merge/age-notes.ts';
import {
  type Leaf,
  laterConnections,
  leavesOf,
  type MergePart,
  MOST_ROWS_APART,
  withLoss,
} from './merge/leaves.ts';
import { RepeatedLookups } from './merge/repeated-lookups.ts';
import { loadMalware } from './owners/malware.ts';
import { Tap } from './packets/tap.ts';
import { catalogueWarning } from './pools/catalogue/index.ts';
import { loadPools, refusalNote } from './pools/load.ts';
import { type AssessHostsOptions, assessHosts, hasOwnerFiles } from './survey/assess-hosts.ts';
import { loadAssumptions, type ModelOptions } from './survey/assumptions.ts';
import { addRecords, Captured } from './survey/captured.ts';
import { carryEdges } from './survey/carry.ts';
import { coverageOf } from './survey/coverage.ts';
import { FlowSurvey } from './survey/flow-survey.ts';
import { readCounters } from './survey/session-counters.ts';
import { Survey } from './survey/survey.ts';
import { VERSION } from './version.ts';

export type { MergePart };

export interface MergeOptions
  extends Omit<AssessHostsOptions, 'known' | 'assumptions' | 'malware'>,
    ModelOptions {
  /** Lists of accounts, agents and hosts that are malware's. */
  readonly malwareFiles?: readonly string[];
  readonly poolFiles: readonly string[];
  /** Own networks, as CIDR text, beside those that the audits name. */
  readonly local: readonly string[];
  /** True where the audit is to carry no packets for a further merge: it will be made fit to share. */
  readonly sealed?: boolean;
  /** Sessions and flows up to which the scans are carried side by side; by default some thousands. */
  readonly rowsApart?: number;
}

/** Merges audits. Throws MinesweepError FILE_INVALID where one cannot be merged or two hold the same input. */
export async function merge(parts: readonly MergePart[], options: MergeOptions): Promise<Audit> {
  const log = options.log ?? (() => {});
  const assumptions = await loadAssumptions(options);
  const malware = await loadMalware(options.malwareFiles ?? []);
  const leaves = await leavesOf(parts, (message) => log('warn', message));
  const limits = sharedWindow(leaves);
  const pools = await loadPools(options.poolFiles);
  const local = [...new Set([...options.local, ...leaves.flatMap((leaf) => leaf.options.local)])];
  const hasListedAddresses = options.poolFiles.length > 0;
  const survey = new Survey({
    dialects: DIALECTS,
    pools,
    hasListedAddresses,
    ...limits,
    sealed: options.sealed ?? false,
  });
  const tap = new Tap(survey);
  survey.watch(tap);
  const isApart = mayStayApart(leaves, options);
  const apart: EdgesPart[] = [];
  const goesOn = laterConnections(leaves);

  const inputs: AuditInput[] = [];
  const records: Contact[] = [];
  const lookups = new RepeatedLookups();
  const sums = noSums();
  const owners = new Map<string, Owner>();
  const overflow = { numbers: 0, nameless: 0, others: 0 };
  const notes = new Set<string>();
  const ages = new AgeNotes();
  for (const refused of pools.imports.map(refusalNote)) {
    if (refused === null) continue;
    notes.add(refused);
    log('warn', refused);
  }
  const sources: Audit['sources'] = [];
  const allowed = { sessions: 0, contacts: 0 };
  const counted = { packets: 0, flows: 0 };
  let isOfTimes = false;
  let isPartial = false;
  for (const [place, leaf] of leaves.entries()) {
    const { startUs, endUs } = leaf;
    const edges = await leaf.edges();
    if (isApart) apart.push({ edges, lost: leaf.lost });
    if (!(startUs >= tap.firstUs)) tap.firstUs = startUs;
    if (!(endUs <= tap.lastUs)) tap.lastUs = endUs;
    const lostBefore = survey.edges.lostAtSeam;
    // What it reads it takes over and changes.
    survey.resume(isApart ? structuredClone(edges) : edges, inputs.length, (flow) => goesOn(flow, place));
    for (const record of lookups.without(edges.records, leaf.inputs)) {
      records.push({ ...record, place: { ...record.place, input: record.place.input + inputs.length } });
    }
    const lost = survey.edges.lostAtSeam - lostBefore;
    inputs.push(
      ...leaf.inputs.map((input, i) => (i > 0 ? input : withLoss(input, (leaf.lost[0] ?? 0) + lost))),
    );
    addSums(sums, edges.weights);
    overflow.numbers += edges.overflow.numbers;
    overflow.nameless += edges.overflow.nameless;
    overflow.others += edges.overflow.others;
    const next = leaves[place + 1];
    if (next !== undefined) survey.endSilent(next.startUs);
    if (!leaf.isFirst) continue;
    const audit = await leaf.audit();
    isPartial ||= audit.partial;
    isOfTimes ||= audit.window.packets !== undefined;
    for (const kind of ['packets', 'flows'] as const) {
      const read = audit.inputs.reduce((sum, input) => sum + (input[kind] ?? 0), 0);
      counted[kind] += audit.window[kind] ?? read;
    }
    allowed.sessions += audit.allowed?.sessions ?? 0;
    allowed.contacts += audit.allowed?.contacts ?? 0;
    for (const note of ages.rest(audit)) if (!isSaidAnew(note)) notes.add(note);
    for (const source of audit.sources) {
      const isKnown = sources.some(({ title, date }) => title === source.title && date === source.date);
      if (!isKnown) sources.push(source);
    }
    for (const { ip, owner } of audit.hosts) {
      if ((owners.get(ip)?.class ?? 'unknown') === 'unknown') owners.set(ip, owner);
    }
  }
  if (!Number.isFinite(tap.firstUs)) tap.firstUs = Number.NaN;
  const thresholds = leaves.map((leaf) => leaf.options.coverageThreshold).filter((each) => each !== null);
  const threshold = thresholds.length === 0 ? null : Math.max(...thresholds);
  const window = Number.isNaN(tap.firstUs) ? null : { startUs: tap.firstUs, endUs: tap.lastUs };
  const edges = carryEdges(survey, tap, new FlowSurvey({ pools, hasListedAddresses, ...limits }), window, {
    sinceUs: Number.isFinite(limits.sinceUs) ? limits.sinceUs : null,
    untilUs: Number.isFinite(limits.untilUs) ? limits.untilUs : null,
    local,
    coverageThreshold: threshold,
  });
  const { encrypted, oneSided } = edges.weights;
  tap.end();
  const { sessions: settled, contacts } = survey.finish();
  const sessions = await readCounters(settled, 'auto', (message) => log('debug', message));
  for (const note of addRecords(contacts, new Captured(sessions, contacts), records)) notes.add(note);
  if (leaves.length > 1) {
    for (const note of overflowNotes(overflow)) {
      notes.add(note);
      log('warn', note);
    }
  }
  const staleness = window === null ? null : catalogueWarning(window.endUs);
  if (staleness !== null) {
    notes.add(staleness);
    log('warn', staleness);
  }
  const networks = await Networks.parse(local);
  const audit = assembleAudit({
    tool: { name: 'minesweep', version: VERSION },
    partial: isPartial,
    notes: [...notes],
    ...(allowed.sessions + allowed.contacts > 0 ? { allowed } : {}),
    inputs,
    window,
    ...(isOfTimes ? { counted } : {}),
    coverage: coverageOf(
      { ...sums, encrypted: survey.encrypted, oneSided: survey.oneSided },
      threshold ?? undefined,
    ),
    sessions,
    contacts: [...contacts.values()],
    isLocal: (ip) => networks.containsAddress(ip),
    edges: edgesOf({ ...edges, records, weights: { ...sums, encrypted, oneSided } }, leaves, apart, overflow),
  });
  // Databases that are given now are asked for every host: those of the parts name nobody then.
  const isOwnersKnown = !hasOwnerFiles(options);
  if (audit.hosts.length > 0 && isOwnersKnown) audit.sources.push(...sources);
  await assessHosts(audit, { ...options, assumptions, malware, known: owners });
  for (const warning of isOwnersKnown ? ages.ofOwners(audit) : []) {
    if (audit.notes.includes(warning)) continue;
    audit.notes.push(warning);
    log('warn', warning);
  }
  return audit;
}

/**
 * True where the scans are few enough to be carried side by side. What is to be fit to share must not carry packets, so
 * that scans with packets are joined then.
 */
function mayStayApart(
  leaves: readonly Leaf[],
  { sealed = false, rowsApart = MOST_ROWS_APART }: MergeOptions,
): boolean {
  const rows = leaves.reduce((sum, leaf) => sum + leaf.rows, 0);
  return leaves.length > 1 && rows <= rowsApart && (!sealed || leaves.every((leaf) => leaf.isSealed));
}

/** The edges with the scans side by side, or else with the time from which on more can be joined. */
function edgesOf(
  { overflow: own, ...joined }: AuditEdges,
  leaves: readonly Leaf[],
  apart: readonly EdgesPart[],
  before: AuditEdges['overflow'],
): AuditEdges {
  if (apart.length > 0) {
    const none = { names: [], contacts: [], records: [], sessions: [], flows: [], nameless: [] };
    return {
      ...joined,
      ...none,
      overflow: before,
      sealed: leaves.every((leaf) => leaf.isSealed),
      parts: apart,
    };
  }
  const isOne = leaves.length === 1 && leaves[0].lastStartUs === null;
  const lastStartUs = Math.max(...leaves.map((leaf) => leaf.lastStartUs ?? leaf.startUs));
  const overflow = {
    numbers: own.numbers + before.numbers,
    nameless: own.nameless + before.nameless,
    others: own.others + before.others,
  };
  return { ...joined, overflow, ...(!isOne && Number.isFinite(lastStartUs) ? { lastStartUs } : {}) };
}

/** What the parts had to leave out of what they carry, for people. */
function overflowNotes({ numbers, nameless, others }: AuditEdges['overflow']): string[] {
  const notes: string[] = [];
  if (others > 0)
    notes.push(
      `merge: ${others} connections at the ends of the parts were too many to be carried; sessions among them may lack what follows, or count twice`,
    );
  if (numbers > 0)
    notes.push(
      `merge: of ${numbers} connections at the ends of the parts not even the sizes were carried; shares of encrypted and one-sided traffic may be off by as much`,
    );
  if (nameless > 0)
    notes.push(
      `merge: ${nameless} connections whose server nobody named were too many to be carried; names that another part has do not reach them`,
    );
  return notes;
}

/** The times that all parts were limited to; none where they differ. */
function sharedWindow(leaves: readonly Leaf[]): { sinceUs: number; untilUs: number } {
  const [first] = leaves;
  const same = (of: (leaf: Leaf) => number | null): number | null =>
    first !== undefined && leaves.every((leaf) => of(leaf) === of(first)) ? of(first) : null;
  return {
    sinceUs: same(({ options }) => options.sinceUs) ?? Number.NEGATIVE_INFINITY,
    untilUs: same(({ options }) => options.untilUs) ?? Number.POSITIVE_INFINITY,
  };
}

/** Notes that the audit of the whole makes by itself. */
function isSaidAnew(note: string): boolean {
  return isMissedNote(note) || isEchoNote(note) || isPowerNote(note);
}

type Sums = Omit<AuditEdges['weights'], 'encrypted' | 'oneSided' | 'reasons' | 'cutBytes'> & {
  reasons: Record<string, Weight>;
  cutBytes: number;
};

function noSums(): Sums {
  const none = (): Weight => ({ packets: 0, bytes: 0 });
  return {
    all: none(),
    truncated: none(),
    recovered: none(),
    records: none(),
    sampled: none(),
    reasons: {},
    cutBytes: 0,
  };
}

function addSums(sums: Sums, weights: AuditEdges['weights']): void {
  const add = (sum: Weight, more: Readonly<Weight>): void => {
    sum.packets += more.packets;
    sum.bytes += more.bytes;
  };
  for (const kind of ['all', 'truncated', 'recovered', 'records', 'sampled'] as const)
    add(sums[kind], weights[kind]);
  sums.cutBytes += weights.cutBytes ?? 0;
  for (const [reason, weight] of Object.entries(weights.reasons)) {
    sums.reasons[reason] ??= { packets: 0, bytes: 0 };
    add(sums.reasons[reason], weight);
  }
}
