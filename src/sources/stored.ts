/**
 * Stored bytes, as files and standard input hold them. A file is read straight into the caller's block: no copy is
 * made on the way. Standard input is read as a stream, or like a file where it is one.
 */
import { fstatSync, read, readSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { pipeStream } from '../given-file.ts';
import type { ByteStage, SourceDamage } from './byte-source.ts';

/** Bytes read on the spot between two turns of timers and signals. */
const TURN_BYTES = 16 * 1024 * 1024;

/** Opens a file or a pipe. If that fails, the stage has no bytes and reports 'unreadable'. */
export async function openFile(path: string): Promise<ByteStage> {
  try {
    if ((await stat(path)).isFIFO()) return new StreamStage(pipeStream(path));
    const handle = await open(path, 'r');
    const readInto = async (target: Uint8Array): Promise<number> =>
      (await handle.read(target, 0, target.length, null)).bytesRead;
    const file = isFile(handle.fd) ? handle.fd : null;
    return new StoredStage(readInto, () => handle.close(), null, file, file);
  } catch {
    return noBytes('unreadable');
  }
}

/** A stage without bytes, which says why. */
export function noBytes(damage: SourceDamage): ByteStage {
  return new StoredStage(
    async () => 0,
    async () => {},
    damage,
  );
}

/** Standard input, from where it stands. */
export function openStandardInput(): ByteStage {
  // `< file` gives a descriptor that can be read in large blocks; Node's own stream would hand out 64 KiB.
  if (isFile(0)) {
    return new StoredStage(
      (target) =>
        new Promise((resolve, reject) => {
          read(0, target, 0, target.length, null, (error, count) => (error ? reject(error) : resolve(count)));
        }),
      async () => {},
      null,
      0,
    );
  }
  return new StreamStage(process.stdin);
}

function isFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    return false;
  }
}

class StoredStage implements ByteStage {
  damage: SourceDamage | null;
  damageAt = 0;
  readonly #readInto: (target: Uint8Array) => Promise<number>;
  readonly #release: () => Promise<void>;
  readonly descriptor: number | null;
  readonly #file: number | null;
  #at = 0;
  #sinceTurn = 0;

  /**
   * `file` is the descriptor of a file that may be read on the spot: its bytes come, or it ends. `descriptor` that of one
   * which is read from its beginning.
   */
  constructor(
    readInto: (target: Uint8Array) => Promise<number>,
    release: () => Promise<void>,
    damage: SourceDamage | null,
    file: number | null = null,
    descriptor: number | null = null,
  ) {
    this.#readInto = readInto;
    this.#file = file;
    this.descriptor = descriptor;
    this.#release = release;
    this.damage = damage;
  }

  async fill(target: Uint8Array, onTheSpot = false): Promise<number> {
    if (this.damage !== null) return 0;
    try {
      const isHere = onTheSpot && this.#file !== null;
      const count = isHere ? await this.#readHere(this.#file, target) : await this.#readInto(target);
      this.#at += count;
      return count;
    } catch {
      this.damage = 'read-error';
      this.damageAt = this.#at;
      return 0;
    }
  }

  async #readHere(file: number, target: Uint8Array): Promise<number> {
    if (this.#sinceTurn >= TURN_BYTES) {
      this.#sinceTurn = 0;
      await setImmediate();
    }
    const count = readSync(file, target, 0, target.length, null);
    this.#sinceTurn += count;
    return count;
  }

  async close(): Promise<void> {
    try {
      await this.#release();
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
