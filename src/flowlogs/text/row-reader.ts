/**
 * What every reader of a text log shares: the record it fills, where it stands, what it counted, and the pump that
 * hands it blocks of whole and broken lines. While one block is parsed, the read into the next is under way.
 */
import { FlowDamageLog } from '../flow-damage.ts';
import type { FlowReadOptions, FlowReadResult, FlowSource } from '../flow-format.ts';
import { FlowRecord, type FlowSink } from '../flow-record.ts';

/** Longest row or object that is kept, bytes; a longer one is counted and passed over. */
export const ROW_LIMIT = 1024 * 1024;
const BLOCK_BYTES = 1024 * 1024;

/** Times of flows before 1990 or after 2100 are taken for errors. */
const EARLIEST_US = Date.UTC(1990) * 1000;
const LATEST_US = Date.UTC(2100) * 1000;

export abstract class RowReader {
  protected readonly sink: FlowSink;
  protected readonly record = new FlowRecord();
  readonly damage = new FlowDamageLog();
  /** Texts behind `FlowRecord.exporter`. */
  readonly exporters: string[] = [];
  /** Records given to the sink. */
  records = 0;
  /** Rows begun, those that are no flow included. */
  protected rows = 0;
  firstUs = Number.NaN;
  lastUs = Number.NaN;
  /** Offset in the input of the first byte of the block in hand. */
  blockOffset = 0;

  constructor(sink: FlowSink) {
    this.sink = sink;
  }

  /**
   * Reads what is whole in [from, to) and returns the offset of the first byte not consumed, which comes again in
   * front of the next block. Never leaves more than ROW_LIMIT bytes. Never throws for what the bytes hold.
   */
  abstract consume(bytes: Uint8Array, from: number, to: number): number;

  /** Reads what is left at the end of the input. `bytes[to]` may be written. */
  abstract finish(bytes: Uint8Array, from: number, to: number): void;

  /** Gives the record to the sink, its times and counters put right; `at` is the offset of its row in the block. */
  protected deliver(at: number): void {
    const record = this.record;
    record.number = this.rows;
    this.checkTimes(at);
    if (record.packets > Number.MAX_SAFE_INTEGER || record.reversePackets > Number.MAX_SAFE_INTEGER) {
      record.packets = this.cut(record.packets, at);
      record.reversePackets = this.cut(record.reversePackets, at);
    }
    if (record.bytes > Number.MAX_SAFE_INTEGER || record.reverseBytes > Number.MAX_SAFE_INTEGER) {
      record.bytes = this.cut(record.bytes, at);
      record.reverseBytes = this.cut(record.reverseBytes, at);
    }
    // Types and codes of ICMP stand where ports do.
    if (record.protocol === 1 || record.protocol === 58) {
      record.sourcePort = 0;
      record.destinationPort = 0;
    }
    if (record.protocol !== 6) {
      record.tcpFlags = -1;
      record.reverseTcpFlags = -1;
    }
    this.records++;
    this.sink.flow(record);
  }

  private checkTimes(at: number): void {
    const record = this.record;
    const startUs = this.plausible(record.startUs, at);
    const endUs = this.plausible(record.endUs, at);
    if (Number.isNaN(startUs)) {
      record.startUs = endUs;
      record.endUs = endUs;
      if (Number.isNaN(endUs)) {
        this.damage.add('no-time', this.blockOffset + at);
        return;
      }
    } else {
      if (endUs < startUs) this.damage.add('absurd-time', this.blockOffset + at);
      record.startUs = startUs;
      record.endUs = Number.isNaN(endUs) ? startUs : Math.max(startUs, endUs);
    }
    if (!(this.firstUs <= record.startUs)) this.firstUs = record.startUs;
    if (!(this.lastUs >= record.endUs)) this.lastUs = record.endUs;
  }

  /** The time, or NaN where it is unknown (0 stands for that in many logs) or cannot be. */
  private plausible(timeUs: number, at: number): number {
    if (timeUs >= EARLIEST_US && timeUs <= LATEST_US) return timeUs;
    if (timeUs !== 0 && !Number.isNaN(timeUs)) this.damage.add('absurd-time', this.blockOffset + at);
    return Number.NaN;
  }

  private cut(count: number, at: number): number {
    if (count <= Number.MAX_SAFE_INTEGER) return count;
    this.damage.add('counter-overflow', this.blockOffset + at);
    return Number.MAX_SAFE_INTEGER;
  }
}

/** One of the two buffers: room in front for the row that the block before broke off. */
interface Block {
  readonly bytes: Uint8Array;
}

/** Reads the source to its end through the reader. */
export async function readRows(
  source: FlowSource,
  reader: RowReader,
  options: FlowReadOptions = {},
): Promise<FlowReadResult> {
  const allocate = (): Block => ({ bytes: new Uint8Array(ROW_LIMIT + BLOCK_BYTES + 1) });
  let block = allocate();
  let next = allocate();
  let from = ROW_LIMIT;
  let inputAt = 0;
  const first = await fillBlock(source, block, 0);
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
  if (first === 0) reader.damage.add('empty', 0);
  return {
    records: reader.records,
    firstUs: reader.firstUs,
    lastUs: reader.lastUs,
    damage: reader.damage.rows(),
    exporters: reader.exporters,
  };
}

/** Fills a block from its middle on; returns the bytes. */
async function fillBlock(source: FlowSource, block: Block, filled: number): Promise<number> {
  return source.fill(block.bytes.subarray(ROW_LIMIT + filled, ROW_LIMIT + BLOCK_BYTES));
}
