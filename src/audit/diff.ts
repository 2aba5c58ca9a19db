/**
 * Two audits of one place at two times: which miners are new, gone, moved to another pool or account, grew or shrank, or
 * have another verdict. A rate has changed if it did so by more than a threshold and the two 95 % intervals do not
 * overlap; rates of different algorithms or bases are never compared, nor rates without intervals.
 */
import { isDeepStrictEqual } from 'node:util';
import { fail } from '../errors.ts';
import { compareText, distinct, groupBy } from '../order.ts';
import { type Statement, statement } from '../statements/index.ts';
import type { Audit, AuditHost, Basis, HashrateRow, Verdict } from './audit.ts';
import { type MachineHost, machineHosts } from './machine-rows.ts';
import { isAtLeast } from './miners.ts';

export const DIFF_SCHEMA = 'minesweep.diff/1';

/** Kinds of change, the gravest first. */
export const CHANGE_KINDS = ['new', 'verdict', 'moved', 'grew', 'shrank', 'gone'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

export interface DiffOptions {
  /** Hosts weaker than this on both sides are left out; a host weaker than this on one side is not there. */
  readonly least: Verdict;
  /** A host that is new, or has become, at least this crosses the threshold. */
  readonly failOn: Verdict;
  /** Changes of these kinds cross it as well. */
  readonly failOnChange: readonly ChangeKind[];
  /** By more than this part a hashrate has changed: 0.5 is from 100 to above 150, or to below 50. */
  readonly hashrateChange: number;
  /** The same for the mean traffic. */
  readonly trafficChange: number;
}

/** A rate or the traffic on both sides. */
export interface Measured {
  readonly what: 'hashrate' | 'traffic';
  /** Null for traffic. */
  readonly algorithm: string | null;
  readonly basis: Basis | null;
  /** Per second; Mbit/s for traffic. */
  readonly unit: string;
  readonly before: number;
  readonly after: number;
  readonly before95: readonly [number, number] | null;
  readonly after95: readonly [number, number] | null;
}

/** Names that came and names that went. */
interface Moved {
  readonly what: 'pool' | 'account';
  readonly from: readonly string[];
  readonly to: readonly string[];
}

export interface HostChange {
  readonly ip: string;
  readonly kinds: readonly ChangeKind[];
  /** Null if the host is not there. */
  readonly before: Verdict | null;
  readonly after: Verdict | null;
  readonly pools: readonly string[];
  readonly moved: readonly Moved[];
  readonly measured: readonly Measured[];
  /** True if it crosses a threshold. */
  readonly crosses: boolean;
}

export interface AuditDiff {
  readonly schema: typeof DIFF_SCHEMA;
  readonly old: ReturnType<typeof sideOf>;
  readonly new: ReturnType<typeof sideOf>;
  /** What makes the two hard to compare. */
  readonly caveats: readonly Statement[];
  /** Hosts by kind of change; a host may have several. */
  readonly counts: Readonly<Record<ChangeKind, number>>;
  readonly changes: readonly HostChange[];
  /** Hosts that are on both sides and did not change. */
  readonly unchanged: number;
  /** True if a host crosses a threshold. */
  readonly crossed: boolean;
}

/** Compares two audits. Throws FILE_INVALID if they were filtered in different ways. */
export function diffAudits(old: Audit, fresh: Audit, options: DiffOptions): AuditDiff {
  if (!isDeepStrictEqual(old.filter, fresh.filter)) {
    fail('FILE_INVALID', 'the two audits were not filtered in the same way', {
      hint: 'Compare audits of whole runs, or filter both alike.',
    });
  }
  const before = minersOf(old, options.least);
  const after = minersOf(fresh, options.least);
  const changes: HostChange[] = [];
  let unchanged = 0;
  const accounts = [accountsOf(old), accountsOf(fresh)];
  const sampling = [samplingOf(old), samplingOf(fresh)];
  for (const [earlier, later] of sameMachines(before, after)) {
    const [accountsBefore, accountsAfter] = [earlier, later].map((machine, i) =>
      distinct((machine?.ips ?? []).flatMap((ip) => accounts[i].get(ip) ?? [])),
    );
    const ip = (later ?? earlier)?.host.ip ?? '';
    const [seenBefore, seenAfter] = [earlier, later].map((machine, i) => packetsSeen(machine, sampling[i]));
    const sides = { before: earlier?.host, after: later?.host };
    const host = { ip, ...sides, accountsBefore, accountsAfter, seenBefore, seenAfter };
    const change = changeOf(host, options);
    if (change === null) unchanged++;
    else changes.push(change);
  }
  const counts = { new: 0, verdict: 0, moved: 0, grew: 0, shrank: 0, gone: 0 };
  for (const { kinds } of changes) for (const kind of kinds) counts[kind]++;
  const rank = ({ kinds }: HostChange): number =>
    Math.min(...kinds.map((kind) => CHANGE_KINDS.indexOf(kind)));
  return {
    schema: DIFF_SCHEMA,
    old: sideOf(old),
    new: sideOf(fresh),
    caveats: caveatsOf(old, fresh),
    counts,
    changes: changes.sort((a, b) => rank(a) - rank(b) || compareText(a.ip, b.ip)),
    unchanged,
    crossed: changes.some(({ crosses }) => crosses),
  };
}

/** Machines by id, pool servers and what is too weak left out. */
function minersOf(audit: Audit, least: Verdict): Map<string, MachineHost> {
  const machines = machineHosts(audit).filter(({ host }) => isAtLeast(host.verdict, least));
  return new Map(machines.map((machine) => [machine.id, machine]));
}

/** The machines of both sides: the same by its lease, or by its address if one side has no lease for it. */
function sameMachines(
  before: ReadonlyMap<string, MachineHost>,
  after: ReadonlyMap<string, MachineHost>,
): [before: MachineHost | undefined, after: MachineHost | undefined][] {
  const gone = new Map([...before].filter(([id]) => !after.has(id)));
  const atAddress = new Map([...gone.values()].map((machine) => [machine.host.ip, machine]));
  const pairs: [MachineHost | undefined, MachineHost | undefined][] = [];
  for (const [id, later] of after) {
    const near = atAddress.get(later.host.ip);
    const isSame =
      near !== undefined && (near.id === near.host.ip || id === later.host.ip) && gone.has(near.id);
    const earlier = before.get(id) ?? (isSame ? near : undefined);
    if (earlier !== undefined) gone.delete(earlier.id);
    pairs.push([earlier, later]);
  }
  return [...pairs, ...[...gone.values()].map((machine): [MachineHost, undefined] => [machine, undefined])];
}

function accountsOf(audit: Audit): Map<string, string[]> {
  const byHost = groupBy(audit.sessions, ({ miner }) => miner.ip);
  return new Map(
    [...byHost].map(([ip, sessions]) => [
      ip,
      distinct(sessions.flatMap(({ logins }) => logins.map(({ account }) => account))),
    ]),
  );
}

interface ComparedHost {
  readonly ip: string;
  readonly before: AuditHost | undefined;
  readonly after: AuditHost | undefined;
  readonly accountsBefore: readonly string[];
  readonly accountsAfter: readonly string[];
  /** Packets on which its traffic rests. */
  readonly seenBefore: number;
  readonly seenAfter: number;
}

/** By address: one packet in so many was looked at. */
function samplingOf({ sessions }: Audit): ReadonlyMap<string, number> {
  const intervals = new Map<string, number>();
  for (const { miner, flow } of sessions)
    if (flow !== undefined)
      intervals.set(miner.ip, Math.max(flow.samplingInterval, intervals.get(miner.ip) ?? 1));
  return intervals;
}

function packetsSeen(machine: MachineHost | undefined, sampling: ReadonlyMap<string, number>): number {
  if (machine === undefined) return 0;
  const { packetsOut, packetsIn } = machine.host.traffic;
  return (packetsOut + packetsIn) / Math.max(1, ...machine.ips.map((ip) => sampling.get(ip) ?? 1));
}

function changeOf(host: ComparedHost, options: DiffOptions): HostChange | null {
  const { ip, before, after, accountsBefore, accountsAfter, seenBefore, seenAfter } = host;
  const kinds = new Set<ChangeKind>();
  const moved: Moved[] = [];
  const measured: Measured[] = [];
  if (before === undefined) kinds.add('new');
  else if (after === undefined) kinds.add('gone');
  else {
    if (before.verdict !== after.verdict) kinds.add('verdict');
    moved.push(...movedBetween('pool', before.pools, after.pools));
    moved.push(...movedBetween('account', accountsBefore, accountsAfter));
    if (moved.length > 0) kinds.add('moved');
    const chance = chanceOf(seenBefore, seenAfter);
    measured.push(...ratesBetween(before, after, options), ...trafficBetween(before, after, chance, options));
    for (const each of measured) kinds.add(each.after > each.before ? 'grew' : 'shrank');
  }
  if (kinds.size === 0) return null;
  const isStronger =
    after !== undefined &&
    isAtLeast(after.verdict, options.failOn) &&
    (before === undefined || !isAtLeast(before.verdict, options.failOn));
  return {
    ip,
    kinds: CHANGE_KINDS.filter((kind) => kinds.has(kind)),
    before: before?.verdict ?? null,
    after: after?.verdict ?? null,
    pools: (after ?? before)?.pools ?? [],
    moved,
    measured,
    crosses: isStronger || options.failOnChange.some((kind) => kinds.has(kind)),
  };
}

/** A side that names nobody says nothing of where it went. */
function movedBetween(what: Moved['what'], before: readonly string[], after: readonly string[]): Moved[] {
  const from = before.filter((name) => !after.includes(name));
  const to = after.filter((name) => !before.includes(name));
  return before.length === 0 || to.length === 0 ? [] : [{ what, from, to }];
}

function ratesBetween(before: AuditHost, after: AuditHost, { hashrateChange }: DiffOptions): Measured[] {
  const changes: Measured[] = [];
  for (const row of after.hashrate) {
    const old = before.hashrate.find((each) => each.algorithm === row.algorithm && each.basis === row.basis);
    const [before95, after95] = [limitsOf(old), limitsOf(row)];
    if (old === undefined || before95 === null || after95 === null) continue;
    // Of several bases only the one that is shown counts.
    if (!row.headline || (before95[1] >= after95[0] && after95[1] >= before95[0])) continue;
    if (!hasChanged(old.estimate, row.estimate, hashrateChange)) continue;
    const { algorithm, basis, unit, estimate: after } = row;
    changes.push({
      what: 'hashrate',
      algorithm,
      basis,
      unit,
      before: old.estimate,
      after,
      before95,
      after95,
    });
  }
  return changes;
}

function limitsOf(row: HashrateRow | undefined): [number, number] | null {
  return row === undefined || row.low95 === null || row.high95 === null ? null : [row.low95, row.high95];
}

/** Packets come in messages of several, which are what chance counts. */
const PACKETS_A_MESSAGE = 4;

/** By what factor traffic may differ by chance at most (95 %), if it rests on so many packets. */
function chanceOf(before: number, after: number): number {
  return Math.exp(1.96 * Math.sqrt(PACKETS_A_MESSAGE / before + PACKETS_A_MESSAGE / after));
}

function trafficBetween(
  before: AuditHost,
  after: AuditHost,
  chance: number,
  { trafficChange }: DiffOptions,
): Measured[] {
  const [old, fresh] = [before, after].map(({ traffic }) => traffic.mbpsOut + traffic.mbpsIn);
  const change = Math.max(trafficChange, chance - 1);
  if (!(old > 0) || !(fresh > 0) || !hasChanged(old, fresh, change)) return [];
  return [
    {
      what: 'traffic',
      algorithm: null,
      basis: null,
      unit: 'Mbit/s',
      before: old,
      after: fresh,
      before95: null,
      after95: null,
    },
  ];
}

/** Up by more than the part, or down by as much as takes back such a rise. */
function hasChanged(before: number, after: number, part: number): boolean {
  return after > before * (1 + part) || after < before / (1 + part);
}

function sideOf({ generated, window, coverage, partial, totals }: Audit) {
  const { start, end, seconds } = window;
  const { minerAddresses, machines } = totals;
  return { generated, start, end, seconds, complete: coverage.complete, partial, minerAddresses, machines };
}

/** Files of consecutive days overlap by what was open at midnight, s and part of the shorter window. */
const MOST_OVERLAP = 60;
const MOST_OVERLAP_PART = 0.01;

/** Seconds that both windows have; null if the new one begins first. */
function overlapSeconds(old: Audit, fresh: Audit): number | null {
  if (old.window.start === null || old.window.end === null || fresh.window.start === null) return 0;
  if (fresh.window.start < old.window.start) return null;
  return Math.max(0, (Date.parse(old.window.end) - Date.parse(fresh.window.start)) / 1000);
}

function caveatsOf(old: Audit, fresh: Audit): Statement[] {
  const caveats: Statement[] = [];
  for (const [which, audit] of [
    ['old', old],
    ['new', fresh],
  ] as const) {
    if (audit.partial) caveats.push(statement('diff-partial', { which }));
    else if (!audit.coverage.complete) caveats.push(statement('diff-uncovered', { which }));
  }
  const [shorter, longer] = [old.window.observedSeconds, fresh.window.observedSeconds].sort((a, b) => a - b);
  if (longer > 0 && shorter * 4 < longer) caveats.push(statement('diff-lengths'));
  const overlap = overlapSeconds(old, fresh);
  if (overlap === null) caveats.push(statement('diff-order'));
  else if (overlap > Math.max(MOST_OVERLAP, shorter * MOST_OVERLAP_PART)) {
    caveats.push(statement('diff-overlap', { seconds: Math.round(overlap) }));
  }
  return caveats;
}
