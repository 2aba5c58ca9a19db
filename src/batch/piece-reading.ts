/**
 * Reads text logs in pieces, two threads at a time: the main thread cuts the log at line ends, parses what the helper has
 * not claimed, and gives the records of all pieces to the sink in their order. What comes out is what one reader gives.
 *
 * Bounded: the places of pieces. Who is ahead waits. A helper that does not start, or is gone, is not waited for.
 */
import { setImmediate } from 'node:timers/promises';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { FlowSink } from '../flows/flow-record.ts';
import { TOTALS_DOUBLES } from '../flows/flow-totals.ts';
import type { FlowFormat } from '../readers/flow-format.ts';
import type { FlowReadResult, FlowSource } from '../readers/flow-reading.ts';
import { type RowReader, readRows } from '../readers/tables/row-reader.ts';
import { SLACK } from '../readers/tables/words.ts';
import { tellAside } from './asides.ts';
import type { PieceHelperSetup } from './messages.ts';
import type { HelperOrder } from './piece-helper.ts';
import {
  BLOCK_BYTES,
  BLOCKS,
  type HelperReport,
  PIECE_BYTES,
  PieceParser,
  type PieceReport,
  Pieces,
  PLACES,
  READING,
  type SharedPieces,
  sharePieces,
} from './pieces.ts';
import { CLAIMED, DONE, FREE, PLACE_WORDS, WAITING } from './places.ts';
import type { ThreadReadOptions } from './reading-thread.ts';
import { RecordWindow } from './record-window.ts';

/** How long the main thread waits for the helper before it looks after its other work: input, signals, progress. */
const PATIENCE_MS = 1;
/** Beginning of a log that tells enough where no names can come later. */
const BRIEF_BYTES = 8 * 1024;
const LF = 0x0a;

/** A source that can be looked into. */
export interface PeekedSource extends FlowSource {
  peek(count: number): Promise<Uint8Array>;
}

/** The helper and what it shares with the main thread, for one reading after another. */
export class PieceHelper {
  readonly shared: SharedPieces = sharePieces();
  readonly pieces = new Pieces(this.shared);
  readonly window = new RecordWindow(this.shared.rows);
  /** True where pieces that it claimed are not waited for, and it is asked for nothing more. */
  isGone = false;
  readonly #file: string | null;
  #port: MessagePort | null = null;
  #worker: Worker | null = null;
  #readings = 0;

  /** `file` is the program of the reading thread; null where there is to be no helper. */
  constructor(file: string | null) {
    this.#file = file;
  }

  /** The pieces given from now on are of this reading. Starts the helper with the first. */
  order(format: FlowFormat, order: Omit<HelperOrder, 'format' | 'reading'>): void {
    if (this.#port === null) this.#port = this.#start();
    const reading = ++this.#readings;
    const whole: HelperOrder = { ...order, reading, format: format.id };
    this.#port.postMessage(whole);
    Atomics.store(this.pieces.control, READING, reading);
  }

  /** What the helper said next; it says so before a piece is done. */
  hear(): HelperReport | null {
    if (this.#port === null) return null;
    const heard: { readonly message: HelperReport } | undefined = receiveMessageOnPort(this.#port);
    return heard?.message ?? null;
  }

  async close(): Promise<void> {
    this.#port?.close();
    await this.#worker?.terminate();
  }

  #start(): MessagePort {
    const { port1, port2: port } = new MessageChannel();
    port1.unref();
    const give = (): void => {
      this.isGone = true;
    };
    try {
      if (this.#file === null) throw new Error('there is no program');
      const setup: PieceHelperSetup = { pieces: this.shared, port };
      this.#worker = new Worker(this.#file, { workerData: setup, transferList: [port], name: 'pieces' });
      this.#worker.on('error', give);
      this.#worker.on('exit', give);
      this.#worker.unref();
    } catch {
      give();
    }
    return port1;
  }
}

/** Reads a log in pieces; null where it is not to be read so, before anything of it was taken. */
export async function readInPieces(
  helper: PieceHelper,
  format: FlowFormat,
  source: PeekedSource,
  sink: FlowSink,
  options: ThreadReadOptions,
): Promise<FlowReadResult | null> {
  if (format.rows === undefined) return null;
  const reader = format.rows(sink, options);
  const { exporters, certificates, onBlock, ...plain } = options;
  const sieve = sink.sieve?.() ?? null;
  // Every parser reads the head, and none but the reader for good: a short one is better where it tells enough.
  for (const length of reader.isNameless ? [BRIEF_BYTES, PIECE_BYTES] : [PIECE_BYTES]) {
    const peeked = await source.peek(length);
    const head = peeked.slice(0, peeked.lastIndexOf(LF) + 1);
    if (head.length === 0) continue;
    const order = { reading: 0, options: plain, sieve, head };
    const parser = new PieceParser(format, order, helper.shared, 0);
    if (parser.state === null) continue;
    helper.order(format, order);
    const reading = new PieceReading(helper, parser, reader, source, sink, options);
    return reading.read(head);
  }
  return null;
}

class PieceReading {
  readonly #helper: PieceHelper;
  readonly #pieces: Pieces;
  readonly #parser: PieceParser;
  /** The reader of what is not read in pieces; it counts all. */
  readonly #reader: RowReader;
  readonly #source: FlowSource;
  readonly #sink: FlowSink;
  readonly #options: ThreadReadOptions;
  /** What came out of pieces that are not delivered, by place; null where one has to be read otherwise. */
  readonly #reports = new Map<number, PieceReport | null>();
  /** Ordinals of exporters by those of the parser here and of the helper. */
  #exportersHere: number[] = [];
  #exportersThere: number[] = [];
  /** Places whose piece was parsed here. */
  readonly #parsedHere = new Set<number>();
  /** Pieces given by earlier readings. */
  readonly #before: number;
  /** Pieces given and delivered. */
  #given = 0;
  #delivered = 0;
  /** Bytes of the input that were given or delivered, the head included. */
  #position = 0;
  #deliveredBytes = 0;
  /** Bytes behind the last piece, once no more are given. */
  #rest: Uint8Array = new Uint8Array(0);
  #isFed = false;
  /** True while the feeder waits for a piece to be delivered. */
  #isFull = false;
  /** By block: how many pieces were given when it had been cut. */
  readonly #blockEnds = new Array<number>(BLOCKS).fill(0);
  #isStopped = false;
  #wakeFeeder: () => void = () => {};
  #wakeTaker: () => void = () => {};

  constructor(
    helper: PieceHelper,
    parser: PieceParser,
    reader: RowReader,
    source: FlowSource,
    sink: FlowSink,
    options: ThreadReadOptions,
  ) {
    this.#helper = helper;
    this.#pieces = helper.pieces;
    this.#before = helper.pieces.given;
    this.#parser = parser;
    this.#reader = reader;
    this.#source = source;
    this.#sink = sink;
    this.#options = options;
  }

  async read(head: Uint8Array): Promise<FlowReadResult> {
    await this.#readHead(head);
    const feeding = this.#feed();
    let isWanted = true;
    try {
      while (isWanted && (await this.#deliverNext())) isWanted = this.#options.onBlock(this.#reader.records);
    } finally {
      this.#isStopped = true;
      this.#wakeFeeder();
    }
    if (isWanted) {
      await feeding;
      return this.#readRest();
    }
    // Not waited for: where the reading ends early, standard input may stay silent for ever. What it brings then goes
    // to the places that this helper looks after.
    this.#helper.isGone = true;
    return this.#reader.result();
  }

  /** Takes the head from the source and reads it. */
  async #readHead(head: Uint8Array): Promise<void> {
    const bytes = new Uint8Array(head.length + SLACK);
    while (this.#position < head.length) {
      this.#position += await this.#source.fill(bytes.subarray(this.#position, head.length));
    }
    this.#reader.consume(bytes, 0, head.length);
    this.#deliveredBytes = this.#position;
    // Whoever parses pieces has met the same exporters there.
    this.#exportersHere = Array.from({ length: this.#reader.exporters.length || 1 }, (_, i) => i);
    this.#exportersThere = [...this.#exportersHere];
  }

  /** Cuts the source into pieces until it ends, a line is longer than a piece, or no more are wanted. */
  async #feed(): Promise<void> {
    const { bytes } = this.#pieces;
    // What the last block left, bytes[from, to).
    let from = 0;
    let to = 0;
    for (let block = 0; ; block = (block + 1) % BLOCKS) {
      await this.#untilDelivered(this.#blockEnds[block]);
      if (this.#isStopped) break;
      const begin = this.#pieces.block(block);
      bytes.copyWithin(begin - (to - from), from, to);
      from = begin - (to - from);
      const filled = await fillWhole(this.#source, bytes.subarray(begin, begin + BLOCK_BYTES));
      to = begin + filled;
      let isLong = false;
      while (!this.#isStopped) {
        const end = bytes.subarray(from, Math.min(to, from + PIECE_BYTES)).lastIndexOf(LF) + 1;
        isLong = end === 0 && to - from >= PIECE_BYTES;
        if (end === 0) break;
        await this.#untilDelivered(this.#given + 1 - PLACES);
        if (this.#isStopped) break;
        this.#pieces.give(this.#placeOf(this.#given++), this.#position, from, from + end);
        this.#position += end;
        from += end;
        this.#wakeTaker();
      }
      this.#blockEnds[block] = this.#given;
      if (isLong || filled < BLOCK_BYTES) break;
    }
    this.#rest = bytes.subarray(from, to);
    this.#isFed = true;
    this.#wakeTaker();
  }

  /** Waits until so many pieces are delivered. */
  async #untilDelivered(count: number): Promise<void> {
    while (this.#delivered < count && !this.#isStopped) {
      this.#isFull = true;
      this.#wakeTaker();
      await new Promise<void>((resolve) => {
        this.#wakeFeeder = resolve;
      });
    }
    this.#isFull = false;
  }

  /** Gives the records of the next piece to the sink; false where there is none, or none that was read as it should be. */
  async #deliverNext(): Promise<boolean> {
    for (;;) {
      const place = this.#placeOf(this.#delivered);
      if (this.#delivered < this.#given) {
        if (this.#isDone(place)) return this.#deliver(place);
        if (this.#parseOne()) {
          await setImmediate();
          continue;
        }
        if (this.#helper.isGone) return false;
      }
      if (this.#isFed && this.#delivered === this.#given) return false;
      // The helper is at the piece: another one may come meanwhile, to be parsed here.
      if (!this.#isFed && !this.#isFull) {
        await new Promise<void>((resolve) => {
          this.#wakeTaker = resolve;
        });
      } else {
        Atomics.wait(this.#pieces.control, place * PLACE_WORDS, CLAIMED, PATIENCE_MS);
        await setImmediate();
      }
    }
  }

  /** The helper goes from place to place by all that was ever given, and parses in that order. */
  #placeOf(piece: number): number {
    return (this.#before + piece) % PLACES;
  }

  #isDone(place: number): boolean {
    // Its report may have come before, but until it says so the helper is not through with the place.
    if (this.#pieces.state(place) !== DONE) return false;
    for (let heard = this.#helper.hear(); heard !== null; heard = this.#helper.hear()) {
      this.#reports.set(heard.place, heard.report);
    }
    return true;
  }

  /** Parses the first piece that nobody has claimed; false where there is none. */
  #parseOne(): boolean {
    for (let piece = this.#delivered; piece < this.#given; piece++) {
      const place = this.#placeOf(piece);
      if (this.#pieces.state(place) !== WAITING || !this.#pieces.claim(place)) continue;
      this.#reports.set(place, this.#parser.parse(place));
      this.#parsedHere.add(place);
      this.#pieces.setState(place, DONE);
      return true;
    }
    return false;
  }

  #deliver(place: number): boolean {
    const report = this.#reports.get(place) ?? null;
    const isOurs = this.#parsedHere.delete(place);
    this.#reports.delete(place);
    if (report === null) return false;
    const { tally, asides, counted } = report;
    const met = this.#reader.adopt(tally.met);
    if (met === null) return false;
    const exporters = isOurs ? this.#exportersHere : this.#exportersThere;
    exporters.push(...met);
    const { window } = this.#helper;
    const base = this.#reader.rows;
    const { from, to } = this.#pieces.rows(place);
    if (counted > 0) this.#sink.counted?.(this.#pieces.totals, place * TOTALS_DOUBLES);
    let row = from;
    for (const aside of asides) {
      window.give(row, from + aside.at, this.#sink, base, exporters);
      row = from + aside.at;
      tellAside(aside, { sink: this.#sink, certificates: this.#options.certificates }, base);
    }
    window.give(row, to, this.#sink, base, exporters);
    this.#reader.addTally(tally);
    this.#deliveredBytes += this.#pieces.piece(place).length;
    this.#pieces.setState(place, FREE);
    this.#delivered++;
    this.#wakeFeeder();
    return true;
  }

  /** What is not read in pieces, by one reader. */
  async #readRest(): Promise<FlowReadResult> {
    const parts: Uint8Array[] = [];
    for (let piece = this.#delivered; piece < this.#given; piece++) {
      const place = this.#placeOf(piece);
      parts.push(this.#pieces.piece(place).slice());
      await this.#takeBack(place);
    }
    parts.push(this.#rest.slice());
    const source = new RestSource(parts, this.#source);
    return readRows(source, this.#reader, this.#options, this.#deliveredBytes);
  }

  /** Makes a place free whose piece is not wanted as it is. */
  async #takeBack(place: number): Promise<void> {
    while (!this.#pieces.claim(place) && this.#pieces.state(place) === CLAIMED) {
      if (this.#helper.isGone) return;
      await setImmediate();
    }
    while (this.#helper.hear() !== null);
    this.#pieces.setState(place, FREE);
  }
}

/** Bytes that were taken from a source, and then the source. */
class RestSource implements FlowSource {
  readonly #parts: Uint8Array[];
  readonly #source: FlowSource;

  constructor(parts: readonly Uint8Array[], source: FlowSource) {
    this.#parts = parts.filter(({ length }) => length > 0);
    this.#source = source;
  }

  /** Fills as much as it can, as files do: what a reader counts of lines of a megabyte rests on it. */
  async fill(target: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < target.length && this.#parts.length > 0) {
      const [part] = this.#parts;
      const count = Math.min(part.length, target.length - filled);
      target.set(part.subarray(0, count), filled);
      filled += count;
      if (count === part.length) this.#parts.shift();
      else this.#parts[0] = part.subarray(count);
    }
    return filled + (await fillWhole(this.#source, target.subarray(filled)));
  }
}

/** Fills the target, unless the source ends before; returns the bytes. */
async function fillWhole(source: FlowSource, target: Uint8Array): Promise<number> {
  let filled = 0;
  while (filled < target.length) {
    const more = await source.fill(target.subarray(filled), true);
    if (more === 0) break;
    filled += more;
  }
  return filled;
}
