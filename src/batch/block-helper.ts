/**
 * Blocks decoded ahead: while the reading thread parses one, a helper decodes those behind it. Each lies in a place of
 * shared memory, and whoever claims it first decodes it, so that the reading thread waits for no helper that is busy
 * elsewhere, still starting, or gone. A helper that dies over a block is not waited for either.
 */
import { Worker } from 'node:worker_threads';
import type { NfcapdHelp } from '../readers/flow-reading.ts';
import type { BlockQueue } from '../readers/nfcapd/block-queue.ts';
import {
  BLOCK_LIMIT,
  BLOCK_ROOM,
  type BlockDecoder,
  blockDecoder,
} from '../readers/nfcapd/nfcapd-compression.ts';
import { NfcapdProgram, PROGRAM_BYTES } from '../readers/nfcapd/nfcapd-program.ts';
import { INTAKE_BYTES } from '../readers/nfcapd/room-intake.ts';
import { allocate, type SharedMemory } from '../wasm.ts';
import { CLAIMED, claimedPlaces, DONE, FREE, PLACE_WORDS, WAITING } from './places.ts';

/** Blocks in memory: one is parsed, the others are decoded. */
const PLACES = 4;
/** No block takes so long; whoever claimed it is gone. */
const GIVE_UP_MS = 5000;

// Control words of a place behind its state.
const COMPRESSION = 1;
const STORED = 2;
const PRODUCED = 3;
/** How many blocks were ever given, behind the places. */
const GIVEN = PLACES * PLACE_WORDS;

/** Compressed blocks that a thread has read before it is worth a helper, whose start takes as long as some of them. */
const WORTH_HELP = 8;
const PLACE_NUMBERS = Array.from({ length: PLACES }, (_, place) => place);

/** What both sides hold. */
export interface SharedBlocks {
  readonly control: Int32Array;
  /** Stored bytes of all places, then their plain ones, then those of who decodes by itself. */
  readonly memory: SharedMemory;
}

const OWN = 2 * PLACES * BLOCK_ROOM;
/** Where the program that reads records has its room, and what is read. */
const PROGRAM = OWN + BLOCK_ROOM;
const INTAKE = PROGRAM + PROGRAM_BYTES;

function storedAt(place: number): number {
  return place * BLOCK_ROOM;
}

function plainAt(place: number): number {
  return (PLACES + place) * BLOCK_ROOM;
}

/** In the reading thread. One serves all its readings, one after another. */
export class HelpedBlocks {
  readonly control = new Int32Array(new SharedArrayBuffer(4 * (GIVEN + PLACE_WORDS)));
  /** True once a helper was given up, which may still write to the places. */
  isAlone = false;
  readonly giveUpMs: number;
  readonly #file: string;
  /** Null before it is wanted. */
  #memory: SharedMemory | null = null;
  #program: NfcapdProgram | null = null;

  /** `file` is the program of the helper: this same one. */
  constructor(file: string, giveUpMs = GIVE_UP_MS) {
    this.#file = file;
    this.giveUpMs = giveUpMs;
  }

  get memory(): SharedMemory {
    this.#memory ??= allocate(INTAKE + INTAKE_BYTES);
    return this.#memory;
  }

  /** Null where there is no memory for it. */
  help(): NfcapdHelp | null {
    try {
      const { memory } = this;
      this.#program ??= new NfcapdProgram(memory, PROGRAM);
      return { program: this.#program, room: new Uint8Array(memory.buffer, INTAKE, INTAKE_BYTES) };
    } catch {
      return null;
    }
  }

  /** A block was given. Cold, once: starts the helper; where that fails whoever asks for a block decodes it. */
  given(count: number): void {
    Atomics.store(this.control, GIVEN, count);
    Atomics.notify(this.control, GIVEN);
    if (count !== WORTH_HELP) return;
    const blocks: SharedBlocks = { control: this.control, memory: this.memory };
    try {
      const helper = new Worker(this.#file, { workerData: { blocks }, name: 'decoding' });
      helper.on('error', () => {});
      helper.unref();
    } catch {}
  }

  queue(compression: number): BlockQueue {
    return new HelpedQueue(this, compression);
  }
}

class HelpedQueue implements BlockQueue {
  readonly room = PLACES;
  readonly #blocks: HelpedBlocks;
  readonly #compression: number;
  readonly #decode: BlockDecoder;
  readonly #stored: readonly Uint8Array[];
  readonly #views: readonly DataView[];
  readonly #own: DataView;
  /** Blocks pushed and taken since the thread began; both sides go round the places in this order. */
  #pushed: number;
  #taken: number;
  plain: DataView;

  constructor(blocks: HelpedBlocks, compression: number) {
    const { control, memory } = blocks;
    this.#blocks = blocks;
    this.#compression = compression;
    this.#decode = blockDecoder(compression, memory);
    this.#stored = PLACE_NUMBERS.map((place) => new Uint8Array(memory.buffer, storedAt(place), BLOCK_LIMIT));
    this.#views = PLACE_NUMBERS.map((place) => new DataView(memory.buffer, plainAt(place), BLOCK_LIMIT));
    this.#own = new DataView(memory.buffer, OWN, BLOCK_LIMIT);
    this.#pushed = Atomics.load(control, GIVEN);
    this.#taken = this.#pushed;
    this.plain = this.#own;
  }

  push(source: Uint8Array, from: number, to: number): void {
    const { control } = this.#blocks;
    const place = this.#pushed++ % PLACES;
    const at = place * PLACE_WORDS;
    this.#stored[place].set(source.subarray(from, to));
    control[at + COMPRESSION] = this.#compression;
    control[at + STORED] = to - from;
    Atomics.store(control, at, WAITING);
    this.#blocks.given(this.#pushed);
  }

  take(): number {
    const { control } = this.#blocks;
    const place = this.#taken++ % PLACES;
    const at = place * PLACE_WORDS;
    this.#finish(place);
    // A helper that was given up may still say of an earlier block that it is done.
    const isDone = !this.#blocks.isAlone && Atomics.load(control, at) === DONE;
    Atomics.store(control, at, FREE);
    this.plain = isDone ? this.#views[place] : this.#own;
    return isDone ? control[at + PRODUCED] : decodePlace(this.#decode, control, place, OWN);
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
    const { control, isAlone, giveUpMs } = this.#blocks;
    if (isAlone || this.#claim(place)) return;
    // While the helper is at this one, those behind it are ours.
    for (let ahead = this.#taken; ahead < this.#pushed; ahead++) {
      if (Atomics.load(control, place * PLACE_WORDS) === DONE) return;
      this.#claim(ahead % PLACES);
    }
    const waited = Atomics.wait(control, place * PLACE_WORDS, CLAIMED, giveUpMs);
    if (waited === 'timed-out') this.#blocks.isAlone = true;
  }

  /** Decodes the block of a place unless somebody else does or has; true where it is done then. */
  #claim(place: number): boolean {
    const { control } = this.#blocks;
    const at = place * PLACE_WORDS;
    const before = Atomics.compareExchange(control, at, WAITING, CLAIMED);
    if (before !== WAITING) return before === DONE;
    control[at + PRODUCED] = decodePlace(this.#decode, control, place, plainAt(place));
    Atomics.store(control, at, DONE);
    return true;
  }
}

/** In the helper: decodes whatever waits, for ever. */
export function helpWithBlocks({ control, memory }: SharedBlocks): void {
  const decoders = new Map<number, BlockDecoder>();
  for (const place of claimedPlaces(control, PLACES)) {
    const at = place * PLACE_WORDS;
    const compression = control[at + COMPRESSION];
    const decode = decoders.get(compression) ?? blockDecoder(compression, memory);
    decoders.set(compression, decode);
    control[at + PRODUCED] = decodePlace(decode, control, place, plainAt(place));
    Atomics.store(control, at, DONE);
    Atomics.notify(control, at);
  }
}

function decodePlace(decode: BlockDecoder, control: Int32Array, place: number, target: number): number {
  const from = storedAt(place);
  return decode(from, from + control[place * PLACE_WORDS + STORED], target, target + BLOCK_LIMIT);
}
