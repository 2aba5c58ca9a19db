/**
 * What can be read of a JSON object whose end was not captured: its complete top-level members. A capture that
 * keeps 96 bytes a packet still shows `{"method": "mining.submit", "p`, and that is a share.
 * A number or literal counts as complete only once the character after it is there. Nested values are all or nothing.
 */
import { isObject, parseText } from './json.ts';
import type { JsonObject } from './message.ts';

/** The complete members of the object that `text` begins, or null where there are none. */
export function salvage(text: string): JsonObject | null {
  const end = endOfLastMember(text);
  if (end === 0) return null;
  const value = parseText(`${text.slice(0, end)}}`);
  return isObject(value) ? value : null;
}

/** Offset behind the last complete member; 0 where none is. */
function endOfLastMember(text: string): number {
  if (text[0] !== '{') return 0;
  let end = 0;
  let at = 1;
  for (;;) {
    at = skipSpace(text, at);
    const keyEnd = text[at] === '"' ? endOfString(text, at) : -1;
    if (keyEnd === -1) return end;
    at = skipSpace(text, keyEnd);
    if (text[at] !== ':') return end;
    at = endOfValue(text, skipSpace(text, at + 1));
    if (at === -1) return end;
    end = at;
    at = skipSpace(text, at);
    if (text[at] !== ',') return end;
    at++;
  }
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text[at])) at++;
  return at;
}

/** Offset behind the string that begins at `from`, or -1. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return -1;
}

/** Offset behind the value that begins at `from`, or -1 where it is not complete. */
function endOfValue(text: string, from: number): number {
  if (text[from] === '"') return endOfString(text, from);
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      at = endOfString(text, at) - 1;
      if (at < 0) return -1;
    } else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') {
      if (depth === 0) return at;
      if (--depth === 0) return at + 1;
    } else if (character === ',' && depth === 0) return at;
  }
  return -1;
}
