/**
 * nfcapd files of nfdump, layout 1 (1.6) and 2 (1.7), of either byte order and in every compression: file header,
 * then blocks of records, of which the last may be an appendix. Layout 3 is not released and still changes: such a
 * file is refused with a word to convert it (nfdump's nffile.h, nffileV2.h).
 */

import { type FlowDamageKind, FlowDamageLog } from '../../rows/flow-damage.ts';
import type { RecordsKernel } from '../../rows/records-kernel.ts';
import { InputTimes } from '../../rows/time-spans.ts';
import { AT, BLOCK_LIMIT } from '../../schema/records-memory.ts';
import { Bzip2 } from '../../sources/bzip2-blocks.ts';
import { decodeZstd } from '../../sources/zstd.ts';
import { readForTimes } from '../first-time.ts';
import type { FlowFormat } from '../flow-format.ts';
import type { FlowReadOptions } from '../flow-reading.ts';
import { describe, toldFormat } from '../format-table.ts';
import { BlockIntake } from './block-intake.ts';
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

interface FileHead {
  readonly little: boolean;
  readonly layout: number;
  /** Blocks that it promises; 0 if it does not. */
  readonly promised: number;
  /** By the number that layout 2 gives it; 0 if blocks are not compressed. */
  readonly compression: number;
  readonly countsFrames: boolean;
}

/** Reads the head of a file; null if the file is not to be read. */
async function readHead(
  intake: BlockIntake,
  view: DataView,
  damage: FlowDamageLog,
): Promise<FileHead | null> {
  const refuse = (kind: FlowDamageKind, at: number): null => {
    damage.add(kind, at);
    return null;
  };
  if (!(await intake.next(4))) return refuse(intake.rest === 0 ? 'empty' : 'truncated-file', 0);
  const little = view.getUint16(intake.at, true) === MAGIC;
  if (view.getUint16(intake.at, little) !== MAGIC) return refuse('not-a-flow-log', 0);
  const layout = view.getUint16(intake.at + 2, little);
  if (layout !== 1 && layout !== 2) return refuse('unsupported-version', 2);
  if (!(await intake.next(layout === 1 ? 272 : 36))) return refuse('truncated-file', 4);
  const { at } = intake;
  if (layout === 1) {
    // From offset 4:  0 flags | 4 blocks | 8 ident (128) | 136 statistics (136)
    const flags = view.getUint32(at, little);
    if ((flags & 2) !== 0) return refuse('anonymised', 4);
    const compression = (flags & 1) !== 0 ? 1 : (flags & 8) !== 0 ? 2 : (flags & 16) !== 0 ? 3 : 0;
    return { little, layout, promised: view.getUint32(at + 4, little), compression, countsFrames: false };
  }
  // From offset 4:  0 writer | 4 created | 12 compression | 13 encryption | 14 appendix blocks | 16 creator
  //                 20 appendix offset | 28 block size | 32 blocks
  if (view.getUint8(at + 13) !== 0) return refuse('encrypted', 17);
  const compression = view.getUint8(at + 12);
  if (compression > 4) return refuse('unsupported-version', 16);
  // The appendix is one more block and ends the file.
  const promised = view.getUint32(at + 32, little);
  const countsFrames = view.getUint32(at + 16, little) === SFCAPD;
  return { little, layout, promised, compression, countsFrames };
}

const read: FlowFormat['read'] = async (source, writer, options = {}) => {
  const { kernel } = writer;
  const damage = new FlowDamageLog();
  const intake = new BlockIntake(source, kernel.bytes, AT.input);
  const head = await readHead(intake, kernel.view, damage);
  let records: NfcapdRecords | null = null;
  if (head !== null) {
    const assumedInterval = options.samplingInterval ?? 0;
    records = new NfcapdRecords(writer, damage, { ...head, assumedInterval });
    await readBlocks(intake, head, records, options.onBlock);
  }
  const { firstUs, lastUs } = records?.times ?? new InputTimes();
  const { refusedBytes, stoppedAt } = damage;
  return { records: records?.records ?? 0, firstUs, lastUs, refusedBytes, stoppedAt, damage: damage.rows() };
};

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
  read,
};

// Block header:  0 records | 4 stored bytes | 8 type | 10 flags
async function readBlocks(
  intake: BlockIntake,
  { little, layout, promised, compression }: FileHead,
  records: NfcapdRecords,
  onBlock: FlowReadOptions['onBlock'],
): Promise<void> {
  const { damage } = records;
  const { kernel } = records.writer;
  const { view } = kernel;
  const reader = layout === 1 ? new NfcapdLayout1(records, little) : records;
  const decode = compression === 0 ? null : blockDecoder(compression, kernel);
  let blocks = 0;
  let reported = 0;
  for (;;) {
    const { position } = intake;
    if (!(await intake.next(12))) {
      if (intake.rest > 0 || blocks < promised) damage.stop('truncated-file', position);
      return;
    }
    const head = intake.at;
    const count = view.getUint32(head, little);
    const size = view.getUint32(head + 4, little);
    const type = view.getUint16(head + 8, little);
    const flags = view.getUint16(head + 10, little);
    // Nothing says where the next block begins.
    if (size === 0 || size > BLOCK_LIMIT) return damage.stop('bad-block', position);
    if (!(await intake.next(size))) return damage.stop('truncated-file', position);
    blocks++;
    if (type === BLOCK || type === OLD_BLOCK) {
      const { at } = intake;
      const isPlain = decode === null || (layout === 2 && (flags & STORED_UNCOMPRESSED) !== 0);
      const produced = isPlain ? size : decode(at, at + size);
      const from = isPlain ? at : AT.plain;
      if (produced < 0) damage.refuse('bad-compression', position, size);
      else reader.block(from, from + produced, count, position);
    }
    if (records.number - reported < PROGRESS_RECORDS || onBlock === undefined) continue;
    reported = records.number;
    if (!onBlock(records.records)) return;
  }
}

/** Decodes bytes [from, to) of the kernel's memory to where plain blocks lie; returns how many it made, -1 if it is broken. */
type BlockDecoder = (from: number, to: number) => number;

/**
 * Decoders by the number that layout 2 gives them, 1 to 4. No block says how large it was, so all end in one buffer of nfdump's
 * own size.
 */
function blockDecoder(compression: number, { calls, bytes }: RecordsKernel): BlockDecoder {
  const target = AT.plain;
  const limit = target + BLOCK_LIMIT;
  if (compression === 1) return (from, to) => calls.decodeLzo(from, to, target, limit);
  if (compression === 3) return (from, to) => calls.decodeLz4(from, to, target, target, limit);
  const plain = bytes.subarray(target, limit);
  if (compression === 2) {
    const bzip2 = new Bzip2();
    return (from, to) => bzip2.decode(bytes, from, to, plain);
  }
  return (from, to) => decodeZstd(bytes.subarray(from, to), plain);
}
