/** Conversations in the kernel's memory (src/schema/conversations-memory.ts), read by their numbers. */
import { FLIPPED } from '../kernel/conversations/marks.ts';
import { AT, CONVERSATION, CONVERSATION_BYTES, LANE, TABLE, VIEW } from '../schema/conversations-memory.ts';
import { TOTALS } from '../schema/records-memory.ts';
import { Arrays, type View, viewOf } from '../schema/view.ts';
import type { Busy } from './activity.ts';
import { type FlowLosses, type FlowTotals, flowLosses, flowTotals } from './flow-totals.ts';

/** What one end of a conversation sent. */
export type LaneView = View<keyof typeof LANE.at>;
/** A conversation, or what a further observer saw of one: the next that is asked for overwrites it. */
export type ConversationView = View<keyof typeof CONVERSATION.at>;
export type ObserverView = View<keyof typeof VIEW.at>;

export class ConversationRows {
  protected arrays: Arrays;
  protected readonly table;
  private readonly conversation;
  private readonly lane0;
  private readonly lane1;
  private readonly observer;
  private readonly summed;

  constructor(buffer: ArrayBuffer) {
    this.arrays = new Arrays(buffer);
    this.table = viewOf(TABLE, this.arrays, AT.table);
    this.conversation = viewOf(CONVERSATION, this.arrays);
    this.lane0 = viewOf(LANE, this.arrays);
    this.lane1 = viewOf(LANE, this.arrays);
    this.observer = viewOf(VIEW, this.arrays);
    this.summed = viewOf(TOTALS, this.arrays, AT.totals);
  }

  /** The memory has grown, and lies elsewhere. */
  protected renew(buffer: ArrayBuffer): void {
    this.arrays = new Arrays(buffer);
    for (const view of [this.table, this.conversation, this.lane0, this.lane1, this.observer, this.summed])
      view.memory = this.arrays;
  }

  get totals(): FlowTotals {
    return flowTotals(this.summed);
  }

  get losses(): FlowLosses {
    return flowLosses(this.table);
  }

  get size(): number {
    return this.table.size;
  }

  row(row: number): ConversationView {
    this.conversation.at = AT.conversations + row * CONVERSATION_BYTES;
    return this.conversation;
  }

  lane(row: number, lane: number): LaneView {
    const view = lane === 0 ? this.lane0 : this.lane1;
    view.at = AT.conversations + row * CONVERSATION_BYTES + CONVERSATION.bytes + lane * LANE.bytes;
    return view;
  }

  /** TCP flags of a lane, all records together. */
  flags(row: number, lane: number): number {
    const { flags0, flags1 } = this.row(row);
    return lane === 0 ? flags0 : flags1;
  }

  busy(row: number): Busy {
    const { minute, shift, busyLow, busyHigh } = this.row(row);
    return { firstMinute: minute, bucketMinutes: 2 ** shift, low: busyLow, high: busyHigh };
  }

  /** Address words of the end that sends on `lane`, written to `target[0..3]`; returns its port. */
  endpoint(row: number, lane: number, target: Int32Array): number {
    const { at, marks } = this.row(row);
    const place = at + (((marks & FLIPPED) ^ lane) === 1 ? CONVERSATION.at.high0 : CONVERSATION.at.low0);
    for (let i = 0; i < 4; i++) target[i] = this.arrays.i32[place / 4 + i];
    return this.port(row, lane);
  }

  port(row: number, lane: number): number {
    const { marks, ports } = this.row(row);
    return ((marks & FLIPPED) ^ lane) === 1 ? ports & 0xffff : ports >>> 16;
  }

  /** Of the counters of further observers, chained: `entry` is their number plus one. */
  observed(entry: number): ObserverView {
    this.observer.at = AT.views + (entry - 1) * VIEW.bytes;
    return this.observer;
  }

  /** An observer looked at one packet in so many; 0 and 1: every one. */
  interval(observer: number): number {
    return this.arrays.u32[AT.intervals / 4 + observer];
  }
}
