/** The machines of an audit, and what totals say of them: how many there are, and their rates together. */
import { groupBy } from '../order.ts';
import { statement } from '../statements/index.ts';
import type { Audit, AuditHost, AuditSession, HashrateRow } from './audit.ts';
import { machineRows } from './machine-rows.ts';
import { isCountedMiner, isMiner } from './miners.ts';
import { totalRates } from './total-rates.ts';
import { servedBy } from './totals.ts';

const MOST_NAMED = 6;

/** Fills them in, once the hosts are known and who had their addresses. */
export function addMachines(audit: Audit): void {
  const { rows: machines, count, unsure } = machineRows(audit);
  audit.machines = machines;
  if (unsure.length > 0) {
    const ips = unsure.flat();
    audit.notes.push(
      statement('machines-one-hardware', {
        count: unsure.length,
        ips: ips.slice(0, MOST_NAMED),
        more: Math.max(0, ips.length - MOST_NAMED),
      }),
    );
  }
  audit.totals.machines = count;
  const rates = machineRates(audit);
  if (rates !== null) audit.totals.hashrate = totalRates(rates);
}

/** Rates of all miners, those of each address. */
export function hostRates({
  hosts,
  sessions,
}: {
  readonly hosts: readonly AuditHost[];
  readonly sessions: readonly AuditSession[];
}): HashrateRow[][] {
  const served = servedBy(sessions);
  return hosts
    .filter(isCountedMiner)
    .map(({ ip, hashrate }) => hashrate.filter(({ algorithm }) => served.get(ip)?.has(algorithm) !== true));
}

/** The same of each machine; null where each address is a machine: then the sums over hosts hold, which come from counts. */
export function machineRates({ machines, sessions }: Audit): HashrateRow[][] | null {
  const moved = machines.filter(({ verdict, addresses }) => isMiner(verdict) && addresses.length > 1);
  const isParted = [
    ...groupBy(
      machines.flatMap(({ addresses }) => addresses),
      ({ ip }) => ip,
    ).values(),
  ].some((own) => own.length > 1);
  if (moved.length === 0 && !isParted) return null;
  const served = servedBy(sessions);
  return machines
    .filter(({ verdict }) => isMiner(verdict))
    .map(({ addresses, hashrate }) =>
      hashrate.filter(
        ({ algorithm }) => !addresses.every(({ ip }) => served.get(ip)?.has(algorithm) === true),
      ),
    );
}
