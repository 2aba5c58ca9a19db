/**
 * The table of conversations in the kernel's memory (kernel/records/conversations.ts): it is given rows of flow records, and
 * its conversations are read by their numbers.
 */
import { FLIPPED } from '../kernel/conversations/marks.ts';
import {
  CONVERSATION_BYTES,
  CONVERSATIONS_AT,
  INTERVALS_AT,
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
import { growMemory, type KernelNumber, type OwnMemory, ownMemory, startKernel } from '../kernel.ts';
import type { Busy } from './activity.ts';
import { type FlowLosses, type FlowTotals, flowLosses, flowTotals, LOSSES, TOTALS } from './flow-totals.ts';
import type { Pulse } from './pulse.ts';
import { type SieveSetup, writePorts, writeSieve } from './sieve.ts';

/** What src/kernel/conversations/index.ts exports. */
interface Calls {
  begin(seed: number, maximum: number): void;
  beginInput(input: number): void;
  beginSieve(sinceUs: number, untilUs: number, fields: number): void;
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

export class ConversationRows {
  /** Where the fields lie in a conversation, and in one of its lanes. */
  readonly at;
  readonly lane;
  /** How many addresses were listed when the kernel was told of them. */
  listed = -1;
  private readonly memory: OwnMemory;
  private readonly calls: Calls;
  private readonly table;
  private readonly observers;
  private readonly totalsAt;
  private view: DataView;
  private numbers: Float64Array;
  private help: ConversationHelp | null = null;

  constructor(maximum: number) {
    this.memory = ownMemory(CONVERSATIONS_AT);
    this.view = new DataView(this.memory.buffer);
    this.numbers = new Float64Array(this.memory.buffer);
    const exports = startKernel<Calls & Record<string, KernelNumber>>('conversations', this.memory, {
      hold: (bytes: number) => this.hold(bytes),
      watched: (rowAt: number) => this.watched(rowAt),
      meet: (ordinal: number) => this.help?.meet(ordinal) ?? 0,
      keep: (row: number) => this.help?.keep(row) ?? false,
    });
    this.calls = exports;
    const places = <const Field extends string>(of: string, fields: readonly Field[]) =>
      Object.fromEntries(fields.map((field) => [field, exports[`${of}_${field}`].value])) as Record<
        Field,
        number
      >;
    this.at = places('conversation', [
      ...([
        'low0',
        'high0',
        'ports',
        'smallestMean',
        'marks',
        'views',
        'observer',
        'records',
        'activePeriods',
      ] as const),
      ...(['minute', 'busyLow', 'busyHigh', 'shift', 'flags0', 'input', 'record', 'firstUs'] as const),
      ...(['lastUs', 'activeUs', 'observed', 'sampling', 'lanes'] as const),
    ]);
    this.lane = places('lane', [
      ...(['size', 'packets', 'bytes', 'startUs'] as const),
      ...(['pulseSquares', 'pulsePackets', 'pulseSeconds', 'pulseRecords'] as const),
    ]);
    this.table = places('table', ['size', 'observers', 'viewsEnd', ...LOSSES]);
    this.observers = places('view', ['packets0', 'bytes0', 'observer', 'next']);
    this.totalsAt = places('totals', TOTALS);
    writePorts(new Uint8Array(this.memory.buffer));
    this.calls.begin(Math.random() * 0x100000000, maximum);
  }

  /** Tells the kernel what is listed and which times are wanted. */
  sieve(setup: SieveSetup): void {
    const fields = writeSieve(new Int32Array(this.memory.buffer), setup, LISTED_AT, LISTED_BYTES);
    this.calls.beginSieve(setup.sinceUs, setup.untilUs, fields);
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
export class LateRows {
  made: ConversationRows | null = null;
  private readonly maximum: number;

  constructor(maximum: number) {
    this.maximum = maximum;
  }

  get(): ConversationRows {
    this.made ??= new ConversationRows(this.maximum);
    return this.made;
  }
}
