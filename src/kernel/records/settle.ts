/**
 * What the cells of a row mean together, the same for every format: times and counters that stand in other columns, what is
 * broken, times that can be, counters that fit, no ports where there are none. Then the row is a flow record, or it is none.
 */
import { CLOCKS_SET_US, LATEST_US, MOST } from './bounds.ts';
import { ABSURD_TIME, BAD_ROW, COUNTER_OVERFLOW, LOST_RECORDS, NO_TIME, UNREAD_FLOW } from './damage-kind.ts';
import { damaged, taken } from './host.ts';
import { BYTE_LAYER, LINK_BYTES, ORIGINATORS, PAYLOAD_BYTES, ZONELESS } from './marks.ts';
import {
  BYTES,
  CLOCK,
  DAY,
  DESTINATION,
  DESTINATION_PORT,
  DURATION,
  END,
  END_CLOCK,
  END_DAY,
  HISTORY,
  PACKET_DESTINATION,
  PACKET_SOURCE,
  PACKETS,
  PAYLOAD,
  REVERSE_BYTES,
  REVERSE_PACKETS,
  REVERSE_PAYLOAD,
  SOURCE,
  SOURCE_PORT,
  START,
  STATUS,
  TOTAL_BYTES,
  TOTAL_PACKETS,
} from './roles.ts';
import { ARGUS_STATE, AWS_STATUS, SILENCE_UNKNOWN } from './rules.ts';
import { row } from './table-row.ts';
import { addTime } from './time-runs.ts';
import { keepOwnFields, TCP, UDP } from './transport.ts';

const SOURCES: u32 = (1 << SOURCE) | (1 << PACKET_SOURCE);
const DESTINATIONS: u32 = (1 << DESTINATION) | (1 << PACKET_DESTINATION);
const PORTS: u32 = (1 << SOURCE_PORT) | (1 << DESTINATION_PORT);
/** Cells that hold nonsense spoil the row; in other columns they only say nothing. */
const MUST_BE_VALID: u32 =
  (1 << SOURCE) |
  (1 << DESTINATION) |
  (1 << PACKETS) |
  (1 << BYTES) |
  (1 << REVERSE_PACKETS) |
  (1 << REVERSE_BYTES) |
  (1 << PAYLOAD) |
  (1 << REVERSE_PAYLOAD) |
  (1 << TOTAL_PACKETS) |
  (1 << TOTAL_BYTES);

const SYN: i32 = 0x02;
const SYN_ACK: i32 = 0x12;
/** The shortest packet with a header of its transport, IP bytes, and what Ethernet adds to it. */
const LEAST_IP_BYTES: f64 = 28;
const ETHERNET_BYTES: f64 = 14;

/** Times from 1970 on are times, as relative clocks begin there. */
const EARLIEST_US: f64 = 1;

const UNDERSCORE: u32 = 0x5f;
// The first four letters of what AWS says of a row, the first one lowest.
const NODATA: u32 = 0x41444f4e;
const SKIPDATA: u32 = 0x50494b53;

/** What the format means by a row (rules.ts). */
export let rules: i32 = 0;
/** Microseconds of 1 in the column of durations, by a million. */
let durationUnit: f64 = 1;
/** Whether the clock of the log was set, as its first time tells; then no time before 1990 is one. */
let isClockKnown: bool = false;
let isClockSet: bool = false;
/** Rows whose totals stand as sent, and rows of which the packets or bytes of each direction are estimated. */
export let togetherRows: f64 = 0;
export let estimatedRows: f64 = 0;
/** Rows to come are of a new input. */
export function beginRows(): void {
  isClockKnown = false;
  togetherRows = 0;
  estimatedRows = 0;
}

/** Rows to come are of these rules; 1 in the column of durations stands for so many millionths of a second, by a million. */
export function useRules(bits: i32, unit: f64): void {
  rules = bits;
  durationUnit = unit;
}

/** Makes a flow record of what the cells of the row in hand have said; false if it is none, which is told then. */
export function settle(): bool {
  if (row.startMarks !== 0) row.startUs = taken(row.startUs, row.startMarks);
  if (row.endMarks !== 0) row.endUs = taken(row.endUs, row.endMarks);
  if (rules !== 0 && !isFlow()) return false;
  const got = row.got;
  const bad = row.bad;
  if ((got & (1 << HISTORY)) !== 0 && row.protocol === TCP) takeHistory();
  const hasPorts = row.protocol === TCP || row.protocol === UDP;
  // Without a port, or with a fraction for one, only ICMP is well-formed.
  const badPorts =
    hasPorts && ((bad & PORTS) !== 0 || row.sourcePort > 0xffff || row.destinationPort > 0xffff);
  if (badPorts || (bad & MUST_BE_VALID) !== 0) return refused(BAD_ROW);
  if ((got & SOURCES) === 0 || (got & DESTINATIONS) === 0) return refused(UNREAD_FLOW);
  if ((bad & (1 << START)) !== 0) row.startUs = NaN;
  if ((bad & (1 << END)) !== 0) row.endUs = NaN;
  if (row.sourcePort > 0xffff) row.sourcePort = 0;
  if (row.destinationPort > 0xffff) row.destinationPort = 0;
  if ((got & ((1 << DAY) | (1 << END_DAY))) !== 0) takeDays(got);
  if ((got & (1 << DURATION)) !== 0) takeDuration();
  if ((got & (1 << BYTES)) === 0 && (got & (1 << PAYLOAD)) !== 0) takePayload(got);
  if ((got & ((1 << TOTAL_BYTES) | (1 << TOTAL_PACKETS))) !== 0) takeTotals(got);
  checkTimes();
  if (row.packets > MOST || row.reversePackets > MOST) {
    row.packets = cut(row.packets);
    row.reversePackets = cut(row.reversePackets);
  }
  if (row.bytes > MOST || row.reverseBytes > MOST) {
    row.bytes = cut(row.bytes);
    row.reverseBytes = cut(row.reverseBytes);
  }
  keepOwnFields(row);
  return true;
}

function refused(kind: i32): bool {
  damaged(kind, row.line, <i32>(row.behind - row.line));
  return false;
}

/** What the format knows of a row as a whole; false if it is no flow. */
function isFlow(): bool {
  if ((rules & AWS_STATUS) !== 0) {
    if (row.status === NODATA) return false;
    if (row.status === SKIPDATA) {
      damaged(LOST_RECORDS, row.line, 0);
      return false;
    }
  }
  const hasEnds = (row.got & SOURCES) !== 0 && (row.got & DESTINATIONS) !== 0;
  if ((rules & ARGUS_STATE) !== 0 && row.protocol === 0 && !hasEnds) return false;
  if ((rules & SILENCE_UNKNOWN) !== 0 && row.reversePackets === 0 && row.reverseBytes === 0) {
    row.reversePackets = -1;
    row.reverseBytes = -1;
  }
  return true;
}

/**
 * What Zeek's history says of a TCP connection. `orig` sent the first packet seen, which proves nothing if the handshake was
 * not seen.
 */
function takeHistory(): void {
  const originator = row.originatorFlags;
  const responder = row.responderFlags;
  row.tcpFlags = originator;
  row.reverseTcpFlags = responder;
  const isOpened = (originator & SYN) !== 0 || (responder & SYN_ACK) === SYN_ACK;
  if (!isOpened || row.isFlipped !== 0) row.marks &= ~ORIGINATORS;
}

/** Times of which the date and the time of day stand in two columns. */
function takeDays(got: u32): void {
  if ((got & (1 << DAY)) !== 0 && Number.isNaN(row.startUs))
    row.startUs = taken(row.dayUs + ((got & (1 << CLOCK)) === 0 ? 0 : row.clockUs), ZONELESS);
  if ((got & (1 << END_DAY)) !== 0 && Number.isNaN(row.endUs))
    row.endUs = taken(row.endDayUs + ((got & (1 << END_CLOCK)) === 0 ? 0 : row.endClockUs), ZONELESS);
}

function takeDuration(): void {
  const tookUs = floor(row.durationUs * durationUnit + 0.5);
  if (Number.isNaN(row.endUs)) row.endUs = row.startUs + tookUs;
  else if (Number.isNaN(row.startUs)) row.startUs = row.endUs - tookUs;
}

function takePayload(got: u32): void {
  row.bytes = row.payload;
  if ((got & (1 << REVERSE_PAYLOAD)) !== 0) row.reverseBytes = row.reversePayload;
  row.marks = (row.marks & ~BYTE_LAYER) | PAYLOAD_BYTES;
}

/** The other direction is what a total holds beyond this one; without this one, a total is parted by halves. */
function takeTotals(got: u32): void {
  const hasTotal = (got & (1 << TOTAL_BYTES)) !== 0;
  if (hasTotal && (got & (1 << BYTES)) !== 0) {
    if (row.reverseBytes < 0) row.reverseBytes = max(0, row.totalBytes - row.bytes);
  } else if (hasTotal && (got & (1 << PAYLOAD)) === 0) {
    if ((rules & ARGUS_STATE) !== 0 && (got & (1 << STATUS)) !== 0 && isAnswered(row.status)) {
      row.bytes = floor(row.totalBytes / 2);
      row.reverseBytes = row.totalBytes - row.bytes;
      estimatedRows++;
    } else {
      row.bytes = row.totalBytes;
      togetherRows++;
    }
  }
  if ((got & (1 << TOTAL_PACKETS)) === 0) return;
  if ((got & (1 << PACKETS)) !== 0) {
    if (row.reversePackets < 0) row.reversePackets = max(0, row.totalPackets - row.packets);
  } else if (row.reverseBytes < 0) row.packets = row.totalPackets;
  else partPackets();
}

/** Halves, as far as each direction has bytes for them. */
function partPackets(): void {
  const least = LEAST_IP_BYTES + ((row.marks & BYTE_LAYER) === LINK_BYTES ? ETHERNET_BYTES : 0);
  const all = row.totalPackets;
  const mostSent = floor(row.bytes / least);
  const mostReceived = floor(row.reverseBytes / least);
  const sent = max(min(floor(all / 2), mostSent), all - mostReceived);
  row.packets = min(max(0, sent), all);
  row.reversePackets = all - row.packets;
  if (row.bytes > 0 && row.reverseBytes > 0) estimatedRows++;
}

/**
 * True of a state of Argus, by its first four bytes, that only an answer brings about: a word like `CON`, or flags of both
 * ends with an underscore between (`S_RA`, `FSPA_FSPA`); `S_` and `REQ` are none.
 */
function isAnswered(state: u32): bool {
  for (let shift: u32 = 0; shift < 32; shift += 8) {
    if (((state >> shift) & 255) === UNDERSCORE)
      return shift === 24 || isLetter((state >> (shift + 8)) & 255);
  }
  switch ((state & 0xffffff) | 0x202020) {
    case 0x6e6f63: // con
    case 0x6e6966: // fin
    case 0x747372: // rst
    case 0x747365: // est
    case 0x6f6c63: // clo
    case 0x636361: // acc
      return true;
    default:
      return (
        isLetter(state & 255) &&
        isLetter((state >> 8) & 255) &&
        isLetter((state >> 16) & 255) &&
        isLetter(state >> 24)
      );
  }
}

function isLetter(byte: u32): bool {
  return (byte | 32) - 97 <= 25;
}

function cut(count: f64): f64 {
  if (count <= MOST) return count;
  damaged(COUNTER_OVERFLOW, row.line, 0);
  return MOST;
}

function checkTimes(): void {
  let startUs = plausible(row.startUs);
  const endUs = plausible(row.endUs);
  // 0 stands for nothing in many logs, and for the first packet where a clock begins there.
  if (row.startUs === 0 && endUs < CLOCKS_SET_US && isClockKnown && !isClockSet) startUs = 0;
  if (Number.isNaN(startUs)) {
    row.startUs = endUs;
    row.endUs = endUs;
    if (Number.isNaN(endUs)) {
      damaged(NO_TIME, row.line, 0);
      return;
    }
  } else {
    if (endUs < startUs) damaged(ABSURD_TIME, row.line, 0);
    row.startUs = startUs;
    row.endUs = Number.isNaN(endUs) ? startUs : max(startUs, endUs);
  }
  addTime(row.startUs, row.endUs);
}

/** The time, or NaN if it is unknown (0 stands for that in many logs) or cannot be. */
function plausible(timeUs: f64): f64 {
  if (timeUs >= EARLIEST_US && timeUs <= LATEST_US) {
    if (!isClockKnown) {
      isClockKnown = true;
      isClockSet = timeUs >= CLOCKS_SET_US;
    }
    if (timeUs >= CLOCKS_SET_US || !isClockSet) return timeUs;
  }
  if (timeUs !== 0 && !Number.isNaN(timeUs)) damaged(ABSURD_TIME, row.line, 0);
  return NaN;
}
