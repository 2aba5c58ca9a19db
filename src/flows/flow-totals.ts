/**
 * Totals of the flow records of a scan, as the kernel counts them (kernel/records/totals.ts): how many were used and why
 * others were not, bytes and packets with sampling multiplied, and their times.
 */
export const TOTALS = [
  // Records taken, and where they went: records = outside + timeless + other + ordinary + visits + heavy + kept.
  'records',
  'outsideRecords',
  'timelessRecords',
  'otherRecords', // not TCP
  'ordinaryRecords', // unlisted, on ports where behaviour says nothing
  'visitRecords', // unlisted, visits to ports of the web
  'heavyRecords', // the same two, with more in them than mining has
  'keptRecords',
  // IP bytes of these, sampling multiplied.
  'otherBytes',
  'ordinaryBytes',
  'visitBytes',
  'heavyBytes',
  'keptBytes',
  // Of the records that count, those that reach over an edge of the times asked for.
  'edgeRecords',
  // IP bytes and packets of all records inside the times, sampling multiplied, observers not sorted out.
  'packets',
  'bytes',
  // Of these, what sampled records held.
  'sampledPackets',
  'sampledBytes',
  // us since 1970; NaN before the first record.
  'firstUs',
  'lastUs',
] as const;

export type FlowTotals = Readonly<Record<(typeof TOTALS)[number] | 'insideRecords', number>>;

/** The totals, of which each is read by its name. */
export function flowTotals(read: (field: (typeof TOTALS)[number]) => number): FlowTotals {
  const totals = Object.fromEntries(TOTALS.map((field) => [field, read(field)])) as FlowTotals;
  const { records, outsideRecords, timelessRecords } = totals;
  return { ...totals, insideRecords: records - outsideRecords - timelessRecords };
}

export const NO_TOTALS = flowTotals((field) => (field.endsWith('Us') ? Number.NaN : 0));

/** What went to make room (kernel/conversations/room.ts), and counters that did not fit (views.ts). */
export const LOSSES = ['folded', 'evicted', 'keptOverflow', 'evictedBytes', 'viewOverflow'] as const;

export type FlowLosses = Readonly<Record<(typeof LOSSES)[number], number>>;

export function flowLosses(read: (field: (typeof LOSSES)[number]) => number): FlowLosses {
  return Object.fromEntries(LOSSES.map((field) => [field, read(field)])) as FlowLosses;
}

export const NO_LOSSES = flowLosses(() => 0);
