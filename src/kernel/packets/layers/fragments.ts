/**
 * IPv4 and IPv6 fragments (RFC 791 section 3.2, RFC 8200 section 4.5) put together to datagrams. Datagrams, bytes, fragments of
 * one datagram and capture time are limited, and the oldest goes first. If fragments overlap, the bytes that came first
 * stay (hosts differ here; an attacker may count on it, so overlaps are counted). What the snap length cut from a
 * fragment is missing on purpose, not waited for.
 */

import { allocate, release } from '../heap.ts';
import {
  DATAGRAM_AT,
  FRAGMENT_WAIT_US,
  fragments,
  MOST_DATAGRAMS,
  MOST_FRAGMENT_BYTES,
  MOST_FRAGMENTS,
  packet,
  record,
} from '../memory.ts';

/** What each of them counts beside its bytes. */
const DATAGRAM_COST: u32 = 512;
const PIECE_COST: u32 = 128;
const LARGEST_DATAGRAM: u32 = 65_535;
const MORE: u32 = 0x10000;

/** A datagram in flight; behind the row stands its fixed IP header. */
@unmanaged
class Assembly {
  older: u32;
  newer: u32;
  /** In the order of the datagram, apart from each other. */
  pieces: u32;
  pieceCount: u32;
  startUs: f64;
  id: u32;
  tunnels: u32;
  /** Of IPv4 a part of what makes it another datagram (RFC 791), of IPv6 0 (RFC 8200). */
  keyProtocol: u32;
  headerBytes: u32;
  /** By the first fragment. */
  protocol: u32;
  /** Length of the data, -1 until the last fragment tells. */
  total: i32;
  covered: u32;
  ipBytes: u32;
  /** Fragments taken, repeated ones included. */
  taken: u32;
  cost: u32;

  get header(): u32 {
    return <u32>changetype<usize>(this) + offsetof<Assembly>();
  }
}

/** Bytes [start, end) of a datagram, of which `length` were captured; they stand behind the row. */
@unmanaged
class Piece {
  next: u32;
  start: u32;
  end: u32;
  length: u32;
}

const ASSEMBLY_BYTES: u32 = offsetof<Assembly>() + 40;

function assemblyAt(at: u32): Assembly {
  return changetype<Assembly>(<usize>at);
}

function pieceAt(at: u32): Piece {
  return changetype<Piece>(<usize>at);
}

/**
 * Keeps the current fragment, whose data begins at `dataAt`; `place` is its offset in bytes, plus MORE if others follow. True
 * if its datagram is whole: that takes the place of the packet, and its protocol is `wholeProtocol`.
 */
export function completes(dataAt: u32, protocol: u32, id: u32, place: u32): bool {
  fragments.seen++;
  expire();
  const start = place & 0xffff;
  const more = place >= MORE;
  const length = packet.wireEnd - dataAt;
  const end = start + length;
  if (packet.wireEnd <= dataAt || end > LARGEST_DATAGRAM || (more && (length & 7) !== 0)) {
    fragments.malformed++;
    return false;
  }
  const found = find(protocol, id);
  const at = found !== 0 ? found : begin(protocol, id);
  if (at === 0) return false;
  const assembly = assemblyAt(at);
  assembly.ipBytes += packet.ipBytes;
  assembly.taken++;
  if (contradicts(assembly, end, more)) {
    fragments.malformed++;
    return false;
  }
  if (!more) assembly.total = end;
  if (start === 0) assembly.protocol = protocol;
  cover(assembly, dataAt - start, start, end);
  if (<i32>assembly.covered === assembly.total) {
    fragments.reassembled++;
    fragments.recoveredPackets += <f64>(assembly.taken - 1);
    fragments.recoveredBytes += <f64>(assembly.ipBytes - packet.ipBytes);
    present(assembly);
    forget(assembly);
    return true;
  }
  if (assembly.pieceCount > <u32>MOST_FRAGMENTS) giveUp(assembly);
  while (fragments.inFlight > <f64>MOST_DATAGRAMS || fragments.held > <f64>MOST_FRAGMENT_BYTES) {
    giveUp(assemblyAt(fragments.oldest));
  }
  return false;
}

/** Protocol of the datagram that was made whole last, and where its data begins. */
export let wholeProtocol: u32 = 0;
export let wholeDataAt: u32 = 0;

/** Gives up all that is still in flight. */
export function endFragments(): void {
  while (fragments.oldest !== 0) giveUp(assemblyAt(fragments.oldest));
}

/** RFC 791: source, destination, protocol and id; RFC 8200: without the protocol. */
function find(protocol: u32, id: u32): u32 {
  const isV4 = packet.ipVersion === 4;
  const keyProtocol = isV4 ? protocol : 0;
  const headerBytes: u32 = isV4 ? 20 : 40;
  const addressesAt: u32 = isV4 ? 12 : 8;
  let at = fragments.newest;
  while (at !== 0) {
    const assembly = assemblyAt(at);
    const isAlike = assembly.id === id && assembly.keyProtocol === keyProtocol;
    if (isAlike && assembly.headerBytes === headerBytes && assembly.tunnels === packet.tunnels) {
      const own = assembly.header + addressesAt;
      if (memory.compare(own, packet.ipAt + addressesAt, headerBytes - addressesAt) === 0) return at;
    }
    at = assembly.older;
  }
  return 0;
}

function begin(protocol: u32, id: u32): u32 {
  const at = allocate(ASSEMBLY_BYTES);
  if (at === 0) return 0;
  memory.fill(at, 0, ASSEMBLY_BYTES);
  const assembly = assemblyAt(at);
  const isV4 = packet.ipVersion === 4;
  assembly.startUs = record.timeUs;
  assembly.id = id;
  assembly.tunnels = packet.tunnels;
  assembly.keyProtocol = isV4 ? protocol : 0;
  assembly.headerBytes = isV4 ? 20 : 40;
  assembly.protocol = protocol;
  assembly.total = -1;
  assembly.cost = DATAGRAM_COST;
  memory.copy(assembly.header, packet.ipAt, assembly.headerBytes);
  assembly.older = fragments.newest;
  if (assembly.older === 0) fragments.oldest = at;
  else assemblyAt(assembly.older).newer = at;
  fragments.newest = at;
  fragments.inFlight++;
  fragments.held += <f64>DATAGRAM_COST;
  return at;
}

/** Whether a fragment goes past the known end, or names another end than is known. */
function contradicts(assembly: Assembly, end: u32, more: bool): bool {
  const total = <u32>assembly.total;
  if (assembly.total >= 0) return more ? end > total : end !== total;
  if (more) return false;
  let lastEnd: u32 = 0;
  for (let at = assembly.pieces; at !== 0; at = pieceAt(at).next) lastEnd = pieceAt(at).end;
  return lastEnd > end;
}

/** Keeps the parts of [start, end) that no piece covers yet; `base` is where byte 0 of the datagram would lie. */
function cover(assembly: Assembly, base: u32, start: u32, end: u32): void {
  let cursor = start;
  let repeats = false;
  let overlaps = false;
  let before: u32 = 0;
  let at = assembly.pieces;
  while (at !== 0) {
    const piece = pieceAt(at);
    if (piece.start >= end) break;
    if (piece.end > start) {
      if (piece.start === start && piece.end === end) repeats = true;
      else overlaps = true;
      if (piece.start > cursor) insert(assembly, before, base, cursor, piece.start);
      cursor = piece.end;
    }
    before = at;
    at = piece.next;
  }
  if (cursor < end) insert(assembly, before, base, cursor, end);
  if (repeats) fragments.repeated++;
  if (overlaps) fragments.overlapping++;
}

function insert(assembly: Assembly, before: u32, base: u32, start: u32, end: u32): void {
  const from = min(base + start, packet.limit);
  const length = min(base + end, packet.limit) - from;
  const at = allocate(offsetof<Piece>() + length);
  if (at === 0) return;
  const piece = pieceAt(at);
  piece.start = start;
  piece.end = end;
  piece.length = length;
  memory.copy(at + offsetof<Piece>(), from, length);
  if (before === 0) {
    piece.next = assembly.pieces;
    assembly.pieces = at;
  } else {
    piece.next = pieceAt(before).next;
    pieceAt(before).next = at;
  }
  assembly.pieceCount++;
  assembly.covered += end - start;
  assembly.cost += PIECE_COST + length;
  fragments.held += <f64>(PIECE_COST + length);
}

/** The datagram takes the place of the packet, up to the first gap that the snap length left. */
function present(assembly: Assembly): void {
  const headerBytes = assembly.headerBytes;
  wholeDataAt = <u32>DATAGRAM_AT + headerBytes;
  memory.copy(DATAGRAM_AT, assembly.header, headerBytes);
  let captured: u32 = 0;
  for (let at = assembly.pieces; at !== 0; at = pieceAt(at).next) {
    const piece = pieceAt(at);
    if (captured !== piece.start) break;
    memory.copy(wholeDataAt + piece.start, at + offsetof<Piece>(), piece.length);
    captured += piece.length;
  }
  wholeProtocol = assembly.protocol;
  packet.ipAt = <u32>DATAGRAM_AT;
  packet.limit = wholeDataAt + captured;
  packet.wireEnd = wholeDataAt + assembly.total;
  packet.ipBytes = assembly.ipBytes;
}

function expire(): void {
  while (fragments.oldest !== 0) {
    const assembly = assemblyAt(fragments.oldest);
    // Either way: captures that are merged, or whose clock was set, go back in time.
    if (abs(record.timeUs - assembly.startUs) <= <f64>FRAGMENT_WAIT_US) return;
    giveUp(assembly);
  }
}

function giveUp(assembly: Assembly): void {
  fragments.incomplete++;
  forget(assembly);
}

function forget(assembly: Assembly): void {
  if (assembly.older === 0) fragments.oldest = assembly.newer;
  else assemblyAt(assembly.older).newer = assembly.newer;
  if (assembly.newer === 0) fragments.newest = assembly.older;
  else assemblyAt(assembly.newer).older = assembly.older;
  let at = assembly.pieces;
  while (at !== 0) {
    const next = pieceAt(at).next;
    release(at, offsetof<Piece>() + pieceAt(at).length);
    at = next;
  }
  fragments.inFlight--;
  fragments.held -= <f64>assembly.cost;
  release(<u32>changetype<usize>(assembly), ASSEMBLY_BYTES);
}
