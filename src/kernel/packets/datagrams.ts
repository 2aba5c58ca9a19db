/**
 * Conversations that are not TCP: datagrams between two ports (UDP, UDP-Lite, SCTP, DCCP), packets of another protocol
 * between two hosts, and the outer packets of tunnels, of which only their own headers count. Silence ends them.
 */

import { be16, be32 } from './bytes.ts';
import { makeRoom, reopenFlow } from './ending.ts';
import * as is from './flow-state.ts';
import { direction, Flow, find, found, isNew } from './flows.ts';
import * as host from './host.ts';
import { SILENCE_US } from './judge.ts';
import { control, OUTERS_AT, Outer, packet, record, counts as sums } from './memory.ts';
import { carrierOf, isDnsMessage, isQuestion } from './payload/dns.ts';
import { countCall, isPeer } from './peers.ts';
import { wasShown } from './probes.ts';
import { searchDatagram } from './text.ts';

const ICMP: u32 = 1;
const ICMP6: u32 = 58;
const ESP: u32 = 50;
const GRE: u32 = 47;
/** Payload of the echoes of ping, at most, with the time that it puts there. */
const MOST_ECHO: u32 = 64;

/** The conversation of the current packet, which counts so many bytes in it. */
function take(counts: bool, bytes: u32): Flow {
  const timeUs = record.timeUs;
  makeRoom(timeUs);
  const row = find();
  if (isNew) {
    row.firstUs = timeUs;
    row.lastUs = timeUs;
  } else if (timeUs - row.lastUs > SILENCE_US) reopenFlow(found, row, timeUs);
  const isShown = control.isCopy !== 0 && wasShown(row, timeUs);
  if (isShown) {
    if (counts) sums.shownBytes += <f64>bytes;
    return row;
  }
  if (counts) row.add(direction, <f64>bytes, 1);
  if (timeUs > row.lastUs) row.lastUs = timeUs;
  else if (timeUs < row.firstUs) row.firstUs = timeUs;
  return row;
}

/** Takes the current packet of UDP. */
export function datagram(counts: bool): void {
  const row = take(counts, packet.ipBytes);
  if (packet.payloadBytes === 0) return;
  const isFirst = row.pushes0 + row.pushes1 === 0;
  if (isFirst) countCall(packet.source, packet.sourcePort, record.timeUs);
  row.push(direction, record.timeUs);
  if (isFirst && goesToMany(packet.destination)) row.mark(is.ONE_WAY);
  if (isRead(row)) {
    row.reads++;
    return;
  }
  // The name that a client of QUIC says may take several datagrams.
  if (row.has(is.QUIC) && row.pushesOf(direction) > MOST_OPENING) return;
  if (row.has(is.OPAQUE | is.SEALED) && !row.has(is.QUIC)) return;
  lookAtSeal(row);
  if (!row.has(is.OPAQUE | is.SEALED)) searchDatagram(row);
}

/** Takes the current packet, which is neither TCP nor UDP. */
export function otherPacket(counts: bool): void {
  const row = take(counts, packet.ipBytes);
  if (packet.payloadBytes === 0) return;
  const isFirst = row.pushes0 + row.pushes1 === 0;
  row.push(direction, record.timeUs);
  if (isFirst && goesToMany(packet.destination)) row.mark(is.ONE_WAY);
  if (packet.protocol === ESP || packet.protocol === GRE) row.mark(is.SEALED);
  else if (isControl(row, isFirst)) row.reads++;
}

/**
 * Adds their own headers to the conversations of the IP packets around the current one. `isOpened`: the last one carries a
 * packet that was read; if not, all its bytes count for itself.
 */
export function countOuters(counts: bool, isOpened: bool): void {
  const outers = packet.outers;
  if (outers === 0) return;
  const own = packet.ownBytes;
  const protocol = packet.protocol;
  const ports = (packet.sourcePort << 16) | packet.destinationPort;
  const source = v128.load(packet.source);
  const destination = v128.load(packet.destination);
  for (let i: u32 = 0; i < outers; i++) {
    const outer = outerAt(i);
    const isLast = i + 1 === outers;
    const carried = !isLast ? outerAt(i + 1).own : isOpened ? own : 0;
    v128.store(packet.source, v128.load(outer.source));
    v128.store(packet.destination, v128.load(outer.destination));
    packet.protocol = outer.protocol;
    packet.sourcePort = outer.ports >>> 16;
    packet.destinationPort = outer.ports & 0xffff;
    // What a tunnel carries may say that it is longer than what carries it.
    if (counts && carried > outer.bytes) sums.bytes += <f64>(carried - outer.bytes);
    const row = take(counts, outer.bytes - min(outer.bytes, carried));
    row.push(direction, record.timeUs);
    if (isLast && !isOpened) row.mark(is.SEALED);
    else {
      row.mark(is.OPENED);
      row.reads++;
    }
  }
  v128.store(packet.source, source);
  v128.store(packet.destination, destination);
  packet.protocol = protocol;
  packet.sourcePort = ports >>> 16;
  packet.destinationPort = ports & 0xffff;
}

function outerAt(i: u32): Outer {
  return changetype<Outer>(OUTERS_AT + i * offsetof<Outer>());
}

/** True of a group (RFC 1112, RFC 4291 2.7) and of all hosts of the network (255.255.255.255). */
function goesToMany(address: usize): bool {
  const isV4 = load<u64>(address) === 0 && load<u32>(address, 8) === 0xffff;
  if (!isV4) return load<u32>(address) >>> 24 === 0xff;
  const word = load<u32>(address, 12);
  return word >>> 28 === 0xe || word === 0xffff_ffff;
}

/**
 * True if the current packet is of ICMP, and an error that quotes no more than one may (RFC 1812 4.3.2.3, RFC 4443 2.4), or an
 * echo as ping sends it: with the same bytes each time, behind the time that it puts there.
 */
function isControl(row: Flow, isFirst: bool): bool {
  const isSix = packet.protocol === ICMP6;
  if (packet.protocol !== ICMP && !isSix) return false;
  const at = packet.payloadStart;
  if (at + 8 > packet.payloadEnd || packet.payloadEnd - at !== packet.payloadBytes) return false;
  const type = <u32>load<u8>(at);
  if (isSix ? type === 128 || type === 129 : type === 0 || type === 8) return isPing(row, at, isFirst);
  const isError = isSix
    ? type >= 1 && type <= 4
    : type === 3 || type === 4 || type === 5 || type === 11 || type === 12;
  if (!isError) return isSix && type >= 130 && type <= 143 && packet.payloadBytes <= 256;
  const version = at + 8 < packet.payloadEnd ? <u32>load<u8>(at + 8) >> 4 : 0;
  return version === (isSix ? 6 : 4) && packet.payloadBytes <= (isSix ? 1240 : 556);
}

const PING_HEADER: u32 = 8;
const PING_TIME: u32 = 16;
const MOST_AHEAD: u32 = 64;

/** Notes what the first echo says, and compares. */
function isPing(row: Flow, at: u32, isFirst: bool): bool {
  if (packet.payloadBytes > PING_HEADER + MOST_ECHO) return false;
  let hash: i32 = <i32>packet.payloadBytes;
  for (let each = at + PING_HEADER + PING_TIME; each < packet.payloadEnd; each++)
    hash = (hash ^ load<u8>(each)) * 0x0100_0193;
  const id = <u32>be16(at + 4);
  const number = <u32>be16(at + 6);
  if (isFirst) {
    row.isn0 = hash;
    row.isn1 = (id << 16) | number;
  }
  // Programs count on under one id, some over all hosts; another program has another one.
  const ahead = number - (row.isn1 & 0xffff);
  const isNext = ahead + MOST_AHEAD <= 2 * MOST_AHEAD || id === <u32>row.isn1 >>> 16;
  row.isn1 = (row.isn1 & 0xffff_0000) | number;
  return row.isn0 === hash && isNext;
}

function has(port: u32): bool {
  return packet.sourcePort === port || packet.destinationPort === port;
}

/** True if the current datagram is a whole message of a protocol of fixed form, which carries nothing else. */
function isRead(row: Flow): bool {
  const from = packet.payloadStart;
  const to = packet.payloadEnd;
  const bytes = to - from;
  const isExport = opensExport(from, to);
  if (isExport) host.exported();
  if (bytes !== packet.payloadBytes) return false;
  if (has(53) || has(5353) || has(5355) || has(137)) return isDnsMessage(from, to) && !carries(from, to);
  if (has(123)) return isNtp(from, bytes) && hasTimes(from);
  // Values and options may be anything: of those of a server elsewhere nobody knows what they are.
  if (has(67) || has(68)) return isDhcp(from, to) && isNear(row);
  if (has(161) || has(162)) return isSnmp(from, bytes) && (bytes <= SMALL_SNMP || isNear(row));
  return isExport ? isWholeExport(from, to) : isStun(from, to);
}

// RFC 5905, section 7.3: 2 bits leap, 3 version (1 to 4), 3 mode | 1 stratum | 2 poll | 3 precision … 48 bytes, then a digest
function isNtp(from: u32, bytes: u32): bool {
  const version = (load<u8>(from) >> 3) & 7;
  const mode = load<u8>(from) & 7;
  if (bytes !== 48 && bytes !== 52 && bytes !== 68 && bytes !== 72) return false;
  if (version < 1 || version > 4 || mode < 1 || mode > 5) return false;
  return load<u8>(from + 1) <= 16 && load<u8>(from + 2) <= 17 && load<i8>(from + 3) <= 0;
}

/** A question of SNMP for a counter, and its answer; a share does not fit in. */
const SMALL_SNMP: u32 = 64;
const MOST_TRIP: u32 = 64;
/** Clocks are set anew after days at most, s. */
const MOST_AGE: u32 = 1 << 20;

/**
 * True if the seconds in it are those of one clock: 16 when it was set | 24 of the other side | 32 of arrival | 40 of departure. Where a
 * client puts a random number in place of the last (RFC 9769), the others are 0.
 */
function hasTimes(from: u32): bool {
  const mode = load<u8>(from) & 7;
  const set = be32(from + 16);
  const arrived = be32(from + 32);
  const sent = be32(from + 40);
  const isAnswer = mode === 2 || mode === 4;
  return (
    (set === 0 || isBefore(set, sent, MOST_AGE)) &&
    (arrived === 0 || isBefore(arrived, sent, isAnswer ? MOST_TRIP : MOST_AGE))
  );
}

/** True if one of two times, s, is the other, or so much earlier at most. */
function isBefore(first: u32, second: u32, most: u32): bool {
  return second - first <= most || first - second <= MOST_TRIP;
}

/** True if the client asks for names of one domain that may carry something, again and again. */
function carries(from: u32, to: u32): bool {
  const carrier = carrierOf(from, to);
  if (carrier === 0) return false;
  const isAsked = isQuestion(from);
  const client = isAsked ? packet.source : packet.destination;
  if (isAsked) countCall(client, carrier, record.timeUs);
  return isPeer(client, carrier);
}

/** True if both ends are of private networks, or of one network. */
function isNear(row: Flow): bool {
  if (isPrivate(row.low) && isPrivate(row.high)) return true;
  if (load<u64>(row.low) !== load<u64>(row.high)) return false;
  // Of IPv4 16 bits, of IPv6 64.
  return load<u64>(row.low) !== 0 || load<u32>(row.low, 12) >>> 16 === load<u32>(row.high, 12) >>> 16;
}

/** Addresses that no router of the internet knows (RFC 6890), groups, and all hosts of the network. */
function isPrivate(address: usize): bool {
  const isV4 = load<u64>(address) === 0 && load<u32>(address, 8) === 0xffff;
  const word = isV4 ? load<u32>(address, 12) : load<u32>(address);
  if (!isV4) return word === 0 || word >>> 25 === 0x7e || word >>> 22 === 0x3fa || word >>> 24 === 0xff;
  const first = word >>> 24;
  return (
    first === 10 ||
    first === 127 ||
    first === 0 ||
    first >= 224 ||
    word >>> 20 === 0xac1 ||
    word >>> 16 === 0xc0a8 ||
    word >>> 16 === 0xa9fe ||
    word >>> 22 === 0x191
  );
}

// RFC 2131 3: 0 operation | 1 hardware | 2 its length | 3 hops … 236 cookie, then options: 0 code | 1 length … 255
function isDhcp(from: u32, to: u32): bool {
  if (to < from + 241 || be32(from + 236) !== 0x6382_5363) return false;
  const operation = load<u8>(from);
  if (operation < 1 || operation > 2 || load<u8>(from + 2) > 16) return false;
  for (let at = from + 240; at < to; ) {
    const code = <u32>load<u8>(at);
    if (code === 255) return isZero(at + 1, to);
    if (code === 0) at++;
    else if (at + 1 >= to) return false;
    else at += 2 + <u32>load<u8>(at + 1);
  }
  return false;
}

function isZero(from: u32, to: u32): bool {
  for (let at = from; at < to; at++) if (load<u8>(at) !== 0) return false;
  return true;
}

// RFC 3416: a sequence, as long as the datagram: version, then a community and a PDU that ends it (1, 2c), or a header (3)
function isSnmp(from: u32, bytes: u32): bool {
  const to = from + bytes;
  if (bytes < 12 || load<u8>(from) !== 0x30 || endOfItem(from, to) !== to) return false;
  let at = from + lengthOfHead(from);
  if (be16(at) !== 0x0201 || load<u8>(at + 2) > 3) return false;
  const isThree = load<u8>(at + 2) === 3;
  at = endOfItem(at, to);
  if (at + 2 > to) return false;
  if (isThree) return load<u8>(at) === 0x30;
  if (load<u8>(at) !== 0x04) return false;
  at = endOfItem(at, to);
  return at + 2 <= to && load<u8>(at) >= 0xa0 && load<u8>(at) <= 0xa8 && endOfItem(at, to) === to;
}

/** Bytes of type and length of an item of BER (X.690 8.1.3), of at most 65,535 bytes. */
function lengthOfHead(at: u32): u32 {
  const first = <u32>load<u8>(at + 1);
  return first < 0x80 ? 2 : 2 + min<u32>(first & 0x7f, 2);
}

function endOfItem(at: u32, to: u32): u32 {
  if (at + 4 > to) return to + 1;
  const first = <u32>load<u8>(at + 1);
  const length =
    first < 0x80 ? first : first === 0x81 ? <u32>load<u8>(at + 2) : first === 0x82 ? be16(at + 2) : 0xffff;
  return at + lengthOfHead(at) + length;
}

const STUN_DATA: u32 = 0x13;

// RFC 8489 5: its cookie, and its own length; attributes: 0 type | 2 length | value, filled up to four. Data (RFC 8656) is another's.
function isStun(from: u32, to: u32): bool {
  if (to < from + 20 || be32(from + 4) !== 0x2112_a442 || be16(from + 2) + 20 !== to - from) return false;
  let at = from + 20;
  while (at + 4 <= to) {
    if (be16(at) === STUN_DATA) return false;
    at += 4 + ((be16(at + 2) + 3) & ~3);
  }
  return at === to;
}

const LEAST_EXPORT_BYTES: u32 = 16;

/** Versions of NetFlow (1, 5, 7, 9) and IPFIX (10) in 16 bits, of sFlow (5) in 32. */
function opensExport(from: u32, to: u32): bool {
  if (to < from + LEAST_EXPORT_BYTES || load<u8>(from) !== 0) return false;
  switch (<u32>load<u8>(from + 1)) {
    case 1:
    case 5:
    case 7:
    case 9:
    case 10:
      return true;
    case 0:
      return load<u8>(from + 2) === 0 && load<u8>(from + 3) === 5;
    default:
      return false;
  }
}

/** True if the export is as long as it says: rows of one length, or sets that say theirs. */
function isWholeExport(from: u32, to: u32): bool {
  const bytes = to - from;
  const count = be16(from + 2);
  switch (be16(from)) {
    case 1:
      return bytes === 16 + 52 * count;
    case 5:
      return bytes === 24 + 48 * count;
    case 7:
      return bytes === 24 + 52 * count;
    case 9:
      return bytes >= 20 && endsWithSets(from + 20, to);
    case 10:
      return count === bytes && endsWithSets(from + 16, to);
    default: // sFlow: the address of the agent is of IPv4 or IPv6
      return be32(from + 4) === 1 || be32(from + 4) === 2;
  }
}

function endsWithSets(from: u32, to: u32): bool {
  let at = from;
  while (at + 4 <= to) {
    const length = be16(at + 2);
    if (length < 4) return false;
    at += length;
  }
  return at === to;
}

/** Datagrams in which a client opens a connection of QUIC. */
const MOST_OPENING: u32 = 4;
const QUIC_1: u32 = 1;
const QUIC_2: u32 = 0x6b33_43cf;
const IKE: u32 = 500;
const IKE_NAT: u32 = 4500;

/** Marks a conversation that opens as something encrypted does. */
function lookAtSeal(row: Flow): void {
  const from = packet.payloadStart;
  const to = packet.payloadEnd;
  const bytes = packet.payloadBytes;
  if (to < from + 5) return;
  const first = <u32>load<u8>(from);
  const version = be32(from + 1);
  // QUIC, long header (RFC 9000 17.2; RFC 9369 3.1), with which each side begins
  if ((first & 0x80) !== 0 && row.pushesOf(direction) <= MOST_OPENING && isQuic(version)) {
    row.mark(is.OPAQUE | is.QUIC);
    const isInitial = (first & 0x30) === (version === QUIC_2 ? 0x10 : 0);
    if (isInitial && bytes >= 1200 && row.pushes0 + row.pushes1 === 1) row.mark(is.BEGUN);
    if (isInitial) host.quic(found, direction, from, to);
  } else if (isWireGuard(from, bytes) || isOpenVpn(row, first, bytes)) row.mark(is.SEALED);
  // IKE, and ESP in UDP (RFC 3948 2)
  else if (has(IKE) || has(IKE_NAT)) row.mark(is.SEALED);
  // DTLS (RFC 9147 4): the type of a record, and the version upside down
  else if (first >= 20 && first <= 25 && load<u8>(from + 1) === 0xfe && load<u8>(from + 2) >= 0xfc)
    row.mark(is.OPAQUE);
}

/** Versions 1 and 2, drafts of them, and those of Google and Facebook before. */
function isQuic(version: u32): bool {
  if (version === QUIC_1 || version === QUIC_2) return true;
  const group = version >>> 16;
  return group === 0xff00 || group === 0xface || group === 0x5130 || group === 0x5430;
}

// WireGuard's own paper, section 5.4: type 1 to 4, three zeros; lengths 148, 92, 64, and of data a multiple of 16
function isWireGuard(from: u32, bytes: u32): bool {
  const type = load<u32>(from);
  if (type === 4) return bytes >= 32 && (bytes & 15) === 0;
  return (type === 1 && bytes === 148) || (type === 2 && bytes === 92) || (type === 3 && bytes === 64);
}

/** OpenVPN's first packets: a hard reset of client (7, 10) and server (8), the number of the key 0, then a session id. */
function isOpenVpn(row: Flow, first: u32, bytes: u32): bool {
  const isReset = first === 0x38 || first === 0x40 || first === 0x50;
  return isReset && bytes >= 14 && bytes <= 1400 && row.pushesOf(direction) === 1;
}
