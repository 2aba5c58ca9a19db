/**
 * Stored bytes, as files and standard input hold them. A file is read straight into the caller's block: no copy is
 * made on the way. Standard input is read as a stream, or like a file where it is one.
 */
import { fstatSync, read, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { ByteStage, SourceDamage } from './byte-source.ts';

/** Bytes read on the spot between two turns of the event loop. */
const TURN_BYTES = 16 * 1024 * 1024;

/** Opens a file. Where that fails the stage has no bytes and says 'unreadable'. */
export async function openFile(path: string): Promise<ByteStage> {
  try {
    const handle = await open(path, 'r');
    const ahead = async (target: Uint8Array): Promise<number> =>
      (await handle.read(target, 0, target.length, null)).bytesRead;
    const spot = isFile(handle.fd) ? onTheSpot(handle.fd) : null;
    return new StoredStage(ahead, spot, () => handle.close());
  } catch {
    return new StoredStage(
      async () => 0,
      null,
      async () => {},
      'unreadable',
    );
  }
}

/** Standard input, from where it stands. */
export function openStandardInput(): ByteStage {
  // `< file` gives a descriptor that can be read in large blocks; Node's own stream would hand out 64 KiB.
  if (isFile(0)) {
    const ahead = (target: Uint8Array): Promise<number> =>
      new Promise((resolve, reject) => {
        read(0, target, 0, target.length, null, (error, count) => (error ? reject(error) : resolve(count)));
      });
    return new StoredStage(ahead, onTheSpot(0), async () => {});
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

type ReadInto = (target: Uint8Array) => Promise<number>;

/** Reads a file from where it stands, in the thread that asks. Timers and signals get their turn now and then. */
function onTheSpot(descriptor: number): ReadInto {
  let sinceTurn = 0;
  return async (target) => {
    if (sinceTurn >= TURN_BYTES) {
      sinceTurn = 0;
      await setImmediate();
    }
    const count = readSync(descriptor, target, 0, target.length, null);
    sinceTurn += count;
    return count;
  };
}

class StoredStage implements ByteStage {
  damage: SourceDamage | null;
  damageAt = 0;
  readonly isAtHand: boolean;
  readonly #readAhead: ReadInto;
  readonly #readOnTheSpot: ReadInto;
  readonly #release: () => Promise<void>;
  #at = 0;

  /** @param ahead Reads by another thread. @param spot Reads by this one; null where that may take for ever. */
  constructor(
    ahead: ReadInto,
    spot: ReadInto | null,
    release: () => Promise<void>,
    damage: SourceDamage | null = null,
  ) {
    this.#readAhead = ahead;
    this.#readOnTheSpot = spot ?? ahead;
    this.isAtHand = spot !== null;
    this.#release = release;
    this.damage = damage;
  }

  async fill(target: Uint8Array, ahead = false): Promise<number> {
    if (this.damage !== null) return 0;
    try {
      const count = await (ahead ? this.#readAhead(target) : this.#readOnTheSpot(target));
      this.#at += count;
      return count;
    } catch {
      this.damage = 'read-error';
      this.damageAt = this.#at;
      return 0;
    }
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
  readonly isAtHand = false;
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
