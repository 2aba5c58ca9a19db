/**
 * What can be read of a JSON object whose end was not captured: its complete top-level members. A capture that keeps 96
 * bytes a packet still shows `{"method": "mining.submit", "p`, and that is a share. A number or literal counts as
 * complete only once the character after it is there. Nested values count only if they are complete, except the object
 * in which the capture ended: its complete members are given apart.
 */
import { isObject, parseText } from '../json.ts';
import type { Begun, JsonObject } from './message.ts';

export interface Salvage {
  /** The complete members. */
  readonly body: JsonObject;
  /** The member in which the capture ended, if that is an object: its name, and its part that was captured. */
  readonly begun: (Begun & { readonly name: string }) | null;
}

/** Objects within objects that are followed to where the capture ended: `result`, `job`. */
const DEEPEST = 2;

/** Where the complete members of an object end, and the member that follows without an end of its own. */
interface Members {
  readonly end: number;
  readonly open: { readonly name: string; readonly valueAt: number } | null;
}

/** What is complete of the object that `text` begins, or null if no member is. */
export function salvage(text: string): Salvage | null {
  const { end, open } = text[0] === '{' ? membersOf(text, 0) : { end: 0, open: null };
  const body = end === 0 ? null : parseText(`${text.slice(0, end)}}`);
  if (!isObject(body)) return null;
  const members = open === null ? null : parseText(openObject(text, open.valueAt, 1));
  const name = open === null ? null : parseText(open.name);
  if (open === null || !isObject(members) || typeof name !== 'string') return { body, begun: null };
  return { body, begun: { name, members, cutMember: cutText(text, membersOf(text, open.valueAt).open) } };
}

/** The member whose text has no end. A character that was cut within its escape is left out. */
function cutText(text: string, open: Members['open']): Begun['cutMember'] {
  if (open === null || text[open.valueAt] !== '"') return null;
  const name = parseText(open.name);
  const value = parseText(`${text.slice(open.valueAt).replace(/\\(?:u[0-9a-fA-F]{0,3})?$/, '')}"`);
  return typeof name === 'string' && typeof value === 'string' ? { name, text: value } : null;
}

/** The object that begins at `from` and does not end, closed behind its last complete member; '' if it is none. */
function openObject(text: string, from: number, depth: number): string {
  if (text[from] !== '{') return '';
  const { end, open } = membersOf(text, from);
  const members = end === 0 ? '' : text.slice(from + 1, end);
  const deeper = open === null || depth === DEEPEST ? '' : openObject(text, open.valueAt, depth + 1);
  const last = open === null || deeper === '' ? '' : `${members === '' ? '' : ','}${open.name}:${deeper}`;
  return `{${members}${last}}`;
}

/** Reads the members of the object that begins at `from`; their end is 0 if none is complete. */
function membersOf(text: string, from: number): Members {
  let end = 0;
  let at = from + 1;
  for (;;) {
    at = skipSpace(text, at);
    const keyAt = at;
    const keyEnd = text[at] === '"' ? endOfString(text, at) : -1;
    if (keyEnd === -1) return { end, open: null };
    at = skipSpace(text, keyEnd);
    if (text[at] !== ':') return { end, open: null };
    const valueAt = skipSpace(text, at + 1);
    at = endOfValue(text, valueAt);
    if (at === -1) return { end, open: { name: text.slice(keyAt, keyEnd), valueAt } };
    end = at;
    at = skipSpace(text, at);
    if (text[at] !== ',') return { end, open: null };
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

/** Offset behind the value that begins at `from`, or -1 if it is not complete. */
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
