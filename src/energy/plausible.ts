/**
 * The highest rate that a number of machines of a kind can have: from the energy per hash of the best known machine,
 * the highest power of one machine, and what all machines of the world have together (data/network-rates.tsv). Generous on purpose, because it refuses figures: behind one login may be
 * machines that the capture does not tell apart, and tomorrow's hardware is better than today's.
 */
import networkRates from '../../data/network-rates.tsv?raw';
import { number, table, text } from '../schema/table.ts';
import { familyOf } from './families.ts';
import { HARDWARE, type Machine, WORK_UNITS } from './hardware.ts';

/**
 * Watts of the largest machine of a kind: a machine cooled by water, a rig of sixteen cards, a server of four sockets.
 */
const LARGEST_WATTS: Readonly<Record<Machine, number>> = {
  asic: 15_000,
  gpu: 10_000,
  cpu: 3000,
  board: 5,
};
/** Machines that may stand behind one login unseen: of ASICs a container's, as farms join them by proxies. */
const UNSEEN: Readonly<Record<Machine, number>> = { asic: 100, gpu: 2, cpu: 10, board: 10 };
/** Times as many behind a connection of a proxy or a marketplace. */
const BEHIND_PROXY = 100;
/** Hashes that a reader of a capture can compute again; those of others are what the miner wrote and its server took. */
const CHECKABLE: ReadonlySet<string> = new Set(['sha256d', 'scrypt']);
/** Machines behind a connection of a proxy if nobody can check the work: both ends of it may be one person's. */
const UNCHECKED_BEHIND_PROXY = 10;
/** No place in the world draws more. */
const SITE_WATTS = 1e9;
/** More than any network without a row has. */
const OTHER_NETWORK = 1e18;
const NETWORK_RATES = table('network-rates.tsv', networkRates, {
  family: text,
  rate: number(1, 1e24),
  year: number(2009, 2100),
  source: text,
});
/** How much better than the best machine of the table one may be, and a network larger than it was. */
const BETTER = 4;

export interface Machines {
  /** Kind of machine; null if nothing tells. */
  readonly machine: Machine | null;
  readonly count: number;
  /** Connections behind which nobody knows how many there are: a proxy's, or a marketplace's. */
  readonly uncounted: number;
}

export function isCheckable(algorithm: string | null): boolean {
  return algorithm !== null && CHECKABLE.has(familyOf(algorithm) ?? '');
}

/** The most that all machines of a family have together, H/s (Sol/s, graphs/s). */
export function networkRate(algorithm: string): number {
  const family = familyOf(algorithm);
  const rate = NETWORK_RATES().find((row) => row.family === family)?.rate;
  return rate === undefined ? OTHER_NETWORK : BETTER * rate;
}

/** The most that the machines can draw, W. If nobody can check their work, only those count that were seen. */
export function mostWatts(algorithm: string | null, { machine, count, uncounted }: Machines): number {
  const kind = machine ?? 'asic';
  const machines = isCheckable(algorithm)
    ? Math.max(count, uncounted * BEHIND_PROXY) * UNSEEN[kind]
    : Math.max(count, uncounted * UNCHECKED_BEHIND_PROXY);
  return Math.min(SITE_WATTS, machines * LARGEST_WATTS[kind]);
}

/** Highest possible rate, H/s (Sol/s, graphs/s). */
export function highestRate(algorithm: string, machines: Machines): number {
  const family = familyOf(algorithm);
  const network = networkRate(algorithm);
  const rows = HARDWARE.filter((row) => row.family === family && row.scope !== 'average');
  if (rows.length === 0) return network;
  const own = rows.filter((row) => row.machine === machines.machine);
  const best = Math.min(...(own.length > 0 ? own : rows).map((row) => row.low / WORK_UNITS[row.unit]));
  return Math.min(network, (BETTER * mostWatts(algorithm, machines)) / best);
}
