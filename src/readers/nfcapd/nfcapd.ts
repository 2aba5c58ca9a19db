/**
 * nfcapd files of nfdump, layout 1 (1.6) and 2 (1.7), of either byte order and in every compression: file header,
 * then blocks of records, of which the last may be an appendix. Layout 3 is not released and still changes: such a
 * file is refused with a word to convert it (nfdump's nffile.h, nffileV2.h).
 */

import type { BatchWriter } from '../../rows/batches.ts';
import { FlowDamageLog } from '../../rows/flow-damage.ts';
import type { RecordsKernel } from '../../rows/records-kernel.ts';
import { InputTimes } from '../../rows/time-spans.ts';
import { AT, BLOCK_LIMIT } from '../../schema/records-memory.ts';
import { readForTimes } from '../first-time.ts';
import type { FlowFormat } from '../flow-format.ts';
import type { FlowReadOptions, FlowReadResult, FlowSource } from '../flow-reading.ts';
import { describe, toldFormat } from '../format-table.ts';
import { BlockIntake } from './block-intake.ts';
import { type BlockDecoder, blockDecoder } from './nfcapd-compression.ts';
import { NfcapdLayout1 } from './nfcapd-layout1.ts';
import { NfcapdRecords } from './nfcapd-records.ts';

const MAGIC = 0xa50c;
const SFCAPD = 3;
/** Block types: 2 and 3 hold records, 4 arrays of other programs. */
const OLD_BLOCK = 2;
const BLOCK = 3;
const STORED_UNCOMPRESSED = 1;
/** Records between two calls of `onBlock`, so that small blocks do not cost one each. */
const PROGRESS_RECORDS = 65536;

export const nfcapd: FlowFormat = {
  ...describe(toldFormat('nfcapd')),
  sniff: (head) => {
    if (head.length < 4) return false;
    const little = head[0] === 0x0c && head[1] === 0xa5;
    if (!little && !(head[0] === 0xa5 && head[1] === 0x0c)) return false;
    const layout = little ? head[2] | (head[3] << 8) : (head[2] << 8) | head[3];
    return layout >= 1 && layout <= 3;
  },
  beganUs,
  read: (source, writer, options = {}) => new NfcapdFile(source, writer, options).read(),
};

/**
 * By the first record if blocks are not packed, else by when the file was made, which for a collector's is when its time
 * began. Layout 1 has it in its statistics.
 */
async function beganUs(head: Uint8Array): Promise<number | null> {
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const little = head[0] === 0x0c;
  const layout = head.length < 280 ? 0 : view.getUint16(2, little);
  if (layout === 1) return view.getUint32(260, little) * 1e6 || null;
  if (layout !== 2) return null;
  const firstUs =
    view.getUint8(16) === 0 ? await firstRecordUs(head, view.getUint32(44, little), little) : Number.NaN;
  return Number.isNaN(firstUs) ? Number(view.getBigUint64(8, little)) * 1e6 || null : firstUs;
}

/** When the first record of a block of so many bytes began; NaN if the head does not hold it. */
function firstRecordUs(head: Uint8Array, blockBytes: number, little: boolean): Promise<number> {
  return readForTimes((writer) => {
    writer.kernel.bytes.set(head, AT.input);
    const settings = { little, countsFrames: false, assumedInterval: 0 };
    const records = new NfcapdRecords(writer, new FlowDamageLog(), settings);
    records.block(AT.input + 52, AT.input + Math.min(head.length, 52 + blockBytes), 0, 0);
    return records.times.firstUs;
  });
}

class NfcapdFile {
  readonly #intake: BlockIntake;
  readonly #options: FlowReadOptions;
  readonly #writer: BatchWriter;
  readonly #kernel: RecordsKernel;
  readonly #damage = new FlowDamageLog();
  #little = true;
  /** Null if blocks are not compressed. */
  #decoder: BlockDecoder | null = null;
  /** Blocks that the header promises; 0 if it does not. */
  #promised = 0;
  #reported = 0;

  constructor(source: FlowSource, writer: BatchWriter, options: FlowReadOptions) {
    this.#intake = new BlockIntake(source, writer.kernel.bytes, AT.input);
    this.#options = options;
    this.#writer = writer;
    this.#kernel = writer.kernel;
  }

  async read(): Promise<FlowReadResult> {
    const records = await this.#header();
    const { firstUs, lastUs } = records?.times ?? new InputTimes();
    const { refusedBytes, stoppedAt } = this.#damage;
    const read = { records: records?.records ?? 0, firstUs, lastUs, refusedBytes, stoppedAt };
    return { ...read, damage: this.#damage.rows() };
  }

  /** Reads the header and what follows; null if it is not to be read. */
  async #header(): Promise<NfcapdRecords | null> {
    const intake = this.#intake;
    const { view } = this.#kernel;
    if (!(await intake.next(4))) {
      this.#damage.add(intake.rest === 0 ? 'empty' : 'truncated-file', 0);
      return null;
    }
    this.#little = view.getUint16(intake.at, true) === MAGIC;
    if (view.getUint16(intake.at, this.#little) !== MAGIC) {
      this.#damage.add('not-a-flow-log', 0);
      return null;
    }
    const layout = view.getUint16(intake.at + 2, this.#little);
    if (layout === 1) return this.#header1();
    if (layout === 2) return this.#header2();
    this.#damage.add('unsupported-version', 2);
    return null;
  }

  // From offset 4:  0 flags | 4 blocks | 8 ident (128) | 136 statistics (136)
  async #header1(): Promise<NfcapdRecords | null> {
    const intake = this.#intake;
    const { view } = this.#kernel;
    if (!(await intake.next(272))) {
      this.#damage.add('truncated-file', 4);
      return null;
    }
    const flags = view.getUint32(intake.at, this.#little);
    this.#promised = view.getUint32(intake.at + 4, this.#little);
    if ((flags & 2) !== 0) {
      this.#damage.add('anonymised', 4);
      return null;
    }
    this.#useDecoder((flags & 1) !== 0 ? 1 : (flags & 8) !== 0 ? 2 : (flags & 16) !== 0 ? 3 : 0);
    const records = this.#records(false);
    const layout1 = new NfcapdLayout1(records, this.#little);
    await this.#blocks(records, layout1);
    return records;
  }

  // From offset 4:  0 writer | 4 created | 12 compression | 13 encryption | 14 appendix blocks | 16 creator
  //                 20 appendix offset | 28 block size | 32 blocks
  async #header2(): Promise<NfcapdRecords | null> {
    const intake = this.#intake;
    const { view } = this.#kernel;
    if (!(await intake.next(36))) {
      this.#damage.add('truncated-file', 4);
      return null;
    }
    const { at } = intake;
    const compression = view.getUint8(at + 12);
    if (view.getUint8(at + 13) !== 0) {
      this.#damage.add('encrypted', 17);
      return null;
    }
    if (compression > 4) {
      this.#damage.add('unsupported-version', 16);
      return null;
    }
    // The appendix is one more block and ends the file.
    this.#promised = view.getUint32(at + 32, this.#little);
    this.#useDecoder(compression);
    const records = this.#records(view.getUint32(at + 16, this.#little) === SFCAPD);
    await this.#blocks(records, null);
    return records;
  }

  #records(countsFrames: boolean): NfcapdRecords {
    const assumedInterval = this.#options.samplingInterval ?? 0;
    return new NfcapdRecords(this.#writer, this.#damage, {
      little: this.#little,
      countsFrames,
      assumedInterval,
    });
  }

  #useDecoder(compression: number): void {
    if (compression !== 0) this.#decoder = blockDecoder(compression, this.#kernel);
  }

  // Block header:  0 records | 4 stored bytes | 8 type | 10 flags
  async #blocks(records: NfcapdRecords, layout1: NfcapdLayout1 | null): Promise<void> {
    const intake = this.#intake;
    const { view } = this.#kernel;
    const little = this.#little;
    let blocks = 0;
    for (;;) {
      const position = intake.position;
      if (!(await intake.next(12))) {
        if (intake.rest > 0 || blocks < this.#promised) this.#damage.stop('truncated-file', position);
        return;
      }
      const { at } = intake;
      const count = view.getUint32(at, little);
      const size = view.getUint32(at + 4, little);
      const type = view.getUint16(at + 8, little);
      const flags = view.getUint16(at + 10, little);
      if (size === 0 || size > BLOCK_LIMIT) {
        // Nothing says where the next block begins.
        this.#damage.stop('bad-block', position);
        return;
      }
      if (!(await intake.next(size))) {
        this.#damage.stop('truncated-file', position);
        return;
      }
      blocks++;
      if (type === BLOCK || type === OLD_BLOCK) {
        const isPlain = layout1 === null && (flags & STORED_UNCOMPRESSED) !== 0;
        this.#block(layout1 ?? records, size, count, isPlain, position);
      }
      if (!this.#report(records)) return;
    }
  }

  #block(
    reader: NfcapdRecords | NfcapdLayout1,
    size: number,
    count: number,
    isPlain: boolean,
    position: number,
  ): void {
    const { at } = this.#intake;
    if (this.#decoder === null || isPlain) {
      reader.block(at, at + size, count, position);
      return;
    }
    const produced = this.#decoder(at, at + size);
    const plainAt = AT.plain;
    if (produced < 0) this.#damage.refuse('bad-compression', position, size);
    else reader.block(plainAt, plainAt + produced, count, position);
  }

  #report({ number, records }: NfcapdRecords): boolean {
    if (number - this.#reported < PROGRESS_RECORDS || this.#options.onBlock === undefined) return true;
    this.#reported = number;
    return this.#options.onBlock(records);
  }
}
