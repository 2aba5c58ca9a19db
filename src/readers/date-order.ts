/**
 * Whether dates such as 03/04/2026 begin with the month or with the day: the first bytes of a file, up to SNIFF_BYTES, tell it
 * by any date with a number above 12. Dates are those that `readYearLast` of kernel/records/time.ts reads.
 */
import type { StatedOrder } from './flow-reading.ts';

const DATE = /(?<![\d/.-])(\d{1,2})([/-])(\d{1,2})\2(?:\d{4}(?!\d)|\d{2}(?=[\s,;"T]))/g;

/** Null if no date tells, or two tell different orders. */
export function dateOrderOf(head: Uint8Array): StatedOrder | null {
  const told = new Set<StatedOrder>();
  for (const [, first, , second] of Buffer.from(head).toString('latin1').matchAll(DATE)) {
    if (Number(first) > 12 && Number(second) <= 12) told.add('day-first');
    if (Number(second) > 12 && Number(first) <= 12) told.add('month-first');
  }
  const [order = null] = told;
  return told.size === 1 ? order : null;
}
