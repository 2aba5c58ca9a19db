/** Conversations in the kernel's memory (kernel/conversations/conversation.ts), read by their numbers. */
import { FLIPPED } from '../kernel/conversations/marks.ts';
import {
  CONVERSATION_BYTES,
  CONVERSATIONS_AT,
  INTERVALS_AT,
  TABLE_AT,
  VIEW_BYTES,
  VIEWS_AT,
} from '../kernel/conversations/memory.ts';
import { TOTALS_AT } from '../kernel/records/memory.ts';
import type { KernelNumber } from '../kernel.ts';
import type { Busy } from './activity.ts';
import { type FlowLosses, type FlowTotals, flowLosses, flowTotals, LOSSES, TOTALS } from './flow-totals.ts';
import type { Pulse } from './pulse.ts';

/** Offsets by the names of src/kernel/conversations/layout.ts. */
export type Layout = Readonly<Record<string, KernelNumber>>;

const FIELDS = [
  ...(['low0', 'high0', 'ports', 'marks', 'records', 'smallestMean', 'views', 'observer'] as const),
  ...(['minute', 'busyLow', 'busyHigh', 'shift', 'flags0', 'input', 'record', 'firstUs', 'lastUs'] as const),
  ...(['activeUs', 'activePeriods', 'observed', 'sampling', 'lanes'] as const),
];
const LANE_FIELDS = [
  ...(['size', 'packets', 'bytes', 'startUs'] as const),
  ...(['pulseSquares', 'pulsePackets', 'pulseSeconds', 'pulseRecords'] as const),
];

function placesOf<Field extends string>(
  layout: Layout,
  row: string,
  fields: readonly Field[],
): Readonly<Record<Field, number>> {
  return Object.fromEntries(fields.map((field) => [field, layout[`${row}_${field}`].value])) as Record<
    Field,
    number
  >;
}

export class ConversationRows {
  /** Where the fields lie in a conversation, and in one of its lanes. */
  readonly at;
  readonly lane;
  protected readonly table;
  protected view: DataView;
  private readonly observers;
  private readonly totalsAt;

  constructor(view: DataView, layout: Layout) {
    this.view = view;
    this.at = placesOf(layout, 'conversation', FIELDS);
    this.lane = placesOf(layout, 'lane', LANE_FIELDS);
    this.table = placesOf(layout, 'table', ['size', 'observers', 'viewsEnd', ...LOSSES]);
    this.observers = placesOf(layout, 'view', ['packets0', 'bytes0', 'observer', 'next']);
    this.totalsAt = placesOf(layout, 'totals', TOTALS);
  }

  get totals(): FlowTotals {
    return flowTotals((field) => this.view.getFloat64(TOTALS_AT + this.totalsAt[field], true));
  }

  get losses(): FlowLosses {
    return flowLosses((field) => this.view.getFloat64(TABLE_AT + this.table[field], true));
  }

  get size(): number {
    return this.view.getUint32(TABLE_AT + this.table.size, true);
  }

  /** A double of a conversation. */
  number(row: number, at: number): number {
    return this.view.getFloat64(CONVERSATIONS_AT + row * CONVERSATION_BYTES + at, true);
  }

  float(row: number, at: number): number {
    return this.view.getFloat32(CONVERSATIONS_AT + row * CONVERSATION_BYTES + at, true);
  }

  word(row: number, at: number): number {
    return this.view.getInt32(CONVERSATIONS_AT + row * CONVERSATION_BYTES + at, true);
  }

  marks(row: number): number {
    return this.word(row, this.at.marks);
  }

  /** A double of one of its lanes. */
  ofLane(row: number, lane: number, at: number): number {
    return this.number(row, this.at.lanes + lane * this.lane.size + at);
  }

  /** TCP flags of a lane, all records together. */
  flags(row: number, lane: number): number {
    return this.view.getUint8(CONVERSATIONS_AT + row * CONVERSATION_BYTES + this.at.flags0 + lane);
  }

  busy(row: number): Busy {
    const { minute, shift, busyLow, busyHigh } = this.at;
    return {
      firstMinute: this.word(row, minute),
      bucketMinutes: 2 ** (this.word(row, shift) & 0xff),
      low: this.word(row, busyLow),
      high: this.word(row, busyHigh),
    };
  }

  pulse(row: number, lane: number): Pulse {
    const { size, pulseSquares, pulsePackets, pulseSeconds, pulseRecords } = this.lane;
    const from = this.at.lanes + lane * size;
    return {
      squares: this.float(row, from + pulseSquares),
      packets: this.float(row, from + pulsePackets),
      seconds: this.float(row, from + pulseSeconds),
      records: this.float(row, from + pulseRecords),
    };
  }

  /** Address words of the end that sends on `lane`, written to `target[0..3]`; returns its port. */
  endpoint(row: number, lane: number, target: Int32Array): number {
    const { low0, high0 } = this.at;
    const at = ((this.marks(row) & FLIPPED) ^ lane) === 1 ? high0 : low0;
    for (let i = 0; i < 4; i++) target[i] = this.word(row, at + 4 * i);
    return this.port(row, lane);
  }

  port(row: number, lane: number): number {
    const ports = this.word(row, this.at.ports);
    return ((this.marks(row) & FLIPPED) ^ lane) === 1 ? ports & 0xffff : ports >>> 16;
  }

  /** Of the counters of further observers, chained: `entry` is their number plus one. */
  viewed(entry: number, lane: number): { observer: number; packets: number; bytes: number; next: number } {
    const at = VIEWS_AT + (entry - 1) * VIEW_BYTES;
    const { observer, packets0, bytes0, next } = this.observers;
    return {
      observer: this.view.getUint32(at + observer, true),
      packets: this.view.getFloat64(at + packets0 + 8 * lane, true),
      bytes: this.view.getFloat64(at + bytes0 + 8 * lane, true),
      next: this.view.getUint32(at + next, true),
    };
  }

  /** An observer looked at one packet in so many; 0 and 1: every one. */
  interval(observer: number): number {
    return this.view.getUint32(INTERVALS_AT + 4 * observer, true);
  }
}
