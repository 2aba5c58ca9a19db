/**
 * Capture records to files that any analyser reads: pcap with nanoseconds (draft-ietf-opsawg-pcap) if all records
 * are of one link type, pcapng with an interface per link type (draft-ietf-opsawg-pcapng) if they are not. Little
 * endian. Times keep the quarter of a microsecond that records carry. Left out: options, comments, name resolution.
 */
import type { CaptureRecord } from '../../packets/packet.ts';

const SNAP_LENGTH = 262_144;
/** Words of a pcap record, and of an enhanced packet block, in front of its data. */
const PCAP_WORDS = 4;
const BLOCK_WORDS = 7;
const NANOSECONDS = 9;

type Write = (bytes: Uint8Array) => void;

/**
 * A writer for records of these link types; its headers are written at once. The time of a record must be known, and its link
 * type among those announced.
 */
export function createWriter(linkTypes: readonly number[], write: Write): (record: CaptureRecord) => void {
  if (linkTypes.length === 1) {
    // Magic (nanoseconds) | version 2.4 | reserved (2) | snap length | link type
    write(words([0xa1b23c4d, 0x0004_0002, 0, 0, SNAP_LENGTH, linkTypes[0]]));
    return (record) => write(pcapRecord(record));
  }
  // Section header: type | length | byte order | version 1.0 | section length unknown (2) | length
  write(words([0x0a0d0d0a, 28, 0x1a2b3c4d, 1, -1, -1, 28]));
  for (const linkType of linkTypes) {
    // Interface: type | length | link type | snap length | if_tsresol, of a byte | end of options | length
    write(words([1, 32, linkType & 0xffff, SNAP_LENGTH, 0x0001_0009, NANOSECONDS, 0, 32]));
  }
  return (record) => write(packetBlock(record, Math.max(0, linkTypes.indexOf(record.linkType))));
}

/** Seconds | nanoseconds | captured | on the wire | data */
function pcapRecord(record: CaptureRecord): Uint8Array {
  const { captured, wireBytes } = record;
  const { seconds, nanoseconds } = timeOf(record);
  const head = [seconds, Math.min(999_999_999, nanoseconds), captured, Math.max(wireBytes, captured)];
  return withData(record, words(head, captured), PCAP_WORDS);
}

/** Type | length | interface | time (2) | captured | on the wire | data, padded | length */
function packetBlock(record: CaptureRecord, at: number): Uint8Array {
  const { captured, wireBytes } = record;
  const { seconds, nanoseconds } = timeOf(record);
  // Ticks need 61 bits; BigInt is exact, and few packets are ever written.
  const ticks = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
  const padded = (captured + 3) & ~3;
  const length = 4 * BLOCK_WORDS + padded + 4;
  const time = [Number(ticks >> 32n), Number(ticks & 0xffffffffn)];
  const block = words([6, length, at, ...time, captured, Math.max(wireBytes, captured)], padded + 4);
  block.writeUInt32LE(length, length - 4);
  return withData(record, block, BLOCK_WORDS);
}

function timeOf({ timeUs }: CaptureRecord): { seconds: number; nanoseconds: number } {
  const seconds = Math.floor(timeUs / 1e6);
  return { seconds, nanoseconds: Math.round((timeUs - seconds * 1e6) * 1000) };
}

function withData(record: CaptureRecord, block: Uint8Array, headWords: number): Uint8Array {
  const { memory, dataAt, captured } = record;
  block.set(memory.u8.subarray(dataAt, dataAt + captured), 4 * headWords);
  return block;
}

/** Words of 32 bits, and so many zeros behind them. */
function words(values: readonly number[], zeros = 0): Buffer {
  const bytes = Buffer.alloc(4 * values.length + zeros);
  for (const [i, value] of values.entries()) bytes.writeUInt32LE(value >>> 0, 4 * i);
  return bytes;
}
