/**
 * Two endpoints to a small integer that stays the same as long as it lives: an open-addressing index (linear probing,
 * deletion by backward shift) over keys in typed arrays.
 *
 * HOT: `find` runs once a packet. No objects, strings, closures or boxed numbers in it.
 */
import { grown } from './columns.ts';

/** Of a key: low address (4), high address (4), low port << 16 | high port. */
export const KEY_WORDS = 9;
/** Flows that there is room for at first. */
export const FIRST_CAPACITY = 1 << 12;

/** The parts of a packet that name a flow, as `Packet` holds them. */
export interface FlowKeySource {
  readonly source0: number;
  readonly source1: number;
  readonly source2: number;
  readonly source3: number;
  readonly destination0: number;
  readonly destination1: number;
  readonly destination2: number;
  readonly destination3: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** Memory for so many flows, a power of two, where somebody else looks flows up, too. */
export interface FlowMemory {
  readonly capacity: number;
  /** KEY_WORDS and a hash for each flow. */
  readonly keys: Int32Array;
  readonly hashes: Int32Array;
  /** Two words a flow. */
  readonly index: Int32Array;
}

export class FlowIndex {
  /** Number of flows that live now. */
  size = 0;
  /** Highest flow number ever used, plus one: the bound for loops over flows. */
  end = 0;
  /** Direction of the packet that `find` was last called with. */
  lane = 0;
  /** True where that call made the flow. */
  isNew = false;

  /** Drawn at random, so that nobody can aim endpoints at one slot. Flow numbers do not depend on it. */
  readonly seed = (Math.random() * 0x100000000) | 0;
  #keys: Int32Array = new Int32Array(FIRST_CAPACITY * KEY_WORDS);
  #hashes: Int32Array = new Int32Array(FIRST_CAPACITY);
  /** 1 where lane 0 is the endpoint that sorts higher. */
  protected flipped: Uint8Array = new Uint8Array(FIRST_CAPACITY);
  #alive = new Uint8Array(FIRST_CAPACITY);
  #free = new Int32Array(FIRST_CAPACITY);
  #freeCount = 0;
  protected capacity = FIRST_CAPACITY;
  /** Flow + 1, or 0 where empty; twice the capacity, so at most half full. */
  #index: Int32Array = new Int32Array(FIRST_CAPACITY * 2);
  #mask = FIRST_CAPACITY * 2 - 1;

  /** In this memory, which is all that it takes as long as there are no more flows. */
  constructor(memory?: FlowMemory) {
    if (memory === undefined) return;
    const { capacity, keys, hashes, index } = memory;
    this.#keys = keys;
    this.#hashes = hashes;
    this.flipped = new Uint8Array(capacity);
    this.#alive = new Uint8Array(capacity);
    this.#free = new Int32Array(capacity);
    this.capacity = capacity;
    this.#index = index.fill(0);
    this.#mask = index.length - 1;
  }

  /** The flow of a packet, made where it is new (lane 0 is then the packet's source); sets `lane` and `isNew`. */
  find(packet: FlowKeySource): number {
    const highFirst = sourceSortsHigher(packet);
    let a0 = packet.source0;
    let a1 = packet.source1;
    let a2 = packet.source2;
    let a3 = packet.source3;
    let b0 = packet.destination0;
    let b1 = packet.destination1;
    let b2 = packet.destination2;
    let b3 = packet.destination3;
    let ports = (packet.sourcePort << 16) | packet.destinationPort;
    if (highFirst === 1) {
      a0 = packet.destination0;
      a1 = packet.destination1;
      a2 = packet.destination2;
      a3 = packet.destination3;
      b0 = packet.source0;
      b1 = packet.source1;
      b2 = packet.source2;
      b3 = packet.source3;
      ports = (packet.destinationPort << 16) | packet.sourcePort;
    }
    let hash = Math.imul(a3 ^ ports ^ this.seed, 0x9e3779b1);
    hash = Math.imul((hash ^ (hash >>> 15)) + b3, 0x85ebca77);
    hash = Math.imul((hash ^ (hash >>> 13)) + (a0 ^ b0), 0xc2b2ae3d);
    hash = Math.imul((hash ^ (hash >>> 16)) + (a1 ^ (b1 << 7)) + (a2 ^ (b2 << 11)), 0x27d4eb2f);
    hash ^= hash >>> 15;

    const keys = this.#keys;
    const index = this.#index;
    const mask = this.#mask;
    let slot = hash & mask;
    let entry = index[slot];
    while (entry !== 0) {
      const flow = entry - 1;
      if (this.#hashes[flow] === hash) {
        const k = flow * KEY_WORDS;
        if (
          keys[k + 8] === ports &&
          keys[k + 3] === a3 &&
          keys[k + 7] === b3 &&
          keys[k] === a0 &&
          keys[k + 1] === a1 &&
          keys[k + 2] === a2 &&
          keys[k + 4] === b0 &&
          keys[k + 5] === b1 &&
          keys[k + 6] === b2
        ) {
          this.lane = this.flipped[flow] ^ highFirst;
          this.isNew = false;
          return flow;
        }
      }
      slot = (slot + 1) & mask;
      entry = index[slot];
    }
    const flow = this.#make(hash);
    const k = flow * KEY_WORDS;
    this.#keys[k] = a0;
    this.#keys[k + 1] = a1;
    this.#keys[k + 2] = a2;
    this.#keys[k + 3] = a3;
    this.#keys[k + 4] = b0;
    this.#keys[k + 5] = b1;
    this.#keys[k + 6] = b2;
    this.#keys[k + 7] = b3;
    this.#keys[k + 8] = ports;
    this.flipped[flow] = highFirst;
    this.lane = 0;
    this.isNew = true;
    return flow;
  }

  /** Makes the sender of the packet that `find` last saw lane 1 (a SYN+ACK came first) or lane 0. */
  orient(flow: number, laneOfPacket: number): void {
    if (this.lane !== laneOfPacket) this.flipped[flow] ^= 1;
    this.lane = laneOfPacket;
  }

  /** 1 where the sender of the packet that `find` last saw, which was of this flow, sorts after the other end. */
  sortsHigher(flow: number): number {
    return this.flipped[flow] ^ this.lane;
  }

  isAlive(flow: number): boolean {
    return this.#alive[flow] === 1;
  }

  /** Address words of the end that sends on `lane`, written to `target[0..3]`; returns its port. */
  endpoint(flow: number, lane: number, target: Int32Array): number {
    const high = this.flipped[flow] ^ lane;
    const k = flow * KEY_WORDS + high * 4;
    target[0] = this.#keys[k];
    target[1] = this.#keys[k + 1];
    target[2] = this.#keys[k + 2];
    target[3] = this.#keys[k + 3];
    const ports = this.#keys[flow * KEY_WORDS + 8];
    return high === 1 ? ports & 0xffff : ports >>> 16;
  }

  /** Forgets a flow; its number may be given to another. */
  remove(flow: number): void {
    const index = this.#index;
    const mask = this.#mask;
    let hole = this.#hashes[flow] & mask;
    while (index[hole] !== flow + 1) hole = (hole + 1) & mask;
    // Backward shift: an entry may move into the hole unless its home lies cyclically behind the hole.
    let slot = hole;
    for (;;) {
      slot = (slot + 1) & mask;
      const entry = index[slot];
      if (entry === 0) break;
      const home = this.#hashes[entry - 1] & mask;
      if (((slot - home) & mask) >= ((slot - hole) & mask)) {
        index[hole] = entry;
        hole = slot;
      }
    }
    index[hole] = 0;
    this.#alive[flow] = 0;
    this.#free[this.#freeCount++] = flow;
    this.size--;
  }

  #make(hash: number): number {
    let flow: number;
    if (this.#freeCount > 0) {
      flow = this.#free[--this.#freeCount];
      this.reset(flow);
    } else {
      if (this.end === this.capacity) this.grow(this.capacity * 2);
      flow = this.end++;
    }
    this.#hashes[flow] = hash;
    this.#alive[flow] = 1;
    this.size++;
    this.#insert(hash, flow);
    return flow;
  }

  #insert(hash: number, flow: number): void {
    const mask = this.#mask;
    let slot = hash & mask;
    while (this.#index[slot] !== 0) slot = (slot + 1) & mask;
    this.#index[slot] = flow + 1;
  }

  /** Makes room for so many flows. */
  protected grow(capacity: number): void {
    this.#keys = grown(this.#keys, new Int32Array(capacity * KEY_WORDS));
    this.#hashes = grown(this.#hashes, new Int32Array(capacity));
    if (this.flipped.length < capacity) this.flipped = grown(this.flipped, new Uint8Array(capacity));
    this.#alive = grown(this.#alive, new Uint8Array(capacity));
    this.#free = grown(this.#free, new Int32Array(capacity));
    this.capacity = capacity;
    this.#index = new Int32Array(capacity * 2);
    this.#mask = capacity * 2 - 1;
    for (let flow = 0; flow < this.end; flow++) {
      if (this.#alive[flow] === 1) this.#insert(this.#hashes[flow], flow);
    }
  }

  /** The number of a flow that was forgotten is given to another. */
  reset(_flow: number): void {}
}

/** 1 where the source sorts after the destination (address words as signed numbers, then port), else 0. */
export function sourceSortsHigher(packet: FlowKeySource): 0 | 1 {
  if (packet.source3 !== packet.destination3) return packet.source3 > packet.destination3 ? 1 : 0;
  if (packet.source2 !== packet.destination2) return packet.source2 > packet.destination2 ? 1 : 0;
  if (packet.source1 !== packet.destination1) return packet.source1 > packet.destination1 ? 1 : 0;
  if (packet.source0 !== packet.destination0) return packet.source0 > packet.destination0 ? 1 : 0;
  return packet.sourcePort > packet.destinationPort ? 1 : 0;
}
