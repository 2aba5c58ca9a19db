/** Totals of an audit, with the verdict as denominator: traffic, rigs and rates are those of miners only. */

import type { AuditHost, Totals, Traffic, Verdict } from '../audit/audit.ts';
import { isMiner, isPoolServer } from '../audit/miners.ts';
import { trafficRow } from '../audit/rate-rows.ts';
import { addTraffic, noTraffic, type TrafficSum } from '../endpoints/traffic.ts';
import { type HostLedger, hostVerdict, rigsBehind } from '../hosts/ledger.ts';
import { type HostRates, totalHashrate } from './rates.ts';

export function totalsOf(
  hosts: readonly AuditHost[],
  ledgers: readonly HostLedger[],
  rates: readonly HostRates[],
  served: ReadonlyMap<string, ReadonlySet<string>>,
  seconds: number,
): Totals {
  const counts: Record<Verdict, number> = {
    confirmed: 0,
    probable: 0,
    suspected: 0,
    attempted: 0,
    listed: 0,
  };
  const traffic = noTraffic();
  for (const host of hosts) {
    if (isPoolServer(host)) continue;
    counts[host.verdict]++;
    if (isMiner(host.verdict)) addTraffic(traffic, pick(host.traffic));
  }
  const rigs = { low: 0, high: 0 };
  for (const ledger of ledgers) {
    // The machines behind a proxy whose own side was seen too are counted there.
    if (!isMiner(hostVerdict(ledger)) || served.has(ledger.ip)) continue;
    const { low, high } = rigsBehind(ledger);
    rigs.low += low;
    rigs.high += high;
  }
  const miners = counts.confirmed + counts.probable;
  return {
    hosts: counts,
    minerAddresses: miners,
    rigs,
    traffic: trafficRow(traffic, seconds),
    hashrate: totalHashrate(
      rates.filter(({ verdict }) => isMiner(verdict)).map((rate) => withoutServed(rate, served.get(rate.ip))),
    ),
    power: null,
    powerAssumptions: [],
    owners: miners === 0 ? [] : [{ class: 'unknown', addresses: miners, share: 1 }],
    institutionalShare: null,
    cities: [],
  };
}

/** A proxy's rates less those of algorithms that others mine at it: that work stands in their rows. */
function withoutServed(rate: HostRates, served: ReadonlySet<string> | undefined): HostRates {
  if (served === undefined) return rate;
  return {
    ...rate,
    works: rate.works.filter(({ algorithm }) => !served.has(algorithm)),
    counters: rate.counters.filter(({ algorithm }) => !served.has(algorithm)),
    selfReported: new Map([...rate.selfReported].filter(([algorithm]) => !served.has(algorithm))),
  };
}

function pick({ bytesOut, bytesIn, packetsOut, packetsIn }: Traffic): TrafficSum {
  return { bytesOut, bytesIn, packetsOut, packetsIn };
}
