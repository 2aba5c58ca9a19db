/**
 * The decoding thread: reads captures from their files, decodes their packets and hands these over in slots. Its program
 * is survey/decoding.ts.
 */
import { type MessagePort, parentPort } from 'node:worker_threads';
import { DescriptorSource } from '../../readers/pcap/descriptor-source.ts';
import { type Block, type Blocks, createReader, pumpCapture } from '../../readers/pcap/reader.ts';
import { CaptureRecord } from '../../readers/pcap/record.ts';
import type { Order, Reading, Report } from './messages.ts';
import type { DnsLook } from './packet-program.ts';
import { PacketWriter } from './packet-writer.ts';
import { BLOCK_BYTES, FULL, HEADROOM_BYTES, type SharedSlots, STARTED } from './slots.ts';

/** The blocks of the slots, each when the slot is free. A larger one stands in for one turn of its slot. */
class SlotBlocks implements Blocks {
  readonly readsAhead = false;
  readonly #blocks: readonly Block[];
  readonly #isReplaced: boolean[];
  readonly #writer: PacketWriter;
  readonly #tell: (report: Report) => void;
  #slot = 0;

  constructor({ blocks }: SharedSlots, writer: PacketWriter, tell: (report: Report) => void) {
    this.#blocks = blocks.map((bytes) => ({ bytes, headroom: HEADROOM_BYTES }));
    this.#isReplaced = blocks.map(() => false);
    this.#writer = writer;
    this.#tell = tell;
  }

  next(): Block {
    this.#slot = this.#writer.next();
    if (this.#isReplaced[this.#slot]) this.#replace(null);
    return this.#blocks[this.#slot];
  }

  larger(headroom: number, bytes: number): Block {
    const block = new SharedArrayBuffer(headroom + bytes);
    this.#replace(block);
    return { bytes: new Uint8Array(block), headroom };
  }

  /** Null: the slot has its own block again. */
  #replace(block: SharedArrayBuffer | null): void {
    this.#isReplaced[this.#slot] = block !== null;
    this.#writer.moved();
    this.#tell({ what: 'moved', slot: this.#slot, block });
  }
}

class Decoder {
  readonly #port: MessagePort;
  readonly #writer: PacketWriter;
  readonly #blocks: SlotBlocks;

  constructor(slots: SharedSlots, port: MessagePort, dns: DnsLook) {
    this.#port = port;
    this.#writer = new PacketWriter(slots, { dns });
    this.#blocks = new SlotBlocks(slots, this.#writer, (report) => this.#tell(report));
    Atomics.store(new Int32Array(slots.control), STARTED, 1);
  }

  async read(reading: Reading): Promise<void> {
    const writer = this.#writer;
    writer.sinceUs = reading.sinceUs;
    writer.untilUs = reading.untilUs;
    writer.asksForNames = reading.asksForNames;
    writer.beginInput();
    const record = new CaptureRecord();
    const reader = createReader(reading.kind, record, writer);
    const source = new DescriptorSource(reading.file, reading.hash);
    const onBlock = (bytesRead: number): boolean => {
      writer.hand(FULL, bytesRead);
      return !writer.isStopped;
    };
    const options = { blocks: this.#blocks, blockBytes: BLOCK_BYTES };
    await pumpCapture(source, reader, record, onBlock, options);
    this.#tell({
      what: 'read',
      read: {
        packets: reader.packets,
        firstUs: reader.firstUs,
        lastUs: reader.lastUs,
        damage: reader.damage.rows(),
        readErrorAt: source.readErrorAt,
        sha256: source.sha256,
      },
      fragments: writer.packet.fragments.countsSoFar(),
    });
    writer.finish(source.storedBytes);
  }

  #tell(report: Report): void {
    this.#port.postMessage(report);
  }
}

/** Does what the main thread orders, from now on. */
export function serve(dns: DnsLook): void {
  let decoder: Decoder | null = null;
  parentPort?.on('message', (order: Order) => {
    if (order.what === 'begin') decoder = new Decoder(order.slots, order.port, dns);
    else void decoder?.read(order);
  });
}
