/**
 * The table of conversations: drives the kernel (kernel/conversations/), which takes rows of flow records. Its memory grows
 * with it.
 */
import { randomFillSync } from 'node:crypto';
import type * as Kernel from '../../dist/kernel/conversations/index.d.ts';
import { type Calls, growMemory, type OwnMemory, ownMemory, startKernel } from '../kernel.ts';
import { beginSieve, type SieveSetup } from '../rows/sieve.ts';
import { AT, CONVERSATION_BYTES, CONVERSATIONS_MEMORY, TABLE, VIEW } from '../schema/conversations-memory.ts';
import { FLOW_ROW } from '../schema/flow-row.ts';
import { TOTALS } from '../schema/records-memory.ts';
import { ConversationRows } from './conversation-rows.ts';

/** What the kernel asks in the middle of a batch. */
export interface ConversationHelp {
  isListed(w0: number, w1: number, w2: number, w3: number, port: number): boolean;
  /** The observer that an exporter of the current input is. */
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
  private readonly calls: Calls<typeof Kernel>;
  private help: ConversationHelp | null = null;

  constructor(maximum: number) {
    const memory = ownMemory(AT.conversations);
    super(memory.buffer);
    this.memory = memory;
    this.calls = startKernel('conversations', memory, {
      hold: (bytes: number) => this.hold(bytes),
      watched: (rowAt: number) => this.watched(rowAt),
      meet: (ordinal: number) => this.help?.meet(ordinal) ?? 0,
      keep: (row: number) => this.help?.keep(row) ?? false,
    });
    randomFillSync(new Uint8Array(memory.buffer), AT.key, CONVERSATIONS_MEMORY.bytes.key);
    this.calls.begin(maximum);
  }

  /** Tells the kernel what is listed and which times are wanted. */
  sieve(setup: SieveSetup): void {
    const memory = new Uint8Array(this.memory.buffer);
    beginSieve(this.calls, memory, setup, AT.listedBits, CONVERSATIONS_MEMORY.bytes.listedBits);
  }

  beginInput(input: number): void {
    this.calls.beginInput(input);
  }

  /** Takes so many rows of flow records, which lie in other memory from this number on. */
  addRows(numbers: Float64Array, from: number, count: number, help: ConversationHelp): void {
    this.copy(numbers, from, count * FLOW_ROW.bytes);
    this.help = help;
    this.calls.addRows(AT.rows, AT.rows + count * FLOW_ROW.bytes);
  }

  /** Adds totals of records that another kernel has counted. */
  add(numbers: Float64Array, from: number): void {
    this.copy(numbers, from, TOTALS.bytes);
    this.calls.addTotals(AT.rows);
  }

  /** What a state keeps. */
  image(): TableImage {
    const { observers, viewsEnd } = this.table;
    return [
      [AT.totals, TOTALS.bytes],
      [AT.table, TABLE.bytes],
      [AT.intervals, 4 * observers],
      [AT.views, VIEW.bytes * viewsEnd],
      [AT.conversations, CONVERSATION_BYTES * this.size],
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
    this.arrays.f64.set(numbers.subarray(from, from + bytes / 8), AT.rows / 8);
  }

  private hold(bytes: number): void {
    growMemory(this.memory, bytes);
    this.renew(this.memory.buffer);
  }

  /** Bit 1: the source of a record is listed, bit 2: the destination is. Nothing is allocated. */
  private watched(rowAt: number): number {
    const { source0, destination0, sourcePort, destinationPort } = FLOW_ROW.at;
    const isSource = this.isListed(rowAt + source0, rowAt + sourcePort);
    const isDestination = this.isListed(rowAt + destination0, rowAt + destinationPort);
    return (isSource ? 1 : 0) | (isDestination ? 2 : 0);
  }

  private isListed(at: number, portAt: number): boolean {
    const { help } = this;
    const { i32 } = this.arrays;
    const word = at >> 2;
    if (help === null) return false;
    return help.isListed(i32[word], i32[word + 1], i32[word + 2], i32[word + 3], i32[portAt >> 2]);
  }
}

/** A table that is made when its first record comes: most runs over captures have none. A state keeps it apart. */
export class LateTable {
  made: ConversationTable | null = null;

  constructor(private readonly maximum: number) {}

  get(): ConversationTable {
    this.made ??= new ConversationTable(this.maximum);
    return this.made;
  }
}
