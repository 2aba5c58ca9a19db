/**
 * DNS messages (RFC 1035 4.1), in place: does one say a name of ours, in its question or as an alias in its answer? A
 * question for any other name may be answered with an alias of ours: it is remembered (questions.ts).
 */

import { DOT, has, SEED, step } from '../../names.ts';
import { be16 } from '../bytes.ts';
import * as is from '../flow-state.ts';
import * as host from '../host.ts';
import { LABELS, LABELS_AT, NAME_BITS_AT, packet, record } from '../memory.ts';
import { ask, isAnswered, keyOf } from './questions.ts';

export const HEADER_BYTES: u32 = 12;
const MAX_ANSWERS: u32 = 64;
const TYPE_CNAME: u32 = 5;
const TYPE_PTR: u32 = 12;

/** Where the DNS name that was looked at last ends. */
let nameEnd: u32 = 0;

/**
 * The name of a DNS message in [from, to) that begins at `start` (RFC 1035 4.1.4, pointers backwards only). A name that
 * breaks the rules is held by nobody, and the message ends with it.
 */
function mayHoldDns(from: u32, to: u32, start: u32): bool {
  let labels: u32 = 0;
  let at = start;
  let limit = start;
  let jumped = false;
  nameEnd = to;
  if (at >= to) return false;
  let length = <u32>load<u8>(at);
  while (length !== 0) {
    if (length >= 0xc0) {
      if (at + 1 >= to) return false;
      const target = from + (((length & 0x3f) << 8) | load<u8>(at + 1));
      if (!jumped) nameEnd = at + 2;
      if (target >= limit) return false;
      jumped = true;
      limit = target;
      at = target;
    } else {
      if (length > 0x3f || at + 1 + length > to) return false;
      store<u32>(LABELS_AT + (labels++ << 2), at);
      at += 1 + length;
    }
    if (at >= to || labels === <u32>LABELS) return false;
    length = load<u8>(at);
  }
  if (!jumped) nameEnd = at + 1;
  let hash = SEED;
  while (labels > 0) {
    const label = load<u32>(LABELS_AT + (--labels << 2));
    for (let i = label + load<u8>(label); i > label; i--) hash = step(hash, load<u8>(i));
    if (has(NAME_BITS_AT, hash)) return true;
    hash = step(hash, DOT);
  }
  return false;
}

/** Where a name of a DNS message ends; `to` if it breaks the rules. */
function endOfDnsName(start: u32, to: u32): u32 {
  let at = start;
  for (let labels: u32 = 0; at < to && labels < <u32>LABELS; labels++) {
    const length = <u32>load<u8>(at);
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 1 < to ? at + 2 : to;
    if (length > 0x3f || at + 1 + length > to) return to;
    at += 1 + length;
  }
  return to;
}

/** True if the question, or an alias in the answer, of the message in memory [from, to) may be a name of ours. */
function isOfName(from: u32, to: u32): bool {
  const isAsked = mayHoldDns(from, to, from + HEADER_BYTES);
  // For the name of an address somebody asks without end; only the answer says one.
  if (isAsked) return be16(nameEnd) !== TYPE_PTR || (!isQuestion(from) && be16(from + 6) > 0);
  if (isQuestion(from)) return false;
  let at = nameEnd + 4;
  const answers = min(be16(from + 6), MAX_ANSWERS);
  for (let i: u32 = 0; i < answers && at < to; i++) {
    at = endOfDnsName(at, to);
    if (at + 10 > to) return false;
    // type 2 | class 2 | time to live 4 | length 2
    const length = be16(at + 8);
    if (be16(at) === TYPE_CNAME && mayHoldDns(from, to, at + 10)) return true;
    at += 10 + length;
  }
  return false;
}

const DNS_PORT: u32 = 53;

/** True if the current packet is from or to a name server. */
export function isDnsPort(): bool {
  return packet.sourcePort === DNS_PORT || packet.destinationPort === DNS_PORT;
}

export function isQuestion(from: u32): bool {
  return (load<u8>(from + 2) & 0x80) === 0;
}

/**
 * Takes the DNS message in memory [from, to), sent at that time between two ends: their addresses, four words each, and
 * their ports.
 */
export function readDns(
  from: u32,
  to: u32,
  source: usize,
  sourcePort: u32,
  destination: usize,
  destinationPort: u32,
  timeUs: f64,
): i32 {
  if (to < from + HEADER_BYTES + 5) return is.DNS_IS_NOTHING;
  const concerns = isOfName(from, to);
  if (isQuestion(from)) {
    const key = keyOf(from, to, source, sourcePort, destination, destinationPort);
    if (key !== 0) ask(key, timeUs);
    return concerns ? (key !== 0 ? is.DNS_FITS : is.DNS_CONCERNS) : is.DNS_IS_NOTHING;
  }
  if (!concerns) return is.DNS_IS_NOTHING;
  const key = keyOf(from, to, destination, destinationPort, source, sourcePort);
  return key !== 0 && isAnswered(key, timeUs) ? is.DNS_FITS : is.DNS_CONCERNS;
}

/** A name that somebody asks for is hardly longer; who carries other things in names needs long ones. */
const LONGEST_NAME: u32 = 100;
/** Most records that a message over UDP holds. */
const MOST_RECORDS: u32 = 512;

/** True if memory [from, to) is a message of DNS (RFC 1035 4.1) from its head to its end. */
export function isDnsMessage(from: u32, to: u32): bool {
  if (to < from + HEADER_BYTES) return false;
  const operation = (load<u8>(from + 2) >> 3) & 15;
  const asked = be16(from + 4);
  if (operation > 6 || asked > 16) return false;
  if (isQuestion(from) && asked === 0) return false;
  let at = from + HEADER_BYTES;
  for (let i: u32 = 0; i < asked; i++) {
    const end = endOfDnsName(at, to);
    if (end + 4 > to || end - at > LONGEST_NAME) return false;
    at = end + 4;
  }
  const records = be16(from + 6) + be16(from + 8) + be16(from + 10);
  if (records > MOST_RECORDS) return false;
  // type 2 | class 2 | time to live 4 | length 2
  for (let i: u32 = 0; i < records; i++) {
    const end = endOfDnsName(at, to);
    if (end + 10 > to) return false;
    at = end + 10 + be16(end + 8);
  }
  return at === to;
}

/** So many letters and digits in a row stand in no name that people write. */
const LONG_RUN: u32 = 24;

/**
 * A hash of the last two labels of the name that the message in memory [from, to) asks for, if a label in front of them may
 * carry something; 0 if not.
 */
export function carrierOf(from: u32, to: u32): u32 {
  let last: u32 = 0;
  let before: u32 = 0;
  let isLong = false;
  let isLongBefore = false;
  let isCarrier = false;
  for (let at = from + HEADER_BYTES; at < to; ) {
    const length = <u32>load<u8>(at);
    if (length === 0 || length > 0x3f || at + 1 + length > to) break;
    isCarrier = isCarrier || isLongBefore;
    isLongBefore = isLong;
    isLong = false;
    before = last;
    last = 0x811c9dc5;
    let run: u32 = 0;
    for (let i = at + 1; i <= at + length; i++) {
      const byte = <u32>load<u8>(i) | 0x20;
      last = (last ^ byte) * 0x01000193;
      run = byte - 0x61 < 26 || byte - 0x30 < 10 ? run + 1 : 0;
      if (run >= LONG_RUN) isLong = true;
    }
    at += 1 + length;
  }
  return isCarrier ? ((before * 31) ^ last) | 1 : 0;
}

/** Takes the payload of the current UDP packet. */
export function readDatagram(): void {
  readMessage(packet.payloadStart, packet.payloadEnd);
}

/** Takes the message in memory [from, to) of the current packet. */
export function readMessage(from: u32, to: u32): void {
  const said = readDns(
    from,
    to,
    packet.source,
    packet.sourcePort,
    packet.destination,
    packet.destinationPort,
    record.timeUs,
  );
  if (said !== is.DNS_IS_NOTHING) host.dns(from, to, said === is.DNS_FITS);
}
