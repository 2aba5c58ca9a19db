/**
 * DNS messages (RFC 1035 4) to the names asked for and the addresses answered. Only what links a name to an
 * address is read: question, A, AAAA, CNAME and PTR answers; the rest is skipped by length. Names come out in lower
 * case without the final dot; bytes that are no letter, digit, hyphen, underscore or dot are written as \ddd.
 */
import { shortAt, textOf, wordAt } from './bytes.ts';

interface DnsAnswer {
  readonly name: string;
  /** Address words, IPv4 as ::ffff:a.b.c.d; null for a CNAME or PTR. */
  readonly address: Int32Array | null;
  /** Target of a CNAME or PTR; '' for an address. */
  readonly target: string;
  readonly ttlSeconds: number;
}

export interface DnsMessage {
  /** By which an answer is known to belong to its question. */
  readonly id: number;
  readonly isResponse: boolean;
  /** RCODE: 0 no error, 3 no such name. */
  readonly code: number;
  readonly question: string;
  /** QTYPE: 1 A, 28 AAAA, 65 HTTPS … */
  readonly type: number;
  readonly answers: readonly DnsAnswer[];
}

export const HEADER_BYTES = 12;
export const MAX_ANSWERS = 64;
const MAX_NAME = 255;
const TYPE_A = 1;
export const TYPE_CNAME = 5;
/** The name of an address (RFC 1035 3.3.12). */
export const TYPE_PTR = 12;
const TYPE_AAAA = 28;

interface Cursor {
  at: number;
}

/** True if the message that begins at bytes[from] is an answer. */
export function isResponse(bytes: Uint8Array, from: number): boolean {
  return (bytes[from + 2] & 0x80) !== 0;
}

/** The message in bytes[from, to), or null if it is none or is cut before the end of its question. */
export function readDns(bytes: Uint8Array, from: number, to: number): DnsMessage | null {
  if (to - from < HEADER_BYTES + 5) return null;
  const flags = shortAt(bytes, from + 2);
  const questions = shortAt(bytes, from + 4);
  if (questions !== 1 || (flags & 0x7800) !== 0) return null; // standard queries only
  const cursor = { at: from + HEADER_BYTES };
  const question = readName(bytes, from, to, cursor);
  if (question === null || question === '' || cursor.at + 4 > to) return null;
  const type = shortAt(bytes, cursor.at);
  if (shortAt(bytes, cursor.at + 2) !== 1) return null; // class IN
  cursor.at += 4;
  const isResponse = (flags & 0x8000) !== 0;
  const count = Math.min(shortAt(bytes, from + 6), MAX_ANSWERS);
  const answers = isResponse ? readAnswers(bytes, from, to, cursor, count) : [];
  const id = shortAt(bytes, from);
  return { id, isResponse, code: flags & 15, question, type, answers };
}

function readAnswers(
  bytes: Uint8Array,
  from: number,
  to: number,
  cursor: Cursor,
  count: number,
): DnsAnswer[] {
  const answers: DnsAnswer[] = [];
  for (let i = 0; i < count; i++) {
    const name = readName(bytes, from, to, cursor);
    if (name === null || cursor.at + 10 > to) break;
    const type = shortAt(bytes, cursor.at);
    const ttlSeconds = wordAt(bytes, cursor.at + 4) >>> 0;
    const length = shortAt(bytes, cursor.at + 8);
    const at = cursor.at + 10;
    if (at + length > to) break;
    cursor.at = at + length;
    if (type === TYPE_A && length === 4) {
      answers.push({ name, address: Int32Array.of(0, 0, 0xffff, wordAt(bytes, at)), target: '', ttlSeconds });
    } else if (type === TYPE_AAAA && length === 16) {
      const address = Int32Array.from([0, 4, 8, 12], (offset) => wordAt(bytes, at + offset));
      answers.push({ name, address, target: '', ttlSeconds });
    } else if (type === TYPE_CNAME || type === TYPE_PTR) {
      const target = readName(bytes, from, to, { at });
      if (target !== null) answers.push({ name, address: null, target, ttlSeconds });
    }
  }
  return answers;
}

/** A name at the cursor, compression pointers followed backwards only, so that no loop is possible. */
function readName(bytes: Uint8Array, from: number, to: number, cursor: Cursor): string | null {
  let name = '';
  let at = cursor.at;
  let limit = at;
  let jumped = false;
  for (;;) {
    if (at >= to) return null;
    const length = bytes[at];
    if (length === 0) {
      if (!jumped) cursor.at = at + 1;
      return name;
    }
    if ((length & 0xc0) === 0xc0) {
      if (at + 1 >= to) return null;
      const target = from + (shortAt(bytes, at) & 0x3fff);
      if (!jumped) cursor.at = at + 2;
      if (target >= limit) return null;
      jumped = true;
      limit = target;
      at = target;
      continue;
    }
    if ((length & 0xc0) !== 0 || at + 1 + length > to) return null;
    if (name !== '') name += '.';
    name += labelText(bytes, at + 1, at + 1 + length);
    if (name.length > MAX_NAME * 4) return null;
    at += 1 + length;
  }
}

/** Lower case, odd bytes as \\ddd. */
function labelText(bytes: Uint8Array, from: number, to: number): string {
  const odd = (letter: string): string => `\\${String(letter.charCodeAt(0)).padStart(3, '0')}`;
  return textOf(bytes, from, to, 'latin1')
    .replace(/[^\w-]/g, odd)
    .toLowerCase();
}
