/**
 * Electricity of one host: rate times joules per hash of its era if the rate is known, otherwise worker count times watts
 * of a worker; with low, central and high, and every assumption in words (docs/energy.md sections 1 to 3).
 * Traffic never gives a rate. A flat figure per address is used only if the operator asks for one.
 */

import { type Statement, statement } from '../statements/index.ts';
import {
  type Convention,
  type Efficiency,
  type EfficiencyBasis,
  efficiencyOf,
  efficiencyOfRow,
  yearOf,
} from './efficiency.ts';
import { familyOf, machineOf } from './families.ts';
import { type Machine, WORKER_WATTS } from './hardware.ts';
import { modelNamed } from './models.ts';
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
  /** H/s (Sol/s) while mining; null if unknown. */
  readonly hashrate: {
    readonly estimate: number;
    readonly low: number | null;
    readonly high: number | null;
  } | null;
  readonly basis: 'shares' | 'counter' | 'self-reported' | 'modelled' | null;
  /** Part of the window in which it was mined, 0 to 1. */
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
  /** Part of the window in which anything was mined, 0 to 1; by default that of the parts together. */
  readonly duty?: number;
  /** Limits of that part, if packets were sampled. */
  readonly dutyLimits?: { readonly low: number; readonly high: number };
  readonly pue?: Pue;
  /** `--power-per-address`: watts of every address, whatever it does. */
  readonly flatWatts?: number | null;
}

export interface PowerEstimate {
  readonly tier: PowerTier;
  /** Kind of machine that was assumed; null if several or none. */
  readonly machine: Machine | null;
  /** At the meter while mining, W. */
  readonly wattsLow: number;
  readonly watts: number;
  readonly wattsHigh: number;
  /** As of a day that goes on like the window did, kWh. */
  readonly kwhPerDayLow: number;
  readonly kwhPerDay: number;
  readonly kwhPerDayHigh: number;
  readonly convention: Convention;
  /** What the numbers rest on. */
  readonly assumptions: readonly Statement[];
}

/** Watts, low, central and high. */
interface Span {
  readonly low: number;
  readonly central: number;
  readonly high: number;
}

const TIER_ORDER: readonly PowerTier[] = ['A', 'B', 'C', 'flat'];

/** The power of a host, or null if it has nothing to go by (no part). */
export function powerOf(input: PowerInput): PowerEstimate | null {
  const pue = input.pue ?? UNKNOWN_PUE;
  if (input.parts.length === 0) return null;
  if (input.flatWatts !== undefined && input.flatWatts !== null) return flatPower(input, input.flatWatts);
  const found = input.parts.map((part) => partPower(part, input));
  const watts = found.map(({ span }) => timesPue(span, pue));
  const duties = input.parts.map((part) => clampedDuty(part.duty));
  // Of algorithms that take turns a machine has the mean: what it draws while it mines is then energy over that time.
  const duty = clampedDuty(input.duty ?? Math.max(...duties));
  const drawn = watts.map((span, i) => scaled(span, duty > 0 ? Math.min(1, duties[i] / duty) : 1));
  const { low, high } = input.dutyLimits ?? { low: duty, high: duty };
  const around =
    duty > 0 ? { low: low / duty, central: 1, high: high / duty } : { low: 1, central: 1, high: 1 };
  const energy = watts.map((span, i) => times(scaled(span, (24 / 1000) * duties[i]), around));
  const machines = new Set(found.map(({ machine }) => machine));
  const tier = found.reduce<PowerTier>(
    (worst, part) => (TIER_ORDER.indexOf(part.tier) > TIER_ORDER.indexOf(worst) ? part.tier : worst),
    'A',
  );
  return {
    tier,
    machine: machines.size === 1 ? found[0].machine : null,
    ...wattsOf(sum(drawn)),
    ...kwhOf(sum(energy)),
    convention: input.convention,
    assumptions: distinct([...found.flatMap(({ assumptions }) => assumptions), ...common(input, pue)]),
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

interface PartPower {
  readonly tier: PowerTier;
  readonly machine: Machine | null;
  readonly span: Span;
  readonly assumptions: readonly Statement[];
}

function partPower(part: PowerPart, input: PowerInput): PartPower {
  const year = yearOf(input.atUs);
  const { algorithm, hashrate } = part;
  const fewest = Math.max(1, input.rigs.low);
  const most = Math.max(fewest, input.rigs.high);
  const isModelled = part.basis === 'modelled';
  const known = part.basis === null ? null : hashrate;
  const rate = known !== null && known.estimate > 0 ? known : null;
  const {
    machine,
    because,
    since = null,
  } = machineOf({
    algorithm,
    agents: input.agents,
    // A modelled rate says nothing of the machine that it may rest on, but for what even its upper end is too slow for;
    // nor does one of which no share came.
    ratePerWorker:
      known === null
        ? null
        : rate === null || isModelled
          ? { low: 0, high: (known.high ?? known.estimate) / fewest }
          : { low: rate.estimate / most, high: rate.estimate / fewest },
    year,
  });
  const model = modelNamed(
    [...input.agents, ...input.workers],
    algorithm === null ? null : familyOf(algorithm),
  );
  const guess = statement('machine', { machine, because, algorithm, year: since });
  const efficiency = priceOf(algorithm, machine, model, year, input.convention);
  if (rate !== null && efficiency !== null) {
    const signs = { algorithm, agents: input.agents, ratePerWorker: null, year };
    // The rate itself must not tell the kind of machine that bounds it.
    const bound = mostWatts(algorithm, {
      machine: machineOf(signs).machine,
      count: most,
      uncounted: input.uncounted ?? 0,
    });
    const { span, isBounded } = takenBy(rate, efficiency, bound);
    return {
      tier: isModelled ? 'C' : part.basis === 'self-reported' ? 'B' : 'A',
      machine,
      span,
      assumptions: [
        guess,
        ...(part.basis === 'self-reported' ? [statement('rate-self-reported')] : []),
        ...(isModelled ? [statement('rate-modelled')] : []),
        ...(part.basis === 'shares' && !isCheckable(algorithm) ? [statement('rate-unchecked')] : []),
        basedOn(efficiency.basis, algorithm ?? '', Math.floor(year)),
        ...(isBounded ? [statement('power-bounded', { watts: bound })] : []),
      ],
    };
  }
  // Of a number that is only known to lie between two the middle is that of equal ratios.
  const counted = { low: input.rigs.low, central: Math.sqrt(fewest * most), high: input.rigs.high };
  const limit = rate === null && !isModelled && efficiency !== null ? limitOf(known, efficiency) : null;
  const limited = limit === null ? [] : [statement('no-share-limit')];
  if (model !== null && model.watts !== null) {
    // What a nameplate says is met within a tenth.
    const plate = times(counted, { low: model.watts * 0.9, central: model.watts, high: model.watts * 1.1 });
    return {
      tier: 'B',
      machine: model.machine,
      span: limit === null ? plate : within(plate, limit),
      assumptions: [statement('device-named', { device: model.device, watts: model.watts }), ...limited],
    };
  }
  const prior = machine === null ? UNKNOWN_WORKER : WORKER_WATTS[machine];
  const isParsed = part.basis !== null || (input.isParsed === true && machine !== null);
  const guessed = times(counted, prior);
  const { low, central, high } = prior;
  const about = rate === null ? 'unknown' : isModelled ? 'modelled' : 'known';
  return {
    tier: isParsed && !isModelled ? 'B' : 'C',
    machine,
    span: limit === null ? guessed : within(guessed, limit),
    assumptions: [
      guess,
      statement('watts-per-worker', { low, central, high, machine, rate: about, algorithm }),
      ...limited,
    ],
  };
}

/** What a rate takes, W, and whether that is cut to the most that its machines can draw. */
function takenBy(
  { low, estimate, high }: NonNullable<PowerPart['hashrate']>,
  efficiency: Efficiency,
  bound: number,
): { readonly span: Span; readonly isBounded: boolean } {
  const most = (high ?? estimate) * efficiency.high;
  const span = {
    low: Math.min((low ?? estimate) * efficiency.low, bound),
    central: Math.min(estimate * efficiency.central, bound),
    high: Math.min(most, bound),
  };
  return { span, isBounded: most > bound };
}

/** What a rate of which no share came takes: at least, and at most of the best, the usual and the worst machine. */
interface Limit {
  readonly least: number;
  readonly most: Span;
}

function limitOf(rate: PowerPart['hashrate'], { low, central, high }: Efficiency): Limit | null {
  if (rate === null || rate.high === null || !(rate.high > 0)) return null;
  const most = { low: rate.high * low, central: rate.high * central, high: rate.high * high };
  return { least: (rate.low ?? 0) * low, most };
}

/** What of a worker's watts the rate leaves room for. */
function within(span: Span, { least, most }: Limit): Span {
  return {
    low: most.low < span.low ? least : span.low,
    central: Math.min(span.central, most.central),
    high: Math.min(span.high, most.high),
  };
}

/** Anything from a throttled server to an ASIC; the middle is that of equal ratios. */
const UNKNOWN_WORKER = {
  low: WORKER_WATTS.cpu.low,
  central: 290,
  high: WORKER_WATTS.asic.high,
};

function priceOf(
  algorithm: string | null,
  machine: Machine | null,
  model: ReturnType<typeof modelNamed>,
  year: number,
  convention: Convention,
): Efficiency | null {
  if (algorithm === null || machine === null) return null;
  if (model !== null && model.machine === machine) return efficiencyOfRow(model, convention);
  const family = familyOf(algorithm);
  return family === null ? null : efficiencyOf(family, machine, year, convention);
}

function common({ convention, dutyLimits }: PowerInput, { name, low, central, high }: Pue): Statement[] {
  return [
    statement(`counts-${convention}`),
    statement('pue', { name, low, central, high }),
    ...(dutyLimits === undefined ? [] : [statement('duty-sampled')]),
  ];
}

/** Each of them once. */
function distinct(statements: readonly Statement[]): Statement[] {
  return [...new Map(statements.map((each) => [each.text, each])).values()];
}

function basedOn(basis: EfficiencyBasis, algorithm: string, year: number): Statement {
  return 'device' in basis
    ? statement('efficiency-named', { ...basis, algorithm, year })
    : statement('efficiency', { ...basis, algorithm, year });
}

function flatPower(input: PowerInput, watts: number): PowerEstimate {
  // A flat figure is a comparison with audits that used one: around the clock, no range, no PUE on top.
  const span = { low: watts, central: watts, high: watts };
  return {
    tier: 'flat',
    machine: null,
    ...wattsOf(span),
    ...kwhOf(scaled(span, 24 / 1000)),
    convention: input.convention,
    assumptions: [statement('flat-watts', { watts })],
  };
}

function clampedDuty(duty: number): number {
  return Number.isFinite(duty) ? Math.min(1, Math.max(0, duty)) : 0;
}

function timesPue(span: Span, pue: Pue): Span {
  return { low: span.low * pue.low, central: span.central * pue.central, high: span.high * pue.high };
}

function times(a: Span, b: Span): Span {
  return { low: a.low * b.low, central: a.central * b.central, high: a.high * b.high };
}

function scaled(span: Span, factor: number): Span {
  return { low: span.low * factor, central: span.central * factor, high: span.high * factor };
}

function sum(spans: readonly Span[]): Span {
  const total = { low: 0, central: 0, high: 0 };
  for (const span of spans) {
    total.low += span.low;
    total.central += span.central;
    total.high += span.high;
  }
  return total;
}

function wattsOf({ low, central, high }: Span): Pick<PowerEstimate, 'wattsLow' | 'watts' | 'wattsHigh'> {
  return { wattsLow: low, watts: central, wattsHigh: high };
}

function kwhOf(span: Span): Pick<PowerEstimate, 'kwhPerDayLow' | 'kwhPerDay' | 'kwhPerDayHigh'> {
  return { kwhPerDayLow: span.low, kwhPerDay: span.central, kwhPerDayHigh: span.high };
}
