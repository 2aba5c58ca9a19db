/**
 * The one place where bytes off the wire become values of JSON.
 * Numbers beyond 2^53 lose precision and those beyond 1.8e308 become Infinity (ECMA-262 JSON.parse): code that
 * needs a number must ask for a finite one, and code that needs 64 exact bits must not take them from here.
 */
import { isObject, parseText } from '../json.ts';
import { textOf } from './bytes.ts';
import type { JsonObject } from './message.ts';

/** The object in `bytes[from, to)`, or null if that is not a JSON object. Invalid UTF-8 becomes U+FFFD. */
export function parseObject(bytes: Uint8Array, from: number, to: number): JsonObject | null {
  const value = parseText(textOf(bytes, from, to));
  return isObject(value) ? value : null;
}
