/**
 * HOT. How flow records travel from any reader: a ring of batches in the kernel's memory, which another thread may share. A
 * batch is rows of numbers, the totals of records that only count, and beside it the side events, each with the number of
 * the row that follows it, so that the receiver sees everything in the order of the log. A writer waits while the ring is
 * full. In one thread each batch is taken as soon as it is full.
 */

import { grown } from '../packets/columns.ts';
import { FLOW_ROW } from '../schema/flow-row.ts';
import { AT, BATCH_ROWS, BATCHES, TOTALS } from '../schema/records-memory.ts';
import { viewOf } from '../schema/view.ts';
import { type BatchTarget, deliverSideEvent, type SideEvent, SideEventWriter } from './asides.ts';
import { borrowKernel, type RecordsKernel, returnKernel } from './records-kernel.ts';

export type { BatchTarget };

/** A row in the kernel's memory. */
export type RowView = ReturnType<typeof rowView>;

function rowView(kernel: RecordsKernel) {
  return viewOf(FLOW_ROW, kernel.arrays);
}

/** Batches that are ready before a sleeping taker is woken: that takes as long as a tenth of a batch. */
const WORTH_WAKING = 4;
/** Records that are only counted in one batch; with more it is handed over, so that the progress bar moves. */
const MOST_COUNTED = 32_768;
/** Rare things beside one batch; more begin the next. */
const MOST_SIDE_EVENTS = 2048;

// Control words, each in a cache line of its own: batches written and taken, whether the taker sleeps, whether it wants
// no more, and what was read of a file. Behind them three words for each batch: its rows, 1 if something travels beside
// it, and the records that were only counted.
const WRITTEN = 0;
const TAKEN = 16;
const SLEEPING = 32;
const STOPPED = 48;
const READ_KIB = 64;
const BATCH_WORDS = 80;

/** What travels beside a batch. */
export type SideEvents = readonly SideEvent[];

/** The receiver of the batches of a writer. */
interface BatchReceiver {
  /** Sends what travels beside the batch that is given next. */
  send(sideEvents: SideEvents): void;
  /** Wakes a taker that waits in another thread. */
  wake?(): void;
  /** Takes a batch that was just given. */
  take?(): void;
}

/** Where a ring lies. */
class Ring {
  readonly control: Int32Array;
  readonly numbers: Float64Array;

  constructor({ arrays, memory }: RecordsKernel) {
    this.numbers = arrays.f64;
    this.control = new Int32Array(memory.buffer, AT.control, BATCH_WORDS + 3 * BATCHES);
  }

  /** Where the rows of a batch lie, and its totals. */
  rowsAt(batch: number): number {
    return AT.batches + batch * BATCH_ROWS * FLOW_ROW.bytes;
  }

  totalsAt(batch: number): number {
    return AT.batchTotals + batch * TOTALS.bytes;
  }
}

/** Takes what a reader reads, record by record or rows that the kernel has made, and gives it away in batches. */
export class BatchWriter extends SideEventWriter {
  /** Where the reader appends the texts of exporters as it meets them, before the first record of each. */
  readonly exporters: string[] = [];
  readonly #ring: Ring;
  /** The row that was begun last. */
  readonly record: RowView;
  readonly #taker: BatchReceiver;
  /** By ordinal: 1 if the taker knows the exporter. */
  #known = new Uint8Array(1024);
  /** Where the rows of the open batch lie. */
  #rowsAt = 0;
  /** Rows of the open batch, -1 if there is none. */
  #count = -1;
  #sideEvents: SideEvent[] = [];

  constructor(
    readonly kernel: RecordsKernel,
    taker: BatchReceiver,
  ) {
    super();
    kernel.begin();
    this.#ring = new Ring(kernel);
    this.record = rowView(kernel);
    this.#taker = taker;
  }

  /** Between blocks of a reading. False if the taker wants no more. */
  onBlock(): boolean {
    if (this.#counted >= MOST_COUNTED) this.flush();
    return Atomics.load(this.#ring.control, STOPPED) === 0;
  }

  /** So many bytes of the file were read. */
  tellBytes(bytes: number): void {
    Atomics.store(this.#ring.control, READ_KIB, bytes / 1024);
  }

  /** Begins the next row, which says nothing yet. */
  nextRow(): RowView {
    const { record } = this;
    record.at = this.rowAt;
    record.clear();
    return record;
  }

  /** Where the kernel may write the next row; there is room for `room` of them. */
  get rowAt(): number {
    if (this.#count < 0) this.#begin();
    return this.#rowsAt + this.#count * FLOW_ROW.bytes;
  }

  get room(): number {
    return BATCH_ROWS - this.#count;
  }

  /** So many rows were written, of which none only counts. */
  wrote(rows: number): void {
    this.#count += rows;
    if (this.#count === BATCH_ROWS || this.#counted >= MOST_COUNTED) this.flush();
  }

  /** The first record of an exporter comes next, or came before. What it is called now is what counts. */
  meet(ordinal: number): void {
    if (this.#known[ordinal] === 1) return;
    if (ordinal >= this.#known.length) {
      const length = Math.max(ordinal + 1, 2 * this.#known.length);
      this.#known = grown(this.#known, new Uint8Array(length));
    }
    this.#known[ordinal] = 1;
    this.#sideEvents.push({ at: this.at(), what: 'exporter', ordinal, text: this.exporters[ordinal] });
  }

  /** Gives away the batch that is open, at the end of the reading. */
  end(): void {
    this.flush();
    this.#wakeUp();
  }

  /** Gives away the batch that is open. */
  flush(): void {
    if (this.#count < 0 && this.#counted === 0) return;
    if (this.#count < 0) this.#begin();
    const { control } = this.#ring;
    const written = Atomics.load(control, WRITTEN);
    const batch = written % BATCHES;
    const at = BATCH_WORDS + 3 * batch;
    const counted = this.#counted;
    control[at] = this.#count;
    control[at + 1] = this.#sideEvents.length > 0 ? 1 : 0;
    control[at + 2] = counted;
    if (counted > 0) {
      this.kernel.bytes.copyWithin(this.#ring.totalsAt(batch), AT.totals, AT.totals + TOTALS.bytes);
      this.kernel.calls.clearTotals();
    }
    if (this.#sideEvents.length > 0) this.#taker.send(this.#sideEvents);
    this.#sideEvents = [];
    this.#count = -1;
    Atomics.store(control, WRITTEN, written + 1);
    this.#taker.take?.();
    if (written + 1 - Atomics.load(control, TAKEN) >= WORTH_WAKING) this.#wakeUp();
  }

  /** Records that the kernel has only counted since the last batch. */
  get #counted(): number {
    return this.#ring.numbers[AT.totals / 8];
  }

  #wakeUp(): void {
    if (Atomics.exchange(this.#ring.control, SLEEPING, 0) === 1) this.#taker.wake?.();
  }

  /** Waits until a batch is free. */
  #begin(): void {
    const { control } = this.#ring;
    const written = Atomics.load(control, WRITTEN);
    for (;;) {
      const taken = Atomics.load(control, TAKEN);
      if (written - taken < BATCHES) break;
      Atomics.wait(control, TAKEN, taken);
    }
    this.#rowsAt = this.#ring.rowsAt(written % BATCHES);
    this.#count = 0;
  }

  protected at(): number {
    if (this.#count < 0) this.#begin();
    return this.#count;
  }

  protected sideEvent(sideEvent: SideEvent): void {
    // It may stand for an end of the records that follow: these are wanted, or all, where it does not say which.
    if (sideEvent.what === 'name') this.kernel.wantNamed(sideEvent.record);
    else if (sideEvent.what === 'shown' || sideEvent.what === 'certificate') this.kernel.calls.endSieve();
    this.#sideEvents.push(sideEvent);
    if (this.#sideEvents.length >= MOST_SIDE_EVENTS) this.flush();
  }
}

/** Takes batches out of the ring and gives their records to a sink. */
export class BatchReader {
  /** Records taken. */
  records = 0;
  readonly #ring: Ring;
  /** What travels beside the batch that is taken next. */
  readonly #receive: () => SideEvents;
  readonly #target: BatchTarget;

  constructor(kernel: RecordsKernel, receive: () => SideEvents, target: BatchTarget) {
    this.#ring = new Ring(kernel);
    this.#receive = receive;
    this.#target = target;
    Atomics.store(this.#ring.control, STOPPED, 0);
    Atomics.store(this.#ring.control, READ_KIB, 0);
  }

  /** Bytes of the file that were read, less than 1024 of them not counted; 0 if they were sent. */
  get fileBytes(): number {
    return 1024 * Atomics.load(this.#ring.control, READ_KIB);
  }

  /** The writer is to end the reading. */
  stop(): void {
    Atomics.store(this.#ring.control, STOPPED, 1);
  }

  /** True if a batch lies ready; if none does, the next one wakes the taker. */
  isReady(): boolean {
    const { control } = this.#ring;
    if (Atomics.load(control, WRITTEN) !== Atomics.load(control, TAKEN)) return true;
    Atomics.store(control, SLEEPING, 1);
    // It may have come in between.
    if (Atomics.load(control, WRITTEN) === Atomics.load(control, TAKEN)) return false;
    Atomics.store(control, SLEEPING, 0);
    return true;
  }

  /** Takes one batch that lies ready. */
  take(): void {
    const { control, numbers } = this.#ring;
    const taken = Atomics.load(control, TAKEN);
    const batch = taken % BATCHES;
    const at = BATCH_WORDS + 3 * batch;
    const count = control[at];
    const counted = control[at + 2];
    const { sink } = this.#target;
    if (counted > 0) sink.counted?.(numbers, this.#ring.totalsAt(batch) / 8);
    const rowsAt = this.#ring.rowsAt(batch);
    let from = 0;
    if (control[at + 1] === 1) {
      for (const sideEvent of this.#receive()) {
        this.#give(rowsAt, from, sideEvent.at);
        from = sideEvent.at;
        deliverSideEvent(sideEvent, this.#target);
      }
    }
    this.#give(rowsAt, from, count);
    this.records += count + counted;
    Atomics.store(control, TAKEN, taken + 1);
    Atomics.notify(control, TAKEN);
  }

  #give(rowsAt: number, from: number, to: number): void {
    const at = (rowsAt + from * FLOW_ROW.bytes) / 8;
    if (to > from) this.#target.sink.addRows(this.#ring.numbers, at, to - from);
  }
}

/**
 * A writer whose batches this same thread takes as they come. Records that only count are counted by the kernel, if the sink
 * says which these are.
 */
function writerHere(kernel: RecordsKernel, target: BatchTarget): BatchWriter {
  let sideEvents: SideEvents = [];
  const reader = new BatchReader(kernel, () => sideEvents, target);
  kernel.sieve(target.sink.sieve?.() ?? null);
  const send = (sent: SideEvents): void => {
    sideEvents = sent;
  };
  return new BatchWriter(kernel, { send, take: () => reader.take() });
}

/**
 * Has records read into batches that this same thread takes as they come. `read` is given the writer, for as long as it
 * runs.
 */
export async function readHere<Result>(
  target: BatchTarget,
  read: (writer: BatchWriter) => Promise<Result> | Result,
): Promise<Result> {
  const kernel = borrowKernel();
  const writer = writerHere(kernel, target);
  const result = await read(writer);
  writer.end();
  returnKernel(kernel);
  const { exporters } = target;
  exporters.splice(0, exporters.length, ...writer.exporters);
  return result;
}

/** Who has a writer while records are read. */
export interface WriterHolder {
  readonly writer: BatchWriter;
}

/**
 * Records that come now and then among other things, such as packets of a capture: with `flush` they are taken in the
 * order of these. It has a kernel from the first record on, until it is closed.
 */
export class RecordsBetween implements WriterHolder {
  private open: BatchWriter | null = null;

  constructor(private readonly target: BatchTarget) {}

  get writer(): BatchWriter {
    this.open ??= writerHere(borrowKernel(), this.target);
    return this.open;
  }

  flush(): void {
    this.open?.flush();
  }

  /** Something was observed for whose sake all records are wanted that follow. */
  wantAll(): void {
    this.open?.kernel.calls.endSieve();
  }

  /** Gives up the kernel; the next record has another. */
  close(): void {
    if (this.open === null) return;
    this.open.end();
    returnKernel(this.open.kernel);
    this.open = null;
  }
}
