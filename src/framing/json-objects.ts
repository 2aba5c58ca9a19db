/**
 * The JSON objects in a body or a WebSocket message: one value, values in lines, or an event with its name in front as
 * Socket.IO sends it (`42["job",{…}]`), which becomes an object with the positions as keys.
 */

import { isObject, parseText } from '../json.ts';
import { limits } from '../limits.ts';
import { textOf } from './bytes.ts';
import { parseObject } from './json.ts';
import type { JsonObject } from './message.ts';
import type { BodyScanner } from './object-scanner.ts';
import { salvage } from './salvage.ts';

interface Found {
  readonly object: JsonObject;
  /** Bytes since the object before it. */
  readonly length: number;
  readonly cut: boolean;
}

/** The objects in bytes; of bytes that were cut also what is whole of the last one. */
export function objectsIn(
  bytes: Uint8Array,
  scanner: BodyScanner,
  limit: number,
  isCut: boolean,
): readonly Found[] {
  const objects: Found[] = [];
  scanner.objectsIn(bytes, limit, (found) => {
    const cut = found.kind !== 'whole';
    const saved = cut && isCut ? salvage(textOf(found.bytes, found.from, found.to)) : null;
    const body = cut ? (saved?.body ?? null) : parseObject(found.bytes, found.from, found.to);
    if (body !== null) objects.push({ object: body, length: found.wireBytes, cut });
    return body !== null;
  });
  return objects;
}

/** Packet types of Engine.IO and Socket.IO, and a namespace. */
const EVENT_START = /^\d{1,4}(?:\/[\w-]{0,64},)?\d{0,8}(?=\[)/;

/** The objects of a message; none if it is not JSON. Of a message that was cut, what is whole of its first object. */
export function objectsInMessage(
  payload: Uint8Array,
  cut: boolean,
  scanner: BodyScanner,
): readonly JsonObject[] {
  const text = textOf(payload, 0, payload.length);
  if (cut) {
    const saved = salvage(text);
    return saved === null ? [] : [saved.body];
  }
  const value = parseText(text) ?? parseText(text.replace(EVENT_START, ''));
  if (isObject(value)) return [value];
  if (Array.isArray(value)) {
    const items: unknown[] = value;
    const objects = items.filter(isObject);
    return objects.length === items.length ? objects : [Object.fromEntries(Object.entries(items))];
  }
  if (value !== undefined || payload[0] !== 0x7b) return [];
  return objectsIn(payload, scanner, limits.json, false).map(({ object }) => object);
}
