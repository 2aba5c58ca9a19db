/**
 * The body of an HTTP message: kept only while it may be JSON and is not too long, unpacked at the end (RFC 9110 8.4).
 */

import { constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { limits } from '../limits.ts';

const NOTHING = new Uint8Array(0);
/** Room that is kept for the next body of the connection. */
const REUSED_BYTES = 4096;
const PACKED = /^(x-gzip|gzip|deflate)$/i;

export class HttpBody {
  /** Bodies that were too long to keep, and encodings that were broken. */
  tooLong = 0;
  badEncoding = 0;
  /** True if a part of the body is missing: nothing after the gap is kept, because it would join parts that were apart. */
  isCut = false;

  private encoding = '';
  private kept: Uint8Array = NOTHING;
  private length = 0;
  private isKept = true;

  /** Starts again, for a body in this Content-Encoding. */
  open(encoding: string): void {
    this.encoding = encoding === 'identity' ? '' : encoding;
    this.length = 0;
    if (this.kept.length > REUSED_BYTES) this.kept = NOTHING;
    this.isKept = true;
    this.isCut = false;
  }

  add(bytes: Uint8Array, from: number, to: number): void {
    if (!this.isKept || this.isCut || from === to) return;
    if (this.length === 0 && !this.mayBeJson(bytes, from, to)) {
      this.isKept = false;
      return;
    }
    const length = this.length + to - from;
    if (length > limits['http-body']) {
      this.tooLong++;
      this.isKept = false;
      this.isCut = true;
      return;
    }
    if (length > this.kept.length) {
      const grown = new Uint8Array(Math.max(1024, 2 ** Math.ceil(Math.log2(length))));
      grown.set(this.kept.subarray(0, this.length));
      this.kept = grown;
    }
    this.kept.set(bytes.subarray(from, to), this.length);
    this.length = length;
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
      if (isTooLong(error)) this.tooLong++;
      else if (!cut) this.badEncoding++;
      return NOTHING;
    }
  }

  private mayBeJson(bytes: Uint8Array, from: number, to: number): boolean {
    if (this.encoding !== '') return PACKED.test(this.encoding);
    for (let at = from; at < to; at++) {
      const byte = bytes[at];
      if (byte === 0x7b || byte === 0x5b) return true;
      if (byte > 0x20) return false;
    }
    return true;
  }
}

/** True if what was unpacked is longer than it may be. */
export function isTooLong(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}
