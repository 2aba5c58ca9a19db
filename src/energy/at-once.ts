/** What ran at the moment of the greatest power: power of times that follow each other is not added. */
import type { TimeInterval } from '../time-interval.ts';

export interface Powered {
  readonly watts: number;
  /** When it ran; empty or absent: nobody knows, and it counts at any time. */
  readonly spans?: readonly TimeInterval[];
}

/** Those that ran at the moment when all together took the most. */
export function greatestAtOnce<Row extends Powered>(rows: readonly Row[]): Row[] {
  const edges = rows.flatMap((row, at) =>
    (row.spans ?? []).flatMap(({ startUs, endUs }) => [
      { timeUs: startUs, at, step: 1 },
      // One that ends as another one begins is over; one of a moment ran all the same.
      { timeUs: Math.max(endUs, startUs + 1), at, step: -1 },
    ]),
  );
  edges.sort((a, b) => a.timeUs - b.timeUs || a.step - b.step);
  const open = new Int32Array(rows.length);
  let [watts, most, atUs] = [0, Number.NEGATIVE_INFINITY, Number.NaN];
  for (const { timeUs, at, step } of edges) {
    open[at] += step;
    if (step === 1 && open[at] === 1) watts += rows[at].watts;
    if (step === -1 && open[at] === 0) watts -= rows[at].watts;
    if (watts > most * (1 + 1e-12) + 1e-9) [most, atUs] = [watts, timeUs];
  }
  return rows.filter(
    ({ spans = [] }) =>
      spans.length === 0 ||
      spans.some(({ startUs, endUs }) => startUs <= atUs && atUs < Math.max(endUs, startUs + 1)),
  );
}
