/**
 * The audit of some of the hosts: their rows as they are, and pools and totals made again of these alone. Inputs, window
 * and coverage are those of the run. Who gets it learns nothing of the others; it cannot be merged or compared with whole
 * audits, and `filter` says so. A host is in it whole or not at all.
 */
import { endpointText } from '../address.ts';
import { addTraffic, noTraffic } from '../endpoints/traffic.ts';
import { fail } from '../errors.ts';
import { macOf } from '../machines/lease.ts';
import { Networks } from '../networks.ts';
import { compareText, distinct } from '../order.ts';
import { wordList } from '../schema/words.ts';
import type { Statement } from '../statements/index.ts';
import type { Audit, AuditFilter, AuditHost, AuditPool, AuditSession } from './audit.ts';
import { clustersOf } from './clusters.ts';
import { machineCalled } from './find-host.ts';
import { addMachines, hostRates } from './machine-totals.ts';
import { isLeased, machineNotes } from './machines.ts';
import { isAtLeast, isCountedMiner, isPoolServer } from './miners.ts';
import { poolLabel } from './pool-end.ts';
import { powerNotes } from './power-notes.ts';
import { trafficRow } from './rate-rows.ts';
import { totalRates } from './total-rates.ts';
import { assessTotals, hostCounts } from './totals.ts';

export const NO_FILTER: AuditFilter = { hosts: [], departments: [], verdict: null, pool: null };

/** The audit as it is, unless something is asked for. Throws USAGE if it has been filtered before. */
export async function narrow(audit: Audit, filter: AuditFilter): Promise<Audit> {
  const { hosts, departments, verdict, pool } = filter;
  if (hosts.length + departments.length === 0 && verdict === null && pool === null) return audit;
  if (audit.filter !== undefined) {
    fail('USAGE', 'this audit is filtered already', { hint: 'Filter the audit of the whole run.' });
  }
  return { ...narrowTo(audit, await hostsOf(audit, filter)), filter };
}

/** What of an audit concerns these hosts. */
export function narrowTo(audit: Audit, hosts: readonly AuditHost[]): Audit {
  const { merge: _, allowed: __, ...whole } = audit;
  const kept = new Set(hosts.map(({ ip }) => ip));
  const servers = new Set(hosts.filter(isPoolServer).map(({ ip }) => ip));
  const sessions = audit.sessions
    .filter(({ miner, pool }) => kept.has(miner.ip) || servers.has(pool.ip))
    .map(({ facts: _facts, open: _open, ...session }) => session);
  const others = audit.hosts.filter(({ ip }) => !kept.has(ip)).map(({ ip }) => ip);
  const part: Audit = {
    ...whole,
    notes: audit.notes.filter(
      ({ code, text }) =>
        !OF_FINDINGS.has(code) &&
        (!FOUND_THROUGH.test(code) || hosts.some(({ through }) => through !== undefined)) &&
        !others.some((ip) => names(text, ip)),
    ),
    hosts: [...hosts],
    machines: [],
    sessions,
    pools: poolsOf(audit, hosts, sessions),
    clusters: clustersOf(sessions.filter(({ miner }) => kept.has(miner.ip))),
    totals: { ...audit.totals, ...sumsOf(audit, hosts, sessions) },
  };
  const { powerAssumptions, hashrateAssumptions = [], modelledPower: ___, ...totals } = part.totals;
  part.totals = { ...totals, powerAssumptions: [] };
  const priced = hosts
    .filter(isCountedMiner)
    .flatMap(({ ip, power }) => (power === null ? [] : [{ ...power, ip }]));
  assessTotals(
    part,
    priced.map((power) => ({ ...power, tier: power.tier ?? 'A', assumptions: [] })),
  );
  const mined = new Set(
    hosts.flatMap(({ algorithms, hashrate }) => [...algorithms, ...hashrate.map((row) => row.algorithm)]),
  );
  const concerns = ({ params: { algorithm } }: Statement): boolean =>
    typeof algorithm !== 'string' || mined.has(algorithm);
  if (priced.length > 0) part.totals.powerAssumptions = powerAssumptions.filter(concerns);
  if (hosts.some(({ hashrate }) => hashrate.some(({ basis }) => basis === 'modelled')))
    part.totals.hashrateAssumptions = hashrateAssumptions.filter(concerns);
  addMachines(part);
  const isAsked = hosts.some(({ machines = [] }) => machines.some(isLeased));
  part.notes.push(...powerNotes(part), ...(isAsked ? machineNotes(part) : []));
  return part;
}

/** Notes on findings, which may be those of others. */
const OF_FINDINGS = wordList('note-of-findings');

/** Through what things were found: of others, unless hosts that are kept were found so. */
const FOUND_THROUGH = /^through-(?!unread)/;

function names(text: string, ip: string): boolean {
  return text.split(ip).some((after, i) => i > 0 && !/^[\da-f]/i.test(after));
}

/** True of a word for addresses, false of a machine's name, hardware address or user. */
export function isNetwork(word: string): boolean {
  return macOf(word) === null && /^[\da-f]*[.:][\da-f.:]*(?:\/.*)?$/i.test(word);
}

async function hostsOf(
  audit: Audit,
  { hosts, departments, verdict, pool }: AuditFilter,
): Promise<AuditHost[]> {
  const networks = await Networks.parse(hosts.filter(isNetwork));
  const called = hosts.filter((word) => !isNetwork(word)).map((word) => machineCalled(audit, word));
  const ofMachines = new Set(called.flatMap((machine) => machine?.addresses.map(({ ip }) => ip) ?? []));
  const wanted = pool?.toLowerCase() ?? '';
  const inDepartments = new Set(departments.map((name) => name.toLowerCase()));
  return audit.hosts.filter(
    (host) =>
      (verdict === null || isAtLeast(host.verdict, verdict)) &&
      (hosts.length === 0 || networks.containsAddress(host.ip) || ofMachines.has(host.ip)) &&
      (departments.length === 0 || inDepartments.has((host.owner.department ?? '').toLowerCase())) &&
      (wanted === '' || host.pools.some((name) => name.toLowerCase().includes(wanted))),
  );
}

/** Rows of pools by what the hosts have with them. */
function poolsOf(audit: Audit, hosts: readonly AuditHost[], sessions: readonly AuditSession[]): AuditPool[] {
  return audit.pools
    .flatMap((row): AuditPool[] => {
      const own = sessions.filter(({ pool }) => poolLabel(pool) === row.pool);
      const clients = new Set(own.map(({ miner }) => miner.ip));
      for (const host of hosts) if (host.pools.includes(row.pool)) clients.add(host.ip);
      if (clients.size === 0) return [];
      const traffic = noTraffic();
      for (const session of own) addTraffic(traffic, session.traffic);
      const at = own.map(({ pool: { names: known, ip, port } }) => endpointText(known[0] ?? ip, port));
      return [
        {
          pool: row.pool,
          operator: row.operator,
          hosts: clients.size,
          sessions: own.length,
          endpoints: distinct(at).sort(),
          traffic: trafficRow(traffic, audit.window.observedSeconds),
          coins: distinct(own.flatMap(({ coin }) => coin ?? [])).sort(),
        },
      ];
    })
    .sort((a, b) => b.hosts - a.hosts || compareText(a.pool, b.pool));
}

function sumsOf({ window }: Audit, hosts: readonly AuditHost[], sessions: readonly AuditSession[]) {
  return {
    ...hostCounts(hosts, window.observedSeconds, sessions),
    hashrate: totalRates(hostRates({ hosts, sessions })),
  };
}
