/**
 * COLD: IPv4 and IPv6 fragments (RFC 791 section 3.2, RFC 8200 section 4.5) put together to datagrams. Allocates,
 * within bounds: datagrams, bytes, fragments of one datagram and capture time are limited, and the oldest goes first.
 * If fragments overlap, the bytes that came first stay (hosts differ here; an attacker may count on it, so
 * overlaps are counted). What the snap length cut from a fragment is missing on purpose, not waited for.
 */

/** One fragment as the packet decoder found it; offsets are into `bytes`, which are copied. */
interface Fragment {
  readonly bytes: Uint8Array;
  /** The IP header and its fixed length: 20 or 40. */
  readonly headerAt: number;
  readonly headerBytes: number;
  /** Fragment data: captured up to `dataEnd`, on the wire up to `wireEnd`. */
  readonly dataAt: number;
  readonly dataEnd: number;
  readonly wireEnd: number;
  readonly ipBytes: number;
  /** IP protocol (IPv4), or next header of the fragment header. */
  readonly protocol: number;
  readonly id: number;
  /** Place of the data in the datagram, in bytes. */
  readonly offset: number;
  readonly more: boolean;
  /** Tunnels around the fragment: equal private addresses inside and outside of one are not the same hosts. */
  readonly tunnels: number;
  readonly timeUs: number;
}

/** A whole datagram: the fixed IP header, then the data. */
export interface Datagram {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly headerBytes: number;
  /** Bytes up to the first gap that the snap length left, header included. */
  readonly captured: number;
  /** Bytes on the wire, header included. */
  readonly wireBytes: number;
  readonly protocol: number;
  /** Sum of the IP lengths of all its fragments, repeated ones included. */
  readonly ipBytes: number;
}

export const DATAGRAM_LIMIT = 1024;
export const BYTE_LIMIT = 16 * 1024 * 1024;
export const WAIT_LIMIT_US = 30_000_000;
/** Fragments of one datagram. 65,535 bytes take 119 at the 576 bytes that every IPv4 host accepts. */
export const PIECE_LIMIT = 256;
/** What an object of each kind costs beside its bytes, roughly. */
const DATAGRAM_COST = 512;
const PIECE_COST = 128;
const LARGEST_DATAGRAM = 65_535;

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly data: Uint8Array;
}

interface Assembly {
  readonly startUs: number;
  readonly header: Uint8Array;
  readonly pieces: Piece[];
  protocol: number;
  /** Length of the data, -1 until the last fragment tells. */
  total: number;
  covered: number;
  ipBytes: number;
  /** Fragments taken, repeated ones included. */
  fragments: number;
  cost: number;
}

export class Fragments {
  /** Fragments seen. */
  seen = 0;
  /** Datagrams made whole. */
  reassembled = 0;
  /** Fragments of those that came before the one which made them whole, and their IP bytes. */
  recoveredPackets = 0;
  recoveredBytes = 0;
  /** Datagrams given up: too old, too many, too large, or the input ended. */
  incomplete = 0;
  /** Fragments that repeat one already held. */
  repeated = 0;
  /** Fragments that overlap others otherwise (teardrop and its kin). */
  overlapping = 0;
  /** Fragments that contradict the format or their own datagram; dropped. */
  malformed = 0;

  private readonly assemblies = new Map<string, Assembly>();
  private held = 0;

  /** Datagrams in flight. */
  get inFlight(): number {
    return this.assemblies.size;
  }

  /** Bytes in flight, bookkeeping included. */
  get bytesHeld(): number {
    return this.held;
  }

  /** Keeps the fragment. Returns its datagram where that is whole now, else null. */
  add(fragment: Fragment): Datagram | null {
    this.seen++;
    this.expire(fragment.timeUs);
    const start = fragment.offset;
    const end = start + fragment.wireEnd - fragment.dataAt;
    if (end <= start || end > LARGEST_DATAGRAM || (fragment.more && (end - start) % 8 !== 0)) {
      this.malformed++;
      return null;
    }
    const key = keyOf(fragment);
    const assembly = this.assemblies.get(key) ?? this.begin(key, fragment);
    assembly.ipBytes += fragment.ipBytes;
    assembly.fragments++;
    if (contradicts(assembly, end, fragment.more)) {
      this.malformed++;
      return null;
    }
    if (!fragment.more) assembly.total = end;
    if (start === 0) assembly.protocol = fragment.protocol;
    this.place(assembly, fragment, start, end);
    if (assembly.covered === assembly.total) {
      this.forget(key, assembly);
      this.reassembled++;
      this.recoveredPackets += assembly.fragments - 1;
      this.recoveredBytes += assembly.ipBytes - fragment.ipBytes;
      return assemble(assembly);
    }
    if (assembly.pieces.length > PIECE_LIMIT) this.giveUp(key, assembly);
    this.makeRoom();
    return null;
  }

  /** Gives up all that is still in flight. */
  finish(): void {
    this.incomplete += this.assemblies.size;
    this.assemblies.clear();
    this.held = 0;
  }

  private begin(key: string, fragment: Fragment): Assembly {
    const header = copy(fragment.bytes, fragment.headerAt, fragment.headerAt + fragment.headerBytes);
    const assembly: Assembly = {
      startUs: fragment.timeUs,
      header,
      pieces: [],
      protocol: fragment.protocol,
      total: -1,
      covered: 0,
      ipBytes: 0,
      fragments: 0,
      cost: DATAGRAM_COST,
    };
    this.assemblies.set(key, assembly);
    this.held += assembly.cost;
    return assembly;
  }

  /** Keeps the parts of [start, end) that no piece covers yet; pieces stay sorted and apart. */
  private place(assembly: Assembly, fragment: Fragment, start: number, end: number): void {
    const fresh: Piece[] = [];
    let cursor = start;
    let repeats = false;
    let overlaps = false;
    for (const piece of assembly.pieces) {
      if (piece.end <= start) continue;
      if (piece.start >= end) break;
      if (piece.start === start && piece.end === end) repeats = true;
      else overlaps = true;
      if (piece.start > cursor) fresh.push(cut(fragment, cursor, piece.start));
      cursor = piece.end;
    }
    if (cursor < end) fresh.push(cut(fragment, cursor, end));
    if (repeats) this.repeated++;
    if (overlaps) this.overlapping++;

    for (const piece of fresh) {
      assembly.pieces.push(piece);
      assembly.covered += piece.end - piece.start;
      assembly.cost += PIECE_COST + piece.data.length;
      this.held += PIECE_COST + piece.data.length;
    }
    if (fresh.length > 0) assembly.pieces.sort((a, b) => a.start - b.start);
  }

  private expire(nowUs: number): void {
    for (const [key, assembly] of this.assemblies) {
      // Either way: captures that are merged, or whose clock was set, go back in time.
      if (Math.abs(nowUs - assembly.startUs) <= WAIT_LIMIT_US) break;
      this.giveUp(key, assembly);
    }
  }

  private makeRoom(): void {
    for (const [key, assembly] of this.assemblies) {
      if (this.assemblies.size <= DATAGRAM_LIMIT && this.held <= BYTE_LIMIT) break;
      this.giveUp(key, assembly);
    }
  }

  private giveUp(key: string, assembly: Assembly): void {
    this.incomplete++;
    this.forget(key, assembly);
  }

  private forget(key: string, assembly: Assembly): void {
    this.assemblies.delete(key);
    this.held -= assembly.cost;
  }
}

/** RFC 791: source, destination, protocol and id; RFC 8200: without the protocol. */
function keyOf(fragment: Fragment): string {
  const { bytes, headerAt, headerBytes } = fragment;
  const addresses = headerBytes === 20 ? 12 : 8;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + headerAt + addresses, headerBytes - addresses);
  const protocol = headerBytes === 20 ? fragment.protocol : 0;
  return `${text.toString('latin1')} ${protocol} ${fragment.id} ${fragment.tunnels}`;
}

/** Whether a fragment goes past the known end, or names another end than is known. */
function contradicts(assembly: Assembly, end: number, more: boolean): boolean {
  if (assembly.total >= 0) return more ? end > assembly.total : end !== assembly.total;
  const last = assembly.pieces.at(-1);
  return !more && last !== undefined && last.end > end;
}

function cut(fragment: Fragment, start: number, end: number): Piece {
  const at = fragment.dataAt - fragment.offset;
  const from = Math.min(at + start, fragment.dataEnd);
  return { start, end, data: copy(fragment.bytes, from, Math.min(at + end, fragment.dataEnd)) };
}

/** `slice` of a Buffer would be a view of a block that is overwritten soon. */
function copy(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(bytes.subarray(start, end));
}

function assemble(assembly: Assembly): Datagram {
  const headerBytes = assembly.header.length;
  const bytes = new Uint8Array(headerBytes + assembly.total);
  bytes.set(assembly.header);
  let captured = headerBytes;
  for (const piece of assembly.pieces) {
    bytes.set(piece.data, headerBytes + piece.start);
    if (captured === headerBytes + piece.start) captured += piece.data.length;
  }
  return {
    bytes,
    view: new DataView(bytes.buffer),
    headerBytes,
    captured,
    wireBytes: bytes.length,
    protocol: assembly.protocol,
    ipBytes: assembly.ipBytes,
  };
}
