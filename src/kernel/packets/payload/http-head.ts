/**
 * The head of an HTTP request (RFC 9112 2 and 3), looked at in place: is it a plain visit, which nobody needs to read, and
 * of which host? What mining over HTTP has must not be in it: a body that may be JSON, an upgrade, a tunnel, fields of its
 * own, a path that miners poll. Methods and versions are read in any case: some servers do.
 */
import { beginsInAnyCase } from '../bytes.ts';
import * as is from '../flow-state.ts';
import { isPoll } from '../polls.ts';

const CR: u32 = 0x0d;
const LF: u32 = 0x0a;
const SPACE: u32 = 0x20;
const SLASH: u32 = 0x2f;
const COLON: u32 = 0x3a;
const BRACE: u32 = 0x7b;
const BRACKET: u32 = 0x5b;
/** " HTTP/1.1" */
const VERSION_BYTES: u32 = 9;

/** Where the value of the Host field lies, or the host that a tunnel is to lead to; equal if there is none. */
export let hostFrom: u32 = 0;
export let hostTo: u32 = 0;
/** True if a body of text begins behind the head. */
export let sendsText: bool = false;

/** What the bytes in memory [from, to) begin with. */
export function lookAtHead(from: u32, to: u32): i32 {
  hostFrom = 0;
  hostTo = 0;
  sendsText = false;
  if (from >= to) return is.NO_HEAD;
  const first = <u32>load<u8>(from);
  const isTunnel = beginsInAnyCase(from, to, 'connect ');
  const mayCarry =
    (first | 0x20) === 0x70 &&
    (beginsInAnyCase(from, to, 'post ') ||
      beginsInAnyCase(from, to, 'put ') ||
      beginsInAnyCase(from, to, 'patch '));
  const isBare = !mayCarry && beginsBare(first, from, to);
  let at = endOfLine(from, to);
  if (at === 0) return mayCarry || isBare || isTunnel ? is.PART_OF_HEAD : is.NO_HEAD;
  const targetAt = afterMethod(from, at);
  if (targetAt === 0) return is.NO_HEAD;
  const targetTo = at - (load<u8>(at - 2) === CR ? 2 : 1) - VERSION_BYTES;
  if (targetTo <= targetAt || !isField(targetTo, at, ' http/1.')) return is.NO_HEAD;
  if (isPoll(targetAt, targetTo)) return is.OTHER_HEAD;
  let hasLength = false;
  for (;;) {
    if (at >= to) return is.PART_OF_HEAD;
    const begun = <u32>load<u8>(at);
    if (begun === LF || begun === CR) break;
    switch (begun | 0x20) {
      case 0x68:
        if (isField(at, to, 'host:')) readHost(at + 5, to);
        break;
      case 0x61: // a feed of events is asked for (WHATWG HTML, 9.2.2)
        if (isField(at, to, 'accept:') && namesEvents(at, to)) return is.OTHER_HEAD;
        break;
      case 0x75:
        if (isField(at, to, 'upgrade:')) return is.OTHER_HEAD;
        break;
      case 0x63:
        if (isField(at, to, 'content-length:')) hasLength = true;
        else if (mayCarry && isField(at, to, 'content-encoding:')) return is.OTHER_HEAD;
        break;
      case 0x74:
        if (isField(at, to, 'transfer-encoding:') && (mayCarry || isBare)) return is.OTHER_HEAD;
        break;
      case 0x78: // x-…: mining over HTTP has fields of its own
        if (load<u8>(at + 1) === 0x2d && isMiningField(at + 2, to)) return is.OTHER_HEAD;
        break;
    }
    at = endOfLine(at, to);
    if (at === 0) return is.PART_OF_HEAD;
  }
  at = endOfLine(at, to);
  if (at === 0) return is.PART_OF_HEAD;
  if (isTunnel) {
    readHost(targetAt, targetTo);
    return at === to ? is.TUNNEL_HEAD : is.OTHER_HEAD;
  }
  if (isBare) return at === to && !hasLength ? is.PLAIN_VISIT : is.OTHER_HEAD;
  const body = at < to ? <u32>load<u8>(at) : 0;
  const isText = body > SPACE && body !== BRACE && body !== BRACKET;
  // Bodies of other methods (RFC 4918) are not read.
  if (!mayCarry) return at === to || isText ? is.PLAIN_VISIT : is.OTHER_HEAD;
  sendsText = hasLength && isText;
  return sendsText ? is.PLAIN_VISIT : is.OTHER_HEAD;
}

/** True if memory [from, to) begins an answer whose body is events, though nobody asked for any. */
export function opensEvents(from: u32, to: u32): bool {
  if (!beginsInAnyCase(from, to, 'http/1.')) return false;
  for (let at = endOfLine(from, to); at !== 0 && at < to; at = endOfLine(at, to)) {
    const begun = <u32>load<u8>(at);
    if (begun === LF || begun === CR) return false;
    if ((begun | 0x20) === 0x63 && isField(at, to, 'content-type:')) return namesEvents(at, to);
  }
  return false;
}

/** True if the line at `at` names the media type of events. */
function namesEvents(at: u32, to: u32): bool {
  for (let next = at; next < to && load<u8>(next) !== LF; next++)
    if (load<u8>(next) === SLASH && isField(next, to, '/event-stream')) return true;
  return false;
}

/** A request that has no body (RFC 9110 9.3). */
function beginsBare(first: u32, from: u32, to: u32): bool {
  switch (first | 0x20) {
    case 0x67:
      return beginsInAnyCase(from, to, 'get ');
    case 0x68:
      return beginsInAnyCase(from, to, 'head ');
    case 0x6f:
      return beginsInAnyCase(from, to, 'options ');
    case 0x64:
      return beginsInAnyCase(from, to, 'delete ');
    case 0x74:
      return beginsInAnyCase(from, to, 'trace ');
    default:
      return false;
  }
}

/** Where the line at `from` ends, behind LF; 0 if its end has not come. */
function endOfLine(from: u32, to: u32): u32 {
  let at = from;
  for (; at + 16 <= to; at += 16) {
    const ends = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(<i8>LF)));
    if (ends !== 0) return at + ctz<u32>(ends) + 1;
  }
  for (; at < to; at++) if (load<u8>(at) === LF) return at + 1;
  return 0;
}

/** Where the target begins behind a method, which is of letters; 0 if there is none. */
function afterMethod(from: u32, to: u32): u32 {
  let at = from;
  while (at < to && (load<u8>(at) | 0x20) >= 0x61 && (load<u8>(at) | 0x20) <= 0x7a) at++;
  return at >= from + 3 && at < to && load<u8>(at) === SPACE ? at + 1 : 0;
}

/** Fields of mining over HTTP begin so behind "X-" (docs/reference/protocols.md 3.1, 3.3). */
function isMiningField(at: u32, to: u32): bool {
  return (
    isField(at, to, 'mining') ||
    isField(at, to, 'stratum') ||
    isField(at, to, 'long') ||
    isField(at, to, 'roll') ||
    isField(at, to, 'hash')
  );
}

function readHost(at: u32, to: u32): void {
  let start = at;
  while (start < to && load<u8>(start) === SPACE) start++;
  let end = start;
  while (end < to && load<u8>(end) !== CR && load<u8>(end) !== LF && load<u8>(end) !== COLON) end++;
  hostFrom = start;
  hostTo = end;
}

/** True if these letters, in lower case, stand at `at` in either case. */
function isField(at: u32, to: u32, field: string): bool {
  return at + <u32>field.length <= to && beginsInAnyCase(at, to, field);
}
