/**
 * Fields of a message of Protocol Buffers by their numbers (protobuf.dev, Encoding): varints, and what has a length. Other kinds are
 * passed over. Bytes that are no such message end the list.
 */
import { varint } from '../evidence/coin-chain.ts';

/** Fields that are read of one message. */
const MOST_FIELDS = 4096;
const VARINT = 0;
const FIXED_64 = 1;
const SIZED = 2;
const FIXED_32 = 5;

export class ProtoMessage {
  private readonly numbers = new Map<number, number>();
  private readonly parts = new Map<number, Uint8Array>();

  constructor(bytes: Uint8Array) {
    let at = 0;
    for (let count = 0; at < bytes.length && count < MOST_FIELDS; count++) {
      const key = varint(bytes, at);
      if (key === null) return;
      const field = Math.floor(key.value / 8);
      const kind = key.value % 8;
      at = key.end;
      if (kind === FIXED_64 || kind === FIXED_32) at += kind === FIXED_64 ? 8 : 4;
      else if (kind === VARINT || kind === SIZED) {
        // A number of 64 bits may be longer than what counts here.
        let end = at;
        while (end < bytes.length && (bytes[end] ?? 0) >= 0x80) end++;
        const value = varint(bytes, at)?.value ?? Number.POSITIVE_INFINITY;
        at = end + 1;
        if (kind === VARINT) this.numbers.set(field, value);
        else {
          if (!(at + value <= bytes.length)) return;
          // Of a repeated field the first one counts.
          if (!this.parts.has(field)) this.parts.set(field, bytes.subarray(at, at + value));
          at += value;
        }
      } else return;
    }
  }

  /** The number in the field; null if it has none. */
  number(field: number): number | null {
    return this.numbers.get(field) ?? null;
  }

  /** The message in the field; null if it has none. */
  message(...path: readonly number[]): ProtoMessage | null {
    const [field, ...rest] = path;
    const bytes = field === undefined ? undefined : this.parts.get(field);
    if (bytes === undefined) return null;
    const inner = new ProtoMessage(bytes);
    return rest.length === 0 ? inner : inner.message(...rest);
  }

  bytes(field: number): Uint8Array | null {
    return this.parts.get(field) ?? null;
  }

  text(field: number): string | null {
    const bytes = this.parts.get(field);
    return bytes === undefined ? null : Buffer.from(bytes).toString('utf8');
  }
}
