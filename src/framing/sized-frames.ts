/**
 * Bytes of a lane to messages of Alephium's node and its miners (alephium/docs, mining integration): a size of four
 * bytes, the most significant first, a type of one, fields. Type 0 is the node's jobs or the miner's block, type 1 the
 * node's answer to one. A message of another shape ends the framing: the sizes and groups in it leave little to chance.
 */
import type { LaneReader } from './lane-reader.ts';
import type { LaneSink } from './message.ts';

/** Jobs carry whole blocks without their nonce, one for each of 16 chains. */
const PAYLOAD_LIMIT = 4 * 1024 * 1024;
/** Room that a message has at first: what its size claims may never come. */
const FIRST_BYTES = 16 * 1024;
const HEADER = 5;
/** Bytes by which a message shows its shape. */
const SHAPE = 21;
const MOST_JOBS = 64;
const GROUPS = 16;
/** A nonce and a header; a block is that and its transactions. */
const LEAST_BLOCK = 24 + 100;
const LEAST_HEADER = 100;
const MOST_HEADER = 4096;
const ANSWER_BYTES = 10;

/** Whether a lane that begins with these bytes begins with such a message. */
export function startsSizedFrames(head: Uint8Array, length: number): 'yes' | 'part' | 'no' {
  if (head[0] !== 0 || (length > 4 && head[4] > 1)) return 'no';
  if (length < HEADER) return 'part';
  const size = wordAt(head, 0);
  if (head[4] === 1) {
    if (size !== ANSWER_BYTES) return 'no';
    if (length < 14) return 'part';
    return isGroup(wordAt(head, 5)) && isGroup(wordAt(head, 9)) && head[13] <= 1 ? 'yes' : 'no';
  }
  if (size > PAYLOAD_LIMIT || size < LEAST_BLOCK) return 'no';
  if (length < 9) return 'part';
  const count = wordAt(head, 5);
  // A block fills the message to its last byte.
  if (count === size - HEADER) return 'yes';
  if (count < 1 || count > MOST_JOBS) return 'no';
  if (length < SHAPE) return 'part';
  const headerBytes = wordAt(head, 17);
  const hasHeader = headerBytes >= LEAST_HEADER && headerBytes <= MOST_HEADER && headerBytes < size;
  return isGroup(wordAt(head, 9)) && isGroup(wordAt(head, 13)) && hasHeader ? 'yes' : 'no';
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at] * 2 ** 24 + ((bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]);
}

function isGroup(value: number): boolean {
  return value < GROUPS;
}

export class SizedFrameLane implements LaneReader {
  standing: 'open' | 'passed' | 'closed' = 'open';
  private readonly sink: LaneSink;
  private readonly head = new Uint8Array(SHAPE);
  private headLength = 0;
  private payload: Uint8Array | null = null;
  private payloadBytes = 0;
  private filled = 0;
  private isLost = false;

  constructor(sink: LaneSink) {
    this.sink = sink;
  }

  get isInside(): boolean {
    return this.headLength > 0;
  }

  push(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    if (this.isLost) {
      // Segments mostly begin with a message.
      if (startsSizedFrames(bytes.subarray(from, to), to - from) !== 'yes') return to;
      this.isLost = false;
    }
    while (at < to && this.standing === 'open') {
      if (this.payload === null) {
        this.head[this.headLength++] = bytes[at++];
        this.open();
        continue;
      }
      const part = Math.min(to - at, this.payloadBytes - this.filled);
      this.reserve(this.payload, this.filled + part).set(bytes.subarray(at, at + part), this.filled);
      this.filled += part;
      at += part;
      this.finish();
    }
    return to;
  }

  /** What began is lost, and the next message has to be found. */
  gap(): void {
    this.clear();
    this.isLost = true;
  }

  end(): void {}

  /** Once the shape is clear, what was taken of the payload moves into it. */
  private open(): void {
    const shape = startsSizedFrames(this.head, this.headLength);
    if (shape === 'part') return;
    if (shape === 'no') {
      this.standing = 'closed';
      return;
    }
    this.payloadBytes = wordAt(this.head, 0) - 1;
    this.payload = new Uint8Array(Math.min(this.payloadBytes, FIRST_BYTES));
    this.filled = this.headLength - HEADER;
    this.payload.set(this.head.subarray(HEADER, this.headLength));
    this.finish();
  }

  private reserve(payload: Uint8Array, needed: number): Uint8Array {
    if (needed <= payload.length) return payload;
    const grown = new Uint8Array(Math.min(this.payloadBytes, Math.max(needed, payload.length * 2)));
    grown.set(payload.subarray(0, this.filled));
    this.payload = grown;
    return grown;
  }

  private finish(): void {
    const { payload } = this;
    if (payload === null || this.filled < this.payloadBytes) return;
    const type = this.head[4];
    this.clear();
    this.sink.say({ kind: 'sized-frame', type, payload }, HEADER + payload.length);
  }

  private clear(): void {
    this.headLength = 0;
    this.payload = null;
    this.filled = 0;
  }
}
