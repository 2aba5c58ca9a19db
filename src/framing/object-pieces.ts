/**
 * JSON objects in bytes that come in pieces within another message: of a stream that is multiplexed, of a body of HTTP/2. What
 * the kernel does for a connection of its own (src/kernel/packets/payload/objects.ts), with less tolerance: an object begins the
 * bytes, follows another one, or begins a line; what its brackets do not close is dropped at its limit.
 */
import { limits } from '../limits.ts';
import { appended } from './bytes.ts';
import { parseObject } from './json.ts';
import type { JsonObject } from './message.ts';

/** Bytes of something else in a row, after which nothing more is sought. */
const FOREIGN_BYTES = 1024 * 1024;
/** Room that is kept for the next object. */
const REUSED_BYTES = 4096;
const NOTHING = new Uint8Array(0);

const LF = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Takes an object, and the bytes since the one before. */
type Taker = (object: JsonObject, wireBytes: number) => void;

export class ObjectPieces {
  /** Objects longer than the limit, and bytes that are part of none. */
  oversize = 0;
  passedBytes = 0;

  private mode: 'between' | 'inside' | 'skipping' = 'between';
  private depth = 0;
  private inText = false;
  private isEscaped = false;
  private kept: Uint8Array = NOTHING;
  private length = 0;
  private wireBytes = 0;
  private foreignBytes = 0;

  /** Nothing that follows is looked at. */
  get isForeign(): boolean {
    return this.foreignBytes >= FOREIGN_BYTES;
  }

  push(bytes: Uint8Array, from: number, to: number, take: Taker): void {
    let at = from;
    while (at < to && !this.isForeign) {
      const before = at;
      if (this.mode === 'inside') at = this.inside(bytes, at, to, take);
      else if (this.mode === 'skipping') at = this.skip(bytes, at, to);
      else at = this.between(bytes, at, to);
      // What is complete has counted its own.
      if (at !== before && this.mode !== 'between') this.wireBytes += at - before;
    }
    this.passedBytes += to - at;
  }

  /** Bytes are missing here: what has begun is lost, and what follows may begin anew. */
  gap(): void {
    this.pass(this.length);
    this.clear('between');
  }

  private between(bytes: Uint8Array, from: number, to: number): number {
    for (let at = from; at < to; at++) {
      const byte = bytes[at];
      if (byte === 0x7b) {
        this.mode = 'inside';
        return at;
      }
      // Blanks, what separates objects, and lists of them.
      if (byte > 0x20 && byte !== 0x2c && byte !== 0x5b && byte !== 0x5d) {
        this.mode = 'skipping';
        return at;
      }
    }
    return to;
  }

  private skip(bytes: Uint8Array, from: number, to: number): number {
    const end = bytes.subarray(from, to).indexOf(LF);
    const at = end === -1 ? to : from + end + 1;
    this.pass(at - from);
    if (end !== -1) this.mode = 'between';
    return at;
  }

  private inside(bytes: Uint8Array, from: number, to: number, take: Taker): number {
    for (let at = from; at < to; at++) {
      const byte = bytes[at];
      if (this.inText) {
        if (this.isEscaped) this.isEscaped = false;
        else if (byte === BACKSLASH) this.isEscaped = true;
        else if (byte === QUOTE) this.inText = false;
      } else if (byte === QUOTE) this.inText = true;
      else if (byte === 0x7b || byte === 0x5b) this.depth++;
      else if ((byte === 0x7d || byte === 0x5d) && --this.depth === 0) {
        this.complete(bytes, from, at + 1, take);
        return at + 1;
      }
    }
    this.kept = appended(this.kept, this.length, bytes.subarray(from, to));
    this.length += to - from;
    if (this.length > limits.json) {
      this.oversize++;
      this.pass(this.length);
      this.clear('skipping');
    }
    return to;
  }

  private complete(bytes: Uint8Array, from: number, to: number, take: Taker): void {
    let object: JsonObject | null;
    const { length } = this;
    if (length === 0) object = parseObject(bytes, from, to);
    else {
      this.kept = appended(this.kept, length, bytes.subarray(from, to));
      object = parseObject(this.kept, 0, length + to - from);
    }
    const wireBytes = this.wireBytes + to - from;
    this.clear('between');
    if (object === null) this.pass(wireBytes);
    else {
      this.foreignBytes = 0;
      take(object, wireBytes);
    }
  }

  private pass(bytes: number): void {
    this.passedBytes += bytes;
    this.foreignBytes += bytes;
  }

  private clear(mode: 'between' | 'skipping'): void {
    this.mode = mode;
    this.depth = 0;
    this.inText = false;
    this.isEscaped = false;
    this.length = 0;
    this.wireBytes = 0;
    if (this.kept.length > REUSED_BYTES) this.kept = NOTHING;
  }
}
