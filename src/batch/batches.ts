/**
 * HOT in `flow` and `#rows`. Flow records on their way from the reading thread to the main thread: a ring of batches in
 * shared memory. The writer waits where the ring is full, so that a slow table holds back a fast reader; who takes is
 * woken by a message. What is rare (names, alerts, certificates, new exporters) travels beside a batch with the number of
 * the record before which it stood, so that the main thread sees all of it in the very order of the log.
 */

import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { FlowRecord, FlowSink } from '../flows/flow-record.ts';
import { FlowTotals, TOTALS_DOUBLES } from '../flows/flow-totals.ts';
import { grown } from '../packets/columns.ts';
import { type Aside, type AsideTarget, AsideWriter, mayNameAnEnd, tellAside } from './asides.ts';
import { exporterOfRow, ROW_DOUBLES, ROW_WORDS, writeRow } from './record-row.ts';
import { RecordWindow } from './record-window.ts';
import { FlowSieve } from './sieve.ts';
import type { SieveSetup } from './sieve-setup.ts';

/** Records of a batch, 128 bytes each. */
const BATCH_RECORDS = 2048;
const BATCHES = 32;
/** Batches that are ready before a sleeping main thread is woken: that takes as long as a tenth of a batch. */
const WORTH_WAKING = 4;
/** Records that are only counted in one batch; with more it is given away, for the sake of progress. */
const MOST_COUNTED = 32_768;
/** Rare things beside one batch; more begin the next. */
const MOST_ASIDES = 2048;

// Control words, each in a cache line of its own: batches written and taken, whether the main thread sleeps, whether it
// wants no more, and what was read of a file. Behind them three words for each batch: its rows, 1 where something travels
// beside it, and the records that were only counted, of which its totals tell.
const WRITTEN = 0;
const TAKEN = 16;
const SLEEPING = 32;
const STOPPED = 48;
const READ_KIB = 64;
const BATCH_WORDS = 80;

/** The ring, as both threads hold it. */
export interface SharedBatches {
  readonly control: SharedArrayBuffer;
  /** For each batch the sums of the records that were only counted. */
  readonly totals: SharedArrayBuffer;
  readonly rows: SharedArrayBuffer;
}

export function shareBatches(): SharedBatches {
  return {
    control: new SharedArrayBuffer(4 * (BATCH_WORDS + 3 * BATCHES)),
    totals: new SharedArrayBuffer(8 * BATCHES * TOTALS_DOUBLES),
    rows: new SharedArrayBuffer(8 * BATCHES * BATCH_RECORDS * ROW_DOUBLES),
  };
}

/** An exporter whose first record comes next. */
interface Meeting {
  readonly at: number;
  readonly what: 'exporter';
  readonly ordinal: number;
  readonly text: string | undefined;
}

/** In the reading thread: the sink of a reader, whose records go into the ring. */
export class BatchWriter extends AsideWriter implements FlowSink {
  /** Where the reader appends the texts of exporters. */
  readonly exporters: string[] = [];
  readonly #control: Int32Array;
  readonly #totals: Float64Array;
  readonly #numbers: Float64Array;
  readonly #words: Int32Array;
  /** Where asides go, which the main thread takes when it comes to their batch. */
  readonly #asidePort: MessagePort;
  readonly #wake: () => void;
  /** By ordinal: 1 where the main thread knows the exporter. */
  #known = new Uint8Array(1024);
  /** Row of the batch in hand at which the next record goes, counted over the whole ring. */
  #row = 0;
  /** Records of the batch in hand; -1 where there is none. */
  #count = -1;
  #asides: (Aside | Meeting)[] = [];
  /** Null where all records are wanted; from the first name on, too, for it may stand for an end of those that follow. */
  #sieve: FlowSieve | null;
  /** Records held back since the last batch. */
  readonly #counted = new FlowTotals();

  constructor(shared: SharedBatches, asidePort: MessagePort, sieve: SieveSetup | null, wake: () => void) {
    super();
    this.#control = new Int32Array(shared.control);
    this.#totals = new Float64Array(shared.totals);
    this.#sieve = sieve === null ? null : new FlowSieve(sieve, this.#counted);
    this.#numbers = new Float64Array(shared.rows);
    this.#words = new Int32Array(shared.rows);
    this.#asidePort = asidePort;
    this.#wake = wake;
  }

  /** For readers that count by themselves what they can. */
  get sieveOfReader(): FlowSieve | null {
    return this.#sieve;
  }

  /** Between blocks of a reading: says how far it is. False where the main thread wants no more. */
  onBlock(): boolean {
    if (this.#counted.records >= MOST_COUNTED) this.flush();
    return Atomics.load(this.#control, STOPPED) === 0;
  }

  /** So many bytes of the file were read. */
  tellBytes(bytes: number): void {
    Atomics.store(this.#control, READ_KIB, bytes / 1024);
  }

  flow(record: FlowRecord): void {
    if (this.#sieve?.holdsBack(record)) return;
    if (this.#count < 0) this.#begin();
    if (this.#known[record.exporter] !== 1) this.#meet(record.exporter);
    writeRow(this.#numbers, this.#words, this.#row + this.#count, record);
    if (++this.#count === BATCH_RECORDS) this.flush();
  }

  rows(rows: Int32Array, count: number): void {
    let from = 0;
    for (let row = 0; row < count; row++) {
      const exporter = exporterOfRow(rows, row);
      if (this.#known[exporter] === 1) continue;
      this.#copy(rows, from, row);
      from = row;
      this.#meet(exporter);
    }
    this.#copy(rows, from, count);
  }

  /** Copies rows that begin at one and end before another. */
  #copy(rows: Int32Array, from: number, to: number): void {
    for (let row = from; row < to; ) {
      if (this.#count < 0) this.#begin();
      const step = Math.min(to - row, BATCH_RECORDS - this.#count);
      const words = rows.subarray(row * ROW_WORDS, (row + step) * ROW_WORDS);
      this.#words.set(words, (this.#row + this.#count) * ROW_WORDS);
      row += step;
      this.#count += step;
      if (this.#count === BATCH_RECORDS) this.flush();
    }
  }

  /** Gives away the batch in hand, at the end of the reading. */
  end(): void {
    this.flush();
    this.#wakeUp();
  }

  /** Gives away the batch in hand. */
  flush(): void {
    const counted = this.#counted.records;
    if (this.#count < 0 && counted === 0) return;
    if (this.#count < 0) this.#begin();
    const control = this.#control;
    const written = Atomics.load(control, WRITTEN);
    const batch = written % BATCHES;
    const at = BATCH_WORDS + 3 * batch;
    control[at] = this.#count;
    control[at + 1] = this.#asides.length > 0 ? 1 : 0;
    control[at + 2] = counted;
    if (counted > 0) this.#counted.move(this.#totals, batch * TOTALS_DOUBLES);
    if (this.#asides.length > 0) this.#asidePort.postMessage(this.#asides);
    this.#asides = [];
    this.#count = -1;
    Atomics.store(control, WRITTEN, written + 1);
    if (written + 1 - Atomics.load(control, TAKEN) >= WORTH_WAKING) this.#wakeUp();
  }

  #wakeUp(): void {
    if (Atomics.exchange(this.#control, SLEEPING, 0) === 1) this.#wake();
  }

  /** Waits until a batch is free. */
  #begin(): void {
    const control = this.#control;
    const written = Atomics.load(control, WRITTEN);
    for (;;) {
      const taken = Atomics.load(control, TAKEN);
      if (written - taken < BATCHES) break;
      Atomics.wait(control, TAKEN, taken);
    }
    this.#row = (written % BATCHES) * BATCH_RECORDS;
    this.#count = 0;
  }

  protected at(): number {
    if (this.#count < 0) this.#begin();
    return this.#count;
  }

  protected aside(aside: Aside): void {
    if (mayNameAnEnd(aside)) this.#sieve = null;
    this.#asides.push(aside);
    if (this.#asides.length >= MOST_ASIDES) this.flush();
  }

  /** Cold: the first record of an exporter. What it is called now is what counts. */
  #meet(ordinal: number): void {
    if (ordinal >= this.#known.length) {
      const length = Math.max(ordinal + 1, 2 * this.#known.length);
      this.#known = grown(this.#known, new Uint8Array(length));
    }
    this.#known[ordinal] = 1;
    this.#asides.push({ at: this.at(), what: 'exporter', ordinal, text: this.exporters[ordinal] });
  }
}

/** Where the main thread puts what it takes. */
export interface BatchTarget extends AsideTarget {
  readonly exporters: string[];
}

/** In the main thread: takes batches out of the ring and gives their records to a sink. */
export class BatchReader {
  /** Records taken. */
  records = 0;
  readonly #control: Int32Array;
  readonly #totals: Float64Array;
  readonly #window: RecordWindow;
  readonly #asidePort: MessagePort;
  readonly #target: BatchTarget;

  constructor(shared: SharedBatches, asidePort: MessagePort, target: BatchTarget) {
    this.#control = new Int32Array(shared.control);
    this.#totals = new Float64Array(shared.totals);
    this.#window = new RecordWindow(shared.rows);
    this.#asidePort = asidePort;
    this.#target = target;
    Atomics.store(this.#control, STOPPED, 0);
    Atomics.store(this.#control, READ_KIB, 0);
  }

  /** Bytes of the file that were read, less than 1024 of them not counted; 0 where they were sent. */
  get fileBytes(): number {
    return 1024 * Atomics.load(this.#control, READ_KIB);
  }

  /** The writer is to end the reading. */
  stop(): void {
    Atomics.store(this.#control, STOPPED, 1);
  }

  /** True where a batch lies ready; where none does, the next one wakes the main thread. */
  isReady(): boolean {
    const control = this.#control;
    if (Atomics.load(control, WRITTEN) !== Atomics.load(control, TAKEN)) return true;
    Atomics.store(control, SLEEPING, 1);
    // It may have come in between.
    if (Atomics.load(control, WRITTEN) === Atomics.load(control, TAKEN)) return false;
    Atomics.store(control, SLEEPING, 0);
    return true;
  }

  /** Takes one batch that lies ready. */
  take(): void {
    const control = this.#control;
    const taken = Atomics.load(control, TAKEN);
    const batch = taken % BATCHES;
    const at = BATCH_WORDS + 3 * batch;
    const count = control[at];
    const counted = control[at + 2];
    if (counted > 0) this.#target.sink.counted?.(this.#totals, batch * TOTALS_DOUBLES);
    const row = batch * BATCH_RECORDS;
    let from = 0;
    if (control[at + 1] === 1) {
      for (const aside of this.#asides()) {
        this.#rows(row + from, row + aside.at);
        from = aside.at;
        this.#tell(aside);
      }
    }
    this.#rows(row + from, row + count);
    this.records += count + counted;
    Atomics.store(control, TAKEN, taken + 1);
    Atomics.notify(control, TAKEN);
  }

  #rows(from: number, to: number): void {
    this.#window.give(from, to, this.#target.sink, 0, null);
  }

  /** They were posted before their batch was given away. */
  #asides(): readonly (Aside | Meeting)[] {
    const received: { readonly message: readonly (Aside | Meeting)[] } | undefined = receiveMessageOnPort(
      this.#asidePort,
    );
    return received?.message ?? [];
  }

  #tell(aside: Aside | Meeting): void {
    if (aside.what !== 'exporter') tellAside(aside, this.#target);
    else if (aside.text !== undefined) this.#target.exporters[aside.ordinal] = aside.text;
  }
}
