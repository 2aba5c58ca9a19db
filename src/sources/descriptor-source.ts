/**
 * The bytes of an open file from its beginning on, read on the spot: for threads, which have nothing else to do
 * meanwhile.
 */
import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';

export class DescriptorSource {
  /** Bytes read so far. */
  storedBytes = 0;
  /** Byte from which on the system could not read; null if it could. Nothing is read behind it. */
  readErrorAt: number | null = null;
  /** In hexadecimal; null before the end of the file, or if it was not asked for. */
  sha256: string | null = null;
  readonly #file: number;
  readonly #hash: ReturnType<typeof createHash> | null;

  /** The caller opens and closes the descriptor. */
  constructor(descriptor: number, hash: boolean) {
    this.#file = descriptor;
    this.#hash = hash ? createHash('sha256') : null;
  }

  /** Writes the next bytes to `target` and returns how many; 0 at the end, and from an error on. */
  async fill(target: Uint8Array): Promise<number> {
    if (this.readErrorAt !== null || this.sha256 !== null) return 0;
    try {
      const count = readSync(this.#file, target, 0, target.length, this.storedBytes);
      this.storedBytes += count;
      if (count > 0) this.#hash?.update(target.subarray(0, count));
      else this.sha256 = this.#hash?.digest('hex') ?? null;
      return count;
    } catch {
      this.readErrorAt = this.storedBytes;
      return 0;
    }
  }
}
