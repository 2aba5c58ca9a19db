/**
 * pcapng files (draft-ietf-opsawg-pcapng): sections in either byte order, interfaces with their own link type and clock,
 * enhanced, simple and obsolete packet blocks. All other blocks (names, secrets, statistics, custom, unknown) are passed
 * over by their length. Left out: every option but the clock's.
 */

import { be32, u16At, u32At } from '../bytes.ts';
import { beginLook, endLook, LOOKS, look, mayLeap } from '../clock.ts';
import { dispatch } from '../dispatch.ts';
import { coverTime, pausesBefore, streamOffset } from '../input.ts';
import { control, Fault, input, MOST_RECORD_BYTES, record } from '../memory.ts';
import { measure } from '../record.ts';
import { addDamage } from './damage.ts';
import { addInterface, clearInterfaces, interfaceOf, timeOf } from './interfaces.ts';

const SECTION_HEADER: u32 = 0x0a0d0d0a;
const INTERFACE: u32 = 1;
const OBSOLETE_PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const NAME_RESOLUTION: u32 = 4;
const STATISTICS: u32 = 5;
const ENHANCED_PACKET: u32 = 6;
const SECRETS: u32 = 10;
const CUSTOM: u32 = 0x0bad;
const CUSTOM_NOT_COPIED: u32 = 0x40000bad;

/** Type, length, length again. */
const FRAME_BYTES: u32 = 12;
/** The smallest section header block. */
const SECTION_HEADER_BYTES: u32 = 28;
const INTERFACE_BYTES: u32 = 20;
/** Frame, then interface, time, captured and wire length. */
const PACKET_BYTES: u32 = 32;
const SIMPLE_PACKET_BYTES: u32 = 16;
/** While footing is lost, larger blocks than this are not looked for: it bounds the look-ahead. */
const REGAIN_LIMIT: u32 = 512 * 1024;

const NO_FAULT: i32 = -1;

const AT_BLOCKS: u32 = 0;
const LOST: u32 = 1;

/** A packet waits for a decision on its time; that time, us; and the decision was made. */
let isWaiting: bool = false;
let leapUs: f64 = 0;
let isDecided: bool = false;

export function beginPcapng(): void {
  input.needed = SECTION_HEADER_BYTES;
  // Lowered for good when a large length has proved false, for each costs a copy.
  input.limit = MOST_RECORD_BYTES;
  clearInterfaces();
}

/** Reads the whole blocks of [from, to); returns where it stopped. `final`: the input ends at `to`. */
export function readPcapng(from: u32, to: u32, final: bool): u32 {
  input.origin = input.streamAt - <f64>from;
  let at = from;
  let before: u32;
  do {
    before = input.state;
    at = before === LOST ? regain(at, to, final) : blocks(at, to, final);
  } while (input.state !== before);
  input.streamAt = streamOffset(at);
  return at;
}

/**
 * What is left at the end of the input: whole blocks after lost footing are still read, the rest is damage. Returns where it
 * stopped, which is before the end if it pauses.
 */
export function endPcapng(from: u32, to: u32): u32 {
  let at = readPcapng(from, to, true);
  while (input.state === AT_BLOCKS && isAbsurd(at, to)) {
    // Nothing but a broken length asks for so much beyond the end.
    lose(Fault.BAD_BLOCK_LENGTH, at);
    at = readPcapng(at, to, true);
  }
  if (input.isPaused) return at;
  const end = streamOffset(to);
  if (input.state === LOST) addDamage(Fault.SKIPPED_BYTES, input.lostAt, end - input.lostAt);
  else if (end === 0) addDamage(Fault.EMPTY, 0);
  else if (at < to)
    addDamage(input.streamAt === 0 ? Fault.TRUNCATED_HEADER : Fault.TRUNCATED_RECORD, input.streamAt);
  return to;
}

/**
 * offset  bytes
 *      0      4  block type
 *      4      4  total length, frame included
 *      8      …  body
 *    end      4  total length again
 */
function blocks(from: u32, to: u32, final: bool): u32 {
  let at = from;
  while (at + FRAME_BYTES <= to) {
    const type = u32At(at, input.little);
    let order = input.little;
    if (type === SECTION_HEADER) {
      const magic = be32(at + 8);
      if (magic !== 0x1a2b3c4d && magic !== 0x4d3c2b1a) {
        lose(Fault.BAD_SECTION, at);
        return at;
      }
      order = magic === 0x4d3c2b1a;
    }
    const total = u32At(at + 4, order);
    if (total < FRAME_BYTES || total % 4 !== 0 || total > input.limit) {
      lose(Fault.BAD_BLOCK_LENGTH, at);
      return at;
    }
    const end = at + total;
    if (end > to) {
      input.needed = end - to;
      return at;
    }
    if (u32At(end - 4, order) !== total) {
      if (total > REGAIN_LIMIT) input.limit = REGAIN_LIMIT;
      lose(Fault.BAD_BLOCK_LENGTH, at);
      return at;
    }
    let fault = read(type, at, end, order);
    if (isWaiting) {
      isWaiting = false;
      // Once more from here, with all that a block holds behind it.
      if (at > from && !final) {
        input.needed = 1;
        return at;
      }
      lookBehind(at, to);
      fault = read(type, at, end, order);
      isDecided = false;
    }
    if (fault !== NO_FAULT) addDamage(fault, streamOffset(at));
    if (input.isPaused) return at;
    at = end;
  }
  input.needed = at + FRAME_BYTES - to;
  return at;
}

/** Takes the block of a type in [at, end), and says what is wrong with it. */
function read(type: u32, at: u32, end: u32, little: bool): i32 {
  switch (type) {
    case ENHANCED_PACKET:
    case OBSOLETE_PACKET:
      return packetBlock(at, end, type === OBSOLETE_PACKET);
    case SIMPLE_PACKET:
      return simplePacket(at, end);
    case INTERFACE:
      return interfaceBlock(at, end);
    case SECTION_HEADER:
      input.little = little;
      clearInterfaces();
      return NO_FAULT;
    default:
      return NO_FAULT;
  }
}

/**
 * offset  bytes  enhanced                    obsolete
 *      8      4  interface                   interface (2), drops (2)
 *     12      8  time in ticks, high word first
 *     20      4  captured length
 *     24      4  length on the wire
 *     28      …  the packet, padded to 4; options
 */
function packetBlock(at: u32, end: u32, isObsolete: bool): i32 {
  if (end - at < PACKET_BYTES) return Fault.BAD_BLOCK_LENGTH;
  const little = input.little;
  const captured = u32At(at + 20, little);
  if (captured > end - at - PACKET_BYTES) return Fault.BAD_RECORD_LENGTH;
  const from = interfaceOf(isObsolete ? u16At(at + 8, little) : u32At(at + 8, little));
  if (from === null) return Fault.UNKNOWN_INTERFACE;
  const timeUs = timeOf(from, at + 12, little) - control.aheadUs - control.clockSetUs;
  if (pausesBefore(timeUs)) return NO_FAULT;
  if (!isDecided && mayLeap(timeUs)) {
    leapUs = timeUs;
    isWaiting = true;
    return NO_FAULT;
  }
  input.clockUs = timeUs;
  coverTime(timeUs);
  return deliver(from.linkType, at + 28, captured, u32At(at + 24, little));
}

/** Decides whether the clock was set before the packet block at `from`, by those that follow. */
function lookBehind(from: u32, to: u32): void {
  const little = input.little;
  const aheadUs = control.aheadUs + control.clockSetUs;
  beginLook(leapUs);
  let at = from;
  for (let looks: u32 = 0; looks < LOOKS && at + PACKET_BYTES <= to; looks++) {
    const total = u32At(at + 4, little);
    if (total < FRAME_BYTES || total % 4 !== 0 || at + total > to) break;
    const isPacket = u32At(at, little) === ENHANCED_PACKET && total >= PACKET_BYTES;
    const captured = isPacket ? u32At(at + 20, little) : 0;
    const own = isPacket ? interfaceOf(u32At(at + 8, little)) : null;
    if (own !== null && captured <= total - PACKET_BYTES) {
      record.linkType = own.linkType;
      record.dataAt = at + 28;
      measure(captured, u32At(at + 24, little));
      if (!look(timeOf(own, at + 12, little) - aheadUs)) break;
    }
    at += total;
  }
  endLook();
  isDecided = true;
}

/**
 * offset  bytes
 *      8      4  length on the wire; the captured length follows from it and the snap length
 *     12      …  the packet, padded to 4
 */
function simplePacket(at: u32, end: u32): i32 {
  if (end - at < SIMPLE_PACKET_BYTES) return Fault.BAD_BLOCK_LENGTH;
  const from = interfaceOf(0);
  if (from === null) return Fault.UNKNOWN_INTERFACE;
  const wireBytes = u32At(at + 8, input.little);
  const snapLength = from.snapLength;
  const kept = snapLength === 0 || snapLength > wireBytes ? wireBytes : snapLength;
  if (kept > end - at - SIMPLE_PACKET_BYTES) return Fault.BAD_RECORD_LENGTH;
  return deliver(from.linkType, at + 12, kept, wireBytes);
}

/** The packet is of the time that the clock shows. */
function deliver(linkType: i32, at: u32, captured: u32, wireBytes: u32): i32 {
  record.dataAt = at;
  record.timeUs = input.clockUs;
  record.linkType = linkType;
  record.number = ++input.packets;
  const isPossible = measure(captured, wireBytes);
  dispatch();
  return isPossible ? NO_FAULT : Fault.BAD_WIRE_LENGTH;
}

function interfaceBlock(at: u32, end: u32): i32 {
  if (end - at < INTERFACE_BYTES) addDamage(Fault.BAD_BLOCK_LENGTH, streamOffset(at));
  return addInterface(at + 8, end - 4, input.little) ? NO_FAULT : Fault.TOO_MANY_INTERFACES;
}

function lose(kind: u32, at: u32): void {
  addDamage(kind, streamOffset(at));
  input.lostAt = streamOffset(at);
  input.state = LOST;
}

/** True if the block at `at` has a whole frame start and asks for more than packets do. */
function isAbsurd(at: u32, to: u32): bool {
  return at + FRAME_BYTES <= to && u32At(at + 4, input.little) > REGAIN_LIMIT;
}

/** Looks, byte by byte, for a block of a known type whose two lengths agree; each place costs a few loads. */
function regain(from: u32, to: u32, final: bool): u32 {
  const stop = <i32>to - <i32>(final ? FRAME_BYTES : REGAIN_LIMIT);
  let at = from;
  // The place itself is known to be bad.
  if (streamOffset(at) === input.lostAt && <i32>at <= stop) at++;
  for (; <i32>at <= stop; at++) {
    if (!isBlockAt(at, to)) continue;
    addDamage(Fault.SKIPPED_BYTES, input.lostAt, streamOffset(at) - input.lostAt);
    input.state = AT_BLOCKS;
    return at;
  }
  input.needed = REGAIN_LIMIT > to - at ? REGAIN_LIMIT - (to - at) : 1;
  return at;
}

/** True if a block of a known type whose two lengths agree lies at `at`, whole before `to`. */
function isBlockAt(at: u32, to: u32): bool {
  let little = input.little;
  switch (u32At(at, little)) {
    case SECTION_HEADER:
      if (at + SECTION_HEADER_BYTES > to) return false;
      // A section brings its own byte order.
      if (be32(at + 8) === 0x4d3c2b1a) little = true;
      else if (be32(at + 8) === 0x1a2b3c4d) little = false;
      else return false;
      break;
    case INTERFACE:
    case OBSOLETE_PACKET:
    case SIMPLE_PACKET:
    case NAME_RESOLUTION:
    case STATISTICS:
    case ENHANCED_PACKET:
    case SECRETS:
    case CUSTOM:
    case CUSTOM_NOT_COPIED:
      break;
    default:
      return false;
  }
  const total = u32At(at + 4, little);
  if (total < FRAME_BYTES || total % 4 !== 0 || total > REGAIN_LIMIT || at + total > to) return false;
  return u32At(at + total - 4, little) === total;
}
