/**
 * Reads flow logs in a thread of its own, so that reading and the table of conversations take a core each. The main
 * thread keeps the source (standard input, decompression, hash) and sends its bytes, but the thread reads plain files by
 * itself; the records come back in batches, and side events in their order among them. Bounded: three blocks of bytes and a
 * ring of batches are under way; the faster side waits. If the thread does not start, the caller reads by itself; if it ends
 * during a reading, the reading rejects.
 */

import { setImmediate } from 'node:timers/promises';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { reasonOf } from '../errors.ts';
import { limits } from '../limits.ts';
import type { FlowFormat } from '../readers/flow-format.ts';
import type { FlowSource, PlainReadOptions } from '../readers/flow-reading.ts';
import { BatchReader, type BatchTarget, type SideEvents } from '../rows/batches.ts';
import { RecordsKernel } from '../rows/records-kernel.ts';
import { readingRoom } from '../sources/reading-room.ts';
import type { LogFile, Order, Report, ThreadReadResult, ThreadSetup } from './messages.ts';

const BLOCK_BYTES = 1024 * 1024;
const BLOCKS = 3;
/** A thread that has not started by then will not be waited for. */
const START_MS = 10_000;
/** Batches taken before the main thread looks after its other work: input, signals, progress. */
const BATCHES_A_TURN = 4;
/** Records between two calls of `onBlock`. */
const RECORDS_A_REPORT = 65_536;

/** What a reading in the thread must be given. */
export interface ThreadReadOptions extends PlainReadOptions {
  /** `fileBytes` are those read of a file that the thread reads by itself. */
  readonly onBlock: (records: number, fileBytes?: number) => boolean;
}

export class ReadingThread {
  readonly #worker: Worker;
  /** Its memory is the thread's; of its functions none is called here. */
  readonly #kernel: RecordsKernel;
  readonly #sideEventPort: MessagePort;
  /** Blocks that are not with the thread. */
  readonly #free: Uint8Array<ArrayBuffer>[] = [];
  #allocated = 0;
  #reading = 0;
  #isReady = false;
  #result: ThreadReadResult | null = null;
  #exporters: readonly string[] = [];
  #failure: Error | null = null;
  /** Wakes who waits for a batch or the end, and who waits for a free block. */
  #wakeTaker: () => void = () => {};
  #wakeFeeder: () => void = () => {};

  private constructor(kernel: RecordsKernel, file: string | URL, heapMegabytes?: number) {
    this.#kernel = kernel;
    const { port1, port2 } = new MessageChannel();
    this.#sideEventPort = port1;
    const setup: ThreadSetup = { memory: this.#kernel.memory, sideEventPort: port2, limits };
    this.#worker = new Worker(file, {
      workerData: setup,
      transferList: [port2],
      name: 'reading',
      ...(heapMegabytes === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: heapMegabytes } }),
    });
    this.#worker.on('message', (said: Report) => this.#receive(said));
    this.#worker.on('error', (error: unknown) => this.#fail(error));
    this.#worker.on('messageerror', (error: unknown) => this.#fail(error));
    this.#worker.on('exit', (code) => this.#fail(new Error(`it ended with ${code}`)));
  }

  /** Starts the thread of this file; null if that fails. Throws if there is no memory for the kernel. */
  static async start(file: string | URL | null, heapMegabytes?: number): Promise<ReadingThread | null> {
    if (file === null) return null;
    const kernel = new RecordsKernel();
    let thread: ReadingThread;
    try {
      thread = new ReadingThread(kernel, file, heapMegabytes);
    } catch {
      return null;
    }
    const timer = setTimeout(() => thread.#fail(new Error('it did not start in time')), START_MS);
    while (!thread.#isReady && thread.#failure === null) await thread.#waitTaking();
    clearTimeout(timer);
    if (thread.#failure === null) return thread;
    await thread.close();
    return null;
  }

  /**
   * Reads to the end, as `format.read` does. The thread reads the source's `file` by itself; with `follows` the source is
   * read as well, as far as the thread has read, for its hash. Rejects if the thread ends before.
   */
  async read(
    format: FlowFormat,
    source: FlowSource,
    target: BatchTarget,
    options: ThreadReadOptions,
    file: LogFile | null = null,
    follows = false,
  ): Promise<ThreadReadResult> {
    const { onBlock, ...plain } = options;
    const { sink, exporters } = target;
    // What travels beside a batch is posted before the batch is given.
    const receive = (): SideEvents => {
      const received: { readonly message: SideEvents } | undefined = receiveMessageOnPort(
        this.#sideEventPort,
      );
      return received?.message ?? [];
    };
    const batches = new BatchReader(this.#kernel, receive, target);
    this.#result = null;
    this.#reading++;
    const sieve = sink.sieve?.() ?? null;
    // Here, so that the operator hears of memory that is refused.
    if (sieve !== null) this.#kernel.reserve(sieve);
    this.#order({ what: 'read', reading: this.#reading, format: format.id, options: plain, file, sieve });
    // Not waited for: if the reading ends early, standard input may stay silent for ever.
    if (file === null) void this.#feed(source, this.#reading);
    const follower = follows ? new Follower(source) : null;
    const result = await this.#takeAll(batches, onBlock, follower);
    await follower?.finish(result.file?.bytes ?? 0);
    exporters.splice(0, exporters.length, ...this.#exporters);
    return result;
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    this.#sideEventPort.close();
    await this.#worker.terminate();
  }

  get #isOver(): boolean {
    return this.#result !== null || this.#failure !== null;
  }

  async #takeAll(
    batches: BatchReader,
    onBlock: ThreadReadOptions['onBlock'],
    follower: Follower | null,
  ): Promise<ThreadReadResult> {
    const tell = (): boolean => onBlock(batches.records, batches.fileBytes || undefined);
    let reported = 0;
    for (let taken = 1; ; ) {
      // Asked before the ring: all batches were given away before the end was told.
      const isOver = this.#isOver;
      if (this.#failure !== null) throw this.#failure;
      if (batches.isReady()) {
        batches.take();
        if (batches.records - reported >= RECORDS_A_REPORT) {
          reported = batches.records;
          if (!tell()) batches.stop();
        }
        if (taken % BATCHES_A_TURN === 0) await setImmediate();
        taken++;
      } else if (isOver && this.#result !== null) {
        tell();
        return this.#result;
      } else if (follower !== null && follower.bytes < batches.fileBytes) await follower.step();
      else await this.#waitTaking();
    }
  }

  /** Sends the bytes of the source as long as the reading lasts. */
  async #feed(source: FlowSource, reading: number): Promise<void> {
    const isOver = (): boolean => this.#isOver || reading !== this.#reading;
    while (!isOver()) {
      const block = this.#freeBlock();
      if (block === null) {
        await new Promise<void>((resolve) => {
          this.#wakeFeeder = resolve;
        });
        continue;
      }
      const count = await source.fill(block, true);
      if (count === 0 || isOver()) this.#free.push(block);
      if (isOver()) return;
      if (count === 0) {
        this.#order({ what: 'bytes', reading, block: new Uint8Array(0), count });
        return;
      }
      this.#order({ what: 'bytes', reading, block, count }, [block.buffer]);
    }
  }

  #freeBlock(): Uint8Array<ArrayBuffer> | null {
    const block = this.#free.pop();
    if (block !== undefined || this.#allocated === BLOCKS) return block ?? null;
    this.#allocated++;
    return readingRoom(BLOCK_BYTES);
  }

  #waitTaking(): Promise<void> {
    return new Promise((resolve) => {
      this.#wakeTaker = resolve;
    });
  }

  #order(order: Order, blocks: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(order, blocks);
  }

  #receive(said: Report): void {
    switch (said.what) {
      case 'spent':
        this.#free.push(said.block);
        this.#wakeFeeder();
        return;
      case 'read':
        this.#result = said.result;
        this.#exporters = said.exporters;
        this.#wakeFeeder();
        break;
      case 'failed':
        this.#fail(said.error);
        return;
      case 'ready':
        this.#isReady = true;
        break;
      case 'batch':
    }
    this.#wakeTaker();
  }

  #fail(cause: unknown): void {
    const why = reasonOf(cause);
    this.#failure ??= new Error(`the thread that reads flow logs failed: ${why}`, { cause });
    this.#wakeTaker();
    this.#wakeFeeder();
  }
}

/** Reads a source behind the thread, which reads the same file, so that the source sees its bytes. */
class Follower {
  /** Bytes read; endless behind the end. */
  bytes = 0;
  readonly #source: FlowSource;
  readonly #block = readingRoom(BLOCK_BYTES);

  constructor(source: FlowSource) {
    this.#source = source;
  }

  async step(): Promise<void> {
    const count = await this.#source.fill(this.#block, true);
    this.bytes = count === 0 ? Number.POSITIVE_INFINITY : this.bytes + count;
  }

  /** So many bytes were read by the thread, and perhaps the end was met. */
  async finish(bytes: number): Promise<void> {
    while (this.bytes <= bytes) await this.step();
  }
}
