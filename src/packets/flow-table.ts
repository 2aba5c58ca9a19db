/**
 * All TCP flows of the run as columns of numbers: every property of a flow is a typed-array column under the small
 * integer that the index gives it.
 */
import { grown } from './columns.ts';
import { FIRST_CAPACITY, FlowIndex, type FlowKeySource } from './flow-index.ts';

/** What a flow is to the tap. */
export const PROBING = 0; // nothing decided: payload is looked at in place
export const CANDIDATE = 1; // may be mining: it has a stream
export const DISMISSED = 2; // not mining so far: counters, and a glance at the first byte of each payload
export const WATCHED = 3; // dismissed, opaque and lasting: the sizes of what it says are kept
export const UNWATCHED = 4; // dismissed, and not to be watched: short of slots, bulk, or a browser's

/** Bits of the `seen` column. */
export const SYN_SEEN = 1; // lane 0 opened the connection
export const SYN_ACK_SEEN = 2; // lane 1 answered
export const FIN_0 = 4;
export const FIN_1 = 8;
export const RST_SEEN = 16;
export const ISN_0_KNOWN = 32; // `isn0` holds a number, from a SYN or assumed from the first payload
export const ISN_1_KNOWN = 64;
export const OPAQUE = 128; // encrypted from its first payload byte on
export const NAMED = 256; // said a host name in clear that no pool claims
export const WEB = 512; // offered the protocols of the web (ALPN), or spoke HTTP in clear
export const WANTED = 1024; // is to be watched whatever it offers
export const EARLY = 2048; // entered inside a message that is text

/** What is known of each flow but its ends, a column each. */
interface Columns {
  readonly state: Uint8Array;
  readonly seen: Uint16Array;
  readonly strikes: Uint8Array;
  readonly slot: Int32Array;
  readonly isn0: Int32Array;
  readonly isn1: Int32Array;
  readonly bytes0: Float64Array;
  readonly bytes1: Float64Array;
  readonly packets0: Float64Array;
  readonly packets1: Float64Array;
  readonly pushes0: Uint32Array;
  readonly pushes1: Uint32Array;
  readonly firstUs: Float64Array;
  readonly lastUs: Float64Array;
}

/** Columns of a table for as many flows as it may ever hold, in memory where a program counts, too. */
export interface FlowColumns extends Columns {
  readonly flipped: Uint8Array;
  /** By the number that another index gives the ends of a flow: the flow + 1, or 0 where it is not known. */
  readonly ofKey: Int32Array;
}

/** Where a column of so many bytes a flow lies. */
type Place = (bytesEach: number) => [ArrayBufferLike, at: number, length: number];

/** Columns, the widest first, so that each begins where it may if they lie one behind the other. */
export function layColumns(place: Place): Columns {
  return {
    firstUs: new Float64Array(...place(8)),
    lastUs: new Float64Array(...place(8)),
    bytes0: new Float64Array(...place(8)),
    bytes1: new Float64Array(...place(8)),
    packets0: new Float64Array(...place(8)),
    packets1: new Float64Array(...place(8)),
    pushes0: new Uint32Array(...place(4)),
    pushes1: new Uint32Array(...place(4)),
    isn0: new Int32Array(...place(4)),
    isn1: new Int32Array(...place(4)),
    slot: new Int32Array(...place(4)),
    seen: new Uint16Array(...place(2)),
    state: new Uint8Array(...place(1)),
    strikes: new Uint8Array(...place(1)),
  };
}

export class FlowTable extends FlowIndex {
  state: Uint8Array = new Uint8Array(FIRST_CAPACITY);
  seen: Uint16Array = new Uint16Array(FIRST_CAPACITY);
  /** Times that the flow was looked at as a candidate and found wanting. */
  strikes: Uint8Array = new Uint8Array(FIRST_CAPACITY);
  /** Slot of the watch over the flow, plus one; 0 where there is none. */
  slot: Int32Array = new Int32Array(FIRST_CAPACITY);
  isn0: Int32Array = new Int32Array(FIRST_CAPACITY);
  isn1: Int32Array = new Int32Array(FIRST_CAPACITY);
  bytes0: Float64Array = new Float64Array(FIRST_CAPACITY);
  bytes1: Float64Array = new Float64Array(FIRST_CAPACITY);
  packets0: Float64Array = new Float64Array(FIRST_CAPACITY);
  packets1: Float64Array = new Float64Array(FIRST_CAPACITY);
  /** Packets with payload, by lane. */
  pushes0: Uint32Array = new Uint32Array(FIRST_CAPACITY);
  pushes1: Uint32Array = new Uint32Array(FIRST_CAPACITY);
  firstUs: Float64Array = new Float64Array(FIRST_CAPACITY);
  lastUs: Float64Array = new Float64Array(FIRST_CAPACITY);

  readonly #maximum: number;
  /** Flow + 1 by the number that another index gives its ends, 0 where it is not known, and that number by flow. */
  #ofKey: Int32Array = new Int32Array(0);
  #keyOf = new Int32Array(FIRST_CAPACITY).fill(-1);

  /** @param maximum Flows that may live at once; `isFull` says when to evict. */
  constructor(maximum: number) {
    super();
    this.#maximum = maximum;
  }

  get isFull(): boolean {
    return this.size >= this.#maximum;
  }

  /**
   * As `find`, for a packet whose ends have a number in another index: what was found is remembered by it.
   * `higher` is 1 where its source sorts after its destination.
   */
  recall(key: number, higher: number, packet: FlowKeySource): number {
    const known = key < this.#ofKey.length ? this.#ofKey[key] : 0;
    if (known > 0) {
      this.lane = this.flipped[known - 1] ^ higher;
      this.isNew = false;
      return known - 1;
    }
    const flow = this.find(packet);
    if (key >= this.#ofKey.length) {
      const length = Math.max(FIRST_CAPACITY, 2 * this.#ofKey.length, key + 1);
      this.#ofKey = grown(this.#ofKey, new Int32Array(length));
    }
    this.#ofKey[key] = flow + 1;
    this.#keyOf[flow] = key;
    return flow;
  }

  /** The other index gives its numbers anew. */
  forgetKeys(): void {
    this.#ofKey.fill(0);
    this.#keyOf.fill(-1);
  }

  /**
   * From now on the numbers of flows stand in these columns, which are zero. False, and nothing is done, where they have
   * less room than the table may need.
   */
  settleIn(columns: FlowColumns): boolean {
    if (columns.state.length < this.#maximum) return false;
    this.#moveTo(columns);
    this.flipped = grown(this.flipped, columns.flipped);
    this.#ofKey = grown(this.#ofKey, columns.ofKey);
    return true;
  }

  override remove(flow: number): void {
    const key = this.#keyOf[flow];
    if (key >= 0) this.#ofKey[key] = 0;
    this.#keyOf[flow] = -1;
    super.remove(flow);
  }

  /** Zeroes the counters of a flow: the same endpoints open another connection. */
  override reset(flow: number): void {
    this.state[flow] = PROBING;
    this.seen[flow] = 0;
    this.strikes[flow] = 0;
    this.slot[flow] = 0;
    this.bytes0[flow] = 0;
    this.bytes1[flow] = 0;
    this.packets0[flow] = 0;
    this.packets1[flow] = 0;
    this.pushes0[flow] = 0;
    this.pushes1[flow] = 0;
    this.firstUs[flow] = 0;
    this.lastUs[flow] = 0;
  }

  protected override grow(capacity: number): void {
    if (this.state.length < capacity) {
      this.#moveTo(layColumns((bytesEach) => [new ArrayBuffer(bytesEach * capacity), 0, capacity]));
    }
    this.#keyOf = grown(this.#keyOf, new Int32Array(capacity).fill(-1));
    super.grow(capacity);
  }

  #moveTo(columns: Columns): void {
    this.state = grown(this.state, columns.state);
    this.seen = grown(this.seen, columns.seen);
    this.strikes = grown(this.strikes, columns.strikes);
    this.slot = grown(this.slot, columns.slot);
    this.isn0 = grown(this.isn0, columns.isn0);
    this.isn1 = grown(this.isn1, columns.isn1);
    this.bytes0 = grown(this.bytes0, columns.bytes0);
    this.bytes1 = grown(this.bytes1, columns.bytes1);
    this.packets0 = grown(this.packets0, columns.packets0);
    this.packets1 = grown(this.packets1, columns.packets1);
    this.pushes0 = grown(this.pushes0, columns.pushes0);
    this.pushes1 = grown(this.pushes1, columns.pushes1);
    this.firstUs = grown(this.firstUs, columns.firstUs);
    this.lastUs = grown(this.lastUs, columns.lastUs);
  }
}
