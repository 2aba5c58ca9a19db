/**
 * The highest rate that a number of machines of a kind can have: from the energy per hash of the best known machine,
 * and the highest power of one machine. Generous on purpose, because it refuses figures: behind one login may be
 * machines that the capture does not tell apart, and tomorrow's hardware is better than today's.
 */
import { familyOf } from './families.ts';
import { HARDWARE, type Machine, WORK_UNITS } from './hardware.ts';

/**
 * Watts of the largest machine of a kind: a machine cooled by water, a rig of sixteen cards, a server of four sockets.
 */
const LARGEST_WATTS: Readonly<Record<Machine, number>> = { asic: 15_000, gpu: 10_000, cpu: 3000 };
/** Machines that may stand behind one login unseen: of ASICs a container's, as farms join them by proxies. */
const UNSEEN: Readonly<Record<Machine, number>> = { asic: 100, gpu: 10, cpu: 10 };
/** No place in the world draws more. */
const SITE_WATTS = 1e9;
/** Hashes a second of the whole Bitcoin network, about; and more than any network of another algorithm has. */
const NETWORKS = { sha256d: 2e21, other: 1e18 } as const;
/** How much better than the best machine of the table one may be. */
const BETTER = 4;

export interface Machines {
  /** Kind of machine; null if nothing tells. */
  readonly machine: Machine | null;
  readonly count: number;
  /** They are behind a proxy, or a marketplace: nobody knows how many. */
  readonly isUncounted: boolean;
}

/** Highest possible rate, H/s (Sol/s, graphs/s). */
export function highestRate(algorithm: string, { machine, count, isUncounted }: Machines): number {
  const family = familyOf(algorithm);
  const network = family === 'sha256d' ? NETWORKS.sha256d : NETWORKS.other;
  const rows = HARDWARE.filter((row) => row.family === family && row.scope !== 'average');
  if (rows.length === 0) return network;
  const own = rows.filter((row) => row.machine === machine);
  const best = Math.min(...(own.length > 0 ? own : rows).map((row) => row.low / WORK_UNITS[row.unit]));
  const kind = machine ?? 'asic';
  const watts = isUncounted ? SITE_WATTS : Math.min(SITE_WATTS, count * UNSEEN[kind] * LARGEST_WATTS[kind]);
  return Math.min(network, (BETTER * watts) / best);
}
