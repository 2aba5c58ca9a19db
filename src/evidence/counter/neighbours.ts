/**
 * Which shares lie on the clock: those whose rate is that of their neighbours in time. A pause or a donation minute
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
  const distances = new Float64Array(logs.length);
  const room = new Float64Array(WIDE);
  let cursor = 0;
  for (let index = 0; index < logs.length; index += 1) {
    while (cursor < order.length && (order[cursor] ?? 0) < index) cursor += 1;
    // The neighbours after it begin behind itself.
    const after = order[cursor] === index ? cursor + 1 : cursor;
    const own = logs[index] ?? 0;
    const around = own - middleOf(logs, order, cursor - WIDE / 2, cursor, after, after + WIDE / 2, room);
    const before = own - middleOf(logs, order, cursor - NARROW, cursor, after, after, room);
    const behind = own - middleOf(logs, order, cursor, cursor, after, after + NARROW, room);
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

/** The median of the neighbours in two stretches of the order; infinite where there are fewer than two. */
function middleOf(
  logs: Float64Array,
  order: readonly number[],
  from: number,
  to: number,
  fromAfter: number,
  toAfter: number,
  room: Float64Array,
): number {
  let count = 0;
  for (let at = Math.max(0, from); at < to; at += 1) room[count++] = logs[order[at] ?? 0] ?? 0;
  for (let at = fromAfter; at < Math.min(order.length, toAfter); at += 1)
    room[count++] = logs[order[at] ?? 0] ?? 0;
  if (count < 2) return Number.POSITIVE_INFINITY;
  const near = room.subarray(0, count).sort();
  return ((near[(count - 1) >> 1] ?? 0) + (near[count >> 1] ?? 0)) / 2;
}
