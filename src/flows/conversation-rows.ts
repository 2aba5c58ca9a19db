/** Conversations in the kernel's memory (src/schema/conversations-memory.ts), read by their numbers. */
import { FLIPPED } from '../kernel/conversations/marks.ts';
import {
  AT,
  CONVERSATION,
  CONVERSATION_BYTES,
  DIRECTION,
  TABLE,
  VIEW,
} from '../schema/conversations-memory.ts';
import { TOTALS } from '../schema/records-memory.ts';
import { Arrays, type View, viewOf } from '../schema/view.ts';
import type { Busy } from './activity.ts';
import { type FlowLosses, type FlowTotals, flowLosses, flowTotals } from './flow-totals.ts';

/** What one end of a conversation sent. */
export type DirectionView = View<keyof typeof DIRECTION.at>;
/** A conversation, or what a further observer saw of one: the next that is asked for overwrites it. */
export type ConversationView = View<keyof typeof CONVERSATION.at>;
export type ObserverView = View<keyof typeof VIEW.at>;

export class ConversationRows {
  protected arrays: Arrays;
  protected readonly table;
  private readonly conversation;
  private readonly direction0;
  private readonly direction1;
  private readonly observer;
  private readonly summed;

  constructor(buffer: ArrayBuffer) {
    this.arrays = new Arrays(buffer);
    this.table = viewOf(TABLE, this.arrays, AT.table);
    this.conversation = viewOf(CONVERSATION, this.arrays);
    this.direction0 = viewOf(DIRECTION, this.arrays);
    this.direction1 = viewOf(DIRECTION, this.arrays);
    this.observer = viewOf(VIEW, this.arrays);
    this.summed = viewOf(TOTALS, this.arrays, AT.totals);
  }

  /** The memory has grown, and lies elsewhere. */
  protected renew(buffer: ArrayBuffer): void {
    this.arrays = new Arrays(buffer);
    for (const view of [
      this.table,
      this.conversation,
      this.direction0,
      this.direction1,
      this.observer,
      this.summed,
    ])
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

  direction(row: number, direction: number): DirectionView {
    const view = direction === 0 ? this.direction0 : this.direction1;
    view.at = AT.conversations + row * CONVERSATION_BYTES + CONVERSATION.bytes + direction * DIRECTION.bytes;
    return view;
  }

  /** TCP flags of a direction, all records together. */
  flags(row: number, direction: number): number {
    const { flags0, flags1 } = this.row(row);
    return direction === 0 ? flags0 : flags1;
  }

  busy(row: number): Busy {
    const { minute, shift, busyLow, busyHigh } = this.row(row);
    return { firstMinute: minute, bucketMinutes: 2 ** shift, low: busyLow, high: busyHigh };
  }

  /** Address words of the end that sends on `direction`, written to `target[0..3]`; returns its port. */
  endpoint(row: number, direction: number, target: Int32Array): number {
    const { at, marks } = this.row(row);
    const place = at + (((marks & FLIPPED) ^ direction) === 1 ? CONVERSATION.at.high0 : CONVERSATION.at.low0);
    for (let i = 0; i < 4; i++) target[i] = this.arrays.i32[place / 4 + i];
    return this.port(row, direction);
  }

  port(row: number, direction: number): number {
    const { marks, ports } = this.row(row);
    return ((marks & FLIPPED) ^ direction) === 1 ? ports & 0xffff : ports >>> 16;
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
