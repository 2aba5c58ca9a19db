/**
 * A glance at payload in the middle of a connection that opens with a brace: may it be the beginning of a JSON object
 * (RFC 8259)? Ciphertext and pages have braces too, and each look at a connection costs far more than this. Only the
 * names and plain values before the first nested one are looked at; what is nested, or cut off, has the benefit.
 */

/** Bytes that are looked at. */
const GLANCE_BYTES: u32 = 64;

const QUOTE: u32 = 0x22;
const BACKSLASH: u32 = 0x5c;
const COLON: u32 = 0x3a;
const COMMA: u32 = 0x2c;
const CLOSE_BRACE: u32 = 0x7d;

/** False if memory [from, to), which begins with `{`, is not the beginning of a JSON object. */
export function mayOpenObject(from: u32, to: u32): bool {
  const end = min(to, from + GLANCE_BYTES);
  let at = from + 1;
  do {
    at = afterSpace(at, end);
    if (at >= end || load<u8>(at) === CLOSE_BRACE) return true;
    if (load<u8>(at) !== QUOTE) return false;
    at = afterString(at + 1, end);
    if (at === 0) return false;
    at = afterSpace(at, end);
    if (at >= end) return true;
    if (load<u8>(at) !== COLON) return false;
    at = afterSpace(at + 1, end);
    if (at >= end) return true;
    const opens = <u32>load<u8>(at);
    if (opens === 0x7b || opens === 0x5b) return true; // { [
    if (opens === QUOTE) {
      at = afterString(at + 1, end);
      if (at === 0) return false;
    } else {
      if (!beginsWord(opens)) return false;
      while (at < end && isInWord(load<u8>(at))) at++;
    }
    at = afterSpace(at, end);
    if (at >= end || load<u8>(at) === CLOSE_BRACE) return true;
  } while (load<u8>(at++) === COMMA);
  return false;
}

/** A number, true, false or null. */
function beginsWord(byte: u32): bool {
  return byte === 0x2d || (byte >= 0x30 && byte <= 0x39) || byte === 0x74 || byte === 0x66 || byte === 0x6e;
}

/** May stand in a number or a literal name: + - . digits E a-z */
function isInWord(byte: u32): bool {
  if (byte >= 0x61) return byte <= 0x7a;
  return byte === 0x2b || byte === 0x2d || byte === 0x2e || (byte >= 0x30 && byte <= 0x39) || byte === 0x45;
}

function afterSpace(from: u32, end: u32): u32 {
  let at = from;
  while (at < end) {
    const byte = load<u8>(at);
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
    at++;
  }
  return at;
}

/** The offset behind the closing quote, or `end`; 0 at a byte that no string holds. */
function afterString(from: u32, end: u32): u32 {
  for (let at = from; at < end; at++) {
    const byte = <u32>load<u8>(at);
    if (byte === QUOTE) return at + 1;
    if (byte < 0x20) return 0;
    if (byte === BACKSLASH) at++;
  }
  return end;
}
