/**
 * Machines that explain the rate of a worker: those of the table whose nameplate rate, or a small multiple of it, is about
 * that rate, weighted by how well they fit and by their age (docs/reference/energy.md section 3). A rate that shares tell only
 * within a wide range explains nothing, and then the machines of the time bound the energy (efficiency.ts).
 */
import { HARDWARE, type HardwareRow, type Machine, WORK_UNITS, WORKER_WATTS } from './hardware.ts';

/** Rate of one worker, H/s (Sol/s). */
export interface WorkerRate {
  /** By the largest and by the smallest number of machines that there may be. */
  readonly low: number;
  readonly high: number;
  /** Standard error of the logarithm of the rate, from its counting; 0 by default. */
  readonly error?: number;
}

export interface Fitting {
  readonly row: HardwareRow;
  readonly weight: number;
}

/** Limits of 95 % that are more than four times apart tell no machine. */
const WIDEST_ERROR = Math.log(4) / 3.92;
/** How far machines run off their nameplate: standard deviation of the logarithm. Processors run on part of their cores. */
const SPREAD: Readonly<Record<Machine, number>> = { asic: 0.1, gpu: 0.15, cpu: 0.2, board: 0.4 };
/** Machines (cards, sockets) that may stand behind one worker, and what the second and each further one counts, times its number. */
const MOST_BEHIND: Readonly<Record<Machine, number>> = { asic: 4, gpu: 16, cpu: 4, board: 4 };
const FURTHER: Readonly<Record<Machine, number>> = { asic: 0.06, gpu: 1, cpu: 0.1, board: 0.1 };
/** Years after which machines get rare, and those in which they then become fewer by e. None vanishes: power may be stolen. */
const COMMON_YEARS: Readonly<Record<Machine, number>> = { asic: 3, gpu: 4, cpu: 6, board: 10 };
const FEWER_YEARS: Readonly<Record<Machine, number>> = { asic: 2, gpu: 3, cpu: 4, board: 10 };
const RAREST = 0.05;
/** A class of machines (a rig of mixed cards, a throttled server) has no rate of its own: what it counts at any rate. */
const CLASS_FIT = 0.3;
/** Cards that a rig has at least. */
const RIG_CARDS = 3;
/** Below it nothing fits. */
const LEAST_WEIGHT = 0.02;

/** Rows of a family and a kind that explain the rate; none if it is too uncertain, or if nothing fits. */
export function fittingMachines(
  family: string | null,
  machine: Machine,
  rate: WorkerRate | null,
  year: number,
): readonly Fitting[] {
  if (rate === null || !(rate.low > 0) || (rate.error ?? 0) > WIDEST_ERROR) return [];
  const rows = HARDWARE.filter(
    (row) =>
      row.family === family &&
      row.machine === machine &&
      row.scope !== 'average' &&
      (row.year === null || row.year <= year),
  );
  const largest = Math.max(0, ...rows.map((row) => row.rate ?? 0));
  const found = rows.map((row) => ({
    row,
    // A rig of cards is more than a few of the largest.
    weight:
      row.rate === null && machine === 'gpu' && rate.high < RIG_CARDS * largest
        ? 0
        : presence(row, year) * closeness(row, rate),
  }));
  return weightOf(found) < LEAST_WEIGHT ? [] : found.filter(({ weight }) => weight > 0);
}

/** How well they explain it together. */
export function weightOf(fitting: readonly Fitting[]): number {
  return fitting.reduce((sum, { weight }) => sum + weight, 0);
}

/** How well the best of them does: how many models a table has says nothing of how many machines there are. */
export function bestFit(fitting: readonly Fitting[]): number {
  return Math.max(0, ...fitting.map(({ weight }) => weight));
}

function presence({ year: sold, machine }: HardwareRow, year: number): number {
  const late = sold === null ? 0 : Math.max(0, year - sold - COMMON_YEARS[machine]);
  return Math.max(RAREST, Math.exp(-late / FEWER_YEARS[machine]));
}

function closeness(row: HardwareRow, { low, high, error = 0 }: WorkerRate): number {
  if (row.rate === null) {
    const watts = (low * row.value) / WORK_UNITS[row.unit];
    return watts <= WORKER_WATTS[row.machine].high ? CLASS_FIT : 0;
  }
  const spread = Math.hypot(SPREAD[row.machine], error);
  const reach = Math.exp(3 * spread);
  const first = Math.max(1, Math.ceil(low / row.rate / reach));
  const last = Math.floor((high / row.rate) * reach);
  let sum = 0;
  for (let count = first; count <= Math.min(last, MOST_BEHIND[row.machine]); count++) {
    const rate = count * row.rate;
    const off = Math.max(0, Math.log(low / rate), Math.log(rate / high)) / spread;
    sum += (count === 1 ? 1 : FURTHER[row.machine] / count) * Math.exp((-off * off) / 2);
  }
  return sum;
}
