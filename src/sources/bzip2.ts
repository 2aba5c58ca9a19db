/**
 * bzip2 files: one stream, or several one after another as pbzip2 and `cat` make them. Blocks begin at any bit and do
 * not say how long they are, so that as much is gathered as the longest can have.
 */
import { BLOCK, BROKEN, Bzip2, LONGEST_BLOCK, SHORT } from './bzip2-blocks.ts';
import type { Decoder } from './decoder.ts';
import type { Intake } from './intake.ts';

const CAPACITY = LONGEST_BLOCK + 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

/** 'BZh', the block size, and the number of a block or of the end. */
export function isBzip2(head: Uint8Array): boolean {
  return (
    head.length >= 4 &&
    head[0] === 0x42 &&
    head[1] === 0x5a &&
    head[2] === 0x68 &&
    head[3] >= 0x31 &&
    head[3] <= 0x39
  );
}

export const readBzip2: Decoder = async function* (intake) {
  const gathered = new Gathered(intake);
  const bzip2 = new Bzip2();
  while (await gathered.fill(0)) {
    bzip2.load(gathered.bytes, 0, gathered.length);
    if (!bzip2.begin()) return gathered.length < 4 ? 'truncated-compression' : 'compression-error';
    let step = bzip2.next();
    for (; step === BLOCK; step = bzip2.next()) {
      while (bzip2.isPending) {
        const chunk = new Uint8Array(CHUNK_BYTES);
        const end = bzip2.drain(chunk, 0);
        if (end < 0) return 'compression-error';
        if (end > 0) yield chunk.subarray(0, end);
      }
      await gathered.fill(bzip2.at);
      bzip2.load(gathered.bytes, 0, gathered.length);
    }
    if (step === SHORT) return 'truncated-compression';
    if (step === BROKEN) return 'compression-error';
    await gathered.fill(bzip2.at);
  }
  return null;
};

/** Compressed bytes at hand, from the first that is not taken. */
class Gathered {
  readonly bytes = new Uint8Array(CAPACITY);
  length = 0;
  readonly #intake: Intake;

  constructor(intake: Intake) {
    this.#intake = intake;
  }

  /** Lets go of what was taken and gathers as much as there is room for; false if nothing is left. */
  async fill(taken: number): Promise<boolean> {
    this.bytes.copyWithin(0, taken, this.length);
    this.length -= taken;
    while (this.length < CAPACITY && (await this.#intake.want(1))) {
      const count = Math.min(this.#intake.length, CAPACITY - this.length);
      this.bytes.set(this.#intake.view(count), this.length);
      this.#intake.take(count);
      this.length += count;
    }
    return this.length > 0;
  }
}
