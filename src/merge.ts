/**
 * Audits of several parts of one input, or of several inputs, to the audit that one scan of all of them would give. The
 * parts are taken in the order of time whatever the order they are named in; what one part could not know for want of
 * the part before is read now (survey/resume). Rates, intervals, verdicts and totals are made anew from sums.
 */
import { assembleAudit } from './audit/assemble.ts';
import type { Audit, AuditInput, Owner } from './audit/audit.ts';
import type { AuditEdges, Weight } from './audit/edges.ts';
import { Tap } from './capture/tap.ts';
import { DIALECTS } from './dialects/index.ts';
import type { Contact } from './endpoints/contact.ts';
import { Networks } from './endpoints/networks.ts';
import { fail } from './errors.ts';
import { loadPools } from './pools/load.ts';
import { type AssessHostsOptions, assessHosts } from './survey/assess-hosts.ts';
import { loadAssumptions, type ModelOptions } from './survey/assumptions.ts';
import { capturedBy } from './survey/captured.ts';
import { carryEdges } from './survey/carry.ts';
import { coverageOf } from './survey/coverage.ts';
import { FlowSurvey } from './survey/flow-survey.ts';
import { Survey } from './survey/survey.ts';
import { VERSION } from './version.ts';

/** An audit to be merged, read when it is needed: many do not fit into memory at once. */
export interface MergePart {
  /** For messages. */
  readonly where: string;
  read(): Promise<Audit>;
}

export interface MergeOptions extends Omit<AssessHostsOptions, 'known' | 'assumptions'>, ModelOptions {
  readonly poolFiles: readonly string[];
  /** Own networks, as CIDR text, beside those that the audits name. */
  readonly local: readonly string[];
  /** True where the audit is to carry no packets for a further merge: it will be made fit to share. */
  readonly sealed?: boolean;
}

/** Rows of audits that are kept from the first reading; the others are read again when their turn comes. */
const KEPT_ROWS = 5000;

/** What decides on the order, and on whether the parts fit together. */
interface Outline {
  readonly part: MergePart;
  readonly startUs: number;
  readonly endUs: number;
  readonly inputs: readonly AuditInput[];
  readonly options: AuditEdges['options'];
  /** The audit itself, where there is room for it until its turn comes. */
  kept: Audit | null;
}

/** Merges audits. Throws MinesweepError FILE_INVALID where one cannot be merged or two hold the same input. */
export async function merge(parts: readonly MergePart[], options: MergeOptions): Promise<Audit> {
  const log = options.log ?? (() => {});
  const assumptions = await loadAssumptions(options);
  const outlines = await outlineAll(parts, log);
  const limits = sharedWindow(outlines);
  const pools = await loadPools(options.poolFiles);
  const local = [...new Set([...options.local, ...outlines.flatMap((outline) => outline.options.local)])];
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

  const inputs: AuditInput[] = [];
  const records: Contact[] = [];
  const sums = noSums();
  const owners = new Map<string, Owner>();
  const notes = new Set<string>();
  const sources: Audit['sources'] = [];
  let isPartial = false;
  for (const outline of outlines) {
    const { part, startUs, endUs } = outline;
    const audit = outline.kept ?? (await part.read());
    outline.kept = null;
    const edges = edgesOf(audit, part.where);
    if (!(startUs >= tap.firstUs)) tap.firstUs = startUs;
    if (!(endUs <= tap.lastUs)) tap.lastUs = endUs;
    const lostBefore = survey.edges.lostAtSeam;
    survey.resume(edges, inputs.length);
    for (const record of edges.records) {
      records.push({ ...record, place: { ...record.place, input: record.place.input + inputs.length } });
    }
    inputs.push(...withSeam(audit.inputs, survey.edges.lostAtSeam - lostBefore));
    addSums(sums, edges.weights);
    isPartial ||= audit.partial;
    for (const note of audit.notes) notes.add(note);
    for (const source of audit.sources) {
      const isKnown = sources.some(({ title, date }) => title === source.title && date === source.date);
      if (!isKnown) sources.push(source);
    }
    for (const { ip, owner } of audit.hosts) {
      if ((owners.get(ip)?.class ?? 'unknown') === 'unknown') owners.set(ip, owner);
    }
  }
  if (!Number.isFinite(tap.firstUs)) tap.firstUs = Number.NaN;
  const thresholds = outlines
    .map((outline) => outline.options.coverageThreshold)
    .filter((each) => each !== null);
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
  const { sessions, contacts } = survey.finish();
  const isCaptured = capturedBy(sessions, contacts);
  const kept = records.filter(
    ({ client, server }) => server === null || !isCaptured(client.ip, server.ip, server.port),
  );
  for (const contact of kept) contacts.add(structuredClone(contact));
  const networks = await Networks.parse(local);
  const audit = assembleAudit({
    tool: { name: 'minesweep', version: VERSION },
    partial: isPartial,
    notes: [...notes],
    inputs,
    window,
    coverage: coverageOf(
      { ...sums, encrypted: survey.encrypted, oneSided: survey.oneSided },
      threshold ?? undefined,
    ),
    sessions,
    contacts: [...contacts.values()],
    isLocal: (ip) => networks.containsAddress(ip),
    edges: { ...edges, records: kept, weights: { ...sums, encrypted, oneSided } },
  });
  if (audit.hosts.length > 0) audit.sources.push(...sources);
  await assessHosts(audit, { ...options, assumptions, known: owners });
  return audit;
}

async function outlineAll(
  parts: readonly MergePart[],
  log: NonNullable<MergeOptions['log']>,
): Promise<Outline[]> {
  const outlines: Outline[] = [];
  const holders = new Map<string, string>();
  let room = KEPT_ROWS;
  for (const part of parts) {
    const audit = await part.read();
    const { window, options } = edgesOf(audit, part.where);
    const keys = audit.inputs.map(inputKey).filter((key) => key !== null);
    const again = keys.filter((key) => holders.has(key));
    if (again.length > 0 && again.length === keys.length) {
      log('warn', `${part.where}: left out, its inputs are those of ${holders.get(again[0])}`);
      continue;
    }
    if (again.length > 0) {
      const input = audit.inputs.find((each) => inputKey(each) === again[0]);
      fail('FILE_INVALID', `holds the same input as ${holders.get(again[0])}: ${input?.path}`, {
        where: part.where,
        hint: 'Its sessions would count twice. Scan the inputs that are in one audit only, and merge those.',
      });
    }
    for (const key of keys) holders.set(key, part.where);
    room -= rowsOf(audit);
    outlines.push({
      part,
      startUs: window?.startUs ?? Number.POSITIVE_INFINITY,
      endUs: window?.endUs ?? Number.NEGATIVE_INFINITY,
      inputs: audit.inputs,
      options,
      kept: room >= 0 ? audit : null,
    });
  }
  // Equal times keep the order in which they were named: the sort is stable.
  return outlines.sort((a, b) => (a.startUs === b.startUs ? 0 : a.startUs - b.startUs));
}

function rowsOf({ hosts, sessions, edges }: Audit): number {
  return hosts.length + sessions.length + (edges?.sessions.length ?? 0) + (edges?.flows.length ?? 0);
}

/** The same input by content, or else by name, size and times; null where nothing tells. */
function inputKey({ path, bytes, sha256, first, last }: AuditInput): string | null {
  if (sha256 !== null) return sha256;
  return path === '-' && first === null ? null : JSON.stringify([path, bytes, first, last]);
}

function edgesOf(audit: Audit, where: string): AuditEdges {
  if (audit.edges !== undefined) return audit.edges;
  return fail('FILE_INVALID', 'this audit carries nothing to merge it by', {
    where,
    hint: 'Scan its inputs again with this version.',
  });
}

/** The times that all parts were limited to; none where they differ. */
function sharedWindow(outlines: readonly Outline[]): { sinceUs: number; untilUs: number } {
  const [first] = outlines;
  const same = (of: (outline: Outline) => number | null): number | null =>
    first !== undefined && outlines.every((outline) => of(outline) === of(first)) ? of(first) : null;
  return {
    sinceUs: same(({ options }) => options.sinceUs) ?? Number.NEGATIVE_INFINITY,
    untilUs: same(({ options }) => options.untilUs) ?? Number.POSITIVE_INFINITY,
  };
}

/** What was lost at the seam before a part stands as damage of its first input. */
function withSeam(inputs: readonly AuditInput[], lost: number): AuditInput[] {
  return inputs.map((input, i) =>
    i > 0 || lost === 0
      ? input
      : { ...input, damage: [...input.damage, { kind: 'message-cut-at-seam', count: lost, at: 0 }] },
  );
}

type Sums = Omit<AuditEdges['weights'], 'encrypted' | 'oneSided' | 'reasons'> & {
  reasons: Record<string, Weight>;
};

function noSums(): Sums {
  const none = (): Weight => ({ packets: 0, bytes: 0 });
  return { all: none(), truncated: none(), recovered: none(), records: none(), sampled: none(), reasons: {} };
}

function addSums(sums: Sums, weights: AuditEdges['weights']): void {
  const add = (sum: Weight, more: Readonly<Weight>): void => {
    sum.packets += more.packets;
    sum.bytes += more.bytes;
  };
  for (const kind of ['all', 'truncated', 'recovered', 'records', 'sampled'] as const)
    add(sums[kind], weights[kind]);
  for (const [reason, weight] of Object.entries(weights.reasons)) {
    sums.reasons[reason] ??= { packets: 0, bytes: 0 };
    add(sums.reasons[reason], weight);
  }
}
