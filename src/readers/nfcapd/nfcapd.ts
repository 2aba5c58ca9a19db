/**
 * nfcapd files of nfdump, layout 1 (1.6) and 2 (1.7), of either byte order and in every compression: file header,
 * then blocks of records, of which the last may be an appendix. Layout 3 is not released and still changes: such a
 * file is refused with a word to convert it (nfdump's nffile.h, nffileV2.h).
 */

import { FlowDamageLog } from '../../flows/flow-damage.ts';
import { type FlowSink, NOBODY } from '../../flows/flow-record.ts';
import type { FlowFormat } from '../flow-format.ts';
import type { FlowReadOptions, FlowReadResult, FlowSource } from '../flow-reading.ts';
import { BlockIntake, type Intake } from './block-intake.ts';
import { type BlockQueue, DirectQueue } from './block-queue.ts';
import { BLOCK_LIMIT } from './nfcapd-compression.ts';
import { NfcapdLayout1 } from './nfcapd-layout1.ts';
import { NfcapdRecords } from './nfcapd-records.ts';
import { RoomIntake } from './room-intake.ts';

const MAGIC = 0xa50c;
const SFCAPD = 3;
/** Block types: 2 and 3 hold records, 4 arrays of other programs. */
const OLD_BLOCK = 2;
const BLOCK = 3;
const STORED_UNCOMPRESSED = 1;
/** Records between two calls of `onBlock`, so that small blocks do not cost one each. */
const PROGRESS_RECORDS = 65536;

export const nfcapd: FlowFormat = {
  id: 'nfcapd',
  title: 'nfdump files (nfcapd), layout 1 and 2',
  reference: 'https://github.com/phaag/nfdump/blob/v1.7.5/src/libnffile/nfxV3.h',
  sniff: (head) => {
    if (head.length < 4) return false;
    const little = head[0] === 0x0c && head[1] === 0xa5;
    if (!little && !(head[0] === 0xa5 && head[1] === 0x0c)) return false;
    const layout = little ? head[2] | (head[3] << 8) : (head[2] << 8) | head[3];
    return layout >= 1 && layout <= 3;
  },
  fields: {
    start: 'EXgenericFlow msecFirst',
    end: 'EXgenericFlow msecLast',
    source: 'EXipv4Flow, EXipv6Flow srcAddr',
    destination: 'EXipv4Flow, EXipv6Flow dstAddr',
    sourcePort: 'EXgenericFlow srcPort',
    destinationPort: 'EXgenericFlow dstPort',
    protocol: 'EXgenericFlow proto',
    packets: 'EXgenericFlow inPackets',
    bytes: 'EXgenericFlow inBytes',
    reversePackets: 'EXcntFlow outPackets',
    reverseBytes: 'EXcntFlow outBytes',
    tcpFlags: 'EXgenericFlow tcpFlags',
    samplingInterval: 'sampler record, EXsamplerInfo',
    denied: 'EXgenericFlow fwdStatus, EXnselCommon fwEvent',
    exporter: 'exporterID, exporter record',
  },
  abilities: {
    time: 'flow',
    tcpFlags: 'yes',
    bothDirections: 'partial',
    packets: 'counted',
    records: 'many',
  },
  beganUs,
  read: (source, sink, options = {}) => new NfcapdFile(source, sink, options).read(),
};

/**
 * By the first record where blocks are not packed, else by when the file was made, which for a collector's is when its
 * time began. Layout 1 has it in its statistics.
 */
function beganUs(head: Uint8Array): number | null {
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const little = head[0] === 0x0c;
  const layout = head.length < 280 ? 0 : view.getUint16(2, little);
  if (layout === 1) return view.getUint32(260, little) * 1e6 || null;
  if (layout !== 2) return null;
  if (view.getUint8(16) === 0) {
    const records = new NfcapdRecords(NOBODY, new FlowDamageLog(), []);
    const end = Math.min(head.length, 52 + view.getUint32(44, little));
    records.block(view, 52, end, view.getUint32(40, little), little, 0);
    if (!Number.isNaN(records.firstUs)) return records.firstUs;
  }
  return Number(view.getBigUint64(8, little)) * 1e6 || null;
}

class NfcapdFile {
  readonly #intake: Intake;
  readonly #options: FlowReadOptions;
  readonly #damage = new FlowDamageLog();
  readonly #records: NfcapdRecords;
  #little = true;
  #layout = 2;
  /** Null where blocks are not compressed. */
  #queue: BlockQueue | null = null;
  /** Of the blocks in the queue: where they stand, and how many records they promise. */
  readonly #queued: { readonly position: number; readonly count: number; readonly size: number }[] = [];
  /** Blocks that the header promises; 0 where it does not. */
  #promised = 0;
  #layout1: NfcapdLayout1 | null = null;
  #reported = 0;

  constructor(source: FlowSource, sink: FlowSink, options: FlowReadOptions) {
    const help = options.nfcapdHelp?.() ?? null;
    const { exporters, sieve } = options;
    this.#intake = help === null ? new BlockIntake(source) : new RoomIntake(source, help.room);
    this.#options = options;
    this.#records = new NfcapdRecords(sink, this.#damage, exporters, { sieve, nfcapdProgram: help?.program });
    this.#records.assumedInterval = options.samplingInterval ?? 0;
  }

  async read(): Promise<FlowReadResult> {
    try {
      if (await this.#header()) await this.#blocks();
    } finally {
      this.#queue?.clear();
      await this.#intake.close();
    }
    const { records, firstUs, lastUs, exporters } = this.#records;
    const { refusedBytes, stoppedAt } = this.#damage;
    const damage = this.#damage.rows();
    return { records, firstUs, lastUs, damage, refusedBytes, stoppedAt, exporters: exporters.texts };
  }

  async #header(): Promise<boolean> {
    const intake = this.#intake;
    if (!(await intake.take(4))) {
      this.#damage.add(intake.rest === 0 ? 'empty' : 'truncated-file', 0);
      return false;
    }
    this.#little = intake.view.getUint16(intake.at, true) === MAGIC;
    if (intake.view.getUint16(intake.at, this.#little) !== MAGIC) {
      this.#damage.add('not-a-flow-log', 0);
      return false;
    }
    this.#layout = intake.view.getUint16(intake.at + 2, this.#little);
    if (this.#layout === 1) return this.#header1();
    if (this.#layout === 2) return this.#header2();
    this.#damage.add('unsupported-version', 2);
    return false;
  }

  // From offset 4:  0 flags | 4 blocks | 8 ident (128) | 136 statistics (136)
  async #header1(): Promise<boolean> {
    const intake = this.#intake;
    if (!(await intake.take(272))) {
      this.#damage.add('truncated-file', 4);
      return false;
    }
    const flags = intake.view.getUint32(intake.at, this.#little);
    this.#promised = intake.view.getUint32(intake.at + 4, this.#little);
    if ((flags & 2) !== 0) {
      this.#damage.add('anonymised', 4);
      return false;
    }
    this.#useDecoder((flags & 1) !== 0 ? 1 : (flags & 8) !== 0 ? 2 : (flags & 16) !== 0 ? 3 : 0);
    this.#layout1 = new NfcapdLayout1(this.#records);
    return true;
  }

  // From offset 4:  0 writer | 4 created | 12 compression | 13 encryption | 14 appendix blocks | 16 creator
  //                 20 appendix offset | 28 block size | 32 blocks
  async #header2(): Promise<boolean> {
    const intake = this.#intake;
    if (!(await intake.take(36))) {
      this.#damage.add('truncated-file', 4);
      return false;
    }
    const { view, at } = intake;
    const compression = view.getUint8(at + 12);
    if (view.getUint8(at + 13) !== 0) {
      this.#damage.add('encrypted', 17);
      return false;
    }
    if (compression > 4) {
      this.#damage.add('unsupported-version', 16);
      return false;
    }
    this.#records.countsFrames = view.getUint32(at + 16, this.#little) === SFCAPD;
    // The appendix is one more block and ends the file.
    this.#promised = view.getUint32(at + 32, this.#little);
    this.#useDecoder(compression);
    return true;
  }

  #useDecoder(compression: number): void {
    if (compression === 0) return;
    this.#queue = this.#options.blockQueue?.(compression) ?? new DirectQueue(compression);
  }

  // Block header:  0 records | 4 stored bytes | 8 type | 10 flags
  async #blocks(): Promise<void> {
    const intake = this.#intake;
    const little = this.#little;
    let blocks = 0;
    for (;;) {
      const position = intake.position;
      if (!(await intake.take(12))) {
        this.#readQueued(0);
        if (intake.rest > 0 || blocks < this.#promised) this.#damage.stop('truncated-file', position);
        return;
      }
      const count = intake.view.getUint32(intake.at, little);
      const size = intake.view.getUint32(intake.at + 4, little);
      const type = intake.view.getUint16(intake.at + 8, little);
      const flags = intake.view.getUint16(intake.at + 10, little);
      if (size === 0 || size > BLOCK_LIMIT) {
        // Nothing says where the next block begins.
        this.#readQueued(0);
        this.#damage.stop('bad-block', position);
        return;
      }
      if (!(await intake.take(size))) {
        this.#readQueued(0);
        this.#damage.stop('truncated-file', position);
        return;
      }
      blocks++;
      if (type === BLOCK || type === OLD_BLOCK) {
        const isPlain = this.#layout === 2 && (flags & STORED_UNCOMPRESSED) !== 0;
        this.#block(size, count, isPlain, position);
      }
      if (!this.#report()) return;
    }
  }

  #block(size: number, count: number, isPlain: boolean, position: number): void {
    const intake = this.#intake;
    const queue = this.#queue;
    if (queue === null || isPlain) {
      this.#readQueued(0);
      this.#parse(intake.view, intake.at, intake.at + size, count, position);
      return;
    }
    queue.push(intake.bytes, intake.at, intake.at + size);
    this.#queued.push({ position, count, size });
    this.#readQueued(queue.room - 1);
  }

  /** Reads blocks until so many are left in the queue. */
  #readQueued(left: number): void {
    const queue = this.#queue;
    while (queue !== null && this.#queued.length > left) {
      const { position = 0, count = 0, size = 0 } = this.#queued.shift() ?? {};
      const produced = queue.take();
      if (produced < 0) this.#damage.refuse('bad-compression', position, size);
      else this.#parse(queue.plain, 0, produced, count, position);
    }
  }

  #parse(view: DataView, from: number, to: number, count: number, position: number): void {
    const reader = this.#layout1 ?? this.#records;
    reader.block(view, from, to, count, this.#little, position);
  }

  #report(): boolean {
    const number = this.#records.number;
    if (number - this.#reported < PROGRESS_RECORDS || this.#options.onBlock === undefined) return true;
    this.#reported = number;
    return this.#options.onBlock(this.#records.records);
  }
}
