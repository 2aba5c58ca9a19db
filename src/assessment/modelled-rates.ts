/**
 * Hashrates of sessions without readable shares, on request: the number of shares that was counted by sizes and times
 * (docs/reference/sealed.md) if the operator gives the work of one, and otherwise the number that fits their bytes; times the work
 * of a share, which is assumed by the operator or from machines of the time. Rows of basis `modelled`, low to high with
 * every assumption in words; they stand beside measured rows and are never added to them. Works on finished rows, so that
 * scans and merges are modelled alike. Without a request nothing here runs, and the rates are not observable.
 */

import type { Audit, AuditModel, AuditSession, HashrateRow, HostHashrateRow } from '../audit/audit.ts';
import { isAtLeast, minersOf } from '../audit/miners.ts';
import { rateRow } from '../audit/rate-rows.ts';
import { efficiencyOf, yearOf } from '../energy/efficiency.ts';
import { familyOf, machineOf } from '../energy/families.ts';
import { type Machine, WORKER_WATTS } from '../energy/hardware.ts';
import { type Estimate, scaled, sumOf, times } from '../estimate.ts';
import { algorithmOfCoin, hashesPerUnitRange, unitOf } from '../evidence/algorithm.ts';
import { gammaQuantile } from '../evidence/gamma.ts';
import { type Assumption, assumptionFor } from '../evidence/modelled/assumption.ts';
import { shareCount, shareSize } from '../evidence/modelled/share-count.ts';
import { unionSecondsWith } from '../hosts/active-time.ts';
import { compareText, groupBy, push, under } from '../order.ts';
import { type Statement, statement } from '../statements/index.ts';

/** Seconds that a pool with variable difficulty wants between two shares of a worker (docs/reference/behaviour.md, energy 4). */
const PACE: Estimate = { low: 3, central: 13, high: 60 };

/** Models every session that has no rate and that the assumptions reach. Changes rows, hosts and totals of the audit. */
export function modelRates(audit: Audit, assumptions: readonly Assumption[]): void {
  const byHost = new Map<string, { session: AuditSession; row: HashrateRow }[]>();
  const assumed = new Map<string, Tally>();
  const reasons = new Map<string, Tally>();
  const unused = new Set(assumptions);
  for (const session of audit.sessions) {
    if (!isUnrated(session)) continue;
    const rule = ruleFor(session, assumptions);
    if (rule !== null) unused.delete(rule);
    const found = modelOf(session, rule);
    if ('code' in found) {
      count(reasons, found);
      continue;
    }
    const { algorithm, shares, work, seconds, notes } = found;
    const row = modelledRow(algorithm, divided(times(shares, work.span), seconds));
    const hashesPerShare = spanRow(work.span);
    session.modelled = { algorithm, shares: spanRow(shares), hashesPerShare, seconds, notes };
    session.activeSeconds = seconds;
    session.hashrate = [{ ...row, headline: true }];
    push(byHost, session.miner.ip, { session, row });
    count(assumed, work.statement);
  }
  for (const host of audit.hosts) {
    const rows = hostRows(byHost.get(host.ip) ?? []);
    host.hashrate = ordered([...host.hashrate, ...withHeadlines(rows, host.hashrate)]);
  }
  totalRows(audit);
  audit.totals.hashrateAssumptions = [...assumed.values()]
    .sort((a, b) => b.times - a.times || compareText(a.statement.text, b.statement.text))
    .map(({ statement }) => statement);
  for (const { statement: reason, times: sessions } of reasons.values()) {
    audit.notes.push(statement('not-modelled', { sessions, reason }));
  }
  if (unused.size > 0)
    audit.notes.push(statement('rules-unused', { rules: unused.size, of: assumptions.length }));
}

/** True for a session of mining of which no work could be read. */
function isUnrated({ dialect, verdict, hashrate, transport }: AuditSession): boolean {
  const isUnread = dialect === 'flow' || dialect === 'tls' || transport === 'noise';
  return hashrate.length === 0 && isUnread && isAtLeast(verdict, 'suspected');
}

/** How often something is said. */
interface Tally {
  readonly statement: Statement;
  times: number;
}

function count(tallies: Map<string, Tally>, reason: Statement): void {
  under(tallies, reason.text, () => ({ statement: reason, times: 0 })).times++;
}

function modelledRow(algorithm: string, { low, central, high }: Estimate): HashrateRow {
  return rateRow(algorithm, 'modelled', { estimate: central, low95: low, high95: high });
}

/** The limits of such a row. */
function spanOf({ low95, estimate, high95 }: HashrateRow): Estimate {
  return { low: low95 ?? 0, central: estimate, high: high95 ?? 0 };
}

function divided({ low, central, high }: Estimate, by: number): Estimate {
  return { low: low / by, central: central / by, high: high / by };
}

function spanRow({ low, central, high }: Estimate): AuditModel['shares'] {
  return { low, estimate: central, high };
}

interface Modelled extends Pick<AuditModel, 'algorithm' | 'seconds' | 'notes'> {
  readonly shares: Estimate;
  readonly work: Work;
}

function ruleFor(
  { pool, miner, coin, algorithm }: AuditSession,
  assumptions: readonly Assumption[],
): Assumption | null {
  const names = [...pool.names, pool.ip, ...(pool.pool === null ? [] : [pool.pool])];
  return assumptionFor(assumptions, { miner, names, port: pool.port, coin, algorithm });
}

/** What a session's bytes and the rule for its place make of it, or why they make nothing of it. */
function modelOf(session: AuditSession, rule: Assumption | null): Modelled | Statement {
  const { flow, traffic, miner } = session;
  const startUs = Date.parse(session.start) * 1000;
  const algorithm =
    algorithmBy(rule, startUs) ?? session.algorithm ?? (rule?.unit === 'hashes' ? UNKNOWN_ALGORITHM : null);
  if (algorithm === null) return statement('model-no-algorithm');
  if (rule !== null && session.sharesSeen != null) {
    const counted = countedModel(session.sharesSeen, algorithm, assumedWork(rule, algorithm));
    if (counted !== null) return counted;
  }
  // The bytes of a share are those of lines of text.
  if (session.transport === 'noise') return statement('model-no-difficulty');
  const work = rule === null ? unstatedWork(algorithm, yearOf(startUs)) : assumedWork(rule, algorithm);
  const size = shareSize(algorithm);
  const seconds = flow?.activeSeconds ?? (Date.parse(session.end) - Date.parse(session.start)) / 1000;
  const shares = shareCount(
    {
      bytesOut: traffic.bytesOut,
      packetsOut: traffic.packetsOut,
      packetsIn: traffic.packetsIn,
      connections: Math.max(1, flow?.connections ?? 1),
      seconds,
      isIpv6: miner.ip.includes(':'),
      samplingInterval: flow?.samplingInterval ?? 1,
      observedPackets: flow?.observedPackets ?? traffic.packetsOut + traffic.packetsIn,
    },
    size,
  );
  if (work === null) return statement('model-no-machine');
  if (shares === null) return statement('model-no-count');
  const { bytesOut: bytes, packetsOut: packets } = traffic;
  const notes = [
    statement('modelled-shares', { ...shares, seconds, bytes, packets }),
    work.statement,
    statement('modelled-share-size', { algorithm, low: size.low, high: size.high, form: size.form }),
  ];
  return { algorithm, shares, work, seconds, notes };
}

/** Expected hashes of a share need no algorithm. */
const UNKNOWN_ALGORITHM = 'unknown';

/**
 * Of shares that were counted, each at the stated work: limits of a Poisson count (docs/reference/sealed.md), and of what a share may be
 * worth. Rejected ones are among them, as nothing tells why. Null if there is no share.
 */
function countedModel(
  { submitted, activeSeconds: seconds }: NonNullable<AuditSession['sharesSeen']>,
  algorithm: string,
  work: Work,
): Modelled | null {
  const { low, central, high } = submitted;
  if (central === 0 || !(seconds > 0)) return null;
  const shares = {
    low: low === 0 ? 0 : gammaQuantile(low + 0.5, 0.025),
    central,
    high: gammaQuantile(high + 0.5, 0.975),
  };
  const estimate = (central * work.span.central) / seconds;
  const notes = [
    statement('counted-shares', { low, central, high, seconds }),
    work.statement,
    statement('rate-if', { estimate, unit: unitOf(algorithm), ...work.span }),
  ];
  return { algorithm, shares, work, seconds, notes };
}

function algorithmBy(rule: Assumption | null, timeUs: number): string | null {
  if (rule === null) return null;
  return rule.algorithm ?? (rule.coin === null ? null : algorithmOfCoin(rule.coin, timeUs));
}

interface Work {
  readonly span: Estimate;
  readonly statement: Statement;
}

/** What is taken if nobody says the difficulty: kind of machine, rate of one (units a second), work of a share. */
interface UsualWork {
  readonly machine: Machine;
  readonly rate: Estimate;
  readonly span: Estimate;
}

/** The operator's difficulty in hashes; if programs disagree on the size of a unit, the range of all. */
function assumedWork({ work, unit, source }: Assumption, algorithm: string): Work {
  const worth = unit === 'hashes' ? null : hashesPerUnitRange(algorithm);
  const { low, high } = worth ?? { low: 1, high: 1 };
  const span = times(work, { low, central: Math.sqrt(low * high), high });
  const given = { algorithm, unit, low: work.low, high: work.high, source };
  return { span, statement: statement('difficulty-given', given) };
}

/** What a pool would give one worker of the kind and time; null if no machine is known. */
export function usualWork(algorithm: string, year: number): UsualWork | null {
  const family = familyOf(algorithm);
  const { machine } = machineOf({ algorithm, agents: [], ratePerWorker: null, year });
  const efficiency =
    family === null || machine === null ? null : efficiencyOf(family, machine, year, 'total');
  if (machine === null || efficiency === null) return null;
  const watts = WORKER_WATTS[machine];
  const rate = {
    low: watts.low / efficiency.high,
    central: watts.central / efficiency.central,
    high: watts.high / efficiency.low,
  };
  return { machine, rate, span: times(rate, PACE) };
}

/** The same in words, for the case that nobody gives the difficulty. */
function unstatedWork(algorithm: string, year: number): Work | null {
  const usual = usualWork(algorithm, year);
  if (usual === null) return null;
  const { machine, rate, span } = usual;
  return {
    span,
    statement: statement('difficulty-assumed', {
      algorithm,
      paceLow: PACE.low,
      paceHigh: PACE.high,
      machine,
      year: Math.floor(year),
      rateLow: rate.low,
      rateHigh: rate.high,
      unit: unitOf(algorithm),
    }),
  };
}

/** A host's rows: work of its sessions over the time with any of them open. */
function hostRows(found: readonly { session: AuditSession; row: HashrateRow }[]): HostHashrateRow[] {
  const byAlgorithm = groupBy(found, ({ row }) => row.algorithm);
  return [...byAlgorithm].map(([algorithm, own]) => {
    const sum = sumOf(own.map(({ session, row }) => scaled(spanOf(row), session.activeSeconds)));
    const periods = own.map(({ session: { start, end, activeSeconds } }) => ({
      startUs: Date.parse(start) * 1000,
      endUs: Date.parse(end) * 1000,
      activeSeconds,
    }));
    const activeSeconds = Math.max(1e-3, unionSecondsWith([], periods));
    return { ...modelledRow(algorithm, divided(sum, activeSeconds)), activeSeconds };
  });
}

/** A modelled row heads its algorithm only if nothing else is known of it. */
function withHeadlines<Row extends HashrateRow>(rows: readonly Row[], beside: readonly HashrateRow[]): Row[] {
  const known = new Set(beside.map(({ algorithm }) => algorithm));
  return rows.map((row) => ({ ...row, headline: !known.has(row.algorithm) }));
}

/** Sums over miners: what is wrong about an assumption is wrong for all, so lows and highs add. */
function totalRows(audit: Audit): void {
  const modelled = minersOf(audit).flatMap(({ hashrate }) =>
    hashrate.filter(({ basis }) => basis === 'modelled'),
  );
  const rows = [...groupBy(modelled, ({ algorithm }) => algorithm)].map(([algorithm, own]) => ({
    ...modelledRow(algorithm, sumOf(own.map(spanOf))),
    hosts: own.length,
  }));
  const measured = audit.totals.hashrate;
  audit.totals.hashrate = ordered([...measured, ...withHeadlines(rows, measured)]);
}

function ordered<Row extends HashrateRow>(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => compareText(a.algorithm, b.algorithm));
}
