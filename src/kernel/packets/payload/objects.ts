/**
 * Bytes of a direction to the JSON objects in them: a scanner of brace depth and string state that sees each byte once, wherever
 * segments end (docs/reference/protocols.md 1.1). Line ends do not finish an object, so `}{`, CRLF, blank lines and a last object without
 * line end all work; arrays of objects (JSON-RPC batches) come out object by object. An object counts only if it begins
 * the direction, follows another, begins a line after something else was skipped, or follows its own length (length-prefix.ts):
 * JSON that other text quotes is not read. Depth has no limit, as the objects are not parsed here; of one that is too long the
 * beginning comes out cut. One whose brackets do not fit together ends there, and the next line begins anew, so that no stray
 * bracket hides what follows. Between objects a farm's proxy may send the binary messages of BTCAgent.
 */

import { separatesTexts } from '../bytes.ts';
import * as is from '../flow-state.ts';
import { rowOf } from '../flows.ts';
import { allocate, release, roomFor } from '../heap.ts';
import * as host from '../host.ts';
import { Scanner } from '../memory.ts';
import { directionOf, Stream, stamp, stampInput, stampRecord, stampUs, streamAt } from '../streams.ts';
import { AGENT_HEAD, AGENT_MAGIC, agentFrameLength } from './agent-frame.ts';
import { fitsLength, PREFIX_LIMIT, saysLength } from './length-prefix.ts';

/** Bytes of something else since the last object, after which a direction is given up (docs/reference/limits.md). */
const FOREIGN_BYTES: u32 = 1024 * 1024;

/** Levels whose closing brackets must fit: messages of miners have at most six. */
const CHECKED_LEVELS: u32 = 32;

const BETWEEN: u32 = 0; // after an object, or at the very beginning
const INSIDE: u32 = 1; // in an object
const SKIPPING: u32 = 2; // in a line of something else
const LINE_START: u32 = 3; // at the beginning of a line, after something was skipped or lost
const PREFIX: u32 = 4; // in what may be the length of the object that follows
const AGENT: u32 = 5; // in a binary message of BTCAgent

const LF: u32 = 0x0a;
const QUOTE: u32 = 0x22;
const COMMA: u32 = 0x2c;
const COLON: u32 = 0x3a;
const OPEN_BRACKET: u32 = 0x5b;
const BACKSLASH: u32 = 0x5c;
const CLOSE_BRACKET: u32 = 0x5d;
const OPEN_BRACE: u32 = 0x7b;
const CLOSE_BRACE: u32 = 0x7d;

/** What bytes outside of strings are (RFC 8259): the place in this text tells. */
const PLAIN: u8 = 1; // between tokens, or in a number, `true`, `false` or `null`
const STRING: u8 = 2;
const OPENS: u8 = 3;
const CLOSES: u8 = 4;
const KINDS: usize = memory.data(256);
const BRACE_AT: usize = memory.data<u8>([0x7b]);

/** Fills the table of kinds; all others are forbidden. */
export function beginObjects(): void {
  const plain = '\t\n\r 0123456789+-.eEtrufalsn,:';
  for (let i = 0; i < plain.length; i++) store<u8>(KINDS + plain.charCodeAt(i), PLAIN);
  store<u8>(KINDS + QUOTE, STRING);
  store<u8>(KINDS + OPEN_BRACE, OPENS);
  store<u8>(KINDS + OPEN_BRACKET, OPENS);
  store<u8>(KINDS + CLOSE_BRACE, CLOSES);
  store<u8>(KINDS + CLOSE_BRACKET, CLOSES);
}

/** The stream whose direction is scanned, and that direction. */
let stream: u32 = 0;
let direction: u32 = 0;

function scannerAt(at: u32): Scanner {
  return changetype<Scanner>(<usize>at);
}

/** A scanner that has seen nothing; 0 if there is no room. */
export function openScanner(limit: u32, takesAgent: bool): u32 {
  const at = allocate(offsetof<Scanner>());
  if (at === 0) return 0;
  memory.fill(at, 0, offsetof<Scanner>());
  scannerAt(at).limit = limit;
  scannerAt(at).takesAgent = takesAgent;
  return at;
}

export function closeScanner(at: u32): void {
  dropHeld(scannerAt(at));
  release(at, offsetof<Scanner>());
}

/** True once the direction has shown that it carries something else. */
function isForeign(at: u32): bool {
  return scannerAt(at).junk >= FOREIGN_BYTES;
}

/** What finds the objects in a flow's direction; 0 if the direction says no JSON. */
export function scannerOf(flow: u32, side: u32): u32 {
  return directionOf(streamAt(rowOf(flow).stream), side).scanner;
}

/**
 * From here on the direction says objects of at most `limit` bytes, in memory [from, to) first. `isLineStart`: what comes before the
 * first of them ends a line. False if there is no room for a scanner, or the direction is foreign already.
 */
export function openObjects(flow: u32, side: u32, limit: u32, from: u32, to: u32, isLineStart: bool): bool {
  const at = openScanner(limit, true);
  if (at === 0) return false;
  const observed = streamAt(rowOf(flow).stream);
  scannerAt(at).isOfDirection = true;
  directionOf(observed, side).scanner = at;
  if (isLineStart) scannerAt(at).mode = LINE_START;
  scanBytes(observed, side, at, from, to);
  return !isForeign(at);
}

/** Bytes of the direction are lost here: an object that has begun comes out cut, of the packet of its last bytes. */
export function cutObject(observed: Stream, side: u32): void {
  const at = directionOf(observed, side).scanner;
  if (at === 0 || isForeign(at)) return;
  const nowUs = stampUs;
  const nowRecord = stampRecord;
  const nowInput = stampInput;
  const scanner = scannerAt(at);
  stamp(scanner.timeUs, scanner.record, scanner.input);
  stream = observed.at;
  direction = side;
  flush(scanner);
  scanner.mode = LINE_START;
  stamp(nowUs, nowRecord, nowInput);
}

/** The directions of the flow are over: objects that have begun come out cut. */
export function endObjects(flow: u32): void {
  const observed = streamAt(rowOf(flow).stream);
  for (let side: u32 = 0; side < 2; side++) {
    const own = directionOf(observed, side);
    if (own.scanner === 0) continue;
    cutObject(observed, side);
    closeScanner(own.scanner);
    own.scanner = 0;
  }
}

/** True if an object has begun whose end has not come. */
export function isInsideObject(at: u32): bool {
  const mode = scannerAt(at).mode;
  return mode === INSIDE || mode === AGENT;
}

/** Tells the driver what a direction says next, in memory [from, to): the objects of a direction of JSON, the bytes of any other. */
export function tellBytes(observed: Stream, side: u32, from: u32, to: u32): void {
  const at = directionOf(observed, side).scanner;
  if (at === 0 || isForeign(at)) observed.status = host.payload(observed.owner, side, from, to);
  else {
    scanBytes(observed, side, at, from, to);
    if (isForeign(at)) observed.status = host.foreign(observed.owner, side);
  }
}

/** Takes memory [from, to), the next bytes of a stream's direction. */
function scanBytes(observed: Stream, observedDirection: u32, at: u32, from: u32, to: u32): void {
  stream = observed.at;
  direction = observedDirection;
  scan(at, from, to);
  const scanner = scannerAt(at);
  scanner.timeUs = stampUs;
  scanner.record = stampRecord;
  scanner.input = stampInput;
}

/** Takes memory [from, to), the next bytes. Each mode takes a byte or hands over to one that does. */
export function scan(at: u32, from: u32, to: u32): void {
  const scanner = scannerAt(at);
  let next = from;
  while (next < to && scanner.junk < FOREIGN_BYTES) {
    switch (scanner.mode) {
      case INSIDE:
        next = inside(scanner, next, to);
        break;
      case PREFIX:
        next = readPrefix(scanner, next, to);
        break;
      case BETWEEN:
        next = between(scanner, next, to);
        break;
      case LINE_START:
        next = lineStart(scanner, next, to);
        break;
      case AGENT:
        next = agent(scanner, next, to);
        break;
      default:
        next = skip(scanner, next, to);
    }
  }
}

/** The body is over: an object that is not complete comes out cut. */
export function endBody(at: u32): void {
  flush(scannerAt(at));
}

function flush(scanner: Scanner): void {
  const length = scanner.heldLength;
  const isCut = scanner.mode === INSIDE && length > 0;
  reset(scanner, BETWEEN);
  if (!isCut) return;
  scanner.cut++;
  tell(scanner, scanner.held, scanner.held + length, is.OBJECT_CUT);
  dropHeld(scanner);
}

/** Tells the driver; true if the object is valid. */
function tell(scanner: Scanner, from: u32, to: u32, kind: u32): bool {
  const bytes = scanner.wireBytes;
  scanner.wireBytes = 0;
  if (!scanner.isOfDirection) return host.objectInBody(from, to, bytes, kind);
  const observed = streamAt(stream);
  const answer = host.object(observed.owner, direction, from, to, bytes, kind);
  observed.status = answer >> 1;
  return (answer & 1) !== 0;
}

function reset(scanner: Scanner, mode: u32): void {
  scanner.mode = mode;
  scanner.inBatch = false;
  scanner.depth = 0;
  scanner.braces = 0;
  scanner.inString = false;
  scanner.escaped = false;
  scanner.heldLength = 0;
  scanner.prefixLength = 0;
  scanner.braceWaits = false;
}

/** Between objects. NUL: some clients end their lines with the terminator of a C string. */
function isSeparator(byte: u32): bool {
  return byte === 0x20 || byte === LF || byte === 0x0d || byte === 0x09 || byte === 0;
}

function between(scanner: Scanner, from: u32, to: u32): u32 {
  let at = from;
  for (; at < to; at++) {
    const byte = <u32>load<u8>(at);
    if (isSeparator(byte)) continue;
    if (byte === OPEN_BRACE) {
      scanner.mode = INSIDE;
      break;
    }
    if (byte === COMMA || (scanner.inBatch && byte === CLOSE_BRACKET)) {
      if (byte === CLOSE_BRACKET) scanner.inBatch = false;
    } else if (!scanner.inBatch && byte === OPEN_BRACKET) scanner.inBatch = true;
    else {
      if (beginsAgentFrame(scanner, byte)) reset(scanner, AGENT);
      else reset(scanner, scanner.inBatch ? SKIPPING : PREFIX);
      break;
    }
  }
  scanner.wireBytes += at - from;
  return at;
}

function lineStart(scanner: Scanner, from: u32, to: u32): u32 {
  let at = from;
  for (; at < to; at++) {
    const byte = <u32>load<u8>(at);
    if (isSeparator(byte)) continue;
    if (byte === OPEN_BRACE) scanner.mode = INSIDE;
    else if (byte === OPEN_BRACKET) scanner.mode = BETWEEN;
    else if (beginsAgentFrame(scanner, byte)) reset(scanner, AGENT);
    else scanner.mode = PREFIX;
    break;
  }
  scanner.wireBytes += at - from;
  return at;
}

/** Collects what stands before an object until it shows whether it is that object's length. */
function readPrefix(scanner: Scanner, from: u32, to: u32): u32 {
  const prefix = scanner.prefix;
  let at = from;
  if (scanner.braceWaits) endBrace(scanner, load<u8>(from) === OPEN_BRACE);
  while (at < to && scanner.mode === PREFIX) {
    const byte = <u32>load<u8>(at);
    const size = scanner.prefixLength;
    if (byte === OPEN_BRACE && at + 1 === to && size < PREFIX_LIMIT) {
      // The next byte tells what it is.
      scanner.braceWaits = true;
      at++;
      break;
    }
    // 123 as a binary number has the byte of a brace, 10 that of a line end.
    const isBrace = byte === OPEN_BRACE && (at + 1 === to || load<u8>(at + 1) !== OPEN_BRACE);
    const endsLine = byte === LF && size > 0 && load<u8>(prefix) >= 0x20;
    const mayEnd = isBrace || byte === OPEN_BRACKET || size === PREFIX_LIMIT;
    if (mayEnd && onlySeparates(prefix, size, isBrace)) {
      scanner.prefixLength = 0;
      scanner.mode = isBrace ? INSIDE : BETWEEN;
    } else if (isBrace && saysLength(prefix, size)) scanner.mode = INSIDE;
    else if (isBrace || size === PREFIX_LIMIT || (endsLine && !saysLength(prefix, size))) {
      countWords(scanner, prefix, size);
      scanner.junk += size;
      reset(scanner, SKIPPING);
    } else {
      store<u8>(prefix + size, <u8>byte);
      scanner.prefixLength++;
      at++;
    }
  }
  scanner.wireBytes += at - from;
  return at;
}

/** First four bytes of a line, least significant first. */
const RESP_ERROR: u32 = 0x5252452d; // -ERR: Redis, NATS, POP3
const ERROR: u32 = 0x4f525245; // ERRO: memcached
const UNKNOWN: u32 = 0x4e4b4e55; // UNKN: beanstalkd
const OK: u32 = 0x0d4b4f2b; // +OK: Redis, NATS
const MSG: u32 = 0x2047534d; // MSG: NATS, and with headers HMSG
const HMSG: u32 = 0x47534d48;
const MESSAGE: u32 = 0x5353454d; // MESSAGE: STOMP

/** How servers of other protocols answer a line that they do not know, and announce what others sent. */
function countWords(scanner: Scanner, prefix: usize, size: u32): void {
  if (size < 4) return;
  const word = load<u32>(prefix);
  const mark = word & 0xff;
  const digit = (word >> 8) & 0xff;
  // 500 to 504: SMTP, FTP.
  const isReply = (word & 0xffff) === 0x3035 && ((word >> 16) & 0xff) - 0x30 <= 4 && word >> 24 <= 0x2d;
  if (word === RESP_ERROR || word === ERROR || word === UNKNOWN || isReply) scanner.errorLines++;
  // $5 and *3: lengths of Redis.
  const isLength = (mark === 0x24 || mark === 0x2a) && digit - 0x30 <= 9;
  if (word === OK || word === MSG || word === HMSG || word === MESSAGE || isLength) scanner.relayLines++;
}

/**
 * Vertical tabs, form feeds and separators of JSON texts in a row (RFC 7464 2.2), and blanks among them: these are no
 * length. In front of an object any control character separates: if it is a length as well, that need not fit.
 */
function onlySeparates(prefix: usize, size: u32, isBrace: bool): bool {
  for (let i: u32 = 0; i < size; i++) {
    const byte = <u32>load<u8>(prefix + i);
    const separates = isBrace ? byte <= 0x20 : byte === 0x20 || separatesTexts(byte) || isSeparator(byte);
    if (!separates) return false;
  }
  return size > 0;
}

/** What the brace was that a piece ended with: a byte of the length if another one follows, else the object's first. */
function endBrace(scanner: Scanner, isDoubled: bool): void {
  const prefix = scanner.prefix;
  const size = scanner.prefixLength;
  scanner.braceWaits = false;
  if (isDoubled) {
    store<u8>(prefix + size, <u8>OPEN_BRACE);
    scanner.prefixLength++;
    return;
  }
  const separates = onlySeparates(prefix, size, true);
  if (separates) scanner.prefixLength = 0;
  if (separates || saysLength(prefix, size)) {
    scanner.mode = INSIDE;
    // It is counted already.
    scanner.wireBytes--;
    inside(scanner, <u32>BRACE_AT, <u32>BRACE_AT + 1);
  } else {
    scanner.junk += size + 1;
    reset(scanner, SKIPPING);
  }
}

function beginsAgentFrame(scanner: Scanner, byte: u32): bool {
  return byte === AGENT_MAGIC && scanner.takesAgent;
}

/** Four bytes of head tell the length; what has no such head is a line of something else. */
function agent(scanner: Scanner, from: u32, to: u32): u32 {
  const wanted = scanner.heldLength < AGENT_HEAD ? AGENT_HEAD : agentFrameLength(scanner.held);
  const at = min(to, from + wanted - scanner.heldLength);
  const isHeld = hold(scanner, from, at);
  scanner.wireBytes += at - from;
  if (isHeld && scanner.heldLength < AGENT_HEAD) return at;
  const length = isHeld ? agentFrameLength(scanner.held) : 0;
  if (length === 0) {
    scanner.junk += scanner.heldLength;
    reset(scanner, SKIPPING);
  } else if (scanner.heldLength === length) {
    reset(scanner, BETWEEN);
    scanner.junk = 0;
    tell(scanner, scanner.held, scanner.held + length, is.OBJECT_AGENT);
    dropHeld(scanner);
  }
  return at;
}

function skip(scanner: Scanner, from: u32, to: u32): u32 {
  let at = from;
  while (at < to && load<u8>(at) !== LF) at++;
  if (scanner.isOver) scanner.passedBytes += at - from;
  if (at < to) {
    at++;
    scanner.junkLines++;
    scanner.mode = LINE_START;
    scanner.isOver = false;
  }
  scanner.junk += at - from;
  scanner.wireBytes += at - from;
  return at;
}

/** Where a string goes on to something else than text: its end, an escape, or a byte that may not be in it (RFC 8259 7). */
function textEnd(from: u32, to: u32): u32 {
  let at = from;
  for (; at + 16 <= to; at += 16) {
    const bytes = v128.load(at);
    const ends = v128.or(
      v128.or(i8x16.eq(bytes, i8x16.splat(<i8>QUOTE)), i8x16.eq(bytes, i8x16.splat(<i8>BACKSLASH))),
      i8x16.lt_u(bytes, i8x16.splat(0x20)),
    );
    const mask = i8x16.bitmask(ends);
    if (mask !== 0) return at + ctz<u32>(mask);
  }
  for (; at < to; at++) {
    const byte = <u32>load<u8>(at);
    if (byte === QUOTE || byte === BACKSLASH || byte < 0x20) break;
  }
  return at;
}

function inside(scanner: Scanner, from: u32, to: u32): u32 {
  const limit = min(to, from + scanner.limit - scanner.heldLength);
  let depth = scanner.depth;
  let braces = scanner.braces;
  let inString = scanner.inString;
  let escaped = scanner.escaped;
  let at = from;
  let isBroken = false;
  for (; at < limit; at++) {
    if (inString) {
      if (escaped) {
        escaped = false;
        isBroken = load<u8>(at) < 0x20;
        if (isBroken) break;
        continue;
      }
      at = textEnd(at, limit);
      if (at === limit) break;
      const byte = <u32>load<u8>(at);
      if (byte === QUOTE) inString = false;
      else if (byte === BACKSLASH) escaped = true;
      else {
        isBroken = true;
        break;
      }
      continue;
    }
    const kind = load<u8>(KINDS + load<u8>(at));
    if (kind === PLAIN) continue;
    if (kind === STRING) inString = true;
    else if (kind === CLOSES) {
      depth--;
      const isBrace: u32 = load<u8>(at) === CLOSE_BRACE ? 1 : 0;
      isBroken = depth < CHECKED_LEVELS && ((braces >> depth) & 1) !== isBrace;
      if (isBroken || depth === 0) break;
    } else if (kind === OPENS) {
      isBroken = depth > 0 && !mayOpen(lastBefore(scanner, from, at), depth, braces);
      if (isBroken) break;
      const isBrace: u32 = load<u8>(at) === OPEN_BRACE ? 1 : 0;
      if (depth < CHECKED_LEVELS) braces = (braces & ~(1 << depth)) | (isBrace << depth);
      depth++;
    } else {
      isBroken = true;
      break;
    }
  }
  if (isBroken) {
    lastBefore(scanner, from, at);
    const isLine = lineEnded || load<u8>(at) === LF;
    scanner.wireBytes += at - from;
    scanner.junk += scanner.heldLength + at - from;
    scanner.badJson++;
    reset(scanner, isLine ? LINE_START : SKIPPING);
    return at;
  }
  if (at < limit) {
    complete(scanner, from, at + 1);
    return at + 1;
  }
  scanner.wireBytes += limit - from;
  if (!hold(scanner, from, limit) || scanner.heldLength >= scanner.limit) {
    scanner.oversize++;
    scanner.isOver = true;
    flush(scanner);
    scanner.mode = SKIPPING;
    return limit;
  }
  scanner.depth = depth;
  scanner.braces = braces;
  scanner.inString = inString;
  scanner.escaped = escaped;
  return limit;
}

/** True if an object or array may begin behind the byte `last`, inside of another (RFC 8259 4 and 5). */
function mayOpen(last: u32, depth: u32, braces: u32): bool {
  if (last !== COMMA) return last === COLON || last === OPEN_BRACKET;
  // The members of an object begin with their names.
  return depth > CHECKED_LEVELS || ((braces >> (depth - 1)) & 1) === 0;
}

/** True if a line end was among the blanks that were passed last. */
let lineEnded: bool = false;

/** The last byte of the object before `at` that is no blank, in memory from `from` on or in what is held; 0 if there is none. */
function lastBefore(scanner: Scanner, from: u32, at: u32): u32 {
  lineEnded = false;
  const last = passBlanks(from, at);
  return last !== 0 ? last : passBlanks(scanner.held, scanner.held + scanner.heldLength);
}

function passBlanks(from: u32, to: u32): u32 {
  for (let at = to; at > from; at--) {
    const byte = <u32>load<u8>(at - 1);
    if (!isSeparator(byte)) return byte;
    if (byte === LF) lineEnded = true;
  }
  return 0;
}

function complete(scanner: Scanner, from: u32, to: u32): void {
  const inBatch = scanner.inBatch;
  const size = scanner.prefixLength;
  const prefix = scanner.prefix;
  const heldLength = scanner.heldLength;
  const length = heldLength + to - from;
  scanner.wireBytes += to - from;
  // A number on a line of its own says nothing of the object on the next.
  const claims = size > 0 && load<u8>(prefix + size - 1) !== LF;
  if ((claims && !fitsLength(prefix, size, length)) || (heldLength > 0 && !hold(scanner, from, to))) {
    scanner.junk += length;
    reset(scanner, SKIPPING);
    return;
  }
  reset(scanner, BETWEEN);
  const isValid =
    heldLength === 0
      ? tell(scanner, from, to, is.OBJECT_WHOLE)
      : tell(scanner, scanner.held, scanner.held + length, is.OBJECT_WHOLE);
  if (heldLength > 0) dropHeld(scanner);
  scanner.inBatch = inBatch;
  if (isValid) scanner.junk = 0;
  else {
    scanner.badJson++;
    scanner.junk += to - from;
  }
}

/** Keeps memory [from, to) behind what is held; false if there is no room. */
function hold(scanner: Scanner, from: u32, to: u32): bool {
  const held = scanner.heldLength;
  const length = held + to - from;
  if (length > scanner.heldRoom) {
    const block = allocate(length);
    if (block === 0) return false;
    memory.copy(block, scanner.held, held);
    dropHeld(scanner);
    scanner.held = block;
    scanner.heldRoom = roomFor(length);
  }
  memory.copy(scanner.held + held, from, to - from);
  scanner.heldLength = length;
  return true;
}

/** Gives the block back. */
function dropHeld(scanner: Scanner): void {
  if (scanner.heldRoom > 0) release(scanner.held, scanner.heldRoom);
  scanner.heldRoom = 0;
}
