/**
 * The body of an HTTP message: kept only while it may be JSON and is not too long, unpacked at the end (RFC 9110 8.4).
 */

import { constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { limits } from '../limits.ts';
import { appended } from './bytes.ts';

const NOTHING = new Uint8Array(0);
/** Room that is kept for the next body of the connection. */
const REUSED_BYTES = 4096;
const PACKED = /^(x-gzip|gzip|deflate)$/i;

export class HttpBody {
  /** Bodies that were too long to keep, or are in an encoding that is not read. */
  tooLong = 0;
  /** Bytes of those that were passed over. */
  passedBytes = 0;
  /** True if a part of the body is missing: nothing after the gap is kept, because it would join parts that were apart. */
  isCut = false;

  /** True once the JSON value ends whose end is sought. */
  isWhole = false;

  private encoding = '';
  private kept: Uint8Array = NOTHING;
  private length = 0;
  private isKept = true;
  private isOver = false;
  /** Where the search for the end of a value stands: lists and objects that are open, and whether it is within a text. */
  private depth = 0;
  private inText = false;
  private isEscaped = false;

  /** Starts again, for a body in this Content-Encoding. */
  open(encoding: string): void {
    this.encoding = encoding === 'identity' ? '' : encoding;
    this.length = 0;
    if (this.kept.length > REUSED_BYTES) this.kept = NOTHING;
    this.isKept = true;
    this.isOver = false;
    this.isCut = false;
    this.isWhole = false;
    this.depth = 0;
    this.inText = false;
    this.isEscaped = false;
  }

  get isEmpty(): boolean {
    return this.length === 0;
  }

  /** Offset behind the JSON value that the body is, `to` if its end has not come; sets `isWhole`. Without a value it is empty. */
  valueEnd(bytes: Uint8Array, from: number, to: number): number {
    for (let at = from; at < to; at++) {
      const byte = bytes[at];
      if (this.inText) {
        if (this.isEscaped) this.isEscaped = false;
        else if (byte === 0x5c) this.isEscaped = true;
        else if (byte === 0x22) this.inText = false;
      } else if (opensValue(byte)) this.depth++;
      else if (this.depth === 0 && byte > 0x20) {
        this.isWhole = true;
        return from;
      } else if (byte === 0x22) this.inText = true;
      else if ((byte === 0x7d || byte === 0x5d) && --this.depth === 0) {
        this.isWhole = true;
        return at + 1;
      }
    }
    return to;
  }

  add(bytes: Uint8Array, at: number, to: number): void {
    if (this.isOver) this.passedBytes += to - at;
    if (!this.isKept || this.isCut) return;
    // However many blanks there are, what follows counts.
    const from = this.length === 0 && this.encoding === '' ? afterBlanks(bytes, at, to) : at;
    if (from === to) return;
    if (
      this.length === 0 &&
      (this.encoding === '' ? !opensValue(bytes[from]) : !PACKED.test(this.encoding))
    ) {
      this.isKept = false;
      this.isOver = this.encoding !== '';
      if (this.isOver) this.passOver(to - from);
      return;
    }
    const most = Math.min(to, from + limits['http-body'] - this.length);
    this.kept = appended(this.kept, this.length, bytes.subarray(from, most));
    this.length += most - from;
    if (most === to) return;
    this.isOver = true;
    this.isCut = true;
    this.passOver(to - most);
  }

  /** The body as far as it was kept, unpacked; empty if it cannot be JSON. Valid until the next `open`. */
  read(cut: boolean): Uint8Array {
    const body = this.isKept ? this.kept.subarray(0, this.length) : NOTHING;
    if (body.length === 0 || this.encoding === '') return body;
    // Of a body that was cut, as much as comes out.
    const finishFlush = cut ? constants.Z_SYNC_FLUSH : constants.Z_FINISH;
    const options = { maxOutputLength: limits['http-unpacked'], finishFlush };
    try {
      if (!/^deflate$/i.test(this.encoding)) return gunzipSync(body, options);
      // "deflate" is zlib by RFC 9110 8.4.1.2, but some senders leave the wrapper out.
      return (body[0] & 0x0f) === 8 ? inflateSync(body, options) : inflateRawSync(body, options);
    } catch (error) {
      if (isTooLong(error)) this.passOver(body.length);
      return NOTHING;
    }
  }

  private passOver(bytes: number): void {
    this.tooLong++;
    this.passedBytes += bytes;
  }
}

/** Offset of the first byte in `bytes[from, to)` that is no blank. */
export function afterBlanks(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] <= 0x20) at++;
  return at;
}

/** True of the first byte of an object or a list. */
export function opensValue(byte: number): boolean {
  return byte === 0x7b || byte === 0x5b;
}

/** True if what was unpacked is longer than it may be. */
export function isTooLong(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}
