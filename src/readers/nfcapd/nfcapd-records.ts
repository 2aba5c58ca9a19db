/**
 * Blocks of nfcapd records, layout 2, which the kernel reads (kernel/records/nfcapd.ts): here is what it leaves.
 * Exporters and samplers stand between the flows and hold from there on.
 */

import type { BatchWriter } from '../../batch/batches.ts';
import { readRow } from '../../batch/record-row.ts';
import { Delivery } from '../../flows/delivery.ts';
import type { FlowDamageLog } from '../../flows/flow-damage.ts';
import { ROW_BYTES } from '../../kernel/records/memory.ts';
import { AT_END, FULL, ODD, OTHER_KIND, STRANGER } from '../../kernel/records/why.ts';
import { NfcapdExporters } from './nfcapd-exporters.ts';

export class NfcapdRecords extends Delivery {
  readonly exporters: NfcapdExporters;
  /** Sampling interval if the file names none; 0 if nobody knows. */
  readonly assumedInterval: number;
  readonly #little: boolean;
  /** Ids of the exporters that the kernel knows. */
  #known: number[] = [];

  /** `countsFrames` if the file was written by a collector that counts frames (sfcapd). */
  constructor(
    writer: BatchWriter,
    damage: FlowDamageLog,
    {
      little,
      countsFrames,
      assumedInterval,
    }: { little: boolean; countsFrames: boolean; assumedInterval: number },
  ) {
    super({ writer }, damage);
    this.assumedInterval = assumedInterval;
    this.#little = little;
    this.exporters = new NfcapdExporters(damage, writer.exporters);
    writer.kernel.calls.beginNfcapd(!little, countsFrames, assumedInterval);
  }

  /** Reads the `count` records in [from, to) of the kernel's memory; `position` is the block's offset in the input. */
  block(from: number, to: number, count: number, position: number): void {
    const { calls } = this.writer.kernel;
    let at = from;
    let passed = 0;
    for (let why = FULL; why !== AT_END; ) {
      why = this.#run(at, to, position);
      at = calls.nfcapdAt.value;
      passed += calls.nfcapdPassed.value;
      if (why === ODD) this.#putRight(position);
      else if (why === STRANGER) this.#meet(calls.strangerId.value, calls.isStrangerEgress.value !== 0);
      else if (why === OTHER_KIND) {
        at += this.#otherKind(at, position);
        passed++;
      } else if (why !== FULL && why !== AT_END) {
        this.damage.refuse('bad-record', position, to - at);
        return;
      }
    }
    if (at !== to || passed !== count) this.damage.refuse('bad-record', position, to - at);
  }

  /** Has the kernel read on, and takes what it says; with ODD the record that names a sampler is in hand then. */
  #run(at: number, to: number, position: number): number {
    const { writer, damage } = this;
    const { calls, numbers, words } = writer.kernel;
    const { row } = writer;
    const why = calls.readNfcapd(at, to, row * ROW_BYTES, writer.room);
    const rows = calls.nfcapdRows.value;
    if (why === ODD) readRow(numbers, words, row + rows, this.record);
    this.number = calls.nfcapdNumber.value;
    this.take(rows, position);
    damage.add('bad-record', position, calls.nfcapdBad.value);
    damage.add('anonymised', position, calls.nfcapdAnonymised.value);
    damage.add('unread-flow', position, calls.nfcapdUnread.value);
    damage.refusedBytes += calls.nfcapdRefusedBytes.value;
    return why;
  }

  /** Delivers the record that names a sampler. */
  #putRight(position: number): void {
    const { calls } = this.writer.kernel;
    const { record } = this;
    const exporter = this.exporters.ordinal(calls.oddId.value);
    const named = this.exporters.interval(exporter, calls.oddSamplerLow.value, calls.oddSamplerHigh.value);
    record.samplingInterval = this.intervalOf(named, record.isScaled);
    this.fallbackUs = calls.oddReceivedUs.value;
    this.deliver(position);
  }

  /**
   * nfcapd multiplies by the sampling interval and marks the record; if the mark is missing (NetFlow v5 with an interval
   * of two) it did not. A mark alone does not mean more than one: softflowd sends samplers of 1.
   */
  intervalOf(named: number, isScaled: boolean): number {
    return named > 0 || isScaled ? named : this.assumedInterval;
  }

  /** Takes a record of the file itself; returns its size. */
  #otherKind(at: number, position: number): number {
    const { view, calls } = this.writer.kernel;
    const type = view.getUint16(at, this.#little);
    const size = view.getUint16(at + 2, this.#little);
    if (type >= 0x8000 || !this.exporters.read(view, at, size, type, this.#little, position)) return size;
    // What is known of exporters may have changed.
    for (const id of this.#known) calls.meetExporter(id, -1, -1, 0);
    this.#known = [];
    calls.useSamplers(this.exporters.haveSamplers);
    return size;
  }

  /** Tells the kernel of an exporter. */
  #meet(id: number, isEgress: boolean): void {
    const { exporters, writer } = this;
    const ordinal = exporters.ordinal(id);
    const egress = isEgress ? exporters.egress(ordinal) : exporters.knownEgress(ordinal);
    writer.meet(isEgress ? egress : ordinal);
    writer.kernel.calls.meetExporter(id, ordinal, egress, exporters.interval(ordinal, -1, -1));
    this.#known.push(id);
  }
}
