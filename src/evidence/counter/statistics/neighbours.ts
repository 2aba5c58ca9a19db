/**
 * Which shares fit steady counting: those whose rate is that of their neighbours in time. A pause or a donation minute
 * puts the shares of one job below it, and so do a slow thread and another program; a rate that changes for good moves
 * all that follow, and they are then neighbours of one another.
 */
import { median } from './mathematics.ts';

/** Neighbours on both sides together, and on one side alone. */
const WIDE = 14;
const NARROW = 4;
/** Typical distances (median, as a standard deviation) that are still on the clock, and the least limit, relative. */
const TYPICAL = 5;
const LEAST = 0.12;
/** What counts four times as fast as its neighbours, or as slowly, has nothing to do with them. */
const UNLIKE = Math.log(4);

/** Where a share lies: on the clock, below or above it as that of another thread may, or nowhere near. */
export type Place = 'on' | 'below' | 'above' | 'off';

/**
 * Judges rates, given as logarithms in the order of time; `slack` is what each may be off by for want of precision
 * alone, `old` the indices of those that are precise enough to be neighbours (of fewer than three, all are).
 */
export function amongNeighbours(logs: Float64Array, slack: Float64Array, old: readonly number[]): Place[] {
  const order = old.length >= 3 ? old : [...logs.keys()];
  const ordered = new Float64Array(order.length);
  for (let at = 0; at < order.length; at += 1) ordered[at] = logs[order[at]] ?? 0;
  const narrow = middlesBefore(ordered);
  const distances = new Float64Array(logs.length);
  let cursor = 0;
  for (let index = 0; index < logs.length; index += 1) {
    while (cursor < order.length && (order[cursor] ?? 0) < index) cursor += 1;
    const own = logs[index] ?? 0;
    // The neighbours after it begin behind itself.
    const self = order[cursor] === index ? 1 : 0;
    const after = cursor + self;
    const around = own - middleOf(ordered, cursor - WIDE / 2, after + WIDE / 2, own, self);
    const before = own - narrow[cursor];
    const behind = own - narrow[after + NARROW];
    distances[index] = nearest(nearest(around, before), behind);
  }
  const typical = new Float64Array(order.length);
  for (let at = 0; at < order.length; at += 1) typical[at] = Math.abs(distances[order[at]] ?? 0);
  const limit = Math.max(TYPICAL * 1.4826 * median(typical), LEAST);
  return Array.from(distances, (distance, index) => {
    if (Math.abs(distance) <= limit + 3 * (slack[index] ?? 0)) return 'on';
    if (Math.abs(distance) > UNLIKE) return 'off';
    return distance < 0 ? 'below' : 'above';
  });
}

function nearest(a: number, b: number): number {
  return Math.abs(b) < Math.abs(a) ? b : a;
}

/** For each place in the order, and beyond its end, the median of the few logs that come right before it. */
function middlesBefore(ordered: Float64Array): Float64Array {
  const middles = new Float64Array(ordered.length + NARROW + 1);
  for (let at = 0; at < middles.length; at += 1) middles[at] = middleOf(ordered, at - NARROW, at, 0, 0);
  return middles;
}

/** Those of one interval, in order. */
const near = new Float64Array(WIDE + 1);

/**
 * The median of the logs in an interval, without its own if that is among them (`self` is then 1); infinite if
 * there are fewer than two.
 */
function middleOf(ordered: Float64Array, from: number, to: number, own: number, self: 0 | 1): number {
  let length = 0;
  const end = Math.min(to, ordered.length);
  for (let at = Math.max(0, from); at < end; at += 1) {
    let place = length;
    length += 1;
    while (place > 0 && near[place - 1] > ordered[at]) {
      near[place] = near[place - 1];
      place -= 1;
    }
    near[place] = ordered[at];
  }
  const count = length - self;
  if (count < 2) return Number.POSITIVE_INFINITY;
  let low = near[(count - 1) >> 1] ?? 0;
  let high = near[count >> 1] ?? 0;
  if (self === 1) {
    // One of those that equal its own is left out: what lies above moves down by one.
    if (low >= own) low = near[((count - 1) >> 1) + 1] ?? 0;
    if (high >= own) high = near[(count >> 1) + 1] ?? 0;
  }
  return (low + high) / 2;
}
