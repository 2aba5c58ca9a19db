/**
 * Totals of the flow records of a scan, as the kernel counts them (kernel/records/totals.ts): how many were used and why
 * others were not, bytes and packets with sampling multiplied, and their times.
 */
import { TABLE } from '../schema/conversations-memory.ts';
import { TOTALS } from '../schema/records-memory.ts';
import { Arrays, type View, viewOf } from '../schema/view.ts';

export type FlowTotals = Readonly<Record<keyof typeof TOTALS.at | 'insideRecords', number>>;

/** The totals as they stand. */
export function flowTotals(totals: View<keyof typeof TOTALS.at>): FlowTotals {
  const { records, outsideRecords, timelessRecords } = totals;
  const fields = TOTALS.places.map(({ name }) => [name, Reflect.get(totals, name)]);
  return { ...Object.fromEntries(fields), insideRecords: records - outsideRecords - timelessRecords };
}

/** What went to make room (kernel/conversations/room.ts), and counters that did not fit (views.ts). */
const LOSSES = ['folded', 'evicted', 'keptOverflow', 'evictedBytes', 'viewOverflow'] as const;

export type FlowLosses = Readonly<Record<(typeof LOSSES)[number], number>>;

export function flowLosses(table: View<keyof typeof TABLE.at>): FlowLosses {
  return Object.fromEntries(LOSSES.map((field) => [field, table[field]])) as FlowLosses;
}

const empty = viewOf(TOTALS, new Arrays(new ArrayBuffer(TOTALS.bytes)));
empty.clear();
export const NO_TOTALS = flowTotals(empty);
export const NO_LOSSES = flowLosses(viewOf(TABLE, new Arrays(new ArrayBuffer(TABLE.bytes))));
