/** What totals say of the verdicts, the owners, the power and the places of miners, from the rows of the hosts. */

import { serversOf } from '../endpoints/servers.ts';
import { noTraffic, type TrafficSum } from '../endpoints/traffic.ts';
import { type TotalledPower, totalPower } from '../energy/totals.ts';
import { addTo, groupBy, under } from '../order.ts';
import type { TimeInterval } from '../time-interval.ts';
import {
  type Audit,
  type AuditHost,
  type AuditSession,
  INSTITUTIONAL,
  INSTITUTIONAL_WITH_RESEARCH,
  OWNER_CLASSES,
  type Owner,
  type OwnerClass,
  type Totals,
  type Verdict,
} from './audit.ts';
import { isAtLeast, isCountedMiner, isMiner, isMinersProxy, isPoolServer, minersOf } from './miners.ts';
import { trafficRow } from './rate-rows.ts';
import { timeUsOf } from './time.ts';

/** The power of a host. */
export type HostPower = TotalledPower & { readonly ip?: string };

/** Owners and power of the totals, from the hosts' own. */
export function assessTotals(audit: Audit, estimates: readonly HostPower[]): void {
  const miners = minersOf(audit);
  const { totals } = audit;
  totals.owners = OWNER_CLASSES.flatMap((name) => {
    const addresses = miners.filter(({ owner }) => owner.class === name).length;
    return addresses === 0 ? [] : [{ class: name, addresses, share: addresses / miners.length }];
  });
  const shareOf = (classes: readonly OwnerClass[]): number | null =>
    miners.length === 0
      ? null
      : miners.filter(({ owner }) => classes.includes(owner.class)).length / miners.length;
  totals.institutionalShare = shareOf(INSTITUTIONAL);
  totals.institutionalShareWithResearch = shareOf(INSTITUTIONAL_WITH_RESEARCH);
  const spansOf = spansByHost(audit);
  const { estimated, modelled, hosts, assumptions } = totalPower(
    estimates.map((one) => ({
      ...one,
      spans: spansOf(one.ip ?? ''),
    })),
  );
  // What is known without any payload stands apart: it is not an estimate of what was seen.
  totals.power = estimates.length > hosts.C ? { ...estimated } : null;
  if (hosts.C > 0) totals.modelledPower = { ...modelled, tier: 'C' };
  totals.powerAssumptions = [...assumptions];
  totals.cities = citiesOf(miners);
}

/** When each host mined, or may have: no span if no session tells. */
export function spansByHost({ sessions }: Pick<Audit, 'sessions'>): (ip: string) => TimeInterval[] {
  const sessionsOf = groupBy(sessions, ({ miner }) => miner.ip);
  return (ip) => (sessionsOf.get(ip) ?? []).filter(hasRun).map(spanOf);
}

function hasRun({ verdict }: AuditSession): boolean {
  return isAtLeast(verdict, 'suspected');
}

function spanOf({ start, end }: AuditSession): TimeInterval {
  return { startUs: timeUsOf(start), endUs: timeUsOf(end) };
}

function citiesOf(miners: readonly AuditHost[]): Audit['totals']['cities'] {
  const rows = new Map<string, Audit['totals']['cities'][number]>();
  const regions = new Map<string, Set<string>>();
  const place = ({ country, city }: Owner): string => JSON.stringify([country, city]);
  for (const { owner } of miners) {
    if (owner.region !== null) addTo(regions, place(owner), owner.region);
  }
  for (const { owner, power } of miners) {
    const { country, city } = owner;
    if (city === null) continue;
    // The operator's table often leaves out the region: if the city is in only one region, it is that one.
    const [only = null, ...others] = regions.get(place(owner)) ?? [];
    const region = owner.region ?? (others.length === 0 ? only : null);
    const key = JSON.stringify([country, region, city]);
    const sum = under(rows, key, () => ({ country, region, city, addresses: 0, kwhPerDay: 0 }));
    sum.addresses++;
    if (power === null) continue;
    // As in the totals: what is modelled stands apart.
    if (power.tier === 'C') sum.modelledKwhPerDay = (sum.modelledKwhPerDay ?? 0) + power.kwhPerDay;
    else sum.kwhPerDay += power.kwhPerDay;
  }
  return [...rows.values()].sort((a, b) => b.addresses - a.addresses || (a.city < b.city ? -1 : 1));
}

/** What the totals need of a session. */
type Leg = Parameters<typeof serversOf>[0] & {
  readonly miner: { readonly ip: string };
  readonly verdict: Verdict;
  readonly traffic: Readonly<TrafficSum>;
};

/**
 * Hosts by verdict, pool servers left out, and the traffic of the miners among them; `seconds` is that of the window. What miners
 * exchange with a proxy of miners, which gathers their work on connections of its own, is not traffic with a pool. Mean traffic is
 * the sum of the hosts' means, each over the time in which the host was watched.
 */
export function hostCounts(
  all: readonly AuditHost[],
  seconds: number,
  sessions: Iterable<Leg> = [],
): Pick<Totals, 'hosts' | 'minerAddresses' | 'traffic'> {
  const hosts: Record<Verdict, number> = { confirmed: 0, probable: 0, suspected: 0, attempted: 0, listed: 0 };
  const traffic = noTraffic();
  /** As if each host had been watched all the time. */
  const paced = noTraffic();
  const paces = new Map(
    all.map(({ ip, observedSeconds = seconds }) => [ip, observedSeconds > 0 ? seconds / observedSeconds : 1]),
  );
  const add = (ip: string, bytes: Readonly<TrafficSum>, sign: 1 | -1): void => {
    for (const [sum, pace] of [
      [traffic, sign],
      [paced, sign * (paces.get(ip) ?? 1)],
    ] as const)
      for (const name of ['bytesOut', 'bytesIn', 'packetsOut', 'packetsIn'] as const)
        sum[name] = Math.max(0, sum[name] + pace * bytes[name]);
  };
  for (const host of all) {
    if (isPoolServer(host)) continue;
    hosts[host.verdict]++;
    if (isMiner(host.verdict)) add(host.ip, host.traffic, 1);
  }
  const counted = new Set(all.filter(isCountedMiner).map(({ ip }) => ip));
  const proxies = new Set(
    all.filter((host) => isCountedMiner(host) && isMinersProxy(host)).map(({ ip }) => ip),
  );
  for (const leg of sessions) {
    if (counted.has(leg.miner.ip) && serversOf(leg).some((ip) => proxies.has(ip)))
      add(leg.miner.ip, leg.traffic, -1);
  }
  const minerAddresses = hosts.confirmed + hosts.probable;
  const { mbpsOut, mbpsIn } = trafficRow(paced, seconds);
  return { hosts, minerAddresses, traffic: { ...trafficRow(traffic, seconds), mbpsOut, mbpsIn } };
}

/** Hosts at which others mine, or through which they do, with the algorithms: that work stands in the rows of the others. */
export function servedBy(sessions: readonly AuditSession[]): ReadonlyMap<string, ReadonlySet<string>> {
  const served = new Map<string, Set<string>>();
  for (const session of sessions) {
    if (!isMiner(session.verdict)) continue;
    for (const ip of serversOf(session)) {
      if (session.algorithm !== null) addTo(served, ip, session.algorithm);
      else if (!served.has(ip)) served.set(ip, new Set());
    }
  }
  return served;
}
