/**
 * Audits of several parts of one input, or of several inputs, to one audit. The parts are taken in the order of time
 * whatever the order they are named in; sessions that go on over a seam are joined; hosts, pools, totals, rates,
 * intervals and verdicts are made again from counts. What only a reader of both parts could know is counted as
 * `atSeam`.
 */

import { assembleAudit } from '../assessment/assemble.ts';
import { type AssessHostsOptions, assessHosts, hasOwnerFiles } from '../assessment/assess-hosts.ts';
import { observedOfAudits } from '../assessment/observed.ts';
import { Watched } from '../assessment/watched.ts';
import type { Audit, AuditUndecided, Coverage, CoverageCounts, SeamLoss, Weight } from '../audit/audit.ts';
import { JudgedSum } from '../audit/judged.ts';
import { timeUsOf } from '../audit/time.ts';
import { copyPoolConnection } from '../endpoints/pool-connection.ts';
import { Networks } from '../networks.ts';
import { totalOf } from '../order.ts';
import { loadMalware } from '../owners/malware.ts';
import { catalogueWarning } from '../pools/catalogue.ts';
import { loadPools, refusalNote } from '../pools/load.ts';
import type { PoolSet } from '../pools/pool-set.ts';
import { loadAssumptions, type ModelOptions } from '../run/assumptions.ts';
import { addRecords, Captured } from '../run/captured.ts';
import { added, coverageOf, NOTHING } from '../run/coverage.ts';
import { finalizeAll } from '../run/finalize-sessions.ts';
import type { ScanOptions } from '../run/scan-options.ts';
import { windowWithout } from '../run/window.ts';
import type { FinalSession } from '../sessions/finalize.ts';
import { statement } from '../statements/index.ts';
import type { TimeInterval } from '../time-interval.ts';
import { VERSION } from '../version.ts';
import { Gathered } from './gathered.ts';
import { type MergePart, type Part, readParts } from './parts.ts';
import type { Seams } from './seams.ts';

/** `local`: own networks beside those that the audits name. */
export interface MergeOptions
  extends Omit<AssessHostsOptions, 'known' | 'leases' | 'assumptions' | 'malware'>,
    Readonly<Pick<ScanOptions, 'malwareFiles' | 'poolFiles' | 'generatedMs' | 'local'>>,
    ModelOptions {}

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
  const whole = new Gathered(log);
  for (const refused of pools.imports.map(refusalNote)) if (refused !== null) whole.warn(refused);
  for (const part of all) whole.add(part);
  const { window, notes: timesApart } = windowWithout(windowOf(all), whole.inputs);
  for (const said of timesApart) log('warn', said.text);
  const audits = all.map(({ audit }) => audit);
  const watched = new Watched(whole.inputs, observedOfAudits(audits, window));
  const findings = finalizeParts(all, whole, pools, window?.endUs ?? null, watched);
  const staleness = window === null ? null : catalogueWarning(window.endUs);
  if (staleness !== null) whole.warn(staleness);
  const local = [...new Set([...options.local, ...all.flatMap(({ basis }) => basis.local)])];
  const networks = await Networks.parse(local);
  const isLocal = (ip: string): boolean => networks.containsAddress(ip);
  const { allowed, counted } = whole;
  const { sessions, judged } = findings;
  const thresholds = all.map(({ basis }) => basis.coverageThreshold).filter((each) => each !== null);
  // The highest that was asked for.
  const threshold = thresholds.length === 0 ? null : Math.max(...thresholds);
  const atSeam = seamLoss(all, whole.seams);
  const audit = assembleAudit({
    tool: { name: 'minesweep', version: VERSION },
    partial: whole.isPartial,
    generatedMs: options.generatedMs,
    notes: [...timesApart, ...whole.notes],
    allowed: allowed.sessions + allowed.poolConnections > 0 ? allowed : null,
    inputs: whole.inputs,
    window,
    watched,
    counted: whole.isOfTimes ? counted : null,
    coverage: {
      ...coverageOf(addedCounts(all), judged, threshold ?? undefined),
      ...(atSeam === null ? {} : { atSeam }),
      ...longestUndecided(all),
    },
    sessions,
    poolConnections: [...whole.poolConnections.values()],
    isLocal,
    merge: {
      sinceUs: sharedTime(all, 'since'),
      untilUs: sharedTime(all, 'until'),
      local,
      coverageThreshold: threshold,
      names: whole.names.entries(),
      poolConnections: findings.inCaptures,
      records: findings.inRecords,
      pairsLeft: whole.pairsLeft,
      unknown: { start: all[0]?.basis.unknown.start ?? 0, end: all.at(-1)?.basis.unknown.end ?? 0 },
    },
  });
  // Databases that are given now are asked for every host: those of the parts name nobody then.
  const isOwnersKnown = !hasOwnerFiles(options);
  if (audit.hosts.length > 0 && isOwnersKnown) audit.sources.push(...whole.sources);
  const { leases, owners } = whole;
  await assessHosts(audit, { ...options, assumptions, malware, leases, isLocal, known: owners });
  for (const warning of isOwnersKnown ? whole.ageNotes(audit) : []) {
    if (audit.notes.some(({ text }) => text === warning.text)) continue;
    audit.notes.push(warning);
    log('warn', warning.text);
  }
  return audit;
}

/** Sessions and pool connections of the whole: what captures and records show. */
function finalizeParts(
  all: readonly Part[],
  whole: Gathered,
  pools: PoolSet,
  endUs: number | null,
  watched: Watched,
) {
  const { poolConnections, records, names } = whole;
  const inCaptures = [...poolConnections.values()].map(copyPoolConnection);
  const judged = addedJudged(all);
  if (whole.pairsLeft > 0) whole.warn(statement('pairs-undecided', { count: whole.pairsLeft }));
  const inRecords = [...records.values()].map(copyPoolConnection);
  if (whole.seams.twice > 0) whole.warn(statement('parts-overlap', { count: whole.seams.twice }));
  if (whole.seams.once > 0) whole.warn(statement('parts-same', { count: whole.seams.once }));
  const parts = new Map(whole.seams.close(endUs).map((part) => [part.session, part]));
  // Final, with what their parts knew of their nonces.
  const sessions = finalizeAll([...parts.keys()], pools, names, poolConnections, watched).map(
    (finalized): FinalSession => {
      const { counter = null, isDuplicate = false } = parts.get(finalized.session) ?? {};
      return { ...finalized, counter, isDuplicate };
    },
  );
  for (const said of addRecords(poolConnections, new Captured(sessions, poolConnections), inRecords))
    whole.note(said);
  return { sessions, inCaptures, inRecords, judged };
}

function windowOf(parts: readonly Part[]): TimeInterval | null {
  const startUs = Math.min(...parts.map((part) => part.startUs));
  const endUs = Math.max(...parts.map((part) => part.endUs));
  return Number.isFinite(startUs) ? { startUs, endUs } : null;
}

/** What only a reader of two parts in one go could know; null if there is nothing. */
function seamLoss(parts: readonly Part[], seams: Seams): SeamLoss | null {
  const { messages, joined, answers } = seams;
  const loss = { connections: 0, messages, joined, answers };
  for (const { audit } of parts) {
    for (const kind of ['connections', 'messages', 'joined', 'answers'] as const)
      loss[kind] += audit.coverage.atSeam?.[kind] ?? 0;
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

function addedCounts(parts: readonly Part[]): CoverageCounts {
  const all = parts.flatMap(({ audit }) => audit.coverage.counts ?? []);
  const sum = (of: (counts: CoverageCounts) => Weight | undefined): Weight =>
    all.reduce((total, counts) => added(total, of(counts) ?? NOTHING), NOTHING);
  const reasons = new Set(all.flatMap((counts) => Object.keys(counts.reasons)));
  return {
    all: sum((counts) => counts.all),
    truncated: sum((counts) => counts.truncated),
    recovered: sum((counts) => counts.recovered),
    records: sum((counts) => counts.records),
    sampled: sum((counts) => counts.sampled),
    encrypted: sum((counts) => counts.encrypted),
    oneSided: sum((counts) => counts.oneSided),
    apart: totalOf(all, ({ apart }) => apart),
    copies: totalOf(all, ({ copies }) => copies),
    cutBytes: totalOf(all, ({ cutBytes }) => cutBytes),
    reasons: Object.fromEntries(
      [...reasons].map((reason) => [reason, sum((counts) => counts.reasons[reason])]),
    ),
  };
}

/** Of the conversations that parts list, the longest, as many as the longest list has; nothing if none lists any. */
function longestUndecided(parts: readonly Part[]): Pick<Coverage, 'undecided'> {
  const lists = parts.flatMap(({ audit }) =>
    audit.coverage.undecided === undefined ? [] : [audit.coverage.undecided],
  );
  if (lists.length === 0) return {};
  const lasts = ({ start, end }: AuditUndecided): number => Date.parse(end) - Date.parse(start);
  const undecided = lists.flat().sort((a, b) => lasts(b) - lasts(a) || b.bytes - a.bytes);
  return { undecided: undecided.slice(0, Math.max(...lists.map(({ length }) => length))) };
}

/** How the conversations of all parts were judged. */
function addedJudged(parts: readonly Part[]): JudgedSum {
  const sum = new JudgedSum();
  for (const { audit } of parts) sum.addAll(audit.coverage.judged);
  return sum;
}
