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
import { isDnsMessage } from './payload/dns.ts';
import { countCall } from './peers.ts';
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
  if (counts && isShown) sums.shownBytes += <f64>bytes;
  if (counts && !isShown) row.add(direction, <f64>bytes, 1);
  if (isShown) return row;
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
  if (isRead()) {
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
  else if (isControl()) row.reads++;
}

/**
 * Adds their own headers to the conversations of the IP packets around the current one. `isOpened`: the last carries a packet
 * that was read, and else all that it is counts there.
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
    const row = take(counts, outer.bytes - min(outer.bytes, carried));
    row.push(direction, record.timeUs);
    row.mark(isLast && !isOpened ? is.SEALED : is.OPENED);
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

/** True if the current packet of ICMP is no echo, or one as ping sends it. */
function isControl(): bool {
  if (packet.protocol !== ICMP && packet.protocol !== ICMP6) return packet.payloadBytes <= MOST_ECHO;
  const at = packet.payloadStart;
  if (at >= packet.payloadEnd) return false;
  const type = <u32>load<u8>(at);
  const isEcho = packet.protocol === ICMP ? type === 0 || type === 8 : type === 128 || type === 129;
  return !isEcho || packet.payloadBytes <= 8 + MOST_ECHO;
}

function has(port: u32): bool {
  return packet.sourcePort === port || packet.destinationPort === port;
}

/** True if the current datagram is a whole message of a protocol of fixed form, which carries nothing else. */
function isRead(): bool {
  const from = packet.payloadStart;
  const to = packet.payloadEnd;
  const bytes = to - from;
  const isExport = opensExport(from, to);
  if (isExport) host.exported();
  if (bytes !== packet.payloadBytes) return false;
  if (has(53) || has(5353) || has(5355) || has(137)) return isDnsMessage(from, to);
  if (has(123)) return isNtp(from, bytes);
  if (has(67) || has(68)) return bytes >= 240 && be32(from + 236) === 0x6382_5363; // RFC 2131 3
  if (has(161) || has(162)) return isSnmp(from, bytes);
  if (isExport) return true;
  // STUN (RFC 8489 5): its cookie, and its own length
  return bytes >= 20 && be32(from + 4) === 0x2112_a442 && be16(from + 2) + 20 === bytes;
}

// RFC 5905, section 7.3: 2 bits leap, 3 version (1 to 4), 3 mode | 1 stratum … 48 bytes, then authentication
function isNtp(from: u32, bytes: u32): bool {
  const version = (load<u8>(from) >> 3) & 7;
  return bytes >= 12 && bytes <= 512 && version >= 1 && version <= 4 && (load<u8>(from) & 7) !== 0;
}

// RFC 3416: a sequence, as long as the datagram, that begins with the version
function isSnmp(from: u32, bytes: u32): bool {
  if (bytes < 12 || load<u8>(from) !== 0x30) return false;
  const first = <u32>load<u8>(from + 1);
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (lengthBytes > 2) return false;
  const length = lengthBytes === 0 ? first : lengthBytes === 1 ? <u32>load<u8>(from + 2) : be16(from + 2);
  const at = from + 2 + lengthBytes;
  return length + 2 + lengthBytes === bytes && be16(at) === 0x0201 && load<u8>(at + 2) <= 3;
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
  // QUIC, long header (RFC 9000 17.2; RFC 9369 3.1)
  if ((first & 0x80) !== 0 && isQuic(version)) {
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
