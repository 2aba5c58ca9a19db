/**
 * Flow records of TCP to conversations: records of two endpoints are stitched across timeouts, files and exporters, both
 * directions joined, sampling multiplied once. The kernel does it (kernel/conversations/); here is what happens
 * now and then.
 *
 * The same packets seen by two observers (an exporter, its domain, and whether it reports what comes in or goes out)
 * count once: each observer's counters are kept apart, and of each direction the observer with the most bytes counts.
 * By this rule, a connection that moves from one router to another is counted too low, never too high.
 *
 * Bounded: what is neither listed nor on a port where behaviour says something gets no row; when rows run out, those
 * that are over and unlike mining go first, then idle ones, then others, the last two counted as evicted.
 */

import { RATE_UNTOLD } from '../kernel/conversations/marks.ts';
import { under } from '../order.ts';
import type { SieveSetup } from '../rows/sieve.ts';
import { MOST_CONVERSATIONS, MOST_OBSERVERS } from '../schema/conversations-memory.ts';
import type { TimeInterval } from '../time-interval.ts';
import type { ConversationRows } from './conversation-rows.ts';
import { type FlowConversation, Summaries } from './conversation-summary.ts';
import { type ConversationHelp, type ConversationTable, LateTable } from './conversation-table.ts';
import type { EndpointWatch } from './endpoint-watch.ts';
import { type FlowLosses, type FlowTotals, NO_LOSSES, NO_TOTALS } from './flow-totals.ts';
import { observersOf } from './observer-views.ts';
import { ORDINARY_PORTS, WEB_PORTS } from './ordinary-ports.ts';

const MOST_KEPT = 1 << 16;

export interface ConversationOptions {
  /** Conversations at once, 208 bytes each; 524,288 if absent, and at most. */
  readonly maximum?: number;
  /** Listed endpoints: their conversations are always kept. */
  readonly watch?: Pick<EndpointWatch, 'has' | 'hasAddress' | 'fields' | 'kept'>;
  /** Records that end before the first or begin at or after the second count nowhere; us since 1970. */
  readonly sinceUs?: number;
  readonly untilUs?: number;
}

export interface ShortConversation {
  readonly words0: Int32Array;
  readonly words1: Int32Array;
  readonly port0: number;
  readonly port1: number;
  readonly firstUs: number;
  readonly lastUs: number;
  readonly bytes: number;
  /** Packets that were looked at. */
  readonly observed: number;
  /** Packets are sampled at a rate that the log does not tell. */
  readonly isThinned: boolean;
}

export class Conversations implements ConversationHelp {
  readonly table: LateTable;
  private readonly kept: FlowConversation[] = [];
  private readonly maximum: number;
  private readonly watch: Pick<EndpointWatch, 'has' | 'hasAddress' | 'fields' | 'kept'> | null;
  private readonly sinceUs: number;
  private readonly untilUs: number;
  private readonly observers = new Map<string, number>();
  private kind = '';
  private input = 0;
  private exporters: readonly string[] = [];
  /** Of exporters in captures, who sent their datagrams; and the same by observer. */
  private senders: readonly string[] = [];
  private readonly senderOf: string[] = [];

  constructor(options: ConversationOptions = {}) {
    this.maximum = Math.min(Math.max(64, options.maximum ?? MOST_CONVERSATIONS), MOST_CONVERSATIONS);
    this.watch = options.watch ?? null;
    this.sinceUs = options.sinceUs ?? Number.NEGATIVE_INFINITY;
    this.untilUs = options.untilUs ?? Number.POSITIVE_INFINITY;
    this.table = new LateTable(this.maximum);
  }

  get totals(): FlowTotals {
    return this.table.made?.totals ?? NO_TOTALS;
  }

  /** What did not fit. */
  get losses(): FlowLosses {
    return this.table.made?.losses ?? NO_LOSSES;
  }

  get size(): number {
    return this.table.made?.size ?? 0;
  }

  /**
   * The records to come are of this input. `exporters` may still grow: it is the list that the reader appends to. An
   * exporter is the same in all inputs of one kind that call it by one name.
   */
  beginInput(
    input: number,
    kind: string,
    exporters: readonly string[],
    senders: readonly string[] = [],
  ): void {
    this.input = input;
    this.kind = kind;
    this.exporters = exporters;
    this.senders = senders;
    this.table.made?.beginInput(input);
  }

  /** What tells which records only count. */
  sieve(): SieveSetup {
    return {
      sinceUs: this.sinceUs,
      untilUs: this.untilUs,
      listed: this.watch?.fields() ?? [],
      ordinaryPorts: ORDINARY_PORTS,
      webPorts: WEB_PORTS,
    };
  }

  /** Takes so many rows of records, which lie in this memory from that number on. */
  addRows(numbers: Float64Array, from: number, count: number): void {
    this.opened().addRows(numbers, from, count, this);
  }

  /** Adds the totals of records that only counted. */
  counted(numbers: Float64Array, from: number): void {
    this.opened().add(numbers, from);
  }

  /**
   * The conversations, those included that ended early and still had something to say. Of unlisted ones only those that
   * last so long, if that is asked for: objects of all would take longer than to look for these.
   */
  *conversations(leastSeconds = 0): Generator<FlowConversation> {
    yield* this.kept;
    const rows = this.table.made;
    if (rows === null) return;
    yield* new Summaries(rows, this.senderOf).all(
      (row) => leastSeconds <= 0 || lasts(rows, row, leastSeconds) || this.holdsListed(rows, row),
    );
  }

  /** From when to when each observer saw anything, by its number; empty if there is only one. */
  observed(): ReadonlyMap<number, TimeInterval> {
    const found = new Map<number, { startUs: number; endUs: number }>();
    if (this.observers.size < 2) return found;
    const add = (observers: readonly number[], firstUs: number, lastUs: number): void => {
      for (const observer of observers) {
        const interval = under(found, observer, () => ({ startUs: firstUs, endUs: lastUs }));
        interval.startUs = Math.min(interval.startUs, firstUs);
        interval.endUs = Math.max(interval.endUs, lastUs);
      }
    };
    for (const { observers, firstUs, lastUs } of this.kept) add(observers, firstUs, lastUs);
    const rows = this.table.made;
    for (let row = 0; rows !== null && row < rows.size; row++) {
      const { firstUs, lastUs } = rows.row(row);
      add(observersOf(rows, row), firstUs, lastUs);
    }
    return found;
  }

  /**
   * Of the conversations that `conversations` leaves out for this length: their ends and IP bytes. The words are written
   * over for the next one.
   */
  *short(leastSeconds: number): Generator<ShortConversation> {
    const rows = this.table.made;
    if (rows === null || leastSeconds <= 0) return;
    const words0 = new Int32Array(4);
    const words1 = new Int32Array(4);
    for (let row = 0; row < rows.size; row++) {
      if (lasts(rows, row, leastSeconds) || this.holdsListed(rows, row)) continue;
      const port0 = rows.endpoint(row, 0, words0);
      const port1 = rows.endpoint(row, 1, words1);
      yield {
        words0,
        words1,
        port0,
        port1,
        firstUs: rows.row(row).firstUs,
        lastUs: rows.row(row).lastUs,
        bytes: rows.direction(row, 0).bytes + rows.direction(row, 1).bytes,
        observed: rows.row(row).observed,
        isThinned: (rows.row(row).marks & RATE_UNTOLD) !== 0,
      };
    }
  }

  /** Who sent exports that captures hold. */
  get allSenders(): readonly string[] {
    return this.senderOf.filter((sender) => sender !== undefined);
  }

  /** Conversations that went early, and had something to say. */
  get keptEarly(): number {
    return this.kept.length;
  }

  isListed(w0: number, w1: number, w2: number, w3: number, port: number): boolean {
    return this.watch?.has(w0, w1, w2, w3, port) ?? false;
  }

  /** The first record of an exporter in this input. */
  meet(ordinal: number): number {
    const key = `${this.kind} ${this.exporters[ordinal] ?? (ordinal === 0 ? '' : `#${ordinal}`)}`;
    const known = this.observers.get(key);
    if (known !== undefined) return known;
    // Beyond the limit all are one: their counts add up, which is marked by the views that overflow.
    const observer = Math.min(this.observers.size, MOST_OBSERVERS);
    if (observer < MOST_OBSERVERS) this.observers.set(key, observer);
    const sender = this.senders[ordinal];
    if (sender !== undefined) this.senderOf[observer] = sender;
    return observer;
  }

  keep(row: number): boolean {
    if (this.kept.length >= MOST_KEPT) return false;
    this.kept.push(new Summaries(this.table.get(), this.senderOf).one(row));
    return true;
  }

  /** The table, which knows the times that are wanted and all that is listed. */
  private opened(): ConversationTable {
    const { made } = this.table;
    const table = made ?? this.table.get();
    if (made === null) table.beginInput(this.input);
    const listed = this.watch?.kept ?? 0;
    if (table.listed !== listed) {
      table.sieve(this.sieve());
      table.listed = listed;
    }
    return table;
  }

  /** Asked again: a name may have come after the records. */
  private holdsListed(rows: ConversationRows, row: number): boolean {
    const { watch } = this;
    if (watch === null) return false;
    const { low0, low1, low2, low3, high0, high1, high2, high3 } = rows.row(row);
    return watch.hasAddress(low0, low1, low2, low3) || watch.hasAddress(high0, high1, high2, high3);
  }
}

function lasts(rows: ConversationRows, row: number, seconds: number): boolean {
  const { activeUs, firstUs, lastUs } = rows.row(row);
  // Records out of order lengthen what is counted, by no more than there was.
  return Math.max(activeUs, lastUs - firstUs) >= seconds * 1e6;
}
