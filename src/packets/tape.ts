/**
 * The packets of one candidate flow that another part of the input may need to read on where this one ends, or to read
 * what this one could not: the first ones, and the last ones in a ring. Bytes are copied, for blocks are overwritten.
 * Bounded per flow, and a run has a budget for all of them.
 */
import type { Stamp, StreamPacket } from './stream.ts';

/** A packet of a flow, on its own. */
export interface TapedPacket extends StreamPacket, Stamp {
  readonly lane: 0 | 1;
}

/**
 * Bytes of the first packets, and of the last ones: at most twice as much is held before the older half goes. The more
 * tapes there are, the less each may hold.
 */
const MOST_BYTES = 16 * 1024;
const LEAST_BYTES = 1024;
/** What reading on still needs is kept beyond that, as long as it is not more than this. */
const MOST_NEEDED_BYTES = 96 * 1024;
/** A head waits for a moment in which no share waits for its answer, until it has so much. */
const BURSTING_BYTES = 32 * 1024;
/** A share of Equihash has 2.9 kB: the rest of one is kept however little else is. */
const LEAST_EARLY_BYTES = 4096;
/** The tails of a run have together no more than one part in so many of what its tapes may hold; so have the heads. */
const PARTS = 16;
/** A packet's own cost beside its payload. */
const PACKET_COST = 64;
/** Of packets that only acknowledge. */
const NO_BYTES = new Uint8Array(0);

/** Bytes that the tapes of a run may hold together, and each of them. */
export class TapeBudget {
  left: number;
  tapes = 0;
  readonly #bytes: number;
  readonly #most: number;

  constructor(bytes: number, most = MOST_BYTES) {
    this.left = bytes;
    this.#bytes = bytes;
    this.#most = most;
  }

  /** Bytes of a head, and of a tail. */
  get limit(): number {
    const share = this.#bytes / PARTS / Math.max(1, this.tapes);
    return Math.min(this.#most, Math.max(LEAST_BYTES, share));
  }
}

export class Tape {
  readonly head: TapedPacket[] = [];
  readonly tail: TapedPacket[] = [];
  /** True where packets between head and tail were left out. */
  hasSkipped = false;
  /** True once later packets go to the tail. */
  isSealed = false;
  /** How many of the first packets came before the flow was read. */
  early = 0;
  /** True where more of them came than are kept. */
  isEarlyCut = false;
  /** Sequence numbers at which the lanes begin; null where a lane begins with its first packet. */
  begins: readonly [number | null, number | null] = [null, null];

  readonly #budget: TapeBudget;
  #headBytes = 0;
  #tailBytes = 0;
  #isReleased = false;

  constructor(budget: TapeBudget) {
    this.#budget = budget;
    budget.tapes++;
  }

  /** True where the head has as much as it should; it may have several times as much until it is sealed. */
  get isHeadFull(): boolean {
    return !this.isSealed && this.#headBytes >= this.#budget.limit;
  }

  get isHeadBursting(): boolean {
    return !this.isSealed && this.#headBytes >= Math.max(this.#budget.limit * 4, BURSTING_BYTES);
  }

  /** From here on packets are the tail's. */
  seal(): void {
    this.isSealed = true;
  }

  take(lane: 0 | 1, packet: StreamPacket, stamp: Stamp): void {
    const size = packet.payloadEnd - packet.payloadStart + PACKET_COST;
    if (size > this.#budget.left) {
      // A tail that lacks its end is of no use.
      this.skip();
      return;
    }
    const isBare = packet.payloadStart === packet.payloadEnd;
    const bytes = isBare ? NO_BYTES : packet.bytes.slice(packet.payloadStart, packet.payloadEnd);
    this.#budget.left -= size;
    const { flags, sequence, acknowledgement, payloadBytes } = packet;
    const { timeUs, record, input } = stamp;
    // Written out: with spread objects the same costs five times as much.
    const own: TapedPacket = {
      lane,
      flags,
      sequence,
      acknowledgement,
      payloadBytes,
      timeUs,
      record,
      input,
      bytes,
      payloadStart: 0,
      payloadEnd: bytes.length,
    };
    if (!this.isSealed) {
      this.head.push(own);
      this.#headBytes += size;
      return;
    }
    this.tail.push(own);
    this.#tailBytes += size;
  }

  /** True where the tail has more than it should. */
  get isTailFull(): boolean {
    return this.#tailBytes > this.#budget.limit * 2;
  }

  /** Takes the rest of a message that began before the capture, up to the head's size and at least 4 KiB. */
  takeEarly(lane: 0 | 1, packet: StreamPacket, stamp: Stamp): void {
    if (this.head.length !== this.early) return;
    if (this.#headBytes > Math.max(this.#budget.limit, LEAST_EARLY_BYTES)) {
      this.isEarlyCut = true;
      return;
    }
    this.take(lane, packet, stamp);
    this.early = this.head.length;
  }

  /** What follows does not follow what was taken last: the head is whole, the tail begins anew. */
  skip(): void {
    this.isSealed = true;
    this.hasSkipped = true;
    this.#budget.left += this.#tailBytes;
    this.#tailBytes = 0;
    this.tail.length = 0;
  }

  /** Gives the bytes back to the run. */
  release(): void {
    if (!this.#isReleased) this.#budget.tapes--;
    this.#isReleased = true;
    this.#budget.left += this.#headBytes + this.#tailBytes;
    this.#headBytes = 0;
    this.#tailBytes = 0;
    this.head.length = 0;
    this.tail.length = 0;
    this.hasSkipped = true;
    this.isSealed = true;
  }

  /** Drops the older half of the tail, but nothing from `neededFromUs` on while that is not too much. */
  forget(neededFromUs: number): void {
    let forgotten = 0;
    let bytes = 0;
    while (forgotten < this.tail.length && this.#tailBytes - bytes > this.#budget.limit) {
      const packet = this.tail[forgotten];
      if (packet.timeUs >= neededFromUs && this.#tailBytes - bytes <= MOST_NEEDED_BYTES) break;
      bytes += packet.bytes.length + PACKET_COST;
      forgotten++;
    }
    if (forgotten === 0) return;
    this.tail.splice(0, forgotten);
    this.#tailBytes -= bytes;
    this.#budget.left += bytes;
    this.hasSkipped = true;
  }
}
