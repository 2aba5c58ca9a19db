/**
 * Blocks decoded ahead: while the reading thread parses one, a helper decodes those behind it. Each lies in a place of
 * shared memory, and whoever claims it first decodes it, so that the reading thread waits for no helper that is busy
 * elsewhere, still starting, or gone. A helper that dies over a block is not waited for either.
 */
import { Worker } from 'node:worker_threads';
import type { BlockQueue } from '../block-queue.ts';
import { BLOCK_LIMIT, type BlockDecoder, blockDecoder } from '../nfcapd-compression.ts';

/** Blocks in memory: one is parsed, the others are decoded. */
const PLACES = 4;
/** No block takes so long; whoever claimed it is gone. */
const GIVE_UP_MS = 5000;

// Control words of a place: its state, compression, stored bytes and produced bytes.
const PLACE_WORDS = 16;
const COMPRESSION = 1;
const STORED = 2;
const PRODUCED = 3;
/** How many blocks were ever given, behind the places. */
const GIVEN = PLACES * PLACE_WORDS;

const FREE = 0;
const WAITING = 1;
const CLAIMED = 2;
const DONE = 3;

/** Compressed blocks that a thread has read before it is worth a helper, whose start takes as long as some of them. */
const WORTH_HELP = 8;
const PLACE_NUMBERS = Array.from({ length: PLACES }, (_, place) => place);

/** What both sides hold. */
export interface SharedBlocks {
  readonly control: SharedArrayBuffer;
  /** Stored bytes of all places, then their plain ones. */
  readonly bytes: SharedArrayBuffer;
}

function storedAt(bytes: SharedArrayBuffer, place: number): Uint8Array {
  return new Uint8Array(bytes, place * BLOCK_LIMIT, BLOCK_LIMIT);
}

function plainAt(bytes: SharedArrayBuffer, place: number): Uint8Array {
  return new Uint8Array(bytes, (PLACES + place) * BLOCK_LIMIT, BLOCK_LIMIT);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** In the reading thread. One serves all its readings, one after another. */
export class HelpedBlocks {
  readonly #shared: SharedBlocks = {
    control: new SharedArrayBuffer(4 * (GIVEN + PLACE_WORDS)),
    bytes: new SharedArrayBuffer(2 * PLACES * BLOCK_LIMIT),
  };
  readonly control = new Int32Array(this.#shared.control);
  readonly stored = PLACE_NUMBERS.map((place) => storedAt(this.#shared.bytes, place));
  readonly plain = PLACE_NUMBERS.map((place) => plainAt(this.#shared.bytes, place));
  readonly views = this.plain.map(viewOf);
  /** Where the reading thread decodes by itself once a helper was given up, which may still write to the places. */
  own: Uint8Array | null = null;
  readonly giveUpMs: number;
  readonly #file: string;

  /** `file` is the program of the helper: this same one. */
  constructor(file: string, giveUpMs = GIVE_UP_MS) {
    this.#file = file;
    this.giveUpMs = giveUpMs;
  }

  /** A block was given. Cold, once: starts the helper; where that fails whoever asks for a block decodes it. */
  given(count: number): void {
    Atomics.store(this.control, GIVEN, count);
    Atomics.notify(this.control, GIVEN);
    if (count !== WORTH_HELP) return;
    try {
      const helper = new Worker(this.#file, { workerData: { blocks: this.#shared }, name: 'decoding' });
      helper.on('error', () => {});
      helper.unref();
    } catch {}
  }

  queue(compression: number, decode: BlockDecoder): BlockQueue {
    return new HelpedQueue(this, compression, decode);
  }
}

class HelpedQueue implements BlockQueue {
  readonly room = PLACES;
  readonly #blocks: HelpedBlocks;
  readonly #compression: number;
  readonly #decode: BlockDecoder;
  /** Blocks pushed and taken since the thread began; both sides go round the places in this order. */
  #pushed: number;
  #taken: number;
  plain: DataView;

  constructor(blocks: HelpedBlocks, compression: number, decode: BlockDecoder) {
    this.#blocks = blocks;
    this.#compression = compression;
    this.#decode = decode;
    this.#pushed = Atomics.load(blocks.control, GIVEN);
    this.#taken = this.#pushed;
    this.plain = blocks.views[0];
  }

  push(source: Uint8Array, from: number, to: number): void {
    const { control, stored } = this.#blocks;
    const place = this.#pushed++ % PLACES;
    const at = place * PLACE_WORDS;
    stored[place].set(source.subarray(from, to));
    control[at + COMPRESSION] = this.#compression;
    control[at + STORED] = to - from;
    Atomics.store(control, at, WAITING);
    this.#blocks.given(this.#pushed);
  }

  take(): number {
    const blocks = this.#blocks;
    const place = this.#taken++ % PLACES;
    const state = place * PLACE_WORDS;
    this.#finish(place);
    // A helper that was given up may still say of an earlier block that it is done.
    const isDone = blocks.own === null && Atomics.load(blocks.control, state) === DONE;
    Atomics.store(blocks.control, state, FREE);
    if (isDone) {
      this.plain = blocks.views[place];
      return blocks.control[state + PRODUCED];
    }
    const own = blocks.own ?? new Uint8Array(BLOCK_LIMIT);
    this.plain = viewOf(own);
    return this.#decode(blocks.stored[place], 0, blocks.control[state + STORED], own);
  }

  clear(): void {
    while (this.#taken < this.#pushed) {
      const place = this.#taken++ % PLACES;
      this.#finish(place);
      Atomics.store(this.#blocks.control, place * PLACE_WORDS, FREE);
    }
  }

  /** Has the block of a place decoded; it is not done where the helper that claimed it was given up. */
  #finish(place: number): void {
    const { control, own } = this.#blocks;
    if (own !== null || this.#claim(place)) return;
    // While the helper is at this one, those behind it are ours.
    for (let ahead = this.#taken; ahead < this.#pushed; ahead++) {
      if (Atomics.load(control, place * PLACE_WORDS) === DONE) return;
      this.#claim(ahead % PLACES);
    }
    const waited = Atomics.wait(control, place * PLACE_WORDS, CLAIMED, this.#blocks.giveUpMs);
    if (waited === 'timed-out') this.#blocks.own = new Uint8Array(BLOCK_LIMIT);
  }

  /** Decodes the block of a place unless somebody else does or has; true where it is done then. */
  #claim(place: number): boolean {
    const { control, stored, plain } = this.#blocks;
    const at = place * PLACE_WORDS;
    const before = Atomics.compareExchange(control, at, WAITING, CLAIMED);
    if (before !== WAITING) return before === DONE;
    control[at + PRODUCED] = this.#decode(stored[place], 0, control[at + STORED], plain[place]);
    Atomics.store(control, at, DONE);
    return true;
  }
}

/** In the helper: decodes whatever waits, for ever. */
export function helpWithBlocks(shared: SharedBlocks): never {
  const control = new Int32Array(shared.control);
  const decoders = new Map<number, BlockDecoder | null>();
  let next = Atomics.load(control, GIVEN);
  for (;;) {
    const given = Atomics.load(control, GIVEN);
    if (next >= given) {
      Atomics.wait(control, GIVEN, given);
      continue;
    }
    // Those further back were taken by the reading thread long since.
    if (given - next > PLACES) next = given - PLACES;
    const place = next % PLACES;
    const at = place * PLACE_WORDS;
    next++;
    if (Atomics.compareExchange(control, at, WAITING, CLAIMED) !== WAITING) continue;
    const compression = control[at + COMPRESSION];
    let decode = decoders.get(compression);
    if (decode === undefined) {
      decode = blockDecoder(compression);
      decoders.set(compression, decode);
    }
    control[at + PRODUCED] =
      decode === null
        ? -1
        : decode(storedAt(shared.bytes, place), 0, control[at + STORED], plainAt(shared.bytes, place));
    Atomics.store(control, at, DONE);
    Atomics.notify(control, at);
  }
}
