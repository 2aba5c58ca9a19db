/**
 * A body of gRPC, or of Connect, to its messages (grpc/grpc, PROTOCOL-HTTP2.md, Length-Prefixed-Message): a byte of flags, of
 * which the first says that the message is packed, a length of 4 bytes, the most significant first, the message.
 */
import { gunzipSync, inflateSync } from 'node:zlib';
import { limits } from '../limits.ts';
import { appended, wordAt } from './bytes.ts';
import { isTooLong } from './http-body.ts';

const HEAD_BYTES = 5;
const IS_PACKED = 1;
const NOTHING = new Uint8Array(0);
const REUSED_BYTES = 4096;

/** True of a head whose body is such messages. */
export function isGrpc(headers: ReadonlyMap<string, string>): boolean {
  return /^application\/(?:grpc|connect\+)/i.test(headers.get('content-type') ?? '');
}

export class GrpcReader {
  /** Messages longer than a body may be, or than one may unpack to, and bytes of those. */
  oversize = 0;
  passedBytes = 0;
  private readonly head = new Uint8Array(HEAD_BYTES);
  private filled = 0;
  private size = 0;
  private kept: Uint8Array = NOTHING;
  private length = 0;
  private isLost = false;

  /** Takes the next bytes; `take` gets each message that ends in them, valid during the call only. */
  push(
    bytes: Uint8Array,
    from: number,
    to: number,
    encoding: string,
    take: (message: Uint8Array) => void,
  ): void {
    if (this.isLost) {
      this.passedBytes += to - from;
      return;
    }
    for (let at = from; at < to; ) {
      if (this.filled < HEAD_BYTES) {
        this.head[this.filled++] = bytes[at++];
        if (this.filled < HEAD_BYTES) continue;
        this.size = wordAt(this.head, 1) >>> 0;
        this.length = 0;
        if (this.size > limits['http-body']) this.oversize++;
      }
      const end = Math.min(to, at + this.size - this.length);
      if (this.size > limits['http-body']) this.passedBytes += end - at;
      else this.kept = appended(this.kept, this.length, bytes.subarray(at, end));
      this.length += end - at;
      at = end;
      if (this.length === this.size) this.finish(encoding, take);
    }
  }

  /** Bytes are missing: nobody knows where the next message begins. */
  gap(): void {
    this.isLost = true;
  }

  private finish(encoding: string, take: (message: Uint8Array) => void): void {
    const { size, kept } = this;
    this.filled = 0;
    this.length = 0;
    if (this.kept.length > REUSED_BYTES) this.kept = NOTHING;
    if (size > limits['http-body']) return;
    const message = kept.subarray(0, size);
    const unpacked = (this.head[0] & IS_PACKED) === 0 ? message : this.unpack(message, encoding);
    if (unpacked !== null) take(unpacked);
  }

  private unpack(message: Uint8Array, encoding: string): Uint8Array | null {
    try {
      const options = { maxOutputLength: limits['http-unpacked'] };
      if (encoding === 'gzip') return gunzipSync(message, options);
      if (encoding === 'deflate') return inflateSync(message, options);
    } catch (error) {
      if (isTooLong(error)) this.oversize++;
    }
    this.passedBytes += message.length;
    return null;
  }
}
