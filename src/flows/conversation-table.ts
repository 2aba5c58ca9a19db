/**
 * The table of conversations: drives the kernel (kernel/conversations/), which takes rows of flow records. Its memory grows
 * with it.
 */
import { randomFillSync } from 'node:crypto';
import type * as Kernel from '../../dist/kernel/conversations/index.d.ts';
import { type Calls, growMemory, type OwnMemory, ownMemory, startKernel } from '../kernel.ts';
import { totalOf } from '../order.ts';
import { beginSieve, type SieveSetup } from '../rows/sieve.ts';
import {
  AT,
  CONVERSATION,
  CONVERSATIONS_MEMORY,
  DIRECTION,
  TABLE,
  VIEW,
} from '../schema/conversations-memory.ts';
import { FLOW_ROW } from '../schema/flow-row.ts';
import { TOTALS } from '../schema/records-memory.ts';
import { copyRow, type StoredFields, storedFields } from '../schema/stored-rows.ts';
import { type Struct, struct } from '../schema/struct.ts';
import { ConversationRows } from './conversation-rows.ts';

/** What the kernel asks in the middle of a batch. */
export interface ConversationHelp {
  isListed(w0: number, w1: number, w2: number, w3: number, port: number): boolean;
  /** The observer that an exporter of the current input is. */
  meet(ordinal: number): number;
  /** A conversation goes that is listed or may be mining. False if there is no room for what it has to say. */
  keep(row: number): boolean;
}

/** Rows that a state keeps. */
interface StoredTable {
  readonly bytes: Uint8Array;
  /** Fields of the structs that a row consists of, as JSON of `StoredStruct[]`. */
  readonly layout: string;
}

interface StoredStruct {
  readonly bytes: number;
  readonly fields: StoredFields;
}

export type TableImage = Readonly<Record<string, StoredTable>>;

const INTERVAL = struct('Interval', [['interval', 'u32', 0, 'Sampling interval of an observer.']]);
type Rows = 'totals' | 'table' | 'intervals' | 'views' | 'conversations';
/** The structs that a row of each region consists of, in the order in which the regions are read back. */
const ROWS: readonly (readonly [Rows, readonly Struct[]])[] = [
  ['totals', [TOTALS]],
  ['table', [TABLE]],
  ['intervals', [INTERVAL]],
  ['views', [VIEW]],
  ['conversations', [CONVERSATION, DIRECTION, DIRECTION]],
];

function layoutOf(structs: readonly Struct[]): string {
  return JSON.stringify(structs.map((each) => ({ bytes: each.bytes, fields: storedFields(each) })));
}

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
    const counts = { totals: 1, table: 1, intervals: observers, views: viewsEnd, conversations: this.size };
    return Object.fromEntries(
      ROWS.map(([name, structs]) => {
        const at = AT[name];
        const bytes = totalOf(structs, (each) => each.bytes) * counts[name];
        return [
          name,
          { bytes: new Uint8Array(this.memory.buffer.slice(at, at + bytes)), layout: layoutOf(structs) },
        ];
      }),
    );
  }

  /** Into a table that is new. Fields that another build wrote are found by their names. */
  restore(image: TableImage): void {
    for (const [name, structs] of ROWS) {
      const { bytes, layout } = image[name];
      // What says how many conversations there are comes before these.
      this.calls.fitMemory();
      const memory = new Uint8Array(this.memory.buffer);
      let to = AT[name];
      if (layout === layoutOf(structs)) {
        memory.set(bytes, to);
        continue;
      }
      const stored: readonly StoredStruct[] = JSON.parse(layout);
      const length = totalOf(stored, (each) => each.bytes);
      if (!(length > 0) || stored.length !== structs.length) throw new RangeError(`no rows of ${name}`);
      for (let from = 0; from < bytes.length; from += length) {
        let at = from;
        for (const [i, struct] of structs.entries()) {
          copyRow(bytes.subarray(at, at + stored[i].bytes), stored[i].fields, memory, to, struct);
          at += stored[i].bytes;
          to += struct.bytes;
        }
      }
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
