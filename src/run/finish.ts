/** From a run to its audit. The run cannot go on afterwards: its connections end, and their sessions are finalized. */

import { assembleAudit } from '../assessment/assemble.ts';
import { assessHosts } from '../assessment/assess-hosts.ts';
import { coverOf } from '../assessment/observed.ts';
import { Watched } from '../assessment/watched.ts';
import type { Audit, AuditInput, Coverage } from '../audit/audit.ts';
import type { JudgedSum } from '../audit/judged.ts';
import { isoTime } from '../audit/time.ts';
import { copyPoolConnection, type PoolConnection } from '../endpoints/pool-connection.ts';
import { markDuplicates } from '../hosts/duplicates.ts';
import { limits } from '../limits.ts';
import { LeaseBook } from '../machines/leases.ts';
import { catalogueWarning } from '../pools/catalogue.ts';
import type { PoolSet } from '../pools/pool-set.ts';
import { countSessions } from '../sessions/attempts.ts';
import { type FinalSession, readCounters } from '../sessions/finalize.ts';
import { statement } from '../statements/index.ts';
import { lengthUs, type TimeInterval, within, without } from '../time-interval.ts';
import { VERSION } from '../version.ts';
import { allowanceOf } from './allowance.ts';
import { addRecords, Captured } from './captured.ts';
import { addCaptured, countCoverage, coverageOf } from './coverage.ts';
import { finalizeAll } from './finalize-sessions.ts';
import type { FlowAnalysis } from './flow-analysis.ts';
import { type Chain, chainsOf } from './in-step.ts';
import type { Lists } from './lists.ts';
import { poolConnectionsThatFit, readingHasEnded, SHORT_OF_MEMORY } from './memory.ts';
import type { Run } from './run.ts';
import { type Remarks, remarkFindings, remarkInputs, remarkLosses, remarksOf } from './run-remarks.ts';
import type { ScanOptions } from './scan-options.ts';
import { windowWithout } from './window.ts';

/** Throws MinesweepError FILE_UNREADABLE or FILE_INVALID for the operator's lists. */
export async function finishRun(run: Run, options: ScanOptions, lists: Lists, unread = 0): Promise<Audit> {
  const { sinceUs, untilUs, signal } = options;
  const { lookups, connections, flows, engine } = run;
  const { book: names } = lookups;
  const remarks = remarksOf([...lists.warnings, ...run.notes], options.log ?? (() => {}));
  remarkInputs(run, options, remarks);
  const { window, counted } = windowOfRun(run, options, lists, remarks);
  const found = finalizeRun(run, lists, window, remarks, options);
  const { watched } = found;
  const isShort = signal.reason === SHORT_OF_MEMORY || found.isShort;
  remarkLosses(run, remarks);
  const isAllowed = allowanceOf(
    lists.allowList,
    window?.startUs ?? 0,
    (server, client) => [...names.namesOf(server, client), ...flows.nameBook.namesOf(server, client)],
    remarks.warn,
  );
  // No other list of all sessions is kept: their memory is freed while the rows of the audit are made.
  const metSessions = countSessions(found.sessions);
  const sessions = found.sessions.splice(0).filter(({ session }) => !isAllowed.session(session));
  const everyPoolConnection = [...connections.poolConnections.values()];
  const poolConnections = everyPoolConnection.filter(
    (poolConnection) => !isAllowed.poolConnection(poolConnection),
  );
  const leftOut = {
    sessions: metSessions - countSessions(sessions),
    poolConnections: everyPoolConnection.length - poolConnections.length,
  };
  const allowed = leftOut.sessions + leftOut.poolConnections > 0 ? leftOut : null;
  remarkFindings(run, options, { sessions, poolConnections, allowed }, remarks);
  const staleness = window === null ? null : catalogueWarning(window.endUs);
  if (staleness !== null) remarks.warn(staleness);
  if (isShort) remarks.notes.push(statement('short-of-memory'));
  const { atStart, atEnd } = engine.kernel.control;
  const isLocal = (ip: string): boolean => lists.local.containsAddress(ip);
  const audit = assembleAudit({
    tool: { name: 'minesweep', version: VERSION },
    partial: signal.aborted || isShort,
    unread,
    generatedMs: options.generatedMs,
    notes: remarks.notes,
    allowed,
    inputs: withHosts(run),
    window,
    watched,
    counted: sinceUs === null && untilUs === null ? null : counted,
    coverage: coverageOfRun(run, found.judged, options),
    sessions,
    poolConnections,
    isLocal,
    merge: {
      sinceUs,
      untilUs,
      local: options.local,
      coverageThreshold: options.coverageThreshold ?? null,
      names: names.entries(),
      poolConnections: found.inCaptures.filter((poolConnection) => !isAllowed.poolConnection(poolConnection)),
      records: found.inRecords.filter((poolConnection) => !isAllowed.poolConnection(poolConnection)),
      pairsLeft: flows.pairsLeft,
      unknown: { start: atStart, end: atEnd },
    },
  });
  const { book, assumptions, malware, leases } = lists;
  await assessHosts(audit, {
    ...{ ...options, book, assumptions, malware, leases, isLocal, called: calledBy(flows) },
    nameOf: (ip) => lookups.reverse.nameOf(ip),
  });
  return audit;
}

/** The window of the audit, and what lies in it. If it leaves out a wrong clock, sessions end within it. */
function windowOfRun(run: Run, options: ScanOptions, { blocks }: Lists, { notes, warn }: Remarks) {
  const { engine, streams, flows, inputs } = run;
  const { window, notes: apart } = windowWithout(timesOf(run), inputs, flows.outliers);
  for (const note of apart) warn(note);
  // Times far from all others are of a wrong clock: no session lasts until then.
  if (window !== null && apart.length > 0)
    for (const session of streams.sessions.all) session.narrow(window.startUs, window.endUs);
  const { totals } = flows.conversations;
  const counted = {
    packets: engine.kernel.counts.packets,
    flows: totals.insideRecords + flows.inStores.left().rows,
  };
  const outside = inputs.reduce((sum, input) => sum + (input.packets ?? 0), totals.outsideRecords);
  if (window === null && outside > 0 && (options.sinceUs ?? options.untilUs) !== null)
    warn(statement('outside-times', { count: outside }));
  if (totals.edgeRecords > 0)
    notes.push(statement('across-times', { count: totals.edgeRecords, of: counted.flows }));
  const isWithin = (timeUs: number) => window !== null && timeUs >= window.startUs && timeUs <= window.endUs;
  if (window !== null && blocks.length > 0 && !blocks.some(({ timesUs }) => timesUs.some(isWithin)))
    warn(statement('blocks-apart'));
  return { window, counted };
}

/**
 * Ends what is open, and validates sessions and pool connections of captures and of flow records together, before the operator's list
 * of what is allowed; with copies of pool connections as captures and as flow records alone show them.
 */
function finalizeRun(
  run: Run,
  lists: Lists,
  window: TimeInterval | null,
  { notes }: Remarks,
  options: ScanOptions,
) {
  const { flows } = run;
  const { poolConnections } = run.connections;
  run.end(window === null ? null : run.engine.kernel.counts.lastUs);
  readingHasEnded();
  for (const { timeUs, byUs } of run.streams.clockSets)
    notes.push(statement('clock-set', { at: isoTime(timeUs), seconds: Math.round(byUs / 1e6) }));
  const { all, silences } = run.streams.sessions;
  // A connection that goes on across it shows a clock that was set.
  const goesOn = (pause: TimeInterval): boolean =>
    all.some(({ connections: { list } }) =>
      list.some(({ startUs, endUs }) => startUs <= pause.startUs && endUs >= pause.endUs),
    );
  const silent = silences.pauses.filter((pause) => !goesOn(pause));
  const { covered, pauses } = coverOf(run.inputs, window, silent, blindTimes(run, options));
  const seen = new Watched(run.inputs, covered);
  const holes = within(
    silences.finalize(({ observed }) => seen.of(observed.observations)),
    covered,
  );
  for (const [code, times] of [
    ['hole', holes],
    ['capture-pause', pauses],
  ] as const) {
    const seconds = Math.round(lengthUs(times) / 1e6);
    if (times.length > 0)
      notes.push(statement(code, { count: times.length, seconds, from: isoTime(times[0].startUs) }));
  }
  const watched = new Watched(run.inputs, without(covered, holes));
  const finalized = finalizedSessions(run, lists.pools, watched, lists.blocks);
  const sessions = markDuplicates(readCounters(finalized));
  // Shares one by one are of no more use, and most of what a session takes.
  for (const { session } of sessions) session.shares.log = [];
  // Sessions are let go one by one while their rows are made: nobody else holds them.
  finalized.length = 0;
  const most = poolConnectionsThatFit(limits.contacts);
  poolConnections.narrow(most);
  const captured = new Captured(sessions, poolConnections);
  const inCaptures = [...poolConnections.values()].map(copyPoolConnection);
  const inRecords: PoolConnection[] = [];
  for (const record of flows.poolConnections(captured, most, run.ledger)) {
    if (inRecords.length < most) inRecords.push(copyPoolConnection(record));
    else poolConnections.overflow++;
  }
  const judged = run.ledger.end();
  for (const bit of run.ledger.leftHosts) run.engine.kernel.calls.countLeft(bit);
  notes.push(...addRecords(poolConnections, captured, inRecords));
  // Pool connections were left out as memory was short.
  const isShort = most < limits.contacts && poolConnections.overflow + flows.relationOverflow > 0;
  return { sessions, watched, inCaptures, inRecords, judged, isShort };
}

/** Of each input, what of its pauses nobody watched. */
function blindTimes({ pauses }: Run, { unwatched }: ScanOptions): ReadonlyMap<number, TimeInterval[]> {
  const all = unwatched === undefined ? [] : [...pauses];
  return new Map(all.map(([input, each]) => [input, each.flatMap((pause) => unwatched?.(pause) ?? [])]));
}

/** The sessions finalized, beside blocks that are known, pool connections marked; nonces are still to be read. Call once, after `end`. */
export function finalizedSessions(
  { streams, lookups, connections }: Run,
  pools: PoolSet,
  watched: Watched,
  blocks: readonly Chain[] = [],
): FinalSession[] {
  const { sessions } = streams;
  const { poolConnections, inStep } = connections;
  const finalized = finalizeAll(sessions.all, pools, lookups.book, poolConnections, watched);
  sessions.all = [];
  inStep.mark(poolConnections, [...blocks, ...chainsOf(sessions.blocks, finalized)]);
  return finalized;
}

function coverageOfRun(run: Run, judged: JudgedSum, options: ScanOptions): Coverage {
  const { engine } = run;
  const counts = countCoverage(run);
  addCaptured(judged, engine);
  const coverage = coverageOf(counts, judged, options.coverageThreshold);
  return run.ledger.isListing ? { ...coverage, undecided: run.ledger.undecided() } : coverage;
}

/** The inputs, the last with the hosts of them all: parts of a whole know no sum of theirs, and `inputs` are of no comparison. */
function withHosts({ inputs, engine }: Run): AuditInput[] {
  const last = inputs.at(-1);
  if (last === undefined) return inputs;
  return [...inputs.slice(0, -1), { ...last, hosts: engine.hosts, hostsNotJudged: engine.hostsNotJudged }];
}

/** Who had which address, as the logs themselves say. */
function calledBy({ machines }: FlowAnalysis): LeaseBook {
  const called = new LeaseBook();
  for (const { source, ...lease } of machines) called.add(lease, source);
  return called;
}

/** From the first to the last of packets and records; null if there was none. */
function timesOf({ engine, flows }: Run): TimeInterval | null {
  const { conversations, named, inStores } = flows;
  const { counts } = engine.kernel;
  const seen: Pick<typeof named, 'firstUs' | 'lastUs'>[] = [counts, conversations.totals, inStores].filter(
    ({ firstUs }) => !Number.isNaN(firstUs),
  );
  // Logs of names alone have times, too.
  if (seen.length === 0 && !Number.isNaN(named.firstUs)) seen.push(named);
  if (seen.length === 0) return null;
  return {
    startUs: Math.min(...seen.map(({ firstUs }) => firstUs)),
    endUs: Math.max(...seen.map(({ lastUs }) => lastUs)),
  };
}
