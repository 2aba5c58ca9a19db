/**
 * Stored bytes, as files and standard input hold them. A file is read straight into the caller's block: no copy is
 * made on the way. Standard input is read as a stream, or like a file where it is one.
 */
import { fstatSync, read, readSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { pipeStream } from '../given-file.ts';
import type { ByteStage, SourceDamage } from './byte-source.ts';

/** Bytes read on the spot between two turns of timers and signals. */
const TURN_BYTES = 16 * 1024 * 1024;

/** Opens a file or a pipe. If that fails, the stage has no bytes and reports 'unreadable'. */
export async function openFile(path: string): Promise<ByteStage> {
  try {
    if ((await stat(path)).isFIFO()) return new StreamStage(pipeStream(path));
    const handle = await open(path, 'r');
    return new StoredStage({
      descriptor: handle.fd,
      isFromStart: true,
      readInto: async (target) => (await handle.read(target, 0, target.length, null)).bytesRead,
      release: () => handle.close(),
    });
  } catch {
    return noBytes('unreadable');
  }
}

/** A stage without bytes, which says why. */
export function noBytes(damage: SourceDamage): ByteStage {
  return { damage, damageAt: 0, fill: async () => 0, close: async () => {} };
}

/** Standard input, from where it stands. */
export function openStandardInput(): ByteStage {
  if (!isFile(0)) return new StreamStage(process.stdin);
  // `< file` gives a descriptor that can be read in large blocks; Node's own stream would hand out 64 KiB.
  return new StoredStage({
    descriptor: 0,
    isFromStart: false,
    readInto: async (target) => (await promisify(read)(0, target, 0, target.length, null)).bytesRead,
    release: async () => {},
  });
}

function isFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    return false;
  }
}

interface Stored {
  readonly descriptor: number;
  /** True for a file that is read from its beginning. */
  readonly isFromStart: boolean;
  readonly readInto: (target: Uint8Array) => Promise<number>;
  readonly release: () => Promise<void>;
}

class StoredStage implements ByteStage {
  damage: SourceDamage | null = null;
  damageAt = 0;
  readonly #stored: Stored;
  /** Of a file: its bytes come, or it ends, so that it may be read on the spot. */
  readonly #isFile: boolean;
  #at = 0;
  #sinceTurn = 0;

  constructor(stored: Stored) {
    this.#stored = stored;
    this.#isFile = isFile(stored.descriptor);
  }

  get descriptor(): number | null {
    return this.#isFile && this.#stored.isFromStart ? this.#stored.descriptor : null;
  }

  async fill(target: Uint8Array, onTheSpot = false): Promise<number> {
    if (this.damage !== null) return 0;
    try {
      const isHere = onTheSpot && this.#isFile;
      const count = await (isHere ? this.#readHere(target) : this.#stored.readInto(target));
      this.#at += count;
      return count;
    } catch {
      this.damage = 'read-error';
      this.damageAt = this.#at;
      return 0;
    }
  }

  async #readHere(target: Uint8Array): Promise<number> {
    if (this.#sinceTurn >= TURN_BYTES) {
      this.#sinceTurn = 0;
      await setImmediate();
    }
    const count = readSync(this.#stored.descriptor, target, 0, target.length, null);
    this.#sinceTurn += count;
    return count;
  }

  async close(): Promise<void> {
    try {
      await this.#stored.release();
    } catch {
      // Nothing was written, so a failing close loses nothing.
    }
  }
}

/** The bytes of a stream in paused mode: it is read when asked, so the writer feels how fast we are. */
export class StreamStage implements ByteStage {
  damage: SourceDamage | null = null;
  damageAt = 0;
  readonly #stream: Readable;
  #rest: Uint8Array = new Uint8Array(0);
  #at = 0;
  #ended = false;
  #wake: () => void = () => {};

  constructor(stream: Readable) {
    this.#stream = stream;
    stream.on('readable', this.#onReadable);
    stream.on('end', this.#onEnd);
    stream.on('close', this.#onEnd);
    stream.on('error', this.#onError);
  }

  async fill(target: Uint8Array): Promise<number> {
    for (;;) {
      if (this.#rest.length === 0) this.#rest = toBytes(this.#stream.read());
      if (this.#rest.length > 0) {
        const count = Math.min(this.#rest.length, target.length);
        target.set(this.#rest.subarray(0, count));
        this.#rest = this.#rest.subarray(count);
        this.#at += count;
        return count;
      }
      if (this.#ended) return 0;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async close(): Promise<void> {
    this.#stream.off('readable', this.#onReadable);
    this.#rest = new Uint8Array(0);
    this.#stream.destroy();
    this.#onEnd();
  }

  readonly #onReadable = (): void => this.#wake();

  readonly #onEnd = (): void => {
    this.#ended = true;
    this.#wake();
  };

  readonly #onError = (): void => {
    this.damage ??= 'read-error';
    this.damageAt = this.#at;
    this.#onEnd();
  };
}

function toBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  return typeof chunk === 'string' ? Buffer.from(chunk) : new Uint8Array(0);
}
