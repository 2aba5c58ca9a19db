/**
 * Audits of several parts of one input, or of several inputs, to one audit. The parts are taken in the order of time
 * whatever the order they are named in; sessions that go on over a seam are joined; hosts, pools, totals, rates,
 * intervals and verdicts are made again from counts. What only a reader of both parts could know is counted as
 * `atSeam`.
 */

import { addressWords } from './address.ts';
import { assembleAudit } from './assessment/assemble.ts';
import { type AssessHostsOptions, assessHosts, hasOwnerFiles } from './assessment/assess-hosts.ts';
import { mergeBasis } from './assessment/merge-basis.ts';
import type { Audit, AuditInput, CoverageCounts, KnownOwner, SeamLoss, Weight } from './audit/audit.ts';
import { JudgedSum } from './audit/judged.ts';
import { timeUsOf } from './audit/time.ts';
import { type Contact, Contacts, copyContact } from './endpoints/contact.ts';
import { NameBook } from './endpoints/name-book.ts';
import { matchPool } from './endpoints/pool-match.ts';
import { LeaseBook } from './machines/leases.ts';
import { AgeNotes } from './merge/age-notes.ts';
import { ThinPairs } from './merge/pairs.ts';
import { type MergePart, type Part, type PartSession, readParts } from './merge/parts.ts';
import { RepeatedLookups } from './merge/repeated-lookups.ts';
import { Seams } from './merge/seams.ts';
import { Networks } from './networks.ts';
import { loadMalware } from './owners/malware.ts';
import { catalogueWarning } from './pools/catalogue.ts';
import { loadPools, refusalNote } from './pools/load.ts';
import type { Session } from './sessions/session.ts';
import type { SettledSession } from './sessions/settle.ts';
import { type Code, type Statement, statement } from './statements/index.ts';
import { loadAssumptions, type ModelOptions } from './survey/assumptions.ts';
import { addRecords, Captured } from './survey/captured.ts';
import { coverageOf } from './survey/coverage.ts';
import { settleAll } from './survey/settling.ts';
import { windowWithout } from './survey/window.ts';
import { VERSION } from './version.ts';

export type { MergePart };

export interface MergeOptions
  extends Omit<AssessHostsOptions, 'known' | 'leases' | 'assumptions' | 'malware'>,
    ModelOptions {
  /** Lists of accounts, agents and hosts that are malware's. */
  readonly malwareFiles?: readonly string[];
  readonly poolFiles: readonly string[];
  /** Time of writing that the audit states, ms since 1970; now if absent. */
  readonly generatedMs?: number;
  /** Own networks, as CIDR text, beside those that the audits name. */
  readonly local: readonly string[];
}

/** Parts that lie further apart do not follow each other, us. */
const MOST_APART_US = 120_000_000;
/** Clocks of two parts may differ by so much, us. */
const OVERLAP_US = 1_000_000;

/** Merges audits. Throws MinesweepError FILE_INVALID if one cannot be merged or two hold the same input. */
export async function merge(parts: readonly MergePart[], options: MergeOptions): Promise<Audit> {
  const log = options.log ?? (() => {});
  const assumptions = await loadAssumptions(options);
  const malware = await loadMalware(options.malwareFiles ?? []);
  const all = await readParts(parts, (message) => log('warn', message));
  const pools = await loadPools(options.poolFiles);
  const local = [...new Set([...options.local, ...all.flatMap(({ basis }) => basis.local)])];

  const seams = new Seams();
  const names = new NameBook();
  const contacts = new Contacts();
  const records = new Contacts();
  const lookups = new RepeatedLookups();
  const pairs = new ThinPairs();
  const inputs: AuditInput[] = [];
  const notes = new Map<string, Statement>();
  const note = (said: Statement): void => {
    notes.set(said.text, said);
  };
  const warn = (said: Statement): void => {
    note(said);
    log('warn', said.text);
  };
  const ages = new AgeNotes();
  const leases = new LeaseBook();
  const owners = new Map<string, KnownOwner>();
  const sources: Audit['sources'] = [];
  const allowed = { sessions: 0, contacts: 0 };
  const counted = { packets: 0, flows: 0 };
  let isOfTimes = false;
  let isPartial = false;
  for (const refused of pools.imports.map(refusalNote)) {
    if (refused !== null) warn(refused);
  }
  for (const part of all) {
    const { audit, basis } = part;
    const firstInput = inputs.length;
    const moved = (contact: Contact): Contact => movedContact(contact, firstInput);
    const apart = basis.contacts.filter((contact) => !seams.takesRest(contact));
    seams.add(part, firstInput);
    for (const { ip, name, client = '', isSaid = false, ...place } of basis.names) {
      const words = addressWords(ip);
      if (words !== null) {
        names.book(words, { name, client, isSaid, place: { ...place, input: place.input + firstInput } });
      }
    }
    for (const contact of apart) contacts.add(moved(contact));
    for (const record of lookups.without(basis.records, audit.inputs)) records.add(moved(record));
    pairs.add(basis.pairs ?? [], basis.pairsLeft ?? 0, firstInput);
    inputs.push(...audit.inputs);
    isPartial ||= audit.partial;
    isOfTimes ||= audit.window.packets !== undefined;
    for (const kind of ['packets', 'flows'] as const) {
      const read = audit.inputs.reduce((sum, input) => sum + (input[kind] ?? 0), 0);
      counted[kind] += audit.window[kind] ?? read;
    }
    allowed.sessions += audit.allowed?.sessions ?? 0;
    allowed.contacts += audit.allowed?.contacts ?? 0;
    for (const said of ages.rest(audit)) if (!SAID_ANEW.has(said.code)) note(said);
    for (const source of audit.sources) {
      const isKnown = sources.some(({ title, date }) => title === source.title && date === source.date);
      if (!isKnown) sources.push(source);
    }
    for (const { ip, machine } of part.leases) {
      const [fromUs, toUs] = [machine.from, machine.to].map((time) =>
        time === null ? Number.NaN : timeUsOf(time),
      );
      const { mac, hostname, user, source } = machine;
      leases.add({ ip, mac: mac ?? '', hostname: hostname ?? '', user: user ?? '', fromUs, toUs }, source);
    }
    for (const { ip, owner } of part.owners) {
      if ((owners.get(ip)?.class ?? 'unknown') === 'unknown') owners.set(ip, owner);
    }
  }
  const { window, notes: timesApart } = windowWithout(windowOf(all), inputs);
  for (const said of timesApart) log('warn', said.text);
  const inCaptures = [...contacts.values()].map(copyContact);
  const judged = addedJudged(all);
  const { contacts: told, rest } = pairs.decide({
    matchOf: ({ client, server, firstUs }) => {
      const known = names.namesOf(server.ip, client.ip).map(({ name }) => name);
      return matchPool(pools, known, server.ip, server.port, firstUs);
    },
    found: [...records.values()].flatMap(({ kind, client, server }) =>
      kind !== 'connection' || server === null ? [] : [{ client: client.ip, server }],
    ),
    judged,
  });
  for (const contact of told) records.add(contact);
  const undecided = rest.kept.length + rest.left;
  if (undecided > 0) warn(statement('pairs-undecided', { count: undecided }));
  const inRecords = [...records.values()].map(copyContact);
  const sessions = settled(seams.close(window?.endUs ?? null), (own) =>
    settleAll(own, pools, names, contacts),
  );
  for (const said of addRecords(contacts, new Captured(sessions, contacts), inRecords)) note(said);
  const staleness = window === null ? null : catalogueWarning(window.endUs);
  if (staleness !== null) warn(staleness);
  const networks = await Networks.parse(local);
  const thresholds = all.map(({ basis }) => basis.coverageThreshold).filter((each) => each !== null);
  const threshold = thresholds.length === 0 ? null : Math.max(...thresholds);
  const atSeam = seamLoss(all, seams);
  const audit = assembleAudit({
    tool: { name: 'minesweep', version: VERSION },
    partial: isPartial,
    generatedMs: options.generatedMs,
    notes: [...timesApart, ...notes.values()],
    ...(allowed.sessions + allowed.contacts > 0 ? { allowed } : {}),
    inputs,
    window,
    ...(isOfTimes ? { counted } : {}),
    coverage: {
      ...coverageOf(addedCounts(all), judged, threshold ?? undefined),
      ...(atSeam === null ? {} : { atSeam }),
    },
    sessions,
    contacts: [...contacts.values()],
    isLocal: (ip) => networks.containsAddress(ip),
    merge: mergeBasis({
      sinceUs: sharedTime(all, 'since'),
      untilUs: sharedTime(all, 'until'),
      local,
      coverageThreshold: threshold,
      names: names.entries(),
      sessions,
      contacts: inCaptures,
      records: inRecords,
      pairs: rest,
      unknown: { start: all[0]?.basis.unknown.start ?? 0, end: all.at(-1)?.basis.unknown.end ?? 0 },
    }),
  });
  // Databases that are given now are asked for every host: those of the parts name nobody then.
  const isOwnersKnown = !hasOwnerFiles(options);
  if (audit.hosts.length > 0 && isOwnersKnown) audit.sources.push(...sources);
  await assessHosts(audit, { ...options, assumptions, malware, leases, known: owners });
  for (const warning of isOwnersKnown ? ages.ofOwners(audit) : []) {
    if (audit.notes.some(({ text }) => text === warning.text)) continue;
    audit.notes.push(warning);
    log('warn', warning.text);
  }
  return audit;
}

/** The sessions, settled, with what their parts knew of their nonces. */
function settled(
  parts: readonly PartSession[],
  settle: (sessions: readonly Session[]) => readonly Omit<SettledSession, 'counter'>[],
): SettledSession[] {
  const known = new Map(parts.map((part) => [part.session, part]));
  return settle(parts.map(({ session }) => session)).map((settlement) => {
    const { counter = null, isDuplicate = false } = known.get(settlement.session) ?? {};
    return { ...settlement, counter, isDuplicate };
  });
}

function movedContact(contact: Contact, firstInput: number): Contact {
  const moved = <P extends { readonly input: number }>(place: P): P => ({
    ...place,
    input: place.input + firstInput,
  });
  const { place, watchedFrom, tls } = contact;
  return {
    ...copyContact(contact),
    place: moved(place),
    watchedFrom: watchedFrom === null ? null : moved(watchedFrom),
    tls: tls === null ? null : { ...tls, place: moved(tls.place) },
  };
}

function windowOf(parts: readonly Part[]): { startUs: number; endUs: number } | null {
  const startUs = parts.reduce((first, part) => Math.min(first, part.startUs), Number.POSITIVE_INFINITY);
  const endUs = parts.reduce((last, part) => Math.max(last, part.endUs), Number.NEGATIVE_INFINITY);
  return Number.isFinite(startUs) ? { startUs, endUs } : null;
}

/** What only a reader of two parts in one go could know; null if there is nothing. */
function seamLoss(parts: readonly Part[], seams: Seams): SeamLoss | null {
  const { messages, joined, answers } = seams;
  const loss = { connections: 0, messages, joined, answers };
  for (const { audit } of parts) {
    const before = audit.coverage.atSeam;
    if (before === undefined) continue;
    for (const kind of ['connections', 'messages', 'joined', 'answers'] as const) {
      loss[kind] += before[kind] ?? 0;
    }
  }
  for (const [i, part] of parts.entries()) {
    const next = parts[i + 1];
    if (next === undefined) continue;
    const apartUs = next.startUs - part.endUs;
    if (!(apartUs >= -OVERLAP_US && apartUs <= MOST_APART_US)) continue;
    const { goesOn, began } = seams.left[i] ?? { goesOn: 0, began: 0 };
    loss.connections += Math.min(part.basis.unknown.end + goesOn, next.basis.unknown.start + began);
  }
  return loss.connections + loss.messages + loss.joined > 0 ? loss : null;
}

/** The time that all parts were limited to; null if they differ. */
function sharedTime(parts: readonly Part[], which: 'since' | 'until'): number | null {
  const [first] = parts;
  const time = first?.basis[which] ?? null;
  return time !== null && parts.every(({ basis }) => basis[which] === time) ? timeUsOf(time) : null;
}

/** Notes that the audit of the whole makes by itself. */
const SAID_ANEW: ReadonlySet<string> = new Set<Code>([
  'not-captured',
  'same-work',
  'too-heavy',
  'implausible-efficiency',
  'times-apart',
  'pairs-undecided',
  'leases-none',
  'leases-shared',
]);

const WEIGHTS = ['all', 'truncated', 'recovered', 'records', 'sampled', 'encrypted', 'oneSided'] as const;

function addedCounts(parts: readonly Part[]): CoverageCounts {
  const none = (): Weight => ({ packets: 0, bytes: 0 });
  const sum: CoverageCounts = {
    ...{ all: none(), truncated: none(), recovered: none(), records: none(), sampled: none() },
    ...{ encrypted: none(), oneSided: none(), cutBytes: 0, reasons: {} },
  };
  for (const { audit } of parts) {
    const { counts } = audit.coverage;
    if (counts === undefined) continue;
    for (const kind of WEIGHTS) addWeight(sum[kind], counts[kind]);
    sum.cutBytes += counts.cutBytes;
    for (const [reason, weight] of Object.entries(counts.reasons)) {
      sum.reasons[reason] ??= none();
      addWeight(sum.reasons[reason], weight);
    }
  }
  return sum;
}

/** How the conversations of all parts were judged. Audits of old say nothing of it but if they were complete. */
function addedJudged(parts: readonly Part[]): JudgedSum {
  const sum = new JudgedSum();
  for (const { audit } of parts) {
    const { judged, counts, complete } = audit.coverage;
    if (judged !== undefined) sum.addAll(judged);
    else if (counts !== undefined)
      sum.add(complete ? 'byProtocol' : 'limit', counts.all.bytes + counts.records.bytes, 0);
  }
  return sum;
}

function addWeight(sum: Weight, more: Readonly<Weight>): void {
  sum.packets += more.packets;
  sum.bytes += more.bytes;
}
