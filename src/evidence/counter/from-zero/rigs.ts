/**
 * The machines behind a proxy, distinguished by the nonce byte that it fixes: each with its own clock, and their sum.
 * Machines with too few shares for a clock, and those that found none, are taken for machines like the others, held
 * to what their shares say.
 */

import { sumOf as sumOfSpans } from '../../../estimate.ts';
import { type Clock, NOTHING, type Reading } from '../clock.ts';
import type { CounterRate } from '../counter-input.ts';
import type { Interval } from '../statistics/interval.ts';
import { FEWEST_SHARES } from '../terms.ts';
import type { PlacedShares } from './placed-shares.ts';
import { readZeroClock } from './zero-clock.ts';

/** So much of the work must be of machines with a clock: else the sum would be a rate from shares by another name. */
const LEAST_READ = 0.9;
/** A machine without a share in a span is thought to go on as on average, give or take so much of it. */
const ABSENT = 0.5;

/** A rate and its variance. */
interface Guess {
  readonly rate: number;
  readonly variance: number;
}

/** Reads the clock of each machine and adds them up; `width` is the number of nonces that each has. */
export function sumOfRigs(machines: readonly PlacedShares[], width: number): Reading {
  // All rigs count their spans back from the same share.
  const lastUs = machines.reduce((last, rig) => Math.max(last, rig.lastUs), Number.NEGATIVE_INFINITY);
  const rigs = machines.length;
  const clocks: Clock[] = [];
  const unread: number[] = [];
  let evidence = 0;
  let shares = 0;
  let read = 0;
  let work = 0;
  let readWork = 0;
  let doubt: Reading['doubt'] = null;
  for (const rig of machines) {
    const own = rig.works.reduce((sum, one) => sum + one, 0);
    work += own;
    shares += rig.count;
    const reading = rig.count >= FEWEST_SHARES ? readZeroClock(rig, width, true, lastUs) : NOTHING;
    doubt ??= reading.doubt;
    if (reading.clock === null) {
      unread.push(own);
      continue;
    }
    evidence += reading.evidence;
    read += rig.count;
    readWork += own;
    clocks.push(reading.clock);
  }
  const [first] = clocks;
  if (first === undefined || readWork < LEAST_READ * work) return { ...NOTHING, rigs, doubt };
  const sum = sumOf(clocks);
  const single = machines.filter((rig) => rig.count === 1).length;
  const seen = { work: readWork, rate: sum.rate, shares: read };
  const rest = restOf(unread, clocks.length, seen, unseenPart(single, shares));
  const clock = {
    structure: { ...first.structure, outliers: 1 - read / shares },
    ...intervalOf(sum.rate + rest.rate, sum.variance + rest.variance),
    tracks: sumOfSpans(clocks.map(({ tracks }) => tracks)),
    sharesUsed: read,
    series: addSeries(clocks, rest),
    unlike: sum.unlike,
  };
  return { evidence, clock, rigs, doubt };
}

/** The sum of rates, and the part of its variance that is of machines with unlike tracks or changing rates. */
function sumOf(clocks: readonly Clock[]): Guess & { readonly unlike: number } {
  let rate = 0;
  let variance = 0;
  let unlike = 0;
  for (const clock of clocks) {
    rate += clock.estimate;
    variance += varianceOf(clock);
    unlike += varianceOf(clock) * clock.unlike;
  }
  return { rate, variance, unlike: unlike / variance };
}

/**
 * The part of the work that machines without any share do, by Good and Turing: as much as those with just one share
 * do. Its deviation is of one such machine more.
 */
function unseenPart(single: number, shares: number): { readonly part: number; readonly deviation: number } {
  return { part: Math.min(0.5, single / shares), deviation: (single + 1) / shares };
}

/**
 * The rate of machines without a clock: each as its own shares say and, as one share more, as the others are; what
 * shares are worth in time is read from those with a clock. Machines that found no share at all are guessed.
 */
function restOf(
  works: readonly number[],
  clocks: number,
  read: { readonly work: number; readonly rate: number; readonly shares: number },
  unseen: { readonly part: number; readonly deviation: number },
): Guess {
  const seconds = read.work / read.rate;
  const perShare = read.work / read.shares;
  const divisor = seconds + (perShare * clocks) / read.rate;
  let rate = 0;
  let variance = 0;
  for (const work of works) {
    const own = (work + perShare) / divisor;
    rate += own;
    variance += (own * perShare) / divisor;
  }
  // The time that a share stands for comes from the shares of machines with a clock: the more of them, the surer it is.
  variance += rate ** 2 / read.shares;
  const all = read.rate + rate;
  return { rate: rate + unseen.part * all, variance: variance + (unseen.deviation * all) ** 2 };
}

function varianceOf({ low95, high95 }: Interval): number {
  return ((high95 - low95) / 3.92) ** 2;
}

function intervalOf(estimate: number, variance: number): Interval {
  const half = 1.96 * Math.sqrt(variance);
  return { estimate, low95: Math.max(0.05 * estimate, estimate - half), high95: estimate + half };
}

/** Adds the machines' series span by span. */
function addSeries(clocks: readonly Clock[], rest: Guess): CounterRate[] {
  const spans = new Map<number, CounterRate[]>();
  for (const [index, clock] of clocks.entries()) {
    for (const span of clock.series) {
      const own = spans.get(span.endUs) ?? [];
      own[index] = span;
      spans.set(span.endUs, own);
    }
  }
  const series: CounterRate[] = [];
  for (const [endUs, own] of spans) {
    let shares = 0;
    let { rate, variance } = rest;
    let startUs = endUs;
    for (const [index, clock] of clocks.entries()) {
      const span = own[index];
      rate += span?.estimate ?? clock.estimate;
      variance += span === undefined ? (ABSENT * clock.estimate) ** 2 : varianceOf(span);
      shares += span?.shares ?? 0;
      startUs = Math.min(startUs, span?.startUs ?? startUs);
    }
    series.push({ startUs, endUs, shares, ...intervalOf(rate, variance) });
  }
  return series.sort((a, b) => a.startUs - b.startUs);
}
