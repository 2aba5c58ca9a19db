/**
 * Electricity of one host: rate times joules per hash of its era if the rate is known, otherwise worker count times watts
 * of a worker; with low, central and high, and every assumption in words (docs/reference/energy.md sections 1 to 3).
 * Traffic never gives a rate. A flat figure per address is used only if the operator asks for one.
 */

import { type Estimate, scaled, sumOf, times } from '../estimate.ts';
import { type Statement, statement } from '../statements/index.ts';
import { type Convention, type Efficiency, efficiencyOf, efficiencyOfRow, yearOf } from './efficiency.ts';
import { familyOf, machineOf } from './families.ts';
import type { WorkerRate } from './fitting.ts';
import { type HardwareRow, type Machine, modelNamed, WORKER_WATTS } from './hardware.ts';
import { isCheckable, mostWatts } from './plausible.ts';
import { type Pue, UNKNOWN_PUE } from './pue.ts';

/**
 * A: from shares. B: from the miner's words, its model or its kind, if some of its messages were read. C: from flow
 * records or encrypted sessions alone, and if nothing that was read tells the kind. flat: as asked for.
 */
export type PowerTier = 'A' | 'B' | 'C' | 'flat';

/** One algorithm of a host. */
export interface PowerPart {
  /** Algorithm id; null if unknown. */
  readonly algorithm: string | null;
  /** Of work for several: ids of all that it may be. */
  readonly mayBe?: readonly string[];
  /** H/s (Sol/s) while mining; null if unknown. */
  readonly hashrate: {
    readonly estimate: number;
    readonly low: number | null;
    readonly high: number | null;
  } | null;
  readonly basis: 'shares' | 'counter' | 'self-reported' | 'modelled' | null;
  /** Part of the time watched in which it was mined, 0 to 1. */
  readonly duty: number;
}

export interface PowerInput {
  readonly parts: readonly PowerPart[];
  /** When, us since 1970: prices the hardware of that year. */
  readonly atUs: number;
  readonly agents: readonly string[];
  readonly workers: readonly string[];
  /** Something of what miner and pool said to each other could be read; by default nothing. */
  readonly isParsed?: boolean;
  /** Machines behind the address. */
  readonly rigs: { readonly low: number; readonly high: number };
  /** Connections of proxies and marketplaces, behind which nobody knows how many there are; 0 by default. */
  readonly uncounted?: number;
  readonly convention: Convention;
  /** Part of the time watched in which anything was mined, 0 to 1; by default that of the parts together. */
  readonly duty?: number;
  /** Limits of that part, if packets were sampled. */
  readonly dutyLimits?: { readonly low: number; readonly high: number };
  readonly pue?: Pue;
  /** `--power-per-address`: watts of every address, whatever it does. */
  readonly flatWatts?: number | null;
}

/** W at the meter while mining, and kWh of a day that goes on like the window did. */
export const POWER_FIGURES = [
  ...(['wattsLow', 'watts', 'wattsHigh'] as const),
  ...(['kwhPerDayLow', 'kwhPerDay', 'kwhPerDayHigh'] as const),
];
export type PowerFigures = Readonly<Record<(typeof POWER_FIGURES)[number], number>>;

export interface PowerEstimate extends PowerFigures {
  readonly tier: PowerTier;
  /** What counting shares makes of the lower and of the upper limits: factors; absent if nothing was counted. */
  readonly countingLow?: number;
  readonly countingHigh?: number;
  /** Kind of machine that was assumed; null if several or none. */
  readonly machine: Machine | null;
  readonly convention: Convention;
  /** What the numbers rest on. */
  readonly assumptions: readonly Statement[];
}

const TIER_ORDER: readonly PowerTier[] = ['A', 'B', 'C', 'flat'];
const ONE: Estimate = { low: 1, central: 1, high: 1 };

/** The power of a host, or null if it has nothing to go by (no part). */
export function powerOf(input: PowerInput): PowerEstimate | null {
  const { pue = UNKNOWN_PUE, convention, dutyLimits, flatWatts = null } = input;
  if (input.parts.length === 0) return null;
  if (flatWatts !== null) return flatPower(convention, flatWatts);
  const found = input.parts.map((part) => partPower(part, input));
  const watts = found.map(({ span }) => times(span, pue));
  const duties = input.parts.map((part) => clampedDuty(part.duty));
  // Of algorithms that take turns a machine has the mean: what it draws while it mines is then energy over that time.
  const duty = clampedDuty(input.duty ?? Math.max(...duties));
  const drawnPart = (i: number): number => (duty > 0 ? Math.min(1, duties[i] / duty) : 1);
  const drawn = watts.map((span, i) => scaled(span, drawnPart(i)));
  const { low, high } = dutyLimits ?? { low: duty, high: duty };
  const around = duty > 0 ? { low: low / duty, central: 1, high: high / duty } : ONE;
  const energy = watts.map((span, i) => times(scaled(span, (24 / 1000) * duties[i]), around));
  const total = sumOf(drawn);
  const certain = sumOf(found.map(({ counted }, i) => scaled(times(counted, pue), drawnPart(i))));
  const machines = new Set(found.map(({ machine }) => machine));
  const tier = found.reduce<PowerTier>(
    (worst, part) => (TIER_ORDER.indexOf(part.tier) > TIER_ORDER.indexOf(worst) ? part.tier : worst),
    'A',
  );
  return {
    ...figuresOf(total, sumOf(energy)),
    ...countingOf(total, certain),
    tier,
    machine: machines.size === 1 ? found[0].machine : null,
    convention,
    assumptions: distinct([
      ...found.flatMap(({ assumptions }) => assumptions),
      statement(`counts-${convention}`),
      statement('pue', { name: pue.name, low: pue.low, central: pue.central, high: pue.high }),
      ...(dutyLimits === undefined ? [] : [statement('duty-sampled')]),
    ]),
  };
}

/**
 * Whose power to count: that of a machine that is there to mine, or the increment of one that is on anyway, as processors
 * of an organisation are unless somebody means them to mine.
 */
export function conventionFor(
  intent: 'hijacked' | 'deliberate' | 'undetermined',
  machine: Machine | null,
): Convention {
  if (intent === 'hijacked') return 'marginal';
  return intent === 'undetermined' && machine === 'cpu' ? 'marginal' : 'total';
}

/** Limits over what they would be if the rates were certain. */
function countingOf(total: Estimate, certain: Estimate): Pick<PowerEstimate, 'countingLow' | 'countingHigh'> {
  const low = certain.low > 0 ? total.low / certain.low : 1;
  const high = certain.high > 0 ? total.high / certain.high : 1;
  return low === 1 && high === 1 ? {} : { countingLow: Math.min(1, low), countingHigh: Math.max(1, high) };
}

interface PartPower {
  readonly tier: PowerTier;
  readonly machine: Machine | null;
  readonly span: Estimate;
  /** What it would be if the rate were certain. */
  readonly counted: Estimate;
  readonly assumptions: readonly Statement[];
}

function partPower(part: PowerPart, input: PowerInput): PartPower {
  const year = yearOf(input.atUs);
  const { algorithm, hashrate } = part;
  const fewest = Math.max(1, input.rigs.low);
  const mostRigs = Math.max(fewest, input.rigs.high);
  const isModelled = part.basis === 'modelled';
  const known = part.basis === null ? null : hashrate;
  const rate = known !== null && known.estimate > 0 ? known : null;
  const signs = { algorithm, agents: input.agents, year };
  // A modelled rate says nothing of the machine that it may rest on, but for what even its upper end is too slow for;
  // nor does one of which no share came.
  const ratePerWorker: WorkerRate | null =
    known === null
      ? null
      : rate === null || isModelled
        ? { low: 0, high: (known.high ?? known.estimate) / fewest }
        : { low: rate.estimate / mostRigs, high: rate.estimate / fewest, error: errorOf(rate) };
  const named = modelNamed([...input.agents, ...input.workers], familyOf(algorithm));
  const model = named !== null && canBe(named, ratePerWorker) ? named : null;
  const guessed = machineOf({ ...signs, ratePerWorker, model });
  const { machine, because, since = null } = guessed;
  const guess = statement('machine', { machine, because, algorithm, year: since });
  const efficiency = priceOf(
    [algorithm ?? [], part.mayBe ?? []].flat(),
    machine,
    model,
    year,
    input.convention,
    rate === null || isModelled ? null : ratePerWorker,
  );
  if (rate !== null && efficiency !== null) {
    // The rate itself must not tell the kind of machine that bounds it.
    const bound = mostWatts(algorithm, {
      machine: machineOf({ ...signs, ratePerWorker: null }).machine,
      count: mostRigs,
      uncounted: input.uncounted ?? 0,
    });
    const most: Estimate = { low: bound, central: bound, high: bound };
    const { estimate, low, high } = rate;
    const taken = times({ low: low ?? estimate, central: estimate, high: high ?? estimate }, efficiency);
    return {
      tier: isModelled ? 'C' : part.basis === 'self-reported' ? 'B' : 'A',
      machine,
      span: atMost(taken, most),
      // Of a modelled rate nothing was counted: what is wrong about its assumption is wrong for all.
      counted: isModelled ? atMost(taken, most) : atMost(scaled(efficiency, estimate), most),
      assumptions: [
        guess,
        ...(part.basis === 'self-reported' ? [statement('rate-self-reported')] : []),
        ...(isModelled ? [statement('rate-modelled')] : []),
        ...(part.basis === 'shares' && !isCheckable(algorithm) ? [statement('rate-unchecked')] : []),
        basedOn(efficiency, algorithm ?? '', Math.floor(year)),
        ...(taken.high > bound ? [statement('power-bounded', { watts: bound })] : []),
      ],
    };
  }
  // Of a number that is only known to lie between two the middle is that of equal ratios.
  const counted = { low: input.rigs.low, central: Math.sqrt(fewest * mostRigs), high: input.rigs.high };
  const limit = rate === null && !isModelled && efficiency !== null ? limitOf(known, efficiency) : null;
  const limited = limit === null ? [] : [statement('no-share-limit')];
  if (model !== null && model.watts !== null) {
    // What a nameplate says is met within a tenth.
    const plate = { low: model.watts * 0.9, central: model.watts, high: model.watts * 1.1 };
    return {
      tier: 'B',
      machine: model.machine,
      ...uncounted(within(times(counted, plate), limit)),
      assumptions: [statement('device-named', { device: model.device, watts: model.watts }), ...limited],
    };
  }
  const prior = machine === null ? UNKNOWN_WORKER : WORKER_WATTS[machine];
  const isParsed = part.basis !== null || (input.isParsed === true && machine !== null);
  const { low, central, high } = prior;
  const about = rate === null ? 'unknown' : isModelled ? 'modelled' : 'known';
  return {
    tier: isParsed && !isModelled ? 'B' : 'C',
    machine,
    ...uncounted(within(times(counted, prior), limit)),
    assumptions: [
      guess,
      statement('watts-per-worker', { low, central, high, machine, rate: about, algorithm }),
      ...limited,
    ],
  };
}

/** Standard error of the logarithm of a rate with limits of 95 %; 0 if it has none. */
function errorOf({ low, high }: NonNullable<PowerPart['hashrate']>): number {
  return low === null || high === null ? 0 : low > 0 ? Math.log(high / low) / 3.92 : Number.POSITIVE_INFINITY;
}

/** A name is no proof: the rate of a worker must be one that a few such machines may have. */
function canBe({ rate }: HardwareRow, worker: WorkerRate | null): boolean {
  if (rate === null || worker === null || !(worker.low > 0)) return true;
  const margin = MISNAMED * Math.exp(2 * Math.min(worker.error ?? 0, 10));
  return worker.high * margin >= rate && worker.low <= rate * margin;
}

/** A machine that is throttled to a quarter, or four behind one name. */
const MISNAMED = 4;

/** Nothing of it rests on a count of shares. */
function uncounted(span: Estimate): { span: Estimate; counted: Estimate } {
  return { span, counted: span };
}

/** What a rate of which no share came takes: at least, and at most of the best, the usual and the worst machine. */
interface Limit {
  readonly least: number;
  readonly most: Estimate;
}

function limitOf(rate: PowerPart['hashrate'], efficiency: Efficiency): Limit | null {
  if (rate === null || rate.high === null || !(rate.high > 0)) return null;
  return { least: (rate.low ?? 0) * efficiency.low, most: scaled(efficiency, rate.high) };
}

/** What of a worker's watts the rate leaves room for. */
function within(span: Estimate, limit: Limit | null): Estimate {
  if (limit === null) return span;
  const { least, most } = limit;
  return { ...atMost(span, most), low: most.low < span.low ? least : span.low };
}

function atMost(span: Estimate, most: Estimate): Estimate {
  return {
    low: Math.min(span.low, most.low),
    central: Math.min(span.central, most.central),
    high: Math.min(span.high, most.high),
  };
}

/** Anything from a throttled server to an ASIC; the middle is that of equal ratios. */
const UNKNOWN_WORKER = { low: WORKER_WATTS.cpu.low, central: 290, high: WORKER_WATTS.asic.high };

function priceOf(
  algorithms: readonly string[],
  machine: Machine | null,
  model: HardwareRow | null,
  year: number,
  convention: Convention,
  rate: WorkerRate | null,
): Efficiency | null {
  if (machine === null) return null;
  if (model !== null && model.machine === machine) return efficiencyOfRow(model, convention);
  const families = new Set(algorithms.flatMap((algorithm) => familyOf(algorithm) ?? []));
  const [first, ...others] = [...families].flatMap(
    (family) => efficiencyOf(family, machine, year, convention, rate) ?? [],
  );
  // Where several may be mined: from the least to the most that any of them takes, around the usual one.
  return first === undefined ? null : others.reduce(widest, first);
}

function widest(usual: Efficiency, other: Efficiency): Efficiency {
  return { ...usual, low: Math.min(usual.low, other.low), high: Math.max(usual.high, other.high) };
}

/** Each of them once. */
function distinct(statements: readonly Statement[]): Statement[] {
  return [...new Map(statements.map((each) => [each.text, each])).values()];
}

function basedOn({ basis }: Efficiency, algorithm: string, year: number): Statement {
  if ('device' in basis) return statement('efficiency-named', { ...basis, algorithm, year });
  if ('fits' in basis) return statement('efficiency-fits', { ...basis, algorithm, year });
  return statement('efficiency', { ...basis, algorithm, year });
}

/** A flat figure is a comparison with audits that used one: around the clock, no range, no PUE on top. */
function flatPower(convention: Convention, watts: number): PowerEstimate {
  return {
    ...figuresOf(scaled(ONE, watts), scaled(ONE, watts * (24 / 1000))),
    tier: 'flat',
    machine: null,
    convention,
    assumptions: [statement('flat-watts', { watts })],
  };
}

function clampedDuty(duty: number): number {
  return Number.isFinite(duty) ? Math.min(1, Math.max(0, duty)) : 0;
}

function figuresOf(watts: Estimate, kwh: Estimate): PowerFigures {
  return {
    wattsLow: watts.low,
    watts: watts.central,
    wattsHigh: watts.high,
    kwhPerDayLow: kwh.low,
    kwhPerDay: kwh.central,
    kwhPerDayHigh: kwh.high,
  };
}
