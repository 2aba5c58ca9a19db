/**
 * A look at the first payload of a flow, in place: most flows are TLS or plain web visits, and for those a server name is
 * all that a later question can need. What a look decides needs no framing, no buffers and no objects. Only a first flight
 * that is whole is decided; anything else is framed properly.
 */
import { be16, be24 } from './bytes.ts';
import { control } from './control.ts';
import { MOST_POLLS, POLLS_AT } from './memory.ts';

const HANDSHAKE: u32 = 0x16;
const CR: u32 = 0x0d;
const LF: u32 = 0x0a;
const SPACE: u32 = 0x20;
const GET: u32 = 0x20544547;
const HEAD_END: u32 = 0x0a0d0a0d;
const MOST_POLL_BYTES: u32 = 64;

/** Where the server name (TLS) or Host value (HTTP) lies; equal if there is none. */
export let nameFrom: u32 = 0;
export let nameTo: u32 = 0;
/** The client says which protocols it speaks inside of TLS (ALPN): browsers and web libraries do, miners do not. */
export let hasAlpn: bool = false;

/** True if memory [from, to) begins with a whole TLS client hello. */
export function isClientHello(from: u32, to: u32): bool {
  nameFrom = 0;
  nameTo = 0;
  hasAlpn = false;
  return to >= from + 48 && load<u8>(from) === HANDSHAKE && clientHello(from, to);
}

// RFC 8446 4.1.2: record header 5, handshake header 4, version 2, random 32, then lists with their lengths.
function clientHello(from: u32, to: u32): bool {
  if (load<u8>(from + 1) !== 3 || load<u8>(from + 5) !== 1) return false;
  const end = from + 9 + be24(from + 6);
  if (end > to || end > from + 5 + be16(from + 3)) return false;
  let at = from + 43;
  if (at >= end) return false;
  at += 1 + load<u8>(at); // session id
  if (at + 2 > end) return false;
  at += 2 + be16(at); // cipher suites
  if (at + 1 > end) return false;
  at += 1 + load<u8>(at); // compression methods
  if (at === end) return true; // no extensions
  if (at + 2 > end) return false;
  at += 2;
  while (at + 4 <= end) {
    const type = be16(at);
    const length = be16(at + 2);
    at += 4;
    if (at + length > end) return false;
    if (type === 16) hasAlpn = true;
    // server_name (RFC 6066 3): list length 2, name type 1, name length 2, name.
    if (type === 0 && length >= 5 && load<u8>(at + 2) === 0) {
      const nameBytes = be16(at + 3);
      if (nameBytes + 5 > length) return false;
      nameFrom = at + 5;
      nameTo = at + 5 + nameBytes;
    }
    at += length;
  }
  return at === end;
}

/**
 * True if memory [from, to) is an HTTP GET without a body, an upgrade or anything that mining over HTTP has: request
 * line, fields, empty line, nothing behind it (RFC 9112 2 and 3).
 */
export function isWebVisit(from: u32, to: u32): bool {
  nameFrom = 0;
  nameTo = 0;
  if (to < from + 18 || load<u32>(from) !== GET || load<u32>(to - 4) !== HEAD_END) return false;
  let at = from + 4;
  while (at < to && load<u8>(at) > SPACE) at++;
  if (isPoll(from + 4, at)) return false;
  if (load<u8>(at + 1) !== 0x48 || load<u8>(at + 2) !== 0x54) return false; // HT(TP/1.1)
  const last = to - 4;
  while (at < last) {
    while (at < last && load<u8>(at) !== LF) at++;
    at++;
    if (at >= last) break;
    switch (<u32>load<u8>(at) | 0x20) {
      case 0x68:
        if (isField(at, to, 'host:')) value(at + 5, to);
        break;
      case 0x75:
        if (isField(at, to, 'upgrade:') || namesNoBrowser(at, to)) return false;
        break;
      case 0x63:
        if (isField(at, to, 'content-length:')) return false;
        break;
      case 0x74:
        if (isField(at, to, 'transfer-encoding:')) return false;
        break;
      case 0x78: // x-…: mining over HTTP has fields of its own
        if (load<u8>(at + 1) === 0x2d && isMiningField(at + 2, to)) return false;
        break;
      case 0x2d: // CR | 0x20: an empty line before the end: another request follows
        if (load<u8>(at) === CR) return false;
        break;
    }
  }
  return true;
}

/** True if memory [from, to) begins an HTTP GET and does not end its head. */
export function isPartOfVisit(from: u32, to: u32): bool {
  return to >= from + 4 && load<u32>(from) === GET && load<u32>(to - 4) !== HEAD_END;
}

/** Fields of mining over HTTP begin so behind "X-" (docs/protocols.md 3.1, 3.3). */
function isMiningField(at: u32, to: u32): bool {
  return (
    isField(at, to, 'mining') ||
    isField(at, to, 'stratum') ||
    isField(at, to, 'long') ||
    isField(at, to, 'roll') ||
    isField(at, to, 'hash')
  );
}

/** A User-Agent other than a browser's ("Mozilla/…") is worth a proper reading. */
function namesNoBrowser(at: u32, to: u32): bool {
  if (!isField(at, to, 'user-agent:')) return false;
  let from = at + 11;
  while (from < to && load<u8>(from) === SPACE) from++;
  return !isField(from, to, 'moz');
}

function value(at: u32, to: u32): void {
  let start = at;
  while (start < to && load<u8>(start) === SPACE) start++;
  let end = start;
  while (end < to && load<u8>(end) !== CR && load<u8>(end) !== 0x3a) end++;
  nameFrom = start;
  nameTo = end;
}

/** True if these letters, in lower case, stand at `at` in either case. */
function isField(at: u32, to: u32, field: string): bool {
  const length = <u32>field.length;
  if (at + length > to) return false;
  for (let i: u32 = 0; i < length; i++) {
    const byte = <u32>load<u8>(at + i);
    if ((byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte) !== <u32>field.charCodeAt(i)) return false;
  }
  return true;
}

/** Remembers a path that miners poll without a body, in memory [from, to). */
export function addPoll(from: u32, to: u32): void {
  if (control.polls === MOST_POLLS) return;
  store<u32>(POLLS_AT + (control.polls++ << 2), pathHash(from, to));
}

function isPoll(from: u32, to: u32): bool {
  const hash = pathHash(from, min(to, from + MOST_POLL_BYTES));
  for (let i: u32 = 0; i < control.polls; i++) if (load<u32>(POLLS_AT + (i << 2)) === hash) return true;
  return false;
}

/** Of the request target up to its query. */
function pathHash(from: u32, to: u32): u32 {
  let hash: u32 = 0x811c9dc5;
  for (let at = from; at < to && load<u8>(at) !== 0x3f; at++) hash = (hash ^ load<u8>(at)) * 0x01000193;
  return hash;
}
