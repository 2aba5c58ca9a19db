/** Totals of an audit, with the verdict as denominator: traffic, rigs and rates are those of miners only. */

import type { AuditHost, Totals } from '../audit/audit.ts';
import { isMiner } from '../audit/miners.ts';
import { hostCounts } from '../audit/totals.ts';
import { type HostLedger, hostVerdict, rigsBehind } from '../hosts/ledger.ts';
import { type HostRates, totalHashrate, without } from './rates.ts';

export function totalsOf(
  hosts: readonly AuditHost[],
  ledgers: readonly HostLedger[],
  rates: readonly HostRates[],
  served: ReadonlyMap<string, ReadonlySet<string>>,
  seconds: number,
): Totals {
  const rigs = { low: 0, high: 0 };
  for (const ledger of ledgers) {
    // The machines behind a proxy whose own side was seen too are counted there.
    if (!isMiner(hostVerdict(ledger)) || served.has(ledger.ip)) continue;
    const { low, high } = rigsBehind(ledger);
    rigs.low += low;
    rigs.high += high;
  }
  const { traffic, ...counts } = hostCounts(hosts, seconds);
  const { minerAddresses: miners } = counts;
  return {
    ...counts,
    rigs,
    traffic,
    hashrate: totalHashrate(
      // Of a proxy's rates those of algorithms that others mine at it stand in their rows.
      rates.filter(({ verdict }) => isMiner(verdict)).map((rate) => without(rate, served.get(rate.ip))),
    ),
    power: null,
    powerAssumptions: [],
    owners: miners === 0 ? [] : [{ class: 'unknown', addresses: miners, share: 1 }],
    institutionalShare: null,
    cities: [],
  };
}
