/**
 * What the miners of an audit say of more than themselves: of a sample, totals with intervals of its design, by a bootstrap
 * over addresses within strata (Rao and Wu 1988: n − 1 draws, the finite population taken into account); of a census, what
 * a wrong class of owners can change. Errors that each address has by itself show in the spread of the addresses, and so in the
 * bootstrap; those that all have in common do not.
 */
import { type Audit, type AuditHost, INSTITUTIONAL, type OwnerClass, type Power } from '../audit/audit.ts';
import { observedSecondsOf } from '../audit/time.ts';
import { plainSum } from '../energy/totals.ts';
import { groupBy, totalOf } from '../order.ts';
import type { ReportText } from '../statements/codes.ts';

/** How many addresses the sample was drawn from, in all or by class of owner. */
export type SampleOf = number | Readonly<Partial<Record<OwnerClass, number>>>;

interface Estimate {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

const DRAWS = 1000;
const SEED = 57;

/** The total of a value over all addresses that the sample stands for, with its 95 % interval; null if a stratum has but one. */
export function expanded(
  hosts: readonly AuditHost[],
  sampleOf: SampleOf,
  amountOf: (host: AuditHost) => number,
): Estimate | null {
  const drawn = strataOf(hosts, sampleOf);
  if (drawn.some(({ all, hosts: own }) => own.length < 2 && own.length < all)) return null;
  const strata = drawn.map(({ all, hosts: own }) => {
    const values = own.map(amountOf);
    return { all, values, mean: mean(values), shrink: Math.sqrt(Math.max(0, 1 - own.length / all)) };
  });
  const estimate = totalOf(strata, ({ all, mean: middle }) => all * middle);
  const next = uniform(SEED);
  const totals = Array.from({ length: DRAWS }, () =>
    totalOf(strata, ({ all, values, mean: middle, shrink }) => {
      let sum = 0;
      const draws = Math.max(1, values.length - 1);
      for (let i = 0; i < draws; i++) sum += values[Math.floor(next() * values.length)] ?? 0;
      return all * (middle + shrink * (sum / draws - middle));
    }),
  ).sort((a, b) => a - b);
  const at = (part: number): number => totals[Math.round(part * (DRAWS - 1))] ?? estimate;
  return { estimate, low: at(0.025), high: at(0.975) };
}

/** False if there are more miners than they should be a sample of. */
export function isSample(hosts: readonly AuditHost[], sampleOf: SampleOf): boolean {
  return strataOf(hosts, sampleOf).every(({ all, hosts: own }) => own.length <= all);
}

/** Miners with the number that each group stands for; a class without a number stands for itself. */
function strataOf(hosts: readonly AuditHost[], sampleOf: SampleOf) {
  if (typeof sampleOf === 'number') return [{ hosts, all: sampleOf }];
  return [...groupBy(hosts, ({ owner }) => owner.class)].map(([ownerClass, own]) => ({
    hosts: own,
    all: sampleOf[ownerClass] ?? own.length,
  }));
}

/** Of the institutional addresses of a census: how many are left if classes are as often wrong as their confidence says. */
export function classified(hosts: readonly AuditHost[]): Estimate {
  const inside = hosts.filter(({ owner }) => INSTITUTIONAL.includes(owner.class));
  const others = hosts.filter(({ owner }) => !INSTITUTIONAL.includes(owner.class));
  const doubt = ({ owner }: AuditHost): number => 1 - (owner.confidence ?? 0);
  const estimate = inside.length;
  return { estimate, low: estimate - totalOf(inside, doubt), high: estimate + totalOf(others, doubt) };
}

/** How unevenly the traffic with pools is spread: mean and median of an address, Mbit/s, and what the top tenth has. */
export function concentration(hosts: readonly AuditHost[]): {
  mean: number;
  median: number;
  topTenth: number;
} {
  const rates = hosts.map(({ traffic }) => traffic.mbpsOut + traffic.mbpsIn).sort((a, b) => b - a);
  const all = totalOf(rates, (rate) => rate);
  const top = totalOf(rates.slice(0, Math.ceil(rates.length / 10)), (rate) => rate);
  const half = rates.length / 2;
  const median =
    ((rates[Math.ceil(half) - 1] ?? 0) + (rates[Math.floor(half)] ?? rates[Math.ceil(half) - 1] ?? 0)) / 2;
  return { mean: mean(rates), median, topTenth: all > 0 ? top / all : 0 };
}

/**
 * An estimate of energy with what is not known of the machines as well, which the bootstrap cannot see: it may be wrong in the same
 * direction for all. The two are independent: their logarithms add up in quadrature.
 */
export function withMachines(
  { estimate, low, high }: Estimate,
  { kwhPerDay, kwhPerDayLow, kwhPerDayHigh }: Pick<Power, 'kwhPerDay' | 'kwhPerDayLow' | 'kwhPerDayHigh'>,
): Estimate {
  const factor = (drawn: number, known: number): number =>
    Math.exp(Math.hypot(Math.log(drawn), Math.log(known)));
  if (estimate <= 0 || low <= 0 || kwhPerDayLow <= 0) return { estimate, low: 0, high };
  return {
    estimate,
    low: estimate / factor(estimate / low, kwhPerDay / kwhPerDayLow),
    high: estimate * factor(high / estimate, kwhPerDayHigh / kwhPerDay),
  };
}

/**
 * Of less than a day that was watched: the energy that a day has at least, kWh, which is the lower limit of what was seen, and at
 * most, which is the upper limit if all of the miners mine around the clock.
 */
export function dayOf(
  { window }: Pick<Audit, 'window'>,
  miners: readonly AuditHost[],
  powerOf: (host: AuditHost) => AuditHost['power'],
): { readonly least: number; readonly most: number } {
  const sum = (part: (host: AuditHost) => number) =>
    plainSum(
      miners.flatMap((host) => {
        const power = powerOf(host);
        if (power === null) return [];
        const { kwhPerDayLow, kwhPerDay, kwhPerDayHigh } = power;
        const [low, central, high] = [kwhPerDayLow, kwhPerDay, kwhPerDayHigh].map((kwh) => kwh * part(host));
        return [{ ...power, kwhPerDayLow: low, kwhPerDay: central, kwhPerDayHigh: high }];
      }),
    );
  return {
    least: sum((host) => observedSecondsOf(host, window) / DAY).kwhPerDayLow,
    most: sum(({ duty }) => 1 / (duty || 1)).kwhPerDayHigh,
  };
}

/** Seconds of a day; less was watched: a figure a day is extrapolated. */
const DAY = 86_400;

/** From how much time a figure a day is extrapolated; null if a day or more was watched. */
export function extrapolatedFrom(audit: Audit, { figures }: ReportText): string | null {
  return isShort(audit) ? figures.duration(audit.window.observedSeconds) : null;
}

/** True if less than a day was watched. */
export function isShort({ window }: Audit): boolean {
  return window.observedSeconds < DAY - 60;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : totalOf(values, (value) => value) / values.length;
}

/** Numbers from 0 to 1 that are the same each time (mulberry32). */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
