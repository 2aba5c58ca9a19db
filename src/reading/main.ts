/**
 * The reading thread: bytes come from a file or by message, a format of the registry reads them, and its records go out
 * in batches. The bundle holds this file as a program of its own.
 */

import { createHash, type Hash } from 'node:crypto';
import { readSync } from 'node:fs';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { setLimits } from '../limits.ts';
import type { FlowReadOptions, FlowSource } from '../readers/flow-reading.ts';
import { flowFormat } from '../readers/index.ts';
import { BatchWriter } from '../rows/batches.ts';
import { RecordsKernel } from '../rows/records-kernel.ts';
import type { FileReading, LogFile, Order, Report, ThreadSetup } from './messages.ts';

type Bytes = Extract<Order, { what: 'bytes' }>;

/** The bytes of one reading, block by block as the main thread sends them. */
class SentSource implements FlowSource {
  readonly #blocks: Bytes[] = [];
  #at = 0;
  #wake: () => void = () => {};

  add(bytes: Bytes): void {
    this.#blocks.push(bytes);
    this.#wake();
  }

  async fill(target: Uint8Array): Promise<number> {
    while (this.#blocks.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const [{ block, count }] = this.#blocks;
    if (count === 0) return 0;
    const step = Math.min(target.length, count - this.#at);
    target.set(block.subarray(this.#at, this.#at + step));
    this.#at += step;
    if (this.#at === count) {
      this.#at = 0;
      this.#blocks.shift();
      giveBack(block);
    }
    return step;
  }

  /** What was sent and not read. */
  close(): void {
    for (const { block } of this.#blocks) giveBack(block);
    this.#blocks.length = 0;
  }
}

/**
 * A file from its beginning on, read on the spot, as the thread has nothing else to do meanwhile. The main thread opens and
 * closes it. `tell` hears how many bytes were read.
 */
class FileSource implements FlowSource {
  /** Nothing is read behind an error. */
  readonly reading: { -readonly [K in keyof FileReading]: FileReading[K] } = {
    bytes: 0,
    readErrorAt: null,
    sha256: null,
  };
  readonly #file: number;
  readonly #hash: Hash | null;
  readonly #tell: (bytes: number) => void;

  constructor({ descriptor, hash }: LogFile, tell: (bytes: number) => void) {
    this.#file = descriptor;
    this.#hash = hash ? createHash('sha256') : null;
    this.#tell = tell;
  }

  async fill(target: Uint8Array): Promise<number> {
    const count = this.#read(target);
    this.#tell(this.reading.bytes);
    return count;
  }

  #read(target: Uint8Array): number {
    const { reading } = this;
    if (reading.readErrorAt !== null || reading.sha256 !== null) return 0;
    try {
      const count = readSync(this.#file, target, 0, target.length, reading.bytes);
      reading.bytes += count;
      if (count > 0) this.#hash?.update(target.subarray(0, count));
      else reading.sha256 = this.#hash?.digest('hex') ?? null;
      return count;
    } catch {
      reading.readErrorAt = reading.bytes;
      return 0;
    }
  }
}

function report(said: Report, blocks: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(said, blocks);
}

function giveBack(block: Uint8Array<ArrayBuffer>): void {
  if (block.length > 0) report({ what: 'spent', block }, [block.buffer]);
}

async function read(
  order: Extract<Order, { what: 'read' }>,
  sent: SentSource,
  kernel: RecordsKernel,
  sideEventPort: MessagePort,
): Promise<void> {
  const writer = new BatchWriter(kernel, {
    send: (sideEvents) => sideEventPort.postMessage(sideEvents),
    wake: () => report({ what: 'batch' }),
  });
  kernel.sieve(order.sieve);
  const format = flowFormat(order.format);
  if (format === null) throw new Error(`no such format: ${order.format}`);
  const options: FlowReadOptions = { ...order.options, onBlock: () => writer.onBlock() };
  const file = order.file === null ? null : new FileSource(order.file, (bytes) => writer.tellBytes(bytes));
  const result = await format.read(file ?? sent, writer, options);
  writer.end();
  const own = file === null ? {} : { file: file.reading };
  report({ what: 'read', result: { ...result, ...own }, exporters: writer.exporters });
}

const { memory, sideEventPort, limits }: ThreadSetup = workerData;
setLimits(limits);
const kernel = new RecordsKernel(memory);
let reading = -1;
let source = new SentSource();
parentPort?.on('message', (order: Order) => {
  if (order.what === 'bytes') {
    if (order.reading === reading) source.add(order);
    else giveBack(order.block);
    return;
  }
  reading = order.reading;
  source = new SentSource();
  const ours = source;
  void read(order, ours, kernel, sideEventPort)
    .catch((error: unknown) => report({ what: 'failed', error }))
    .finally(() => {
      reading = -1;
      ours.close();
    });
});
report({ what: 'ready' });
