/**
 * The highest rate that a number of machines of a kind can have: from the energy per hash of the best known machine,
 * the highest power of one machine, and what all machines of the world have together. Generous on purpose, because it
 * refuses figures: behind one login may be machines that the capture does not tell apart, and tomorrow's hardware is better
 * than today's. And checks of energy figures (docs/reference/energy.md section 7).
 */
import { type Statement, statement } from '../statements/index.ts';
import { yearOf } from './efficiency.ts';
import { familyOf, familyRow } from './families.ts';
import { HARDWARE, type Machine, WORK_UNITS } from './hardware.ts';

/**
 * Watts of the largest machine of a kind: a machine cooled by water, a rig of sixteen cards, a server of four sockets.
 */
const LARGEST_WATTS: Readonly<Record<Machine, number>> = { asic: 15_000, gpu: 10_000, cpu: 3000, board: 5 };
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
  return CHECKABLE.has(familyOf(algorithm) ?? '');
}

/** The most that all machines of a family have together, H/s (Sol/s, graphs/s). */
export function networkRate(algorithm: string): number {
  const rate = familyRow(algorithm)?.networkRate ?? null;
  return rate === null ? OTHER_NETWORK : BETTER * rate;
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

/** Joules per hash outside [best machine of the year / 2, worst / 1/3] for the algorithm; null if plausible. */
export function efficiencyWarning(
  algorithm: string,
  watts: number,
  hashesPerSecond: number,
  atUs: number,
): Statement | null {
  const family = familyOf(algorithm);
  if (family === null || !(watts > 0) || !(hashesPerSecond > 0)) return null;
  const year = yearOf(atUs);
  // Processors and cards doing what ASICs do are not machines of the algorithm.
  const rows = HARDWARE.filter(
    (row) => row.family === family && row.scope !== 'average' && row.year !== null,
  );
  // Of some families, as that of argon2, no machine was measured.
  if (rows.length === 0) return null;
  const sold = rows.filter((row) => row.year !== null && row.year <= year);
  const era = sold.length > 0 ? sold : rows;
  const running = era.filter((row) => row.year !== null && row.year >= Math.floor(year) - 5);
  const perHash = watts / hashesPerSecond;
  const best = Math.min(...era.map((row) => row.low / WORK_UNITS[row.unit]));
  const worst = Math.max(
    ...(running.length > 0 ? running : era).map((row) => row.high / WORK_UNITS[row.unit]),
  );
  if (perHash >= best / 2 && perHash <= worst * 3) return null;
  const unit = era[0].unit;
  const scale = WORK_UNITS[unit];
  return statement('implausible-efficiency', {
    algorithm,
    year: Math.floor(year),
    unit,
    value: perHash * scale,
    best: best * scale,
    worst: worst * scale,
  });
}

const MANY_WATTS = 50_000;
const MAY_BE_LARGE: ReadonlySet<string> = new Set(['hosting', 'enterprise', 'unknown']);

/** True if a host draws more than its kind of owner can hide. */
export function isTooHeavy(watts: number, ownerClass: string): boolean {
  return watts > MANY_WATTS && !MAY_BE_LARGE.has(ownerClass);
}
