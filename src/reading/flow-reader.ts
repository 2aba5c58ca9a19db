/**
 * Reads the flow logs of a scan one after another, in a thread of their own if that pays for its start. The
 * result is the same.
 */
import { type FlowFormat, SNIFF_BYTES } from '../readers/flow-format.ts';
import { type BatchTarget, readHere } from '../rows/batches.ts';
import type { ByteSource, ByteStage } from '../sources/byte-source.ts';
import { type ThreadUse, threadProgram } from '../thread-program.ts';
import type { ThreadReadResult } from './messages.ts';
import { ReadingThread, type ThreadReadOptions } from './reading-thread.ts';

/** Stored bytes of a scan from which the thread pays for its start of a tenth of a second, as measured. */
const LEAST_SCAN_BYTES = 12 * 1024 * 1024;
/** Of text. */
const LEAST_TEXT_BYTES = 96 * 1024 * 1024;
/** Stored bytes of an input from which it goes through the thread. */
const LEAST_INPUT_BYTES = 1024 * 1024;
/** Bytes of an input of unknown size that are waited for to tell. */
const LEAST_PIPE_BYTES = 4 * 1024 * 1024;

/** An input as the reader asks for it. */
interface ReadableLog {
  readonly source: Pick<ByteSource, 'fill' | 'peek' | 'compression'> & Pick<ByteStage, 'descriptor'>;
  /** True if the SHA-256 of its file is wanted: the thread tells it, or the source has it at the end. */
  readonly hash: boolean;
  /** Stored bytes; null if they are not known. */
  readonly size: number | null;
  /** True if it holds names and no flows: to hand them over costs more than to read them. */
  readonly holdsNames: boolean;
}

export class FlowReader {
  readonly #use: ThreadUse;
  readonly #scanBytes: number | null;
  readonly #tell: (message: string) => void;
  /** Undefined before it is wanted, null if it does not start. */
  #thread: ReadingThread | null | undefined;

  /** `scanBytes` are those of all inputs, null if that is not known; `tell` hears whether there is a thread. */
  constructor(use: ThreadUse, scanBytes: number | null, tell: (message: string) => void = () => {}) {
    this.#use = use;
    this.#scanBytes = scanBytes;
    this.#tell = tell;
  }

  async read(
    format: FlowFormat,
    log: ReadableLog,
    target: BatchTarget,
    options: ThreadReadOptions,
  ): Promise<ThreadReadResult> {
    const thread = (await this.#pays(log)) ? await this.#started() : null;
    if (thread === null) {
      return readHere(target, (writer) => format.read(log.source, writer, options));
    }
    const descriptor = log.source.descriptor ?? null;
    if (descriptor === null) return thread.read(format, log.source, target, options);
    const isHashedHere = log.hash && (await isText(log));
    const file = { descriptor, hash: log.hash && !isHashedHere };
    return thread.read(format, log.source, target, options, file, isHashedHere);
  }

  async close(): Promise<void> {
    await this.#thread?.close();
  }

  async #started(): Promise<ReadingThread | null> {
    if (this.#thread === undefined) {
      this.#thread = await ReadingThread.start(threadProgram());
      this.#tell(
        `flow logs are read in ${this.#thread === null ? 'the main thread' : 'a thread of their own'}`,
      );
    }
    return this.#thread;
  }

  async #pays(log: ReadableLog): Promise<boolean> {
    const { source, size, holdsNames } = log;
    if (this.#use !== 'auto') return this.#use === 'always';
    if (holdsNames || this.#thread === null) return false;
    // How much a pipe holds is known when it has come.
    if (size === null) return (await source.peek(LEAST_PIPE_BYTES)).length >= LEAST_PIPE_BYTES;
    if (size < LEAST_INPUT_BYTES) return false;
    if (this.#scanBytes === null || this.#thread !== undefined) return true;
    return this.#scanBytes >= ((await isText(log)) ? LEAST_TEXT_BYTES : LEAST_SCAN_BYTES);
  }
}

/** True of text that is not packed, whose reading leaves the main thread little to do. */
async function isText({ source }: ReadableLog): Promise<boolean> {
  return !(await source.peek(SNIFF_BYTES)).includes(0) && source.compression.length === 0;
}
