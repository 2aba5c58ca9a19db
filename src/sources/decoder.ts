/**
 * What all decompressing stages share: output comes in chunks of any size, `fill` wants a block filled. A decoder
 * is a generator of chunks; damage ends it.
 */
import { setImmediate } from 'node:timers/promises';
import { limits } from '../limits.ts';
import type { ByteStage, SourceDamage } from './byte-source.ts';
import type { Intake } from './intake.ts';

/** Time after which signals and timers get a turn, ms: decoders written in script never wait. */
const TURN_MS = 50;

/** What a chunk counts for at least, as it costs as much. */
const LEAST_CHUNK_BYTES = 8192;

/** The chunk of a member or frame that holds nothing. */
export const NOTHING = new Uint8Array(0);

/** Reads one compression format, with a chunk for each member or frame. It returns at the end of the input, or with what is wrong and where. */
export type Decoder = (
  intake: Intake,
  closing: Closing,
) => AsyncGenerator<Uint8Array, SourceDamage | null, undefined>;

/** Frames that begin with `magic`, one after another, with skippable ones between, as LZ4 and Zstandard have them. */
export function framed(magic: number, readFrame: Decoder): Decoder {
  return async function* (intake, closing) {
    while (await intake.want(1)) {
      if (!(await intake.want(4))) return 'truncated-compression';
      const found = intake.word(0);
      if (isSkippable(found)) {
        if (!(await intake.want(8))) return 'truncated-compression';
        if (!(await intake.skip(8 + intake.word(4)))) return 'truncated-compression';
      } else if (found === magic) {
        const damage = yield* readFrame(intake, closing);
        if (damage !== null) return damage;
        yield NOTHING;
      } else {
        return 'compression-error';
      }
    }
    return null;
  };
}

/** The number with which a frame begins, 0 of fewer than four bytes. */
export function magicOf(head: Uint8Array): number {
  return head.length < 4 ? 0 : new DataView(head.buffer, head.byteOffset).getUint32(0, true);
}

export function isSkippable(magic: number): boolean {
  return magic >>> 4 === 0x184d2a5;
}

/** Lets a decoder hand over what must be given back should the stage be closed early. */
export interface Closing {
  release: () => void;
}

export class DecodedStage implements ByteStage {
  damage: SourceDamage | null = null;
  damageAt = 0;
  readonly #intake: Intake;
  readonly #closeBelow: () => Promise<void>;
  readonly #chunks: ReturnType<Decoder>;
  readonly #closing: Closing = { release: () => {} };
  #chunk: Uint8Array = new Uint8Array(0);
  readonly #lowest: DecodedStage;
  #ended = false;
  #unpacked = 0;
  #turnAt = performance.now();

  /** `lowest`: the decoder that takes the stored bytes, if it is another. */
  constructor(below: Intake, decoder: Decoder, lowest: DecodedStage | null, closeBelow: () => Promise<void>) {
    this.#lowest = lowest ?? this;
    this.#intake = below;
    this.#closeBelow = closeBelow;
    this.#chunks = decoder(this.#intake, this.#closing);
  }

  async fill(target: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < target.length) {
      if (this.#chunk.length === 0) {
        if (this.#ended) break;
        await this.#nextChunk();
        continue;
      }
      const count = Math.min(this.#chunk.length, target.length - filled);
      target.set(this.#chunk.subarray(0, count), filled);
      this.#chunk = this.#chunk.subarray(count);
      filled += count;
    }
    return filled;
  }

  async close(): Promise<void> {
    this.#ended = true;
    this.#chunk = new Uint8Array(0);
    this.#closing.release();
    await this.#closeBelow();
  }

  async #nextChunk(): Promise<void> {
    if (performance.now() - this.#turnAt > TURN_MS) {
      await setImmediate();
      this.#turnAt = performance.now();
    }
    const step = await this.#chunks.next();
    if (step.done !== true) {
      const { length } = step.value;
      this.#unpacked += length === 0 ? 0 : Math.max(length, LEAST_CHUNK_BYTES);
      if (isBomb(this.#unpacked, this.#lowest.#intake.position)) this.#endWith('compression-limit');
      else this.#chunk = step.value;
      return;
    }
    // Closed meanwhile: what the decoder says then is not damage.
    if (this.#ended) return;
    this.#endWith(step.value);
  }

  #endWith(damage: SourceDamage | null): void {
    this.#ended = true;
    if (damage === null) return;
    this.damage = damage;
    this.damageAt = this.#intake.position;
  }
}

/**
 * True if `unpacked` bytes are more than `stored` bytes may hold: two kilobytes of bzip2 can hold gigabytes of zeros. The limit is
 * a count and no clock, so that the same file always gives the same audit; as output is bounded, so is the time.
 */
function isBomb(unpacked: number, stored: number): boolean {
  const most = limits['unpack-free'] + stored * limits['unpack-ratio'];
  return unpacked > Math.min(most, limits['unpack-total']);
}
