/**
 * Blocks of bytes to whole rows: the pump that hands a reader its blocks, in the memory of its kernel. While one is parsed,
 * the read into the next is under way; the row that a block breaks off is copied in front of the next.
 */

import type { BatchWriter } from '../../rows/batches.ts';
import { AT } from '../../schema/records-memory.ts';
import type { FlowFormat } from '../flow-format.ts';
import type { FlowReadOptions, FlowReadResult, FlowSource } from '../flow-reading.ts';
import { describe, type ToldFormat } from '../format-table.ts';
import { FlowTally } from './flow-tally.ts';

const LF = 0x0a;
/** Longest row or object that is kept, bytes; a longer one is counted and passed over. */
const ROW_LIMIT = 1024 * 1024;
const BLOCK_BYTES = 1024 * 1024;
/** From one block to the next: with room for what is read behind the last byte. */
const BLOCK_STEP = ROW_LIMIT + BLOCK_BYTES + 4096;
/** What a file is read into does not begin where a page does (sources/reading-room.ts). */
const FIRST_BLOCK = 1024;

export abstract class RowReader extends FlowTally {
  /**
   * Reads what is whole in [from, to) and returns the offset of the first byte not consumed, which comes again in
   * front of the next block. Never leaves more than ROW_LIMIT bytes. Never throws for what the bytes hold.
   */
  abstract consume(bytes: Uint8Array, from: number, to: number): number;

  /** Lines that say how those behind them are read. */
  head = '';

  /** True while a line is passed over, whose beginning was refused. */
  protected isSkippingLine = false;

  /** Passes over the rest of such a line, as far as it is in sight; returns the offset behind it. */
  protected skipLine(bytes: Uint8Array, at: number, to: number): number {
    if (!this.isSkippingLine) return at;
    const lineEnd = bytes.indexOf(LF, at);
    this.isSkippingLine = lineEnd < 0 || lineEnd >= to;
    const behind = this.isSkippingLine ? to : lineEnd + 1;
    this.damage.refusedBytes += behind - at;
    return behind;
  }

  /** Reads what is left at the end of the input. `bytes[to]` may be written. */
  abstract finish(bytes: Uint8Array, from: number, to: number): void;
}

/** True if these bytes stand there. */
export function standsAt(bytes: Uint8Array, at: number, word: Uint8Array): boolean {
  let same = 0;
  while (same < word.length && bytes[at + same] === word[same]) same++;
  return same === word.length;
}

/** A format that a reader of rows reads, made for each input. */
export function rowFormat(
  told: ToldFormat,
  Reader: new (writer: BatchWriter, options: FlowReadOptions, told: ToldFormat) => RowReader,
  rest: Pick<FlowFormat, 'sniff' | 'holdsNames' | 'isLines'>,
): FlowFormat {
  return {
    ...describe(told),
    isLines: true,
    ...rest,
    read: async (source, writer, options = {}) =>
      readRows(source, new Reader(writer, options, told), options),
  };
}

/** Reads the source to its end through the reader. */
async function readRows(
  source: FlowSource,
  reader: RowReader,
  options: Pick<FlowReadOptions, 'onBlock' | 'bytesBefore' | 'isGrowing'> = {},
): Promise<FlowReadResult> {
  const { kernel } = reader;
  const begin = AT.input + FIRST_BLOCK;
  // Two buffers, each with room in front for the row that the block before broke off.
  const blockAt = (at: number): Uint8Array => kernel.bytes.subarray(at, at + BLOCK_STEP);
  let block = blockAt(begin);
  let next = blockAt(begin + BLOCK_STEP);
  let from = ROW_LIMIT;
  let inputAt = options.bytesBefore ?? 0;
  let left = 0;
  const first = await source.fill(block.subarray(ROW_LIMIT, ROW_LIMIT + BLOCK_BYTES));
  let filled = first;
  while (filled > 0) {
    const to = ROW_LIMIT + filled;
    const reading = source.fill(next.subarray(ROW_LIMIT, ROW_LIMIT + BLOCK_BYTES));
    reader.blockOffset = inputAt - ROW_LIMIT;
    let rest: number;
    let more: number;
    try {
      rest = reader.consume(block, from, to);
    } finally {
      // The read under way writes to our block: wait for it even where the taker failed.
      more = await reading;
    }
    inputAt += filled;
    const stopped = options.onBlock?.(reader.records) === false;
    const tail = to - rest;
    // Rows longer than what a fill brings: gather, so that their beginning is not read again and again.
    while (more > 0 && more < tail >> 1) {
      const again = await source.fill(next.subarray(ROW_LIMIT + more, ROW_LIMIT + BLOCK_BYTES));
      if (again === 0) break;
      more += again;
    }
    if (stopped) break;
    from = ROW_LIMIT - tail;
    next.set(block.subarray(rest, to), from);
    [block, next] = [next, block];
    filled = more;
    if (more === 0) {
      reader.blockOffset = inputAt - ROW_LIMIT;
      if (options.isGrowing === true) left = tail;
      else reader.finish(block, from, ROW_LIMIT);
    }
  }
  if (first === 0) reader.damage.add('empty', 0);
  return { ...reader.result(), rest: left, head: reader.head };
}
