/**
 * A stream of bytes to capture records: sniff the format, make its reader, pump blocks through it.
 * Blocks are double-buffered: while one is parsed, the read into the next is already under way on another thread,
 * and the unread tail of the first is copied in front of the second. `async` belongs to a block, never to a packet.
 */

import { PcapReader } from './pcap.ts';
import { PcapngReader } from './pcapng.ts';
import type { CaptureRecord, RecordSink } from './record.ts';
import type { CaptureKind, RecordReader } from './record-reader.ts';

/** The capture format that the first bytes show (12 are enough), or null. */
export function sniffCapture(head: Uint8Array): CaptureKind | null {
  if (head.length < 4) return null;
  const magic = new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(0);
  switch (magic) {
    case 0xa1b2c3d4: // microseconds, big endian
    case 0xd4c3b2a1:
    case 0xa1b23c4d: // nanoseconds
    case 0x4d3cb2a1:
    case 0xa1b2cd34: // record headers of 24 bytes (Kuznetzov's libpcap of 1999)
    case 0x34cdb2a1:
      return 'pcap';
    case 0x0a0d0d0a: // the same in both orders, and a sign of text conversion where it is broken
      return 'pcapng';
    default:
      return null;
  }
}

/** A reader for one file. It fills `record` anew for each record and hands it to `sink`. */
export function createReader(kind: CaptureKind, record: CaptureRecord, sink: RecordSink): RecordReader {
  return kind === 'pcap' ? new PcapReader(record, sink) : new PcapngReader(record, sink);
}

/** Where the bytes come from: a ByteSource, or anything like it. */
export interface PumpSource {
  /** Writes the next bytes to `target`, at least one, and returns how many; 0 at the end. Never rejects. */
  fill(target: Uint8Array): Promise<number>;
  /** Bytes read so far as stored (compressed where they are). */
  readonly storedBytes: number;
}

export interface PumpOptions {
  /** Bytes asked for at a time. The default was measured: see DEFAULT_BLOCK_BYTES. */
  readonly blockBytes?: number;
  /** Where the blocks lie; by default two that are used in turn. */
  readonly blocks?: Blocks;
}

/** Places for blocks. One is asked for after another; none may be overwritten before two more were. */
export interface Blocks {
  next(): Block;
  /** A block of that much room at least in place of the last one that was given. */
  larger(headroom: number, bytes: number): Block;
  /** Whether the source is asked for the next block while one is parsed. */
  readonly readsAhead: boolean;
}

// A page-cached file of 1 GB is counted in 0.20 s with blocks of 4 MiB, 0.27 s with 1 MiB, 0.4 to 0.6 s with 256 KiB:
// each block pays for a promise and a wake-up of the reading thread.
const DEFAULT_BLOCK_BYTES = 4 * 1024 * 1024;
/** Room for most tails; 1 KiB beyond a whole number of pages for what `sources/reading-room` says. */
const MAX_HEADROOM_BYTES = 65 * 1024;

/** Bytes to read into, with room in front for the unread tail of the block before. */
export interface Block {
  readonly bytes: Uint8Array;
  readonly headroom: number;
}

/**
 * Pumps the source through the reader until it ends. `onBlock` is called after each block with the stored bytes
 * so far; where it returns false the pump stops early. Returns whether the end was reached.
 */
export async function pumpCapture(
  source: PumpSource,
  reader: RecordReader,
  record: CaptureRecord,
  onBlock?: (storedBytes: number) => unknown,
  options: PumpOptions = {},
): Promise<boolean> {
  const blockBytes = Math.max(1, options.blockBytes ?? DEFAULT_BLOCK_BYTES);
  const blocks = options.blocks ?? new TwoBlocks(Math.min(MAX_HEADROOM_BYTES, blockBytes), blockBytes);
  let block = blocks.next();
  let from = block.headroom;
  let filled = await source.fill(block.bytes.subarray(from));
  while (filled > 0) {
    const to = block.headroom + filled;
    let next: Block | null = blocks.readsAhead ? blocks.next() : null;
    const reading = next === null ? null : source.fill(next.bytes.subarray(next.headroom));
    record.useBlock(block.bytes);
    let rest: number;
    try {
      rest = reader.consume(block.bytes, from, to);
    } finally {
      // The read under way writes to our block: wait for it even where the sink failed.
      if (reading !== null) filled = await reading;
    }
    if (onBlock?.(source.storedBytes) === false) return false;

    const tail = to - rest;
    if (next === null) {
      next = blocks.next();
      filled = await source.fill(next.bytes.subarray(next.headroom));
    }
    // A record larger than a block: gather all of it first, so that its bytes are copied only twice.
    if (tail > next.headroom || (filled > 0 && filled < reader.needed)) {
      next = grow(next, filled, tail, Math.max(reader.needed, blockBytes), blocks);
      while (filled > 0 && filled < reader.needed) {
        const more = await source.fill(next.bytes.subarray(next.headroom + filled));
        if (more === 0) break;
        filled += more;
      }
    }
    from = next.headroom - tail;
    next.bytes.set(block.bytes.subarray(rest, to), from);
    block = next;
  }
  reader.finish(block.bytes, from, block.headroom);
  return true;
}

/** Two blocks in turn, which others replace where records are larger than they are. */
class TwoBlocks implements Blocks {
  readonly readsAhead = true;
  readonly #blocks: Block[];
  #turn = 1;

  constructor(headroom: number, bytes: number) {
    this.#blocks = [allocate(headroom, bytes), allocate(headroom, bytes)];
  }

  next(): Block {
    this.#turn = 1 - this.#turn;
    return this.#blocks[this.#turn];
  }

  larger(headroom: number, bytes: number): Block {
    return allocate(headroom, bytes);
  }
}

function allocate(headroom: number, blockBytes: number): Block {
  return { bytes: new Uint8Array(headroom + blockBytes), headroom };
}

/** The block, or a larger copy of it where `tail` bytes do not fit in front or `room` bytes behind. */
function grow(block: Block, filled: number, tail: number, room: number, blocks: Blocks): Block {
  if (tail <= block.headroom && room <= block.bytes.length - block.headroom) return block;
  const larger = blocks.larger(Math.max(tail, block.headroom), Math.max(room, filled));
  larger.bytes.set(block.bytes.subarray(block.headroom, block.headroom + filled), larger.headroom);
  return larger;
}
