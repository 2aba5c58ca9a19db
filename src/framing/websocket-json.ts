/**
 * The payload of a WebSocket message to the JSON objects in it: one value, values in lines, or an event with its name
 * in front as Socket.IO sends it (`42["job",{…}]`), which becomes an object with the positions as keys.
 */

import { limits } from '../limits.ts';
import { isObject, parseObject, parseText, textOf } from './json.ts';
import type { JsonObject } from './message.ts';
import type { Scanners } from './object-scanner.ts';
import { salvage } from './salvage.ts';

/** Packet types of Engine.IO and Socket.IO, and a namespace. */
const EVENT_START = /^\d{1,4}(?:\/[\w-]{0,64},)?\d{0,8}(?=\[)/;

/** The objects of a message; none if it is not JSON. Of a message that was cut, what is whole of its first object. */
export function objectsIn(payload: Uint8Array, cut: boolean, scanners: Scanners): readonly JsonObject[] {
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
  return value === undefined && payload[0] === 0x7b ? objectsInLines(payload, scanners) : [];
}

function objectsInLines(payload: Uint8Array, scanners: Scanners): readonly JsonObject[] {
  const objects: JsonObject[] = [];
  const object = (bytes: Uint8Array, from: number, to: number): boolean => {
    const value = parseObject(bytes, from, to);
    if (value !== null) objects.push(value);
    return value !== null;
  };
  const scanner = scanners.scanner({ takesAgentFrames: false, object }, limits.json);
  scanner.push(payload, 0, payload.length);
  scanner.close();
  return objects;
}
