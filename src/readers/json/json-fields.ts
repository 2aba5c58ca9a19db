/**
 * One JSON object to the places of the values that a format needs: keys are those that came in this order before
 * (key-order.ts), or told by a hash that is made while they are read, values are only passed over, and numbers and addresses are decoded later where they lie. A dot stands
 * between the keys of nested objects, and a literal `id.orig_h` is the same as `orig_h` inside `id` (RFC 8259; what
 * is needed to pass a value is checked, the rest is not). Arrays and objects that are not asked for are skipped
 * without recursion, so depth costs nothing.
 *
 * HOT: runs over every byte of EVE and of JSON lines. Nothing allocated.
 */

import { firstByte } from '../tables/words.ts';
import { KeyOrder } from './key-order.ts';

export const ABSENT = 0;
export const TEXT = 1;
/** Text with a backslash in it. */
export const ESCAPED = 2;
export const NUMBER = 3;
export const TRUE = 4;
export const FALSE = 5;
export const ARRAY = 6;
export const OBJECT = 7;

/** The object goes on behind what there is. */
export const INCOMPLETE = -1;
/** A byte stands where JSON has none of its kind. */
export const INVALID = -2;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const SEED = 0x811c9dc5;
const PRIME = 0x01000193;
const DOT = 0x2e;
/** Nested objects that are entered, the outermost included. */
const DEPTH = 8;

/** Bytes that end a string or escape the next one, and control bytes, which may not stand in one. */
const STOPS = new Uint8Array(256).fill(1, 0, 0x20);
STOPS[QUOTE] = 1;
STOPS[BACKSLASH] = 1;
const BLANK = new Uint8Array(256);
for (const character of ' \t\n\r') BLANK[character.charCodeAt(0)] = 1;
/** Bytes of numbers, `true`, `false` and `null`. */
const BARE = new Uint8Array(256);
for (const character of '+-.0123456789eEtrufalsn') BARE[character.charCodeAt(0)] = 1;

export class JsonFields {
  /** Of each path: where its value begins (behind the quote of a text) and ends, and what it is. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly kinds: Uint8Array;
  /** The bytes that were scanned last. */
  view: DataView = new DataView(new ArrayBuffer(0));
  private readonly paths: readonly Uint8Array[];
  private readonly hashes: Int32Array;
  /** Of each hash: the index of its path + 1, or 0; `inner` is 1 where the path leads on. */
  private readonly slots: Int16Array;
  private readonly inner: Uint8Array;
  private readonly slotPaths: (Uint8Array | null)[];
  private readonly mask: number;
  /** Of each entered object: the hash of its path. */
  private readonly seeds = new Int32Array(DEPTH);
  private readonly order = new KeyOrder();
  private viewed: Uint8Array = new Uint8Array(0);
  private valueEnd = 0;
  private kind = ABSENT;

  constructor(paths: readonly string[]) {
    this.paths = paths.map((path) => Buffer.from(path));
    this.starts = new Int32Array(paths.length);
    this.ends = new Int32Array(paths.length);
    this.kinds = new Uint8Array(paths.length);
    const prefixes = new Set(paths.flatMap((path) => prefixesOf(path)));
    const size = 2 ** Math.ceil(Math.log2((paths.length + prefixes.size) * 4));
    this.mask = size - 1;
    this.hashes = new Int32Array(size);
    this.slots = new Int16Array(size);
    this.inner = new Uint8Array(size);
    this.slotPaths = new Array<Uint8Array | null>(size).fill(null);
    for (const [index, path] of this.paths.entries()) this.slots[this.place(path)] = index + 1;
    for (const prefix of prefixes) this.inner[this.place(Buffer.from(prefix))] = 1;
  }

  /**
   * Reads the object at `from`, whose brace stands there. Returns the offset behind it, INCOMPLETE or INVALID; values
   * before the break are found all the same.
   */
  scan(bytes: Uint8Array, from: number, to: number): number {
    if (this.viewed !== bytes) {
      this.viewed = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    this.kinds.fill(ABSENT);
    const { view, order, seeds } = this;
    seeds[0] = SEED;
    let depth = 0;
    let key = 0;
    let at = from + 1;
    for (;;) {
      while (at < to && BLANK[bytes[at]] === 1) at++;
      if (at >= to) return INCOMPLETE;
      let byte = bytes[at];
      if (byte === COMMA) {
        at++;
        continue;
      }
      if (byte === CLOSE_BRACE) {
        at++;
        if (depth-- === 0) return at;
        continue;
      }
      if (byte !== QUOTE) return INVALID;

      at++;
      let hash: number;
      let slot: number;
      const expected = order.following[key];
      const behind = order.behind(expected, seeds[depth], view, at, to);
      if (behind > 0) {
        key = expected;
        hash = order.hashes[key];
        slot = order.slots[key];
        at = behind;
      } else {
        const keyStart = at;
        let isEscaped = false;
        hash = seeds[depth];
        for (byte = bytes[at]; byte !== QUOTE && at < to; byte = bytes[++at]) {
          if (byte === BACKSLASH) {
            isEscaped = true;
            at++;
          }
          hash = Math.imul(hash ^ byte, PRIME);
        }
        if (at >= to) return INCOMPLETE;
        slot = this.find(hash, bytes, keyStart, at);
        key = isEscaped ? 0 : order.learn(key, hash, seeds[depth], slot, view, keyStart, at);
        at++;
      }
      while (at < to && BLANK[bytes[at]] === 1) at++;
      if (at >= to) return INCOMPLETE;
      if (bytes[at] !== COLON) return INVALID;
      at++;
      while (at < to && BLANK[bytes[at]] === 1) at++;
      if (at >= to) return INCOMPLETE;

      if (slot >= 0 && this.inner[slot] === 1 && bytes[at] === OPEN_BRACE && depth < DEPTH - 1) {
        seeds[++depth] = Math.imul(hash ^ DOT, PRIME);
        at++;
        continue;
      }
      const valueStart = at;
      at = this.value(bytes, at, to);
      if (at < 0) return at;
      if (slot >= 0 && this.slots[slot] > 0) {
        const index = this.slots[slot] - 1;
        const isText = this.kind === TEXT || this.kind === ESCAPED;
        this.starts[index] = isText ? valueStart + 1 : valueStart;
        this.ends[index] = this.valueEnd;
        this.kinds[index] = this.kind;
      }
    }
  }

  /** The text of a value, decoded; '' where the path holds none. Allocates. */
  text(index: number, bytes: Uint8Array): string {
    const kind = this.kinds[index];
    if (kind === ABSENT) return '';
    const raw = Buffer.from(bytes.subarray(this.starts[index], this.ends[index])).toString('utf8');
    if (kind !== ESCAPED) return raw;
    const decoded = parsed(`"${raw}"`);
    return typeof decoded === 'string' ? decoded : '';
  }

  /** An array or object, parsed; null where the path holds none, or one of more than `limit` bytes. Allocates. */
  json(index: number, bytes: Uint8Array, limit = 65_536): unknown {
    const length = this.ends[index] - this.starts[index];
    if (this.kinds[index] < ARRAY || length > limit) return null;
    return parsed(this.text(index, bytes));
  }

  /** Passes one value; returns the offset behind it. */
  private value(bytes: Uint8Array, from: number, to: number): number {
    const first = bytes[from];
    if (first === QUOTE) return this.string(bytes, from + 1, to);
    if (first === OPEN_BRACE || first === OPEN_BRACKET) return this.nested(bytes, from, to);
    let at = from;
    while (at < to && BARE[bytes[at]] === 1) at++;
    if (at >= to) return INCOMPLETE;
    if (at === from) return INVALID;
    this.valueEnd = at;
    if (first === 0x74) this.kind = TRUE;
    else if (first === 0x66) this.kind = FALSE;
    else this.kind = first === 0x6e ? ABSENT : NUMBER;
    return at;
  }

  private string(bytes: Uint8Array, from: number, to: number): number {
    const { view } = this;
    const last = to - 4;
    let kind = TEXT;
    let at = from;
    for (;;) {
      // Up to the first quote, backslash or control byte (words.ts).
      while (at <= last) {
        const word = view.getInt32(at, true);
        const quote = word ^ 0x22222222;
        const slash = word ^ 0x5c5c5c5c;
        const found =
          (((quote - 0x01010101) & ~quote) |
            ((slash - 0x01010101) & ~slash) |
            ((word - 0x20202020) & ~word)) &
          0x80808080;
        if (found !== 0) {
          at += firstByte(found);
          break;
        }
        at += 4;
      }
      while (at < to && STOPS[bytes[at]] === 0) at++;
      if (at >= to) return INCOMPLETE;
      if (bytes[at] === QUOTE) {
        this.kind = kind;
        this.valueEnd = at;
        return at + 1;
      }
      if (bytes[at] !== BACKSLASH) return INVALID;
      kind = ESCAPED;
      at += 2;
    }
  }

  /** Passes an array or object by counting what opens and closes outside of strings. */
  private nested(bytes: Uint8Array, from: number, to: number): number {
    const kind = bytes[from] === OPEN_BRACKET ? ARRAY : OBJECT;
    let depth = 0;
    for (let at = from; at < to; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        at = this.string(bytes, at + 1, to) - 1;
        if (at < 0) return at + 1;
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
      else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) {
        this.kind = kind;
        this.valueEnd = at + 1;
        return at + 1;
      }
    }
    return INCOMPLETE;
  }

  private find(hash: number, bytes: Uint8Array, from: number, to: number): number {
    for (let slot = hash & this.mask; ; slot = (slot + 1) & this.mask) {
      const path = this.slotPaths[slot];
      if (path === null) return -1;
      if (this.hashes[slot] === hash && endsWith(path, bytes, from, to)) return slot;
    }
  }

  private place(path: Uint8Array): number {
    let hash = SEED | 0;
    for (const byte of path) hash = Math.imul(hash ^ byte, PRIME);
    let slot = hash & this.mask;
    for (let held = this.slotPaths[slot]; held !== null; held = this.slotPaths[slot]) {
      if (this.hashes[slot] === hash && Buffer.compare(held, path) === 0) break;
      slot = (slot + 1) & this.mask;
    }
    this.hashes[slot] = hash;
    this.slotPaths[slot] = path;
    return slot;
  }
}

function prefixesOf(path: string): string[] {
  const keys = path.split('.');
  return keys.slice(0, -1).map((_, index) => keys.slice(0, index + 1).join('.'));
}

/** True where `bytes[from, to)` ends the path: its whole, or the last keys of it. */
function endsWith(path: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  const shift = path.length - (to - from);
  if (shift < 0) return false;
  for (let at = from; at < to; at++) if (bytes[at] !== path[shift + at - from]) return false;
  return true;
}

/** A JSON value, or null where the text is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
