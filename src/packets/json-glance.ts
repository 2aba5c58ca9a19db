/**
 * A glance at payload in the middle of a connection that opens with a brace: may it be the beginning of a JSON object
 * (RFC 8259)? Ciphertext and pages have braces too, and each look at a connection costs far more than this. Only the
 * names and plain values before the first nested one are looked at; what is nested, or cut off, has the benefit.
 *
 * HOT: runs once a payload that begins with a brace. Numbers only.
 */

/** Bytes that are looked at. */
const GLANCE_BYTES = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const CLOSE_BRACE = 0x7d;

/** May begin a value: string, number, object, array, true, false, null. */
const BEGINS_VALUE = new Uint8Array(256);
for (const c of '"{[-0123456789tfn') BEGINS_VALUE[c.charCodeAt(0)] = 1;
/** May stand in a number or a literal name. */
const IN_WORD = new Uint8Array(256);
for (const c of '+-.0123456789Eabcdefghijklmnopqrstuvwxyz') IN_WORD[c.charCodeAt(0)] = 1;

/** False where bytes[from, to), which begin with `{`, are no beginning of a JSON object. */
export function mayOpenObject(bytes: Uint8Array, from: number, to: number): boolean {
  const end = Math.min(to, from + GLANCE_BYTES);
  let at = from + 1;
  for (;;) {
    at = afterSpace(bytes, at, end);
    if (at >= end || bytes[at] === CLOSE_BRACE) return true;
    if (bytes[at] !== QUOTE) return false;
    at = afterString(bytes, at + 1, end);
    if (at < 0) return false;
    at = afterSpace(bytes, at, end);
    if (at >= end) return true;
    if (bytes[at] !== COLON) return false;
    at = afterSpace(bytes, at + 1, end);
    if (at >= end) return true;
    const opens = bytes[at];
    if (BEGINS_VALUE[opens] === 0) return false;
    if (opens === QUOTE) {
      at = afterString(bytes, at + 1, end);
      if (at < 0) return false;
    } else if (IN_WORD[opens] === 0) return true;
    else while (at < end && IN_WORD[bytes[at]] === 1) at++;
    at = afterSpace(bytes, at, end);
    if (at >= end || bytes[at] === CLOSE_BRACE) return true;
    if (bytes[at] !== COMMA) return false;
    at++;
  }
}

function afterSpace(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09))
    at++;
  return at;
}

/** The offset behind the closing quote, or `end`; -1 at a byte that no string holds. */
function afterString(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  for (; at < end; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte < 0x20) return -1;
    if (byte === BACKSLASH) at++;
  }
  return end;
}
