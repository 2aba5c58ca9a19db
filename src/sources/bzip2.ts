/**
 * bzip2 files: one stream, or several one after another as pbzip2 and `cat` make them. Blocks begin at any bit and do
 * not say how long they are, so that as much is gathered as the longest can have.
 */
import { BLOCK, BROKEN, Bzip2, LONGEST_BLOCK, SHORT } from './bzip2-blocks.ts';
import { type Decoder, NOTHING } from './decoder.ts';
import type { Intake } from './intake.ts';

const CAPACITY = LONGEST_BLOCK + 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

/** 'BZh', the block size, and the number of a block or of the end. */
export function isBzip2(head: Uint8Array): boolean {
  return /^BZh[1-9]/.test(Buffer.from(head.subarray(0, 4)).toString('latin1'));
}

export const readBzip2: Decoder = async function* (intake) {
  const gathered = new Gathered(intake);
  const bzip2 = new Bzip2();
  while (await gathered.fill(bzip2.at)) {
    bzip2.load(gathered.bytes, gathered.from, gathered.to);
    if (!bzip2.begin())
      return gathered.to - gathered.from < 4 ? 'truncated-compression' : 'compression-error';
    let step = bzip2.next();
    for (; step === BLOCK; step = bzip2.next()) {
      while (bzip2.isPending) {
        const chunk = new Uint8Array(CHUNK_BYTES);
        const end = bzip2.drain(chunk, 0);
        if (end < 0) return 'compression-error';
        if (end > 0) yield chunk.subarray(0, end);
      }
      await gathered.fill(bzip2.at);
      bzip2.load(gathered.bytes, gathered.from, gathered.to);
    }
    if (step === SHORT) return 'truncated-compression';
    if (step === BROKEN) return 'compression-error';
    yield NOTHING;
  }
  return null;
};

/** Compressed bytes at hand, from the first that is not taken. */
class Gathered {
  readonly bytes = new Uint8Array(CAPACITY);
  from = 0;
  to = 0;
  readonly #intake: Intake;

  constructor(intake: Intake) {
    this.#intake = intake;
  }

  /** Lets go of what lies before this place and gathers as much as a block may need; false if nothing is left. */
  async fill(from: number): Promise<boolean> {
    this.from = from;
    if (this.to - from >= LONGEST_BLOCK || !(await this.#intake.want(1))) return this.to > from;
    this.bytes.copyWithin(0, from, this.to);
    this.to -= from;
    this.from = 0;
    while (this.to < CAPACITY && (await this.#intake.want(1))) {
      const count = Math.min(this.#intake.length, CAPACITY - this.to);
      this.bytes.set(this.#intake.view(count), this.to);
      this.#intake.advance(count);
      this.to += count;
    }
    return true;
  }
}
