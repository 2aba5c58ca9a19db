/** Equal steps of time over a span, and amounts spread over them. Times are ms since 1970. */
import { totalOf } from '../order.ts';

/** From and to, ms. */
export type Span = readonly [startMs: number, endMs: number];

export interface Steps {
  readonly startMs: number;
  readonly stepMs: number;
  readonly count: number;
}

/** Lengths of a step that people reckon with, in seconds. */
const NICE_SECONDS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
];

/** Steps over a span, at most `most` of them and none shorter than `leastSeconds`; null if there is no span. */
export function stepsOver(from: number, to: number, most: number, leastSeconds: number): Steps | null {
  if (!(to > from)) return null;
  const fits = (seconds: number): boolean =>
    Math.ceil(to / 1000 / seconds) - Math.floor(from / 1000 / seconds) <= most;
  let seconds = NICE_SECONDS.find((each) => each >= leastSeconds && fits(each)) ?? 86_400;
  while (!fits(seconds)) seconds *= 2;
  const stepMs = seconds * 1000;
  const startMs = Math.floor(from / stepMs) * stepMs;
  return { startMs, stepMs, count: Math.ceil((to - startMs) / stepMs) };
}

/** A gap that is a smaller part of the axis is not drawn. */
const LEAST_GAP = 0.004;
/** Of a step that the span covers by less than this a rate would be chance. */
const LEAST_PART = 0.1;

/** The steps without a first or last one that the span hardly touches. */
export function withoutPartialEnds(steps: Steps, startMs: number, endMs: number): Steps {
  const { stepMs, count } = steps;
  const covered = secondsWithin(steps, [[startMs, endMs]]);
  const least = (LEAST_PART * stepMs) / 1000;
  const first = count > 2 && (covered[0] ?? 0) < least ? 1 : 0;
  const last = count - first > 2 && (covered[count - 1] ?? 0) < least ? 1 : 0;
  return { startMs: steps.startMs + first * stepMs, stepMs, count: count - first - last };
}

/** The steps that a span touches, first and last, within the whole; null if it lies outside or is not a span. */
export function touched(steps: Steps, startMs: number, endMs: number): readonly [number, number] | null {
  const first = Math.floor((startMs - steps.startMs) / steps.stepMs);
  // A span that ends where a step begins does not touch it.
  const last = Math.max(first, Math.ceil((endMs - steps.startMs) / steps.stepMs) - 1);
  if (!(last >= 0 && first < steps.count)) return null;
  return [Math.max(0, first), Math.min(steps.count - 1, last)];
}

/** Adds an amount, spread evenly over a span, to the steps that it touches. */
export function spread(
  into: Float64Array,
  steps: Steps,
  startMs: number,
  endMs: number,
  amount: number,
): void {
  const range = touched(steps, startMs, endMs);
  if (range === null) return;
  const length = endMs - startMs;
  for (let i = range[0]; i <= range[1]; i++) {
    const from = steps.startMs + i * steps.stepMs;
    const part = length > 0 ? (Math.min(endMs, from + steps.stepMs) - Math.max(startMs, from)) / length : 1;
    into[i] = (into[i] ?? 0) + amount * part;
  }
}

/** Shares of windows by step. */
export function sharesBy(
  steps: Steps,
  windows: readonly { readonly start: string; readonly seconds: number; readonly shares: number }[],
): number[] {
  const sums = new Float64Array(steps.count);
  for (const { start, seconds, shares } of windows)
    spread(sums, steps, Date.parse(start), Date.parse(start) + seconds * 1000, shares);
  return [...sums];
}

/** An amount spread evenly over the part of a span that was watched; over all of it if none was. */
export function spreadOver(
  into: Float64Array,
  steps: Steps,
  watched: readonly Span[],
  startMs: number,
  endMs: number,
  amount: number,
): void {
  const parts = watched.flatMap(([start, end]): Span[] => {
    const [from, to] = [Math.max(start, startMs), Math.min(end, endMs)];
    return to > from ? [[from, to]] : [];
  });
  const length = totalOf(parts, ([from, to]) => to - from);
  if (length === 0) spread(into, steps, startMs, endMs, amount);
  for (const [from, to] of parts) spread(into, steps, from, to, (amount * (to - from)) / length);
}

/** Seconds of each step that lie within some of the spans, which do not overlap. */
export function secondsWithin(steps: Steps, spans: readonly Span[]): Float64Array {
  const seconds = new Float64Array(steps.count);
  for (const [startMs, endMs] of spans) spread(seconds, steps, startMs, endMs, (endMs - startMs) / 1000);
  return seconds;
}

/** What lies between spans in order of time, counted in steps; nothing that is too short to be seen. */
export function gapsBetween({ startMs, stepMs, count }: Steps, spans: readonly Span[]): [number, number][] {
  const at = (ms: number): number => Math.min(count, Math.max(0, (ms - startMs) / stepMs));
  return spans.flatMap(([, end], i): [number, number][] => {
    const next = spans[i + 1];
    if (next === undefined) return [];
    const gap: [number, number] = [at(end), at(next[0])];
    return gap[1] - gap[0] < LEAST_GAP * count ? [] : [gap];
  });
}
