/**
 * Reads the captures of a scan one after another, with a second thread to decode them where that pays for its start.
 * Which it was is not to be seen in what is read.
 */
import type { Worker } from 'node:worker_threads';
import type { Tap } from '../packets/tap.ts';
import { DecodingThread } from '../packets/thread/decoding-thread.ts';
import type { DamageRow } from '../readers/pcap/damage.ts';
import { createReader, pumpCapture } from '../readers/pcap/reader.ts';
import { CaptureRecord } from '../readers/pcap/record.ts';
import type { CaptureKind } from '../readers/pcap/record-reader.ts';
import type { ByteSource } from '../sources/byte-source.ts';
import { type ThreadUse, threadProgram } from '../thread-program.ts';

/** Bytes of captures from which the thread pays for its start, as measured. */
const LEAST_BYTES = 256 * 1024 * 1024;

export interface CaptureReaderOptions {
  readonly use: ThreadUse;
  /** Stored bytes of all inputs; null where they are not known. */
  readonly scanBytes: number | null;
  /** True where captures are read that are packed or come by a pipe. */
  readonly arePacked: boolean;
  /** A thread that was started ahead, with the program of the decoding thread. */
  readonly spare: Worker | null;
  /** Hears whether there is a thread. */
  readonly tell: (message: string) => void;
}

/** A capture as it was read. */
export interface ReadCapture {
  readonly packets: number;
  /** Capture time, us; NaN where no record had one. */
  readonly firstUs: number;
  readonly lastUs: number;
  readonly sha256: string | null;
  readonly damage: readonly (
    | DamageRow
    | { readonly kind: 'read-error'; readonly count: 1; readonly at: number }
  )[];
}

export class CaptureReader {
  readonly #options: CaptureReaderOptions;
  #spare: Worker | null;
  /** Undefined before it is wanted, null where it does not start. */
  #thread: DecodingThread | null | undefined;

  constructor(options: CaptureReaderOptions) {
    this.#options = options;
    this.#spare = options.spare;
  }

  /** Reads a capture through the tap, to its end or until `onBlock` returns false. */
  async read(
    source: ByteSource,
    kind: CaptureKind,
    hash: boolean,
    tap: Tap,
    onBlock: (storedBytes: number, packets: number) => boolean,
  ): Promise<ReadCapture> {
    const file = source.descriptor;
    const thread = file === null ? null : this.#started();
    if (file !== null && thread !== null) {
      const read = await thread.read({ kind, file, hash }, tap, onBlock);
      if (read !== null) {
        const { readErrorAt, damage } = read;
        if (readErrorAt === null) return read;
        return { ...read, damage: [{ kind: 'read-error', count: 1, at: readErrorAt }, ...damage] };
      }
      this.#options.tell('the thread for captures did not start');
      this.#thread = null;
      void thread.close();
    }
    const record = new CaptureRecord();
    const reader = createReader(kind, record, tap);
    await pumpCapture(source, reader, record, (storedBytes) => onBlock(storedBytes, reader.packets));
    const { packets, firstUs, lastUs } = reader;
    return { packets, firstUs, lastUs, sha256: source.sha256(), damage: reader.damage.rows() };
  }

  async close(): Promise<void> {
    await this.#thread?.close();
    await this.#spare?.terminate();
  }

  /**
   * All captures of a run are decoded in one thread, or else none: fragments of one datagram may stand in two of them.
   */
  #started(): DecodingThread | null {
    if (this.#thread === undefined) {
      this.#thread = this.#pays() ? this.#start() : null;
      const where = this.#thread === null ? 'the main thread' : 'a thread of their own';
      this.#options.tell(`captures are decoded in ${where}`);
    }
    return this.#thread;
  }

  #pays(): boolean {
    const { use, scanBytes, arePacked } = this.#options;
    if (use.threads === 'never' || arePacked) return false;
    if (use.threads === 'always') return true;
    return scanBytes !== null && scanBytes >= LEAST_BYTES && use.jobs > 1;
  }

  #start(): DecodingThread | null {
    const spare = this.#spare;
    this.#spare = null;
    if (spare !== null) return new DecodingThread(spare);
    const program = threadProgram('decoding');
    return program === null ? null : DecodingThread.start(program);
  }
}
