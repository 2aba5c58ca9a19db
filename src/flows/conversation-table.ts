/**
 * The table of conversations: drives the kernel (kernel/conversations/), which takes rows of flow records. Its memory grows
 * with it.
 */
import { randomFillSync } from 'node:crypto';
import {
  CONVERSATION_BYTES,
  CONVERSATIONS_AT,
  INTERVALS_AT,
  KEY_AT,
  KEY_BYTES,
  LISTED_AT,
  LISTED_BYTES,
  ROWS_AT,
  TABLE_AT,
  TABLE_BYTES,
  VIEW_BYTES,
  VIEWS_AT,
} from '../kernel/conversations/memory.ts';
import { ROW_BYTES, TOTALS_AT, TOTALS_BYTES } from '../kernel/records/memory.ts';
import { DESTINATION, DESTINATION_PORT, SOURCE, SOURCE_PORT } from '../kernel/records/row-places.ts';
import { growMemory, type OwnMemory, ownMemory, startKernel } from '../kernel.ts';
import { ConversationRows, type Layout } from './conversation-rows.ts';
import { beginSieve, type SieveCalls, type SieveSetup, writePorts } from './sieve.ts';

/** What src/kernel/conversations/index.ts exports. */
interface Calls extends SieveCalls {
  begin(maximum: number): void;
  beginInput(input: number): void;
  takeRows(from: number, to: number): void;
  addTotals(at: number): void;
  fitMemory(): void;
  indexAll(): void;
}

/** What the kernel asks in the middle of a batch. */
export interface ConversationHelp {
  isListed(w0: number, w1: number, w2: number, w3: number, port: number): boolean;
  /** The observer that an exporter of the input in hand is. */
  meet(ordinal: number): number;
  /** A conversation goes that is listed or may be mining. False if there is no room for what it has to say. */
  keep(row: number): boolean;
}

/** Pieces of memory, each with its place. */
export type TableImage = readonly { readonly at: number; readonly bytes: Uint8Array }[];

export class ConversationTable extends ConversationRows {
  /** How many addresses were listed when the kernel was told of them. */
  listed = -1;
  private readonly memory: OwnMemory;
  private readonly calls: Calls;
  private numbers: Float64Array;
  private help: ConversationHelp | null = null;

  constructor(maximum: number) {
    const memory = ownMemory(CONVERSATIONS_AT);
    const calls = startKernel<Calls & Layout>('conversations', memory, {
      hold: (bytes: number) => this.hold(bytes),
      watched: (rowAt: number) => this.watched(rowAt),
      meet: (ordinal: number) => this.help?.meet(ordinal) ?? 0,
      keep: (row: number) => this.help?.keep(row) ?? false,
    });
    super(new DataView(memory.buffer), calls);
    this.memory = memory;
    this.calls = calls;
    this.numbers = new Float64Array(memory.buffer);
    writePorts(new Uint8Array(memory.buffer));
    randomFillSync(new Uint8Array(memory.buffer), KEY_AT, KEY_BYTES);
    calls.begin(maximum);
  }

  /** Tells the kernel what is listed and which times are wanted. */
  sieve(setup: SieveSetup): void {
    beginSieve(this.calls, new Int32Array(this.memory.buffer), setup, LISTED_AT, LISTED_BYTES);
  }

  beginInput(input: number): void {
    this.calls.beginInput(input);
  }

  /** Takes so many rows of flow records, which lie in other memory from this number on. */
  take(numbers: Float64Array, from: number, count: number, help: ConversationHelp): void {
    this.copy(numbers, from, count * ROW_BYTES);
    this.help = help;
    this.calls.takeRows(ROWS_AT, ROWS_AT + count * ROW_BYTES);
  }

  /** Adds totals of records that another kernel has counted. */
  add(numbers: Float64Array, from: number): void {
    this.copy(numbers, from, TOTALS_BYTES);
    this.calls.addTotals(ROWS_AT);
  }

  /** What a state keeps. */
  image(): TableImage {
    const { table, view } = this;
    const count = (field: number): number => view.getUint32(TABLE_AT + field, true);
    return [
      [TOTALS_AT, TOTALS_BYTES],
      [TABLE_AT, TABLE_BYTES],
      [INTERVALS_AT, 4 * count(table.observers)],
      [VIEWS_AT, VIEW_BYTES * count(table.viewsEnd)],
      [CONVERSATIONS_AT, CONVERSATION_BYTES * this.size],
    ].map(([at, length]) => ({ at, bytes: new Uint8Array(this.memory.buffer.slice(at, at + length)) }));
  }

  /** Into a table that is new. */
  restore(image: TableImage): void {
    for (const { at, bytes } of image) {
      // What says how many conversations there are comes before these.
      this.calls.fitMemory();
      new Uint8Array(this.memory.buffer).set(bytes, at);
    }
    this.calls.indexAll();
  }

  private copy(numbers: Float64Array, from: number, bytes: number): void {
    this.numbers.set(numbers.subarray(from, from + bytes / 8), ROWS_AT / 8);
  }

  private hold(bytes: number): void {
    growMemory(this.memory, bytes);
    this.view = new DataView(this.memory.buffer);
    this.numbers = new Float64Array(this.memory.buffer);
  }

  /** Bit 1: the source of a record is listed, bit 2: the destination is. Nothing is allocated. */
  private watched(rowAt: number): number {
    const isSource = this.isListed(rowAt + 4 * SOURCE, rowAt + 4 * SOURCE_PORT);
    const isDestination = this.isListed(rowAt + 4 * DESTINATION, rowAt + 4 * DESTINATION_PORT);
    return (isSource ? 1 : 0) | (isDestination ? 2 : 0);
  }

  private isListed(at: number, portAt: number): boolean {
    const { view, help } = this;
    if (help === null) return false;
    return help.isListed(
      view.getInt32(at, true),
      view.getInt32(at + 4, true),
      view.getInt32(at + 8, true),
      view.getInt32(at + 12, true),
      view.getInt32(portAt, true),
    );
  }
}

/** A table that is made when its first record comes: most runs over captures have none. A state keeps it apart. */
export class LateTable {
  made: ConversationTable | null = null;
  private readonly maximum: number;

  constructor(maximum: number) {
    this.maximum = maximum;
  }

  get(): ConversationTable {
    this.made ??= new ConversationTable(this.maximum);
    return this.made;
  }
}
