/**
 * The one place where bytes off the wire become values of JSON.
 * Numbers beyond 2^53 lose precision and those beyond 1.8e308 become Infinity (ECMA-262 JSON.parse): code that
 * needs a number must ask for a finite one, and code that needs 64 exact bits must not take them from here.
 */
import { isObject, parseText } from '../json.ts';
import type { JsonObject } from './message.ts';

export { isObject, parseText };

/** The object in `bytes[from, to)`, or null if that is not a JSON object. Invalid UTF-8 becomes U+FFFD. */
export function parseObject(bytes: Uint8Array, from: number, to: number): JsonObject | null {
  const value = parseText(textOf(bytes, from, to));
  return isObject(value) ? value : null;
}

/** The buffer that was read last, all of it: a view of its own for each text costs more than the text. */
let whole: Buffer<ArrayBufferLike> = Buffer.alloc(0);

export function textOf(
  bytes: Uint8Array,
  from: number,
  to: number,
  encoding: 'utf8' | 'latin1' = 'utf8',
): string {
  if (whole.buffer !== bytes.buffer) whole = Buffer.from(bytes.buffer);
  return whole.toString(encoding, bytes.byteOffset + from, bytes.byteOffset + to);
}
