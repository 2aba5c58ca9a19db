/**
 * Guards for JSON values off the wire, and the one place where bytes become such values.
 * Numbers beyond 2^53 lose precision and those beyond 1.8e308 become Infinity (ECMA-262 JSON.parse): code that
 * needs a number must ask for a finite one, and code that needs 64 exact bits must not take them from here.
 */
import type { JsonObject } from './message.ts';

/** True for a JSON object; arrays and null are none. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object in `bytes[from, to)`, or null if that is not a JSON object. Invalid UTF-8 becomes U+FFFD. */
export function parseObject(bytes: Uint8Array, from: number, to: number): JsonObject | null {
  const value = parseText(textOf(bytes, from, to));
  return isObject(value) ? value : null;
}

/** The JSON value of a text, or undefined if it is none. */
export function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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
