/**
 * Capture records to files that any analyser reads: pcap with nanoseconds (draft-ietf-opsawg-pcap) if all records
 * are of one link type, pcapng with an interface per link type (draft-ietf-opsawg-pcapng) if they are not. Little
 * endian. Times keep the quarter of a microsecond that records carry. Left out: options, comments, name resolution.
 */
import type { CaptureRecord } from '../../packets/capture-record.ts';

const SNAP_LENGTH = 262_144;
const PCAP_HEADER_BYTES = 24;
const PCAP_RECORD_BYTES = 16;
/** Enhanced packet block without its data: type, length, interface, two of time, captured, wire, length again. */
const BLOCK_BYTES = 32;
const NANOSECONDS = 9;

/** Takes bytes that are ready; they are overwritten after the call. */
export type Write = (bytes: Uint8Array) => void;

interface CaptureWriter {
  /** Writes a record; its time must be known and its link type among those announced. */
  write(record: CaptureRecord): void;
}

/** A writer for records of these link types; its headers are written at once. */
export function createWriter(linkTypes: readonly number[], write: Write): CaptureWriter {
  const [only] = linkTypes;
  return linkTypes.length === 1 && only !== undefined
    ? new PcapWriter(only, write)
    : new PcapngWriter(linkTypes, write);
}

class PcapWriter implements CaptureWriter {
  readonly #write: Write;
  readonly #bytes = new Bytes();

  constructor(linkType: number, write: Write) {
    this.#write = write;
    // 0 magic (nanoseconds) | 4 version 2.4 | 8 reserved | 16 snap length | 20 link type
    const view = this.#bytes.reserve(PCAP_HEADER_BYTES);
    view.setUint32(0, 0xa1b23c4d, true);
    view.setUint16(4, 2, true);
    view.setUint16(6, 4, true);
    view.setUint32(16, SNAP_LENGTH, true);
    view.setUint32(20, linkType, true);
    write(this.#bytes.ready);
  }

  write(record: CaptureRecord): void {
    // 0 seconds | 4 nanoseconds | 8 captured | 12 on the wire
    const view = this.#bytes.reserve(PCAP_RECORD_BYTES + record.captured);
    const seconds = Math.floor(record.timeUs / 1e6);
    view.setUint32(0, seconds, true);
    view.setUint32(4, Math.min(999_999_999, Math.round((record.timeUs - seconds * 1e6) * 1000)), true);
    view.setUint32(8, record.captured, true);
    view.setUint32(12, Math.max(record.wireBytes, record.captured), true);
    this.#bytes.put(record, PCAP_RECORD_BYTES);
    this.#write(this.#bytes.ready);
  }
}

class PcapngWriter implements CaptureWriter {
  readonly #write: Write;
  readonly #bytes = new Bytes();
  readonly #interfaces = new Map<number, number>();

  constructor(linkTypes: readonly number[], write: Write) {
    this.#write = write;
    // Section header: 0 type | 4 length | 8 byte order | 12 version 1.0 | 16 section length unknown | 24 length
    const section = this.#bytes.reserve(28);
    section.setUint32(0, 0x0a0d0d0a, true);
    section.setUint32(4, 28, true);
    section.setUint32(8, 0x1a2b3c4d, true);
    section.setUint16(12, 1, true);
    section.setInt32(16, -1, true);
    section.setInt32(20, -1, true);
    section.setUint32(24, 28, true);
    write(this.#bytes.ready);
    for (const linkType of linkTypes) {
      this.#interfaces.set(linkType, this.#interfaces.size);
      // Interface: 0 type | 4 length | 8 link type | 12 snap length | 16 if_tsresol | 24 end of options | 28 length
      const view = this.#bytes.reserve(32);
      view.setUint32(0, 1, true);
      view.setUint32(4, 32, true);
      view.setUint16(8, linkType, true);
      view.setUint32(12, SNAP_LENGTH, true);
      view.setUint16(16, 9, true);
      view.setUint16(18, 1, true);
      view.setUint8(20, NANOSECONDS);
      view.setUint32(28, 32, true);
      write(this.#bytes.ready);
    }
  }

  write(record: CaptureRecord): void {
    const padded = (record.captured + 3) & ~3;
    const length = BLOCK_BYTES + padded;
    const view = this.#bytes.reserve(length);
    // Ticks need 61 bits; BigInt is exact, and few packets are ever written.
    const seconds = Math.floor(record.timeUs / 1e6);
    const nanoseconds = Math.round((record.timeUs - seconds * 1e6) * 1000);
    const ticks = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
    view.setUint32(0, 6, true);
    view.setUint32(4, length, true);
    view.setUint32(8, this.#interfaces.get(record.linkType) ?? 0, true);
    view.setUint32(12, Number(ticks >> 32n), true);
    view.setUint32(16, Number(ticks & 0xffffffffn), true);
    view.setUint32(20, record.captured, true);
    view.setUint32(24, Math.max(record.wireBytes, record.captured), true);
    this.#bytes.put(record, 28);
    view.setUint32(length - 4, length, true);
    this.#write(this.#bytes.ready);
  }
}

/** A buffer that grows as needed and is used again for each record. */
class Bytes {
  #whole = new Uint8Array(4096);
  #length = 0;

  /** `length` bytes of zeros to be filled. */
  reserve(length: number): DataView {
    if (length > this.#whole.length) this.#whole = new Uint8Array(length * 2);
    this.#whole.fill(0, 0, length);
    this.#length = length;
    return new DataView(this.#whole.buffer, 0, length);
  }

  put({ bytes, at, captured }: CaptureRecord, offset: number): void {
    this.#whole.set(bytes.subarray(at, at + captured), offset);
  }

  get ready(): Uint8Array {
    return this.#whole.subarray(0, this.#length);
  }
}
