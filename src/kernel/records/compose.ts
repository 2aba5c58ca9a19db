/**
 * What the cells of a row mean together, the same for every format: times and counters that stand in other columns, and what
 * is broken. Then the row is a flow record, which is judged like every other (validate.ts), or it is none.
 */
import { mayHold } from '../names.ts';
import { byteAt, DOT, isLetter } from './cell.ts';
import { row } from './cell-row.ts';
import { copyBlocks } from './copies.ts';
import { toUtc } from './host.ts';
import { BYTE_LAYER, LINK_BYTES, ORIGINATORS, PAYLOAD_BYTES, ZONELESS } from './marks.ts';
import {
  CELL_ROW_AT,
  Fault,
  POOL_NAMES_AT,
  Row,
  reading,
  TOLD_NAMES_AT,
  TOLD_NAMES_BYTES,
} from './memory.ts';
import { damaged } from './reading.ts';
import * as role from './roles.ts';
import { ARGUS_STATE, AWS_STATUS, SILENCE_UNKNOWN } from './rules.ts';
import { findExporter } from './sensors.ts';
import { TCP, UDP } from './transport.ts';
import { beginClock, validate } from './validate.ts';
import { COUNTED, NEW_NAME, NO_FLOW, UNKNOWN_EXPORTER, WRITTEN } from './why.ts';
import { hashText } from './words.ts';

const SOURCES: u32 = (1 << role.SOURCE) | (1 << role.PACKET_SOURCE);
const DESTINATIONS: u32 = (1 << role.DESTINATION) | (1 << role.PACKET_DESTINATION);
const PORTS: u32 = (1 << role.SOURCE_PORT) | (1 << role.DESTINATION_PORT);
/** Cells that hold nonsense spoil the row; in other columns they only say nothing. */
const MUST_BE_VALID: u32 =
  (1 << role.SOURCE) |
  (1 << role.DESTINATION) |
  (1 << role.PACKETS) |
  (1 << role.BYTES) |
  (1 << role.REVERSE_PACKETS) |
  (1 << role.REVERSE_BYTES) |
  (1 << role.PAYLOAD) |
  (1 << role.REVERSE_PAYLOAD) |
  (1 << role.TOTAL_PACKETS) |
  (1 << role.TOTAL_BYTES);

const SYN: i32 = 0x02;
const SYN_ACK: i32 = 0x12;
/** The shortest packet with a header of its transport, IP bytes, and what Ethernet adds to it. */
const LEAST_IP_BYTES: f64 = 28;
const ETHERNET_BYTES: f64 = 14;

const UNDERSCORE: u32 = 0x5f;
// The first four letters of what AWS says of a row, the first one lowest.
const NODATA: u32 = 0x41444f4e;
const SKIPDATA: u32 = 0x50494b53;

/** What the format means by a row (rules.ts). */
export let rules: i32 = 0;
/** Microseconds of 1 in the column of durations, by a million. */
let durationUnit: f64 = 1;

/** When the file was written, microseconds since 1970; NaN if rows without a time are to have none. */
let fileUs: f64 = NaN;

/** Rows of an input that states no time at all have this one, NaN for none: a list of connections shows how it was then. */
export function useFileTime(timeUs: f64): void {
  fileUs = timeUs;
}

/** True while the current row waits for its name to be told, and whether it is a flow then. */
export let isTelling: bool = false;
let isFlowThen: bool = false;
/** False for a broken row: its name is not told. */
let mayTell: bool = false;

/** Rows to come are of a new input. */
export function beginRows(): void {
  beginClock();
  isTelling = false;
  memory.fill(TOLD_NAMES_AT, 0, TOLD_NAMES_BYTES);
  reading.togetherRows = 0;
  reading.estimatedRows = 0;
  reading.fileTimeRows = 0;
  fileUs = NaN;
}

/** Rows to come are of these rules; 1 in the column of durations stands for so many millionths of a second, by a million. */
export function useRules(bits: i32, unit: f64): void {
  rules = bits;
  durationUnit = unit;
}

/** Finishes the row of these cells, and writes it to `rowAt` if it goes on; it is the one of this number in its input. */
export function validateCells(rowAt: usize, number: f64): i32 {
  let isRow = isFlowThen;
  if (isTelling) isTelling = false;
  else {
    if (row.exporterFrom !== 0 && !findExporter()) return UNKNOWN_EXPORTER;
    mayTell = true;
    isRow = compose();
    if (row.nameTo !== 0 && mayTell && isNewName(isRow)) {
      isTelling = true;
      isFlowThen = isRow;
      return NEW_NAME;
    }
  }
  if (!isRow) return NO_FLOW;
  row.number = number;
  if (!Number.isNaN(fileUs)) {
    if (!Number.isNaN(row.startUs) || !Number.isNaN(row.endUs)) fileUs = NaN;
    else {
      row.endUs = fileUs;
      // What it took is known even so, and is no end.
      row.startUs =
        (row.got & (1 << role.DURATION)) === 0 ? fileUs : fileUs - floor(row.durationUs * durationUnit + 0.5);
      reading.fileTimeRows += 1;
    }
  }
  if (!validate(row, NaN, NaN, row.line)) return COUNTED;
  copyBlocks(rowAt, CELL_ROW_AT, offsetof<Row>());
  return WRITTEN;
}

/** The times of the row are UTC from now on, for what is told of it before it is validated. */
export function dateRow(): void {
  if (row.startMarks !== 0) row.startUs = toUtc(row.startUs, row.startMarks);
  if (row.endMarks !== 0) row.endUs = toUtc(row.endUs, row.endMarks);
  row.startMarks = 0;
  row.endMarks = 0;
  if ((row.bad & (1 << role.START)) !== 0) row.startUs = NaN;
  if ((row.bad & (1 << role.END)) !== 0) row.endUs = NaN;
  if ((row.got & ((1 << role.DAY) | (1 << role.END_DAY))) !== 0) addDays(row.got);
}

/** Makes a flow record of what the cells have said; false if it is none, which is told then. */
function compose(): bool {
  dateRow();
  if (rules !== 0 && !isFlow()) return false;
  const got = row.got;
  const bad = row.bad;
  if ((got & (1 << role.HISTORY)) !== 0 && row.protocol === TCP) addHistory();
  const hasPorts = row.protocol === TCP || row.protocol === UDP;
  // Without a port, or with a fraction for one, only ICMP is well-formed.
  const badPorts =
    hasPorts && ((bad & PORTS) !== 0 || row.sourcePort > 0xffff || row.destinationPort > 0xffff);
  if (badPorts || (bad & MUST_BE_VALID) !== 0) return refused(Fault.BAD_ROW);
  if (row.onlyNames !== 0 && row.nameTo === 0) {
    damaged(Fault.OTHER_LINE, row.line, 0);
    return false;
  }
  const hasServer = (got & DESTINATIONS) !== 0;
  if ((got & SOURCES) === 0 || (!hasServer && row.nameTo === 0)) return refused(Fault.UNREAD_FLOW);
  if (!hasServer) {
    damaged(Fault.ONLY_NAMED, row.line, 0);
    return false;
  }
  if (row.onlyNames !== 0) return false;
  if ((got & (1 << role.DURATION)) !== 0) addDuration();
  if ((got & (1 << role.BYTES)) === 0 && (got & (1 << role.PAYLOAD)) !== 0) usePayload(got);
  if ((got & ((1 << role.TOTAL_BYTES) | (1 << role.TOTAL_PACKETS))) !== 0) splitTotals(got);
  return true;
}

/**
 * True if the name was not told yet, as far as that is remembered. One that a pool may have is told each hour, for each client.
 * Of any other it only counts which domain it gives to which server; where no flow does, it tells the time of the log as well.
 */
function isNewName(isFlow: bool): bool {
  const mayBeOfPool = mayHold(POOL_NAMES_AT, row.nameFrom, row.nameTo);
  const said = hashText(mayBeOfPool ? row.nameFrom : domainFrom(), row.nameTo);
  return isNew(said, mayBeOfPool, mayBeOfPool || !isFlow);
}

/** True if what has this hash was not told yet of the server: with these, in this hour, and for this client. */
export function isNew(said: u32, isOfClient: bool, isOfHour: bool): bool {
  let hash = (said ^ row.destination3 ^ (row.destination1 << 9)) * 0xc2b2ae35;
  if (isOfHour)
    hash ^= <u32>(<i64>((Number.isNaN(row.endUs) ? row.startUs : row.endUs) / 3.6e9)) * 0x9e3779b1;
  if (isOfClient) hash = (hash ^ row.source3 ^ (row.source1 << 7) ^ (row.destinationPort << 16)) * 0x85ebca77;
  hash ^= hash >> 15;
  // The last four of each place are remembered.
  const place = TOLD_NAMES_AT + (((<usize>hash) << 4) & (TOLD_NAMES_BYTES - 1));
  const told = v128.load(place);
  const current = i32x4.splat(hash | 1);
  if (v128.any_true(i32x4.eq(told, current))) return false;
  v128.store(place, i32x4.shuffle(current, told, 0, 4, 5, 6));
  return true;
}

/** Where the last two labels of the name begin (run/shared-addresses.ts). */
function domainFrom(): usize {
  let dots = 0;
  for (let at = row.nameTo; at > row.nameFrom; at--) {
    if (byteAt(at - 1) === DOT && ++dots === 2) return at;
  }
  return row.nameFrom;
}

function refused(kind: u32): bool {
  mayTell = false;
  damaged(kind, row.line, row.behind - row.line);
  return false;
}

/** What the format knows of a row as a whole; false if it is no flow. */
function isFlow(): bool {
  if ((rules & AWS_STATUS) !== 0) {
    if (row.status === NODATA) return false;
    if (row.status === SKIPDATA) {
      damaged(Fault.LOST_RECORDS, row.line, 0);
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
function addHistory(): void {
  const originator = row.originatorFlags;
  const responder = row.responderFlags;
  row.tcpFlags = originator;
  row.reverseTcpFlags = responder;
  const isOpened = (originator & SYN) !== 0 || (responder & SYN_ACK) === SYN_ACK;
  if (!isOpened || row.isFlipped !== 0) row.marks &= ~ORIGINATORS;
}

/** Times of which the date and the time of day stand in two columns. */
function addDays(got: u32): void {
  if ((got & (1 << role.DAY)) !== 0 && Number.isNaN(row.startUs))
    row.startUs = toUtc(row.dayUs + ((got & (1 << role.CLOCK)) === 0 ? 0 : row.clockUs), ZONELESS);
  if ((got & (1 << role.END_DAY)) !== 0 && Number.isNaN(row.endUs))
    row.endUs = toUtc(row.endDayUs + ((got & (1 << role.END_CLOCK)) === 0 ? 0 : row.endClockUs), ZONELESS);
}

function addDuration(): void {
  const tookUs = floor(row.durationUs * durationUnit + 0.5);
  if (Number.isNaN(row.endUs)) row.endUs = row.startUs + tookUs;
  else if (Number.isNaN(row.startUs)) row.startUs = row.endUs - tookUs;
}

function usePayload(got: u32): void {
  row.bytes = row.payload;
  if ((got & (1 << role.REVERSE_PAYLOAD)) !== 0) row.reverseBytes = row.reversePayload;
  row.marks = (row.marks & ~BYTE_LAYER) | PAYLOAD_BYTES;
}

/** The other direction is what a total holds beyond this one; without this one, a total is split into halves. */
function splitTotals(got: u32): void {
  const hasTotal = (got & (1 << role.TOTAL_BYTES)) !== 0;
  if (hasTotal && (got & (1 << role.BYTES)) !== 0) {
    if (row.reverseBytes < 0) row.reverseBytes = max(0, row.totalBytes - row.bytes);
  } else if (hasTotal && (got & (1 << role.PAYLOAD)) === 0) {
    if ((rules & ARGUS_STATE) !== 0 && (got & (1 << role.STATUS)) !== 0 && isAnswered(row.status)) {
      row.bytes = floor(row.totalBytes / 2);
      row.reverseBytes = row.totalBytes - row.bytes;
      reading.estimatedRows += 1;
    } else {
      row.bytes = row.totalBytes;
      reading.togetherRows += 1;
    }
  }
  if ((got & (1 << role.TOTAL_PACKETS)) === 0) return;
  if ((got & (1 << role.PACKETS)) !== 0) {
    if (row.reversePackets < 0) row.reversePackets = max(0, row.totalPackets - row.packets);
  } else if (row.reverseBytes < 0) row.packets = row.totalPackets;
  else splitPackets();
}

/** Halves, as far as each direction has bytes for them. */
function splitPackets(): void {
  const least = LEAST_IP_BYTES + ((row.marks & BYTE_LAYER) === LINK_BYTES ? ETHERNET_BYTES : 0);
  const all = row.totalPackets;
  const mostSent = floor(row.bytes / least);
  const mostReceived = floor(row.reverseBytes / least);
  const sent = max(min(floor(all / 2), mostSent), all - mostReceived);
  row.packets = min(max(0, sent), all);
  row.reversePackets = all - row.packets;
  if (row.bytes > 0 && row.reverseBytes > 0) reading.estimatedRows += 1;
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
