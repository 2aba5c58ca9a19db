/**
 * One JSON object to the places of the values that a format asks for; values are only passed over, and read later where they
 * lie. A dot stands between the keys of nested objects, and a literal `id.orig_h` is the same as `orig_h` inside `id` (RFC
 * 8259; what is needed to pass a value is checked, the rest is not). Arrays and objects that are not asked for are skipped
 * without recursion, so depth costs nothing.
 */
import { byteAt, COLON, LF, QUOTE } from './cell.ts';
import { digitsAt } from './digits.ts';
import {
  ABSENT,
  ARRAY,
  ESCAPED,
  FALSE,
  INCOMPLETE,
  INVALID,
  NUMBER,
  OBJECT,
  TEXT,
  TRUE,
} from './json-kinds.ts';
import {
  ENDS_AT,
  KEY_TEXTS_AT,
  KEY_TEXTS_BYTES,
  KEYS,
  KEYS_AT,
  Key,
  KINDS_AT,
  NODES,
  NODES_AT,
  Node,
  STARTS_AT,
} from './memory.ts';

const BLANK: u32 = 0x20;
const COMMA: u32 = 0x2c;
const BACKSLASH: u32 = 0x5c;
const OPEN_BRACKET: u32 = 0x5b;
const CLOSE_BRACKET: u32 = 0x5d;
const OPEN_BRACE: u32 = 0x7b;
const CLOSE_BRACE: u32 = 0x7d;

/** Nested objects that are entered, the outermost included. */
const DEPTH: i32 = 8;
const PRIME: u64 = 0x9e3779b97f4a7c15;

/** How many values are asked for. */
export let values: i32 = 0;
let keys: i32 = 0;
let textsEnd: usize = KEY_TEXTS_AT;
/** What `passValue` told: where the value ends, what it is. */
let valueEnd: usize = 0;
let kind: u32 = ABSENT;
/** Nodes of the objects that are entered. */
const nodes: usize = memory.data(4 * DEPTH);

/** Paths to come are of a new format, with so many values. */
export function beginJson(count: i32): void {
  values = count;
  textsEnd = KEY_TEXTS_AT;
  keys = 0;
  memory.fill(KEYS_AT, 0, KEYS * offsetof<Key>());
  for (let node: usize = 0; node < NODES; node++) {
    nodeOf(<i32>node).value = -1;
    nodeOf(<i32>node).isInner = 0;
  }
}

/** The text of so many bytes at `from` is a key of a node that leads to another; `value` is what that stands for, or -1. */
export function addKey(node: i32, from: usize, length: i32, target: i32, value: i32): void {
  if (textsEnd + <usize>length > KEY_TEXTS_AT + KEY_TEXTS_BYTES || target >= <i32>NODES) return;
  const hash = hashKey(node, from, from + length);
  const key = keyOf(hash, node, from, length);
  if (key.length !== 0 || ++keys > <i32>KEYS / 2) return;
  memory.copy(textsEnd, from, length);
  key.hash = hash;
  key.textAt = textsEnd;
  key.length = length;
  key.node = node;
  key.target = target;
  textsEnd += length;
  nodeOf(node).isInner = 1;
  if (value >= 0) nodeOf(target).value = value;
}

export function nodeOf(node: i32): Node {
  return changetype<Node>(NODES_AT + <usize>node * offsetof<Node>());
}

/** Of the first eight bytes, the last eight, and how many there are: keys are ours, and few. */
export function hashKey(node: i32, from: usize, to: usize): u32 {
  const length = to - from;
  let ends = load<u64>(from);
  if (length < 8) ends &= ((<u64>1) << (length << 3)) - 1;
  else ends ^= rotl<u64>(load<u64>(to - 8), 23);
  const hash = (ends ^ (((<u64>node) << 8) + length)) * PRIME;
  return <u32>(hash ^ (hash >> 32));
}

/** The slot of a key, empty if it has none. */
export function keyOf(hash: u32, node: i32, from: usize, length: i32): Key {
  let slot = <usize>hash & (KEYS - 1);
  let key = changetype<Key>(KEYS_AT + slot * offsetof<Key>());
  while (key.length !== 0 && !isKey(key, hash, node, from, length)) {
    slot = (slot + 1) & (KEYS - 1);
    key = changetype<Key>(KEYS_AT + slot * offsetof<Key>());
  }
  return key;
}

function isKey(key: Key, hash: u32, node: i32, from: usize, length: i32): bool {
  return (
    key.hash === hash &&
    key.node === node &&
    key.length === length &&
    isSameText(key.textAt, from, <usize>length)
  );
}

/** Compares eight bytes at a time. */
function isSameText(text: usize, from: usize, length: usize): bool {
  let at: usize = 0;
  for (; at + 8 <= length; at += 8) if (load<u64>(text + at) !== load<u64>(from + at)) return false;
  for (; at < length; at++) if (load<u8>(text + at) !== load<u8>(from + at)) return false;
  return true;
}

/**
 * Reads the object at `from`, whose brace stands there. Returns the place behind it, INCOMPLETE or INVALID; values before the
 * break are found all the same. Where they lie is told from `base` on: where a text begins, behind its quote, and ends.
 */
export function scanObject(from: usize, to: usize, base: usize): i32 {
  for (let at: usize = 0; at < <usize>values; at += 16) v128.store(KINDS_AT + at, i8x16.splat(0));
  store<i32>(nodes, 0);
  let depth = 0;
  let at = passBlanks(from + 1, to);
  for (; at < to; at = passBlanks(at, to)) {
    const byte = byteAt(at);
    if (byte === COMMA) {
      at++;
      continue;
    }
    if (byte === CLOSE_BRACE) {
      at++;
      if (depth-- === 0) return <i32>at;
      continue;
    }
    if (byte !== QUOTE) return INVALID;
    const keyAt = at + 1;
    at = endOfKey(keyAt, to);
    if (at >= to) return INCOMPLETE;
    const node = load<i32>(nodes + ((<usize>depth) << 2));
    const key = keyOf(hashKey(node, keyAt, at), node, keyAt, <i32>(at - keyAt));
    at = passBlanks(at + 1, to);
    if (at >= to) return INCOMPLETE;
    if (byteAt(at) !== COLON) return INVALID;
    at = passBlanks(at + 1, to);
    if (at >= to) return INCOMPLETE;
    const target = nodeOf(key.target);
    if (key.length !== 0 && target.isInner !== 0 && byteAt(at) === OPEN_BRACE && depth < DEPTH - 1) {
      store<i32>(nodes + ((<usize>++depth) << 2), key.target);
      at++;
      continue;
    }
    const valueAt = at;
    const passed = passValue(at, to);
    if (passed < 0) return passed;
    at = passed;
    if (key.length !== 0 && target.value >= 0) {
      const value = <usize>target.value;
      const start = kind === TEXT || kind === ESCAPED ? valueAt + 1 : valueAt;
      store<i32>(STARTS_AT + (value << 2), <i32>(start - base));
      store<i32>(ENDS_AT + (value << 2), <i32>(valueEnd - base));
      store<u8>(KINDS_AT + value, <u8>kind);
    }
  }
  return INCOMPLETE;
}

function passBlanks(from: usize, to: usize): usize {
  let at = from;
  if (byteAt(at) > BLANK) return at;
  while (at < to && isBlank(byteAt(at))) at++;
  return at;
}

function isBlank(byte: u32): bool {
  return byte === 0x20 || byte === LF || byte === 0x0d || byte === 0x09;
}

/** The place of the quote that ends a key. */
function endOfKey(from: usize, to: usize): usize {
  const bytes = v128.load(from);
  const stops = v128.or(i8x16.eq(bytes, i8x16.splat(<i8>QUOTE)), i8x16.eq(bytes, i8x16.splat(<i8>BACKSLASH)));
  const found = i8x16.bitmask(stops);
  let at = found === 0 ? from + 16 : from + ctz(found);
  while (at < to && byteAt(at) !== QUOTE) at += byteAt(at) === BACKSLASH ? 2 : 1;
  return at;
}

/** Passes one value; returns the place behind it. */
function passValue(from: usize, to: usize): i32 {
  const first = byteAt(from);
  if (first === QUOTE) return passText(from + 1, to);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return passNested(from, to);
  let at = from + digitsAt(from);
  while (at < to && isBare(byteAt(at))) at++;
  if (at >= to) return INCOMPLETE;
  if (at === from) return INVALID;
  valueEnd = at;
  if (first === 0x74) kind = TRUE;
  else if (first === 0x66) kind = FALSE;
  else kind = first === 0x6e ? ABSENT : NUMBER;
  return <i32>at;
}

/** Bytes of numbers, `true`, `false` and `null`. */
function isBare(byte: u32): bool {
  if (byte - 48 <= 9) return true;
  switch (byte) {
    case 0x2b: // +
    case 0x2d: // -
    case 0x2e: // .
    case 0x45: // E
    case 0x65: // e
    case 0x74: // t
    case 0x72: // r
    case 0x75: // u
    case 0x66: // f
    case 0x61: // a
    case 0x6c: // l
    case 0x73: // s
    case 0x6e: // n
      return true;
    default:
      return false;
  }
}

/** Passes a text whose first byte stands at `from`. */
function passText(from: usize, to: usize): i32 {
  const quotes = i8x16.splat(<i8>QUOTE);
  const slashes = i8x16.splat(<i8>BACKSLASH);
  const blanks = i8x16.splat(0x20);
  let found: u32 = TEXT;
  let at = from;
  while (at < to) {
    const bytes = v128.load(at);
    const marks = v128.or(i8x16.eq(bytes, quotes), i8x16.eq(bytes, slashes));
    const stops = i8x16.bitmask(v128.or(marks, i8x16.lt_u(bytes, blanks)));
    if (stops === 0) {
      at += 16;
      continue;
    }
    at += ctz(stops);
    if (at >= to) return INCOMPLETE;
    const byte = byteAt(at);
    if (byte === QUOTE) {
      kind = found;
      valueEnd = at;
      return <i32>(at + 1);
    }
    if (byte !== BACKSLASH) return INVALID;
    found = ESCAPED;
    at += 2;
  }
  return INCOMPLETE;
}

/** Passes an array or object by counting what opens and closes outside of texts. */
function passNested(from: usize, to: usize): i32 {
  const nested = byteAt(from) === OPEN_BRACKET ? ARRAY : OBJECT;
  let depth = 0;
  for (let at = from; at < to; at++) {
    const byte = byteAt(at);
    if (byte === QUOTE) {
      const behind = passText(at + 1, to);
      if (behind < 0) return behind;
      at = behind - 1;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) {
      kind = nested;
      valueEnd = at + 1;
      return <i32>(at + 1);
    }
  }
  return INCOMPLETE;
}
