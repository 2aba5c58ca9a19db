/**
 * Blocks of bytes to whole rows: the pump that hands a reader its blocks. While one is parsed, the read into the next
 * is under way; the row that a block breaks off is copied in front of the next.
 */
import { readingRoom } from '../../sources/reading-room.ts';
import type { FlowReadOptions, FlowReadResult, FlowSource } from '../flow-reading.ts';
import { FlowTally } from './flow-tally.ts';
import { SLACK } from './words.ts';

/** Longest row or object that is kept, bytes; a longer one is counted and passed over. */
export const ROW_LIMIT = 1024 * 1024;
const BLOCK_BYTES = 1024 * 1024;

export abstract class RowReader extends FlowTally {
  /**
   * Reads what is whole in [from, to) and returns the offset of the first byte not consumed, which comes again in
   * front of the next block. Never leaves more than ROW_LIMIT bytes. Never throws for what the bytes hold.
   */
  abstract consume(bytes: Uint8Array, from: number, to: number): number;

  /**
   * All that is kept from one line to the next, counts aside, as a text: readers of one format for which it is the same
   * read the next line alike. Null where something is open, so that the next line cannot be read by another reader.
   */
  state(): string | null {
    return null;
  }

  /** True where no names come as long as the state stays as it is. */
  get isNameless(): boolean {
    return false;
  }

  /** Reads what is left at the end of the input. `bytes[to]` may be written. */
  abstract finish(bytes: Uint8Array, from: number, to: number): void;
}

/** One of the two buffers: room in front for the row that the block before broke off. */
interface Block {
  readonly bytes: Uint8Array;
}

/** Reads the source to its end through the reader; `startAt` bytes of the input were read by it before. */
export async function readRows(
  source: FlowSource,
  reader: RowReader,
  options: Pick<FlowReadOptions, 'onBlock'> = {},
  startAt = 0,
): Promise<FlowReadResult> {
  const allocate = (): Block => ({ bytes: readingRoom(ROW_LIMIT + BLOCK_BYTES + SLACK) });
  let block = allocate();
  let next = allocate();
  let from = ROW_LIMIT;
  let inputAt = startAt;
  const first = await fillBlock(source, block, startAt % BLOCK_BYTES);
  let filled = first;
  while (filled > 0) {
    const to = ROW_LIMIT + filled;
    const reading = source.fill(next.bytes.subarray(ROW_LIMIT, ROW_LIMIT + BLOCK_BYTES));
    reader.blockOffset = inputAt - ROW_LIMIT;
    let rest: number;
    let more: number;
    try {
      rest = reader.consume(block.bytes, from, to);
    } finally {
      // The read under way writes to our block: wait for it even where the sink failed.
      more = await reading;
    }
    inputAt += filled;
    const stopped = options.onBlock?.(reader.records) === false;
    const tail = to - rest;
    // Rows longer than what a fill brings: gather, so that their beginning is not read again and again.
    while (more > 0 && more < tail >> 1) {
      const again = await source.fill(next.bytes.subarray(ROW_LIMIT + more, ROW_LIMIT + BLOCK_BYTES));
      if (again === 0) break;
      more += again;
    }
    if (stopped) break;
    from = ROW_LIMIT - tail;
    next.bytes.set(block.bytes.subarray(rest, to), from);
    [block, next] = [next, block];
    filled = more;
    if (more === 0) {
      reader.blockOffset = inputAt - ROW_LIMIT;
      reader.finish(block.bytes, from, ROW_LIMIT);
    }
  }
  if (first === 0 && startAt === 0) reader.damage.add('empty', 0);
  return reader.result();
}

/** Fills a block from its middle on, but for the bytes that a block of the input has before; returns how many. */
async function fillBlock(source: FlowSource, block: Block, before: number): Promise<number> {
  return source.fill(block.bytes.subarray(ROW_LIMIT, ROW_LIMIT + BLOCK_BYTES - before));
}
