/**
 * Pieces of a text log, of whole lines each, that two threads parse: whoever claims a piece first parses it, the main
 * thread and a helper alike. A piece lies in a place of shared memory, and so do the records that come out of it, which
 * the main thread gives to the table in the order of the log.
 *
 * Who parses a piece does not know what the lines before it did to the reader, and takes it for nothing: that the reader
 * is still as the beginning of the log left it (RowReader.state). Where a piece leaves its reader otherwise (another
 * header, a quoted cell or an object that goes on) it has to be read again, and all behind it, by one reader.
 */

import type { FlowRecord, FlowSink } from '../flows/flow-record.ts';
import { FlowTotals, TOTALS_DOUBLES } from '../flows/flow-totals.ts';
import type { FlowFormat } from '../readers/flow-format.ts';
import type { PlainReadOptions } from '../readers/flow-reading.ts';
import type { Tally } from '../readers/tables/flow-tally.ts';
import { ROOM_BYTES } from '../readers/tables/room.ts';
import type { RowReader } from '../readers/tables/row-reader.ts';
import { SLACK } from '../readers/tables/words.ts';
import { allocate, type SharedMemory } from '../wasm.ts';
import { type Aside, AsideWriter, mayNameAnEnd } from './asides.ts';
import { CLAIMED, NUMBER, PLACE_WORDS, WAITING } from './places.ts';
import { ROW_DOUBLES, writeRow } from './record-row.ts';
import { FlowSieve } from './sieve.ts';
import type { SieveSetup } from './sieve-setup.ts';

/** Pieces under way; each has a place for what comes out of it. */
export const PLACES = 8;
/** Longest piece. */
export const PIECE_BYTES = 256 * 1024;
/** Blocks that pieces are cut from, with room in front for the line that the block before broke off. */
export const BLOCKS = 4;
export const BLOCK_BYTES = 1024 * 1024;
/** Pages and so much more, as files are read fast to there (reading-room.ts); the first block begins so far behind one. */
const BLOCK_ROOM = PIECE_BYTES + BLOCK_BYTES + 4096;
const FIRST_BLOCK = 1024;
const BLOCKS_BYTES = FIRST_BLOCK + BLOCKS * BLOCK_ROOM;
/** Records of a piece, which few logs write in 32 bytes each. */
const MOST_ROWS = PIECE_BYTES / 32;
const MOST_ASIDES = 2048;

// Control words of a place behind its state: where its piece lies and the records that came out of it.
const FROM = 1;
const TO = 2;
const ROWS = 3;
/** Behind the places: how many pieces were ever given, and to which reading they belong. */
const GIVEN = PLACES * PLACE_WORDS;
export const READING = GIVEN + 1;

/** What both sides hold. */
export interface SharedPieces {
  readonly control: SharedArrayBuffer;
  /** By place: where in the input its piece begins. */
  readonly positions: SharedArrayBuffer;
  /** Of blocks, and behind these room for programs of either side, where it is memory of programs. */
  readonly memory: SharedMemory;
  readonly hasPrograms: boolean;
  readonly rows: SharedArrayBuffer;
  /** By place: the sums of the records that were only counted. */
  readonly totals: SharedArrayBuffer;
}

export function sharePieces(): SharedPieces {
  const memory = allocated(BLOCKS_BYTES + 2 * ROOM_BYTES);
  return {
    control: new SharedArrayBuffer(4 * (READING + PLACE_WORDS)),
    positions: new SharedArrayBuffer(8 * PLACES),
    memory: memory ?? { buffer: new SharedArrayBuffer(BLOCKS_BYTES) },
    hasPrograms: memory !== null,
    rows: new SharedArrayBuffer(PLACES * MOST_ROWS * ROW_DOUBLES * 8),
    totals: new SharedArrayBuffer(8 * PLACES * TOTALS_DOUBLES),
  };
}

/** Null where a limit of virtual memory forbids it, without which all is read, only slower. */
function allocated(bytes: number): SharedMemory | null {
  try {
    return allocate(bytes);
  } catch {
    return null;
  }
}

/** A reading, as whoever parses pieces of it must know it. */
export interface PieceOrder {
  readonly reading: number;
  readonly options: PlainReadOptions;
  /** Null where all records are wanted. */
  readonly sieve: SieveSetup | null;
  /** The whole lines that the log begins with. */
  readonly head: Uint8Array;
}

/** What came out of a piece, beside its records. */
export interface PieceReport {
  readonly tally: Tally;
  readonly asides: readonly Aside[];
  /** Records that were only counted. */
  readonly counted: number;
}

/** Where the pieces lie. */
export class Pieces {
  readonly control: Int32Array;
  readonly positions: Float64Array;
  /** Of blocks. */
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  readonly totals: Float64Array;

  constructor(shared: SharedPieces) {
    this.control = new Int32Array(shared.control);
    this.positions = new Float64Array(shared.positions);
    this.bytes = new Uint8Array(shared.memory.buffer, 0, BLOCKS_BYTES);
    this.totals = new Float64Array(shared.totals);
  }

  /** Where a block begins; as much as a piece has room in front of it. */
  block(block: number): number {
    return FIRST_BLOCK + block * BLOCK_ROOM + PIECE_BYTES;
  }

  /** The bytes of the piece in a place. */
  piece(place: number): Uint8Array {
    const at = place * PLACE_WORDS;
    return this.bytes.subarray(this.control[at + FROM], this.control[at + TO]);
  }

  /** How many were ever given; the next belongs in the place of that number. */
  get given(): number {
    return Atomics.load(this.control, GIVEN);
  }

  /** Gives bytes[from, to) to whoever claims this place first. */
  give(place: number, position: number, from: number, to: number): void {
    const { control } = this;
    control[place * PLACE_WORDS + FROM] = from;
    control[place * PLACE_WORDS + TO] = to;
    this.positions[place] = position;
    control[place * PLACE_WORDS + NUMBER] = this.given;
    Atomics.store(control, place * PLACE_WORDS, WAITING);
    Atomics.add(control, GIVEN, 1);
    Atomics.notify(control, GIVEN);
  }

  state(place: number): number {
    return Atomics.load(this.control, place * PLACE_WORDS);
  }

  claim(place: number): boolean {
    return Atomics.compareExchange(this.control, place * PLACE_WORDS, WAITING, CLAIMED) === WAITING;
  }

  setState(place: number, state: number): void {
    Atomics.store(this.control, place * PLACE_WORDS, state);
    Atomics.notify(this.control, place * PLACE_WORDS);
  }

  /** Rows of the records that came out of the piece in a place. */
  rows(place: number): { readonly from: number; readonly to: number } {
    const from = place * MOST_ROWS;
    return { from, to: from + this.control[place * PLACE_WORDS + ROWS] };
  }
}

/** Parses pieces of one reading, in either thread: the sink of a reader of its own. */
export class PieceParser extends AsideWriter implements FlowSink {
  readonly #pieces: Pieces;
  readonly #numbers: Float64Array;
  readonly #words: Int32Array;
  readonly #reader: RowReader;
  /** Of the reader behind the head; null where the log is not to be read in pieces, or no longer. */
  #state: string | null;
  #firstRow = 0;
  #count = 0;
  #most = 0;
  #asides: Aside[] = [];
  /** Null where all records are wanted: where names come among them, one may stand for an end of those that follow. */
  #sieve: FlowSieve | null = null;
  readonly #counted = new FlowTotals();

  /** `side` is 0 in the main thread and 1 in the helper. */
  constructor(format: FlowFormat, { options, head, sieve }: PieceOrder, shared: SharedPieces, side: 0 | 1) {
    super();
    this.#pieces = new Pieces(shared);
    this.#numbers = new Float64Array(shared.rows);
    this.#words = new Int32Array(shared.rows);
    if (format.rows === undefined) throw new Error(`${format.id} is not read in pieces`);
    const room = { memory: shared.memory, at: BLOCKS_BYTES + side * ROOM_BYTES };
    const own = shared.hasPrograms ? { certificates: this, room } : { certificates: this };
    this.#reader = format.rows(this, { ...options, ...own });
    const bytes = new Uint8Array(head.length + SLACK);
    bytes.set(head);
    const isWhole = this.#reader.consume(bytes, 0, head.length) === head.length;
    this.#state = isWhole ? this.#reader.state() : null;
    this.#reader.takeTally();
    const isSieved = sieve !== null && !this.#asides.some(mayNameAnEnd);
    this.#sieve = isSieved ? new FlowSieve(sieve, this.#counted) : null;
  }

  /** The reader's state behind the head; null where the log is not to be read in pieces. */
  get state(): string | null {
    return this.#state;
  }

  /** Parses the piece in a place; null where it has to be read otherwise, and all behind it. */
  parse(place: number): PieceReport | null {
    const { control, positions, bytes } = this.#pieces;
    const from = control[place * PLACE_WORDS + FROM];
    const to = control[place * PLACE_WORDS + TO];
    this.#firstRow = place * MOST_ROWS;
    this.#count = 0;
    this.#most = MOST_ROWS;
    this.#asides = [];
    this.#reader.blockOffset = positions[place] - from;
    const isWhole = this.#reader.consume(bytes, from, to) === to;
    const isAsBefore = this.#state !== null && this.#reader.state() === this.#state;
    const isNamed = this.#sieve !== null && this.#asides.some(mayNameAnEnd);
    const isFull = this.#count > MOST_ROWS || this.#asides.length > MOST_ASIDES;
    if (!isWhole || !isAsBefore || isNamed || isFull) {
      this.#state = null;
      return null;
    }
    control[place * PLACE_WORDS + ROWS] = this.#count;
    const counted = this.#counted.records;
    this.#counted.move(this.#pieces.totals, place * TOTALS_DOUBLES);
    return { tally: this.#reader.takeTally(), asides: this.#asides, counted };
  }

  flow(record: FlowRecord): void {
    if (this.#sieve?.holdsBack(record)) return;
    const count = this.#count++;
    if (count < this.#most) writeRow(this.#numbers, this.#words, this.#firstRow + count, record);
  }

  protected at(): number {
    return this.#count;
  }

  protected aside(aside: Aside): void {
    if (this.#asides.length <= MOST_ASIDES) this.#asides.push(aside);
  }
}

/** From a helper: what came out of the piece in a place; null where it has to be read otherwise. */
export interface HelperReport {
  readonly place: number;
  readonly report: PieceReport | null;
}
