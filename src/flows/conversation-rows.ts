/**
 * HOT. Conversations as rows of numbers: two endpoints find their row by open addressing, and everything about them
 * is in one piece of memory, because separate columns would cost a cache miss each. One row is 208 bytes.
 */
import { grown } from '../packets/columns.ts';
import type { FlowRecord } from './flow-record.ts';

/** 32-bit words and 64-bit numbers of a row. */
export const ROW_WORDS = 52;
export const ROW_DOUBLES = 26;

// Words: 0 low address (4) | 4 high address (4) | 8 low port << 16 | high port
/** A float: least mean of the packets of a record, IP bytes; 0 before the first. */
export const SMALLEST_MEAN = 9;
export const MARKS = 10;
/** First further view of the row, plus one; 0: none. */
export const VIEWS = 11;
/** Who reported what stands in the row itself. */
export const OBSERVER = 12;
export const RECORDS = 13;
/** Stretches of activity with long silence between them. */
export const ACTIVE_PERIODS = 14;
/** First minute of the activity bits, since 1970. */
export const MINUTE = 15;
/** Activity in 64 buckets of 2^shift minutes, the first in bit 0 of the first word. */
export const BUSY_LOW = 16;
export const BUSY_HIGH = 17;
/** shift | flags of lane 0 << 8 | flags of lane 1 << 16 */
export const SHIFT_AND_FLAGS = 18;
export const INPUT = 19;
// Doubles:
export const FIRST_US = 10;
export const LAST_US = 11;
/** us covered by records, short silences between them included. */
export const ACTIVE_US = 12;
// Of lane 0; that of lane 1 is next.
export const PACKETS_0 = 13;
export const BYTES_0 = 15;
/** Packets that were looked at, of both lanes and all observers. */
export const OBSERVED = 17;
/** Largest sampling interval of a record. */
export const SAMPLING = 18;
export const RECORD = 19;
/** Start of the first record of each lane. */
export const START_0 = 20;
// Floats of records that last, four a lane: how evenly packets are spread (pulse.ts).
export const PULSE_SQUARES = 44; // sum of packets² / seconds
export const PULSE_PACKETS = 45;
export const PULSE_SECONDS = 46;
export const PULSE_RECORDS = 47;

// Marks.
const FLIPPED = 1; // lane 0 is the endpoint that sorts higher
export const LANE_0_ORIGINATED = 2;
export const LANE_1_ORIGINATED = 4;
export const DENIED = 8;
export const SAMPLING_UNKNOWN = 16;
export const WATCHED_0 = 32; // the endpoint of lane 0 is listed
export const WATCHED_1 = 64;
export const BOTH_WAYS = 128; // a record told of both directions, so that silence is silence
export const CONVERTED = 256; // bytes of frames, less their link headers
export const ESTIMATED = 512; // bytes of payload, plus the least that headers take
export const FLAGS_KNOWN_0 = 1024;
export const FLAGS_KNOWN_1 = 2048;
export const DISORDERED = 4096; // a record came long after later ones

const FIRST_ROWS = 1 << 10;
const MOST_EXPECTED = 256;
/** Rows that are emptied at once: no more than stay in the inner caches until they are filled. */
const EMPTIED = 64;

export class ConversationRows {
  size = 0;
  words = new Int32Array(FIRST_ROWS * ROW_WORDS);
  numbers = new Float64Array(this.words.buffer);
  floats = new Float32Array(this.words.buffer);
  /** Direction of the record that `find` was last called with. */
  lane = 0;
  /** True if that call made the row. */
  isNew = false;
  /** Hashes of the records expected. */
  private readonly hashes = new Int32Array(MOST_EXPECTED);
  private expected = 0;
  /** By row, apart from it: to index all rows anew takes no more of each. */
  private hashOf = new Int32Array(FIRST_ROWS);
  /** Rows up to here are in use or hold zeros. */
  private emptied = 0;
  /** What `fetch` has seen: without an outcome its loads would be left out. */
  fetched = 0;
  /** Drawn at random, so that nobody can aim endpoints at one slot. Row numbers do not depend on it. */
  private readonly seed = (Math.random() * 0x100000000) | 0;
  /**
   * 0 if empty, else row + 1 in the bits of the mask, and above them those of the hash: another's row, which would
   * be a cache miss, is hardly ever looked at. At most half full.
   */
  private index = new Int32Array(FIRST_ROWS * 2);
  private mask = FIRST_ROWS * 2 - 1;

  /** The row of a record's two endpoints, made if it is new (lane 0 is then the record's source). */
  find(record: FlowRecord): number {
    const high = sourceSortsHigher(record);
    let a0 = record.source0;
    let a1 = record.source1;
    let a2 = record.source2;
    let a3 = record.source3;
    let b0 = record.destination0;
    let b1 = record.destination1;
    let b2 = record.destination2;
    let b3 = record.destination3;
    let ports = (record.sourcePort << 16) | record.destinationPort;
    if (high === 1) {
      a0 = b0;
      a1 = b1;
      a2 = b2;
      a3 = b3;
      b0 = record.source0;
      b1 = record.source1;
      b2 = record.source2;
      b3 = record.source3;
      ports = (record.destinationPort << 16) | record.sourcePort;
    }
    const hash = record.pairHash !== 0 ? record.pairHash : hashOf(this.seed, record, high);
    const words = this.words;
    const index = this.index;
    const mask = this.mask;
    let slot = hash & mask;
    for (let entry = index[slot]; entry !== 0; entry = index[slot]) {
      const row = (entry & mask) - 1;
      const w = row * ROW_WORDS;
      if (
        ((entry ^ hash) & ~mask) === 0 &&
        words[w + 8] === ports &&
        words[w + 3] === a3 &&
        words[w + 7] === b3 &&
        words[w] === a0 &&
        words[w + 1] === a1 &&
        words[w + 2] === a2 &&
        words[w + 4] === b0 &&
        words[w + 5] === b1 &&
        words[w + 6] === b2
      ) {
        this.lane = (words[w + MARKS] & FLIPPED) ^ high;
        this.isNew = false;
        return row;
      }
      slot = (slot + 1) & mask;
    }
    if (this.size * ROW_WORDS === words.length) this.grow();
    const row = this.size++;
    if (row >= this.emptied) this.empty(row + 1);
    const w = row * ROW_WORDS;
    const made = this.words;
    made[w] = a0;
    made[w + 1] = a1;
    made[w + 2] = a2;
    made[w + 3] = a3;
    made[w + 4] = b0;
    made[w + 5] = b1;
    made[w + 6] = b2;
    made[w + 7] = b3;
    made[w + 8] = ports;
    this.hashOf[row] = hash;
    made[w + MARKS] = high;
    this.insert(row, hash);
    this.lane = 0;
    this.isNew = true;
    return row;
  }

  /** A record of which `find` will be asked soon. */
  expect(record: FlowRecord): void {
    record.pairHash = hashOf(this.seed, record, sourceSortsHigher(record));
    if (this.expected < this.hashes.length) this.hashes[this.expected++] = record.pairHash;
  }

  /**
   * Touches the memory that `find` will want for the records expected. Look-ups one after another wait for their misses
   * one by one; in these loops none depends on another, so that they overlap.
   */
  fetch(): void {
    const index = this.index;
    const words = this.words;
    const hashes = this.hashes;
    const mask = this.mask;
    const count = this.expected;
    let seen = 0;
    for (let i = 0; i < count; i++) seen ^= index[hashes[i] & mask];
    this.empty(Math.min(this.size + count, words.length / ROW_WORDS));
    for (let i = 0; i < count; i++) {
      const hash = hashes[i];
      const entry = index[hash & mask];
      if (entry === 0 || ((entry ^ hash) & ~mask) !== 0) continue;
      const w = ((entry & mask) - 1) * ROW_WORDS;
      seen ^= words[w + 8] ^ words[w + 16] ^ words[w + 32];
    }
    this.expected = 0;
    this.fetched ^= seen;
  }

  /** Address words of the end that sends on `lane`, written to `target[0..3]`; returns its port. */
  endpoint(row: number, lane: number, target: Int32Array): number {
    const w = row * ROW_WORDS;
    const high = (this.words[w + MARKS] & FLIPPED) ^ lane;
    for (let i = 0; i < 4; i++) target[i] = this.words[w + high * 4 + i];
    const ports = this.words[w + 8];
    return high === 1 ? ports & 0xffff : ports >>> 16;
  }

  port(row: number, lane: number): number {
    const ports = this.words[row * ROW_WORDS + 8];
    return ((this.words[row * ROW_WORDS + MARKS] & FLIPPED) ^ lane) === 1 ? ports & 0xffff : ports >>> 16;
  }

  /** Keeps the rows for which `keep[row]` is 1, in their order; their numbers change. */
  compact(keep: Uint8Array): void {
    let kept = 0;
    for (let row = 0; row < this.size; row++) {
      if (keep[row] !== 1) continue;
      const first = row;
      while (row + 1 < this.size && keep[row + 1] === 1) row++;
      if (first !== kept) {
        this.words.copyWithin(kept * ROW_WORDS, first * ROW_WORDS, (row + 1) * ROW_WORDS);
        this.hashOf.copyWithin(kept, first, row + 1);
      }
      kept += row + 1 - first;
    }
    this.size = kept;
    this.emptied = kept;
    this.reindex();
  }

  /** Empties rows up to this one, not in use yet, which also brings them into the caches. */
  private empty(end: number): void {
    const from = this.emptied;
    if (end <= from) return;
    this.emptied = Math.min(Math.max(end, from + EMPTIED), this.words.length / ROW_WORDS);
    this.words.fill(0, from * ROW_WORDS, this.emptied * ROW_WORDS);
  }

  private insert(row: number, hash: number): void {
    const mask = this.mask;
    let slot = hash & mask;
    while (this.index[slot] !== 0) slot = (slot + 1) & mask;
    this.index[slot] = (hash & ~mask) | (row + 1);
  }

  /** Eightfold: memory that no row has touched costs nothing yet, but rows that move are read again. */
  private grow(): void {
    const words = grown(this.words, new Int32Array(this.words.length * 8));
    this.words = words;
    this.numbers = new Float64Array(words.buffer);
    this.floats = new Float32Array(words.buffer);
    this.hashOf = grown(this.hashOf, new Int32Array(words.length / ROW_WORDS));
    this.index = new Int32Array(this.hashOf.length * 2);
    this.mask = this.index.length - 1;
    this.reindex();
  }

  private reindex(): void {
    this.index.fill(0);
    for (let row = 0; row < this.size; row++) this.insert(row, this.hashOf[row]);
  }
}

/** Of the two ends of a record, whichever of them sent it; `high` is 1 if its source sorts after its destination. */
function hashOf(seed: number, record: FlowRecord, high: 0 | 1): number {
  const isHigh = high === 1;
  const low3 = isHigh ? record.destination3 : record.source3;
  const high3 = isHigh ? record.source3 : record.destination3;
  const low1 = isHigh ? record.destination1 : record.source1;
  const high1 = isHigh ? record.source1 : record.destination1;
  const low2 = isHigh ? record.destination2 : record.source2;
  const high2 = isHigh ? record.source2 : record.destination2;
  const ports = isHigh
    ? (record.destinationPort << 16) | record.sourcePort
    : (record.sourcePort << 16) | record.destinationPort;
  let hash = Math.imul(low3 ^ ports ^ seed, 0x9e3779b1);
  hash = Math.imul((hash ^ (hash >>> 15)) + high3, 0x85ebca77);
  hash = Math.imul((hash ^ (hash >>> 13)) + (record.source0 ^ record.destination0), 0xc2b2ae3d);
  hash = Math.imul((hash ^ (hash >>> 16)) + (low1 ^ (high1 << 7)) + (low2 ^ (high2 << 11)), 0x27d4eb2f);
  return hash ^ (hash >>> 15);
}

/** 1 if the source sorts after the destination (address words as signed numbers, then port), else 0. */
function sourceSortsHigher(record: FlowRecord): 0 | 1 {
  if (record.source3 !== record.destination3) return record.source3 > record.destination3 ? 1 : 0;
  if (record.source2 !== record.destination2) return record.source2 > record.destination2 ? 1 : 0;
  if (record.source1 !== record.destination1) return record.source1 > record.destination1 ? 1 : 0;
  if (record.source0 !== record.destination0) return record.source0 > record.destination0 ? 1 : 0;
  return record.sourcePort > record.destinationPort ? 1 : 0;
}
