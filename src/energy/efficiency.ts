/**
 * The energy of a unit of work in a year: best machine on sale, worst machine still in use, and between them the average
 * of the time if one is known (the method of Cambridge's index, docs/reference/energy.md section 3). The era is that of the
 * capture.
 */
import type { Estimate } from '../estimate.ts';
import { totalOf } from '../order.ts';
import { type Fitting, fittingMachines, type WorkerRate, weightOf } from './fitting.ts';
import { HARDWARE, type HardwareRow, type Machine, WORK_UNITS } from './hardware.ts';

/**
 * Machines that bound it; `nearest`: the year that they are of if none of the time is known. Or one, named by the
 * miner.
 */
type EfficiencyBasis =
  | {
      readonly best: string;
      readonly worst: string;
      readonly middle: string;
      readonly nearest: number | null;
    }
  /** The nameplate rate of these fits, the middle by weight. */
  | { readonly fits: string; readonly best: string; readonly worst: string }
  | { readonly device: string };

/** Joules per hash (solution). */
export interface Efficiency extends Estimate {
  /** What it rests on. */
  readonly basis: EfficiencyBasis;
}

/** Whose power counts: all of a machine that is there to mine, or what mining adds to one that is on anyway. */
export type Convention = 'total' | 'marginal';

/** Years that machines stay in use: ASICs and cards go when they no longer pay, processors with their computer. */
const IN_USE: Readonly<Record<Machine, number>> = { asic: 5, gpu: 5, cpu: 10, board: 10 };

/** Card or chip to the wall. Cards: 60 W of host for six of 120 W, 8 to 10 % lost. */
const TO_THE_WALL = {
  /** What was measured at the wall already. */
  nothing: { low: 1, central: 1, high: 1 },
  asic: { low: 1, central: 1, high: 1 },
  board: { low: 1, central: 1, high: 1 },
  gpu: { low: 1.08, central: 1.18, high: 1.25 },
  cpu: { low: 1.1, central: 1.3, high: 1.6 },
  // The rest of the machine runs anyway; its power supply loses a little more.
  marginal: { low: 1, central: 1.1, high: 1.15 },
} as const;

/** Efficiency of a kind of machine in a family of algorithms; null if no such hardware is known. */
export function efficiencyOf(
  family: string,
  machine: Machine,
  year: number,
  convention: Convention,
  rate: WorkerRate | null = null,
): Efficiency | null {
  const fitting = fittingMachines(family, machine, rate, year);
  if (fitting.length > 0) return efficiencyFitting(fitting, convention);
  const known = HARDWARE.filter((row) => row.family === family && row.machine === machine);
  // Malware has the processor it finds, throttled or virtual; people who mine on purpose have a real one.
  const fit = known.filter(
    (row) => row.scope !== 'average' && (row.year !== null || convention === 'marginal' || machine !== 'cpu'),
  );
  const { rows, nearest } = ofEra(fit, year, IN_USE[machine]);
  if (rows.length === 0) return null;
  const bounds = rows.map((row) => boundsOf(row, convention));
  const low = Math.min(...bounds.map((bound) => bound.low));
  const high = Math.max(...bounds.map((bound) => bound.high));
  const typical = typicalOf(known, rows, machine, year, convention);
  const central = Math.min(high, Math.max(low, typical?.value ?? Math.sqrt(low * high)));
  const middle = typical?.device ?? 'geometric-mean';
  const best = rows[bounds.findIndex((bound) => bound.low === low)].device;
  const worst = rows[bounds.findIndex((bound) => bound.high === high)].device;
  return { low, central, high, basis: { best, worst, middle, nearest } };
}

/** Weight of the machines left out on each side. */
const TAIL = 0.04;
/** Models that the table lacks differ from their neighbours by so much. */
const UNLISTED: Readonly<Record<Machine, number>> = { asic: 1.15, gpu: 1.15, cpu: 1.2, board: 2 };

/** What a class of machines needs is judged as a whole: its middle is no mean of its ends. */
function classCentre(row: HardwareRow): { central?: number } {
  return row.rate === null ? { central: row.value / WORK_UNITS[row.unit] } : {};
}

/** Where a single model fits, so much more of the logarithm; of several the part of each. */
const FEW = 0.3;

/** The middle machine by weight. Which one it is, its own range, and what the table lacks err independently: in quadrature. */
function efficiencyFitting(fitting: readonly Fitting[], convention: Convention): Efficiency {
  const sorted = fitting
    .map(({ row, weight }) => ({
      device: row.device,
      weight,
      ...boundsOf(row, convention),
      ...classCentre(row),
    }))
    .sort((a, b) => a.central - b.central);
  const total = weightOf(fitting);
  const at = (part: number) => {
    let below = part * total;
    const found = sorted.find(({ weight }) => {
      below -= weight;
      return below <= 0;
    });
    return found ?? sorted[sorted.length - 1];
  };
  // If a whole rig was measured, it is better than figures of its cards.
  const rig = fitting.find(({ row }) => row.machine === 'gpu' && row.rate === null && row.scope === 'wall');
  const ofRig = sorted.find(({ device }) => device === rig?.row.device);
  const [best, middle, worst] = [at(TAIL), ofRig ?? at(0.5), at(1 - TAIL)];
  const models = total ** 2 / totalOf(fitting, ({ weight }) => weight ** 2);
  const unlisted = Math.log(UNLISTED[fitting[0].row.machine]) + FEW / models;
  const apart = (a: number, b: number, own: number): number =>
    Math.exp(Math.hypot(Math.log(a / b), Math.log(own), unlisted));
  return {
    low:
      middle.central /
      apart(middle.central, Math.min(best.central, middle.central), middle.central / middle.low),
    central: middle.central,
    high:
      middle.central *
      apart(Math.max(worst.central, middle.central), middle.central, middle.high / middle.central),
    basis: { fits: middle.device, best: best.device, worst: worst.device },
  };
}

/** Efficiency of one model whose name is known. */
export function efficiencyOfRow(row: HardwareRow, convention: Convention): Efficiency {
  return { ...boundsOf(row, convention), basis: { device: row.device } };
}

function ofEra(
  rows: readonly HardwareRow[],
  year: number,
  inUse: number,
): { rows: readonly HardwareRow[]; nearest: number | null } {
  const current = rows.filter(
    (row) => row.year === null || (row.year <= year && row.year >= Math.floor(year) - inUse),
  );
  if (current.some((row) => row.year !== null) || (current.length > 0 && rows.length === current.length)) {
    return { rows: current, nearest: null };
  }
  const years = rows.flatMap((row) => row.year ?? []);
  if (years.length === 0) return { rows: current, nearest: null };
  const nearest = years.reduce((a, b) => (Math.abs(b - year) < Math.abs(a - year) ? b : a));
  return {
    rows: rows.filter((row) => row.year === null || row.year === nearest),
    nearest: Math.floor(nearest),
  };
}

function boundsOf(row: HardwareRow, convention: Convention): Estimate {
  const scale = WORK_UNITS[row.unit];
  const part = row.machine === 'cpu' && convention === 'marginal' ? 'marginal' : row.machine;
  const factor = TO_THE_WALL[row.scope === 'device' ? part : 'nothing'];
  return {
    low: (row.low * factor.low) / scale,
    central: ((row.confirmed ? row.value : Math.sqrt(row.low * row.high)) * factor.central) / scale,
    high: (row.high * factor.high) / scale,
  };
}

/** The average of that time, or what a usual machine needs; null if neither is known. */
function typicalOf(
  known: readonly HardwareRow[],
  rows: readonly HardwareRow[],
  machine: Machine,
  year: number,
  convention: Convention,
): { value: number; device: string } | null {
  const average = interpolated(
    known.filter((row) => row.scope === 'average'),
    year,
  );
  if (average !== null) return { value: average, device: 'average' };
  if (machine === 'cpu' && convention === 'marginal') {
    const found = rows.find((row) => row.year === null);
    if (found !== undefined) return { value: found.value / WORK_UNITS[found.unit], device: found.device };
  }
  // If a complete rig of about that year was measured, it is better than figures of its cards.
  const whole = rows.find((row) => machine === 'gpu' && row.scope === 'wall' && row.year !== null);
  if (whole !== undefined) return { value: whole.value / WORK_UNITS[whole.unit], device: whole.device };
  if (machine === 'cpu' && rows.length >= 3) {
    const middle = rows.map((row) => boundsOf(row, convention).central).sort((a, b) => a - b);
    return { value: middle[Math.floor(middle.length / 2)], device: 'median' };
  }
  return null;
}

/** Between two years on a line of equal ratios; before the first and after the last nothing is known. */
function interpolated(averages: readonly HardwareRow[], year: number): number | null {
  const points = averages.flatMap((row) =>
    row.year === null ? [] : [{ year: row.year, value: row.value / WORK_UNITS[row.unit] }],
  );
  const after = points.find((point) => point.year >= year);
  const before = points.filter((point) => point.year <= year).at(-1);
  if (before === undefined) return null;
  if (after === undefined || after.year === before.year) return before.value;
  const part = (year - before.year) / (after.year - before.year);
  return before.value * (after.value / before.value) ** part;
}

/** The year of a time, with its part as a fraction: 2021.78. `atUs` is us since 1970. */
export function yearOf(atUs: number): number {
  const year = new Date(atUs / 1000).getUTCFullYear();
  const start = Date.UTC(year, 0);
  return year + (atUs / 1000 - start) / (Date.UTC(year + 1, 0) - start);
}
