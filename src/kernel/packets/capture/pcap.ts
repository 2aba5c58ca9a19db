/**
 * pcap files (draft-ietf-opsawg-pcap): micro- and nanoseconds, both byte orders, and the record headers of 24 bytes of
 * the modified format. Files that were put one behind the other (`cat`, gzip members) are read in turn, each by its own
 * header. Left out: the time zone field (always 0 in practice) and the swapped lengths of libpcap before 0.5.
 */

import { be32, u32At } from '../bytes.ts';
import { beginLook, endLook, LOOKS, look, mayLeap } from '../clock.ts';
import { dispatch } from '../dispatch.ts';
import { coverTime, pausesBefore, streamOffset } from '../input.ts';
import { control, Fault, input, MOST_RECORD_BYTES, record } from '../memory.ts';
import { measure } from '../record.ts';
import { addDamage } from './damage.ts';

const FILE_HEADER_BYTES: u32 = 24;
/** libpcap's own ceiling; a record may be longer only if the file's snap length says so. */
const USUAL_LIMIT: u32 = 262144;
/** Records that must follow each other before a place is trusted again. */
const CHAIN: u32 = 3;
const DAY_SECONDS: f64 = 86400;

const AT_HEADER: u32 = 0;
const AT_RECORDS: u32 = 1;
/** Footing lost: looking for a place where records chain. */
const LOST: u32 = 2;
/** Not a pcap file: everything is passed over. */
const FOREIGN: u32 = 3;

export function beginPcap(): void {
  input.needed = FILE_HEADER_BYTES;
}

/** Reads the whole records of [from, to); returns where it stopped. `final`: the input ends at `to`. */
export function readPcap(from: u32, to: u32, final: bool): u32 {
  input.origin = input.streamAt - <f64>from;
  let at = from;
  while (input.state !== FOREIGN) {
    const before = input.state;
    if (before === AT_HEADER) at = fileHeader(at, to);
    else at = before === LOST ? regain(at, to, final) : records(at, to, final);
    if (input.state === before) break;
  }
  if (input.state === FOREIGN) {
    at = to;
    input.needed = 1;
  }
  input.streamAt = streamOffset(at);
  return at;
}

/**
 * What is left at the end of the input: whole records after lost footing are still read, the rest is damage. Returns where it
 * stopped, which is before the end if it pauses.
 */
export function endPcap(from: u32, to: u32): u32 {
  let at = readPcap(from, to, true);
  while (input.state === AT_RECORDS && isAbsurd(at, to)) {
    // Nothing but a broken length asks for so much beyond the end.
    lose(at);
    at = readPcap(at, to, true);
  }
  if (input.isPaused) return at;
  const end = streamOffset(to);
  if (input.state === LOST) addDamage(Fault.SKIPPED_BYTES, input.lostAt, end - input.lostAt);
  else if (input.state === AT_HEADER) addDamage(end === 0 ? Fault.EMPTY : Fault.TRUNCATED_HEADER, 0);
  else if (input.state === AT_RECORDS && at < to) addDamage(Fault.TRUNCATED_RECORD, streamOffset(at));
  return to;
}

/**
 * offset  bytes
 *      0      4  magic: byte order, time unit, kind of record header
 *      4      4  version
 *      8      8  time zone, accuracy; both unused
 *     16      4  snap length
 *     20      4  link type in the low 16 bits; above them FCS length and class
 */
function fileHeader(at: u32, to: u32): u32 {
  if (to - at < FILE_HEADER_BYTES) {
    input.needed = FILE_HEADER_BYTES - (to - at);
    return at;
  }
  const magic = be32(at);
  const little = magic === 0xd4c3b2a1 || magic === 0x4d3cb2a1 || magic === 0x34cdb2a1;
  const canonical = u32At(at, little);
  if (canonical !== 0xa1b2c3d4 && canonical !== 0xa1b23c4d && canonical !== 0xa1b2cd34) {
    addDamage(Fault.NOT_A_CAPTURE, 0);
    input.state = FOREIGN;
    return at;
  }
  input.little = little;
  input.divisor = canonical === 0xa1b23c4d ? 1000 : 1;
  input.headerBytes = canonical === 0xa1b2cd34 ? 24 : 16;
  input.linkType = u32At(at + 20, little) & 0xffff;
  const snapLength = min(u32At(at + 16, little), MOST_RECORD_BYTES - input.headerBytes);
  input.limit = max(snapLength, USUAL_LIMIT);
  input.lastSecond = -1;
  input.earlierSecond = -1;
  input.state = AT_RECORDS;
  return at + FILE_HEADER_BYTES;
}

/**
 * offset  bytes
 *      0      4  seconds since 1970
 *      4      4  micro- or nanoseconds
 *      8      4  captured length
 *     12      4  length on the wire
 *     16      8  modified format only: interface, protocol, packet type, padding
 */
function records(from: u32, to: u32, final: bool): u32 {
  const little = input.little;
  const divisor = input.divisor;
  const headerBytes = input.headerBytes;
  const limit = input.limit;
  let at = from;
  record.linkType = input.linkType;
  while (at + headerBytes <= to) {
    const captured = u32At(at + 8, little);
    const wireBytes = u32At(at + 12, little);
    const seconds = <f64>u32At(at, little);
    if (captured === 0 && opensFile(at)) {
      if (at + FILE_HEADER_BYTES <= to) input.state = AT_HEADER;
      break;
    }
    // An empty record of 1970 is a hole of zeros, as an unclean shutdown leaves it.
    if (captured > limit || (captured === 0 && wireBytes === 0 && seconds === 0)) {
      lose(at);
      break;
    }
    const end = at + headerBytes + captured;
    if (end > to) break;
    let timeUs = seconds * 1e6 + <f64>u32At(at + 4, little) / divisor - control.aheadUs - control.clockSetUs;
    if (pausesBefore(timeUs)) return at;
    if (mayLeap(timeUs)) {
      // Once more from here, with all that a block holds behind it.
      if (at > from && !final) {
        input.needed = 1;
        return at;
      }
      timeUs -= leapBefore(at, to, timeUs);
    }
    record.timeUs = timeUs;
    record.dataAt = at + headerBytes;
    record.number = ++input.packets;
    if (!measure(captured, wireBytes)) addDamage(Fault.BAD_WIRE_LENGTH, streamOffset(at));
    coverTime(record.timeUs);
    if (input.lastSecond < 0) input.firstSecond = seconds;
    input.earlierSecond = input.lastSecond;
    input.lastSecond = seconds;
    dispatch();
    at = end;
  }
  if (input.state === AT_RECORDS) input.needed = missing(at, to);
  return at;
}

/** By how much the clock was set before the record at `from`, us, by the records that follow; 0 if it was not. */
function leapBefore(from: u32, to: u32, timeUs: f64): f64 {
  const little = input.little;
  const divisor = input.divisor;
  const aheadUs = control.aheadUs + control.clockSetUs;
  beginLook(timeUs);
  let at = from;
  for (let looks: u32 = 0; looks < LOOKS && at + input.headerBytes <= to; looks++) {
    const captured = u32At(at + 8, little);
    if (captured > input.limit || at + input.headerBytes + captured > to) break;
    record.dataAt = at + input.headerBytes;
    measure(captured, u32At(at + 12, little));
    const ownUs = <f64>u32At(at, little) * 1e6 + <f64>u32At(at + 4, little) / divisor - aheadUs;
    if (!look(ownUs)) break;
    at = record.dataAt + captured;
  }
  return endLook();
}

/**
 * True if the file header of another capture stands in place of a record, whose header is whole: a magic number, and
 * version 2.4 in its byte order. Time zone and accuracy, which are 0 in all files, stand where a record has its
 * lengths: as a record it is an empty one of the year 2055.
 */
function opensFile(at: u32): bool {
  if (load<u64>(at + 8) !== 0) return false;
  switch (be32(at)) {
    case 0xa1b2c3d4:
    case 0xa1b23c4d:
    case 0xa1b2cd34:
      return be32(at + 4) === 0x0002_0004;
    case 0xd4c3b2a1:
    case 0x4d3cb2a1:
    case 0x34cdb2a1:
      return be32(at + 4) === 0x0200_0400;
    default:
      return false;
  }
}

/** Bytes beyond `to` that the record at `at` needs. */
function missing(at: u32, to: u32): u32 {
  if (at + input.headerBytes > to) return at + input.headerBytes - to;
  if (opensFile(at)) return at + FILE_HEADER_BYTES - to;
  return at + input.headerBytes + u32At(at + 8, input.little) - to;
}

/** True if the record at `at` is whole in its header and longer than records are. */
function isAbsurd(at: u32, to: u32): bool {
  return at + input.headerBytes <= to && u32At(at + 8, input.little) > USUAL_LIMIT;
}

function lose(at: u32): void {
  addDamage(Fault.BAD_RECORD_LENGTH, streamOffset(at));
  input.lostAt = streamOffset(at);
  input.state = LOST;
}

/**
 * Looks, byte by byte, for a place where records chain. Each place costs at most three headers, so the search is
 * linear; it stops if fewer bytes follow than a chain of the longest usual records takes.
 */
function regain(from: u32, to: u32, final: bool): u32 {
  const reach = CHAIN * (input.headerBytes + USUAL_LIMIT);
  const stop = <i32>to - <i32>(final ? input.headerBytes : reach);
  let at = from;
  // The place itself is known to be bad.
  if (streamOffset(at) === input.lostAt && <i32>at <= stop) at++;
  for (; <i32>at <= stop; at++) {
    if (!opensFile(at) && !chains(at, to)) continue;
    addDamage(Fault.SKIPPED_BYTES, input.lostAt, streamOffset(at) - input.lostAt);
    input.state = AT_RECORDS;
    return at;
  }
  input.needed = reach > to - at ? reach - (to - at) : 1;
  return at;
}

/** True if plausible records follow each other, three of them or up to the very end of the input. */
function chains(from: u32, to: u32): bool {
  const little = input.little;
  const ticks = <u32>(1e6 * input.divisor);
  let near: f64 = -1;
  let at = from;
  for (let found: u32 = 0; found < CHAIN; found++) {
    if (at === to && found > 0) return true;
    // Only at the end of the input: the last record may be cut.
    if (at + input.headerBytes > to) return found === CHAIN - 1;
    const captured = u32At(at + 8, little);
    if (captured === 0 || captured > USUAL_LIMIT) return false;
    if (captured > u32At(at + 12, little)) return false;
    if (u32At(at + 4, little) >= ticks) return false;
    const seconds = <f64>u32At(at, little);
    if (found > 0 ? !isWithinDay(seconds, near) : !isNearKnown(seconds)) return false;
    near = seconds;
    at += input.headerBytes + captured;
    if (at > to) return found === CHAIN - 1;
  }
  return true;
}

/**
 * Near a record that was read: the last may have been garbage itself, for that is how footing is lost, so the one
 * before it and the first count as well.
 */
function isNearKnown(seconds: f64): bool {
  if (input.lastSecond < 0) return true;
  if (isWithinDay(seconds, input.lastSecond) || isWithinDay(seconds, input.firstSecond)) return true;
  return input.earlierSecond >= 0 && isWithinDay(seconds, input.earlierSecond);
}

function isWithinDay(seconds: f64, other: f64): bool {
  return abs(seconds - other) <= DAY_SECONDS;
}
