/**
 * Blocks of nfcapd records, layout 2, which the kernel reads (kernel/records/binary/nfcapd.ts): here is what it leaves.
 * Exporters and samplers stand between the flows and hold from there on.
 */

import { AT_END, FULL, NAMES_SAMPLER, OTHER_KIND, UNKNOWN_EXPORTER } from '../../kernel/records/why.ts';
import type { BatchWriter } from '../../rows/batches.ts';
import { FilledRows } from '../../rows/filled-rows.ts';
import type { FlowDamageLog } from '../../rows/flow-damage.ts';
import { FLOW_ROW } from '../../schema/flow-row.ts';
import { NfcapdExporters } from './nfcapd-exporters.ts';

interface Settings {
  readonly little: boolean;
  /** True if the file was written by a collector that counts frames (sfcapd). */
  readonly countsFrames: boolean;
  /** Sampling interval if the file names none; 0 if nobody knows. */
  readonly assumedInterval: number;
}

export class NfcapdRecords extends FilledRows {
  readonly exporters: NfcapdExporters;
  readonly #assumedInterval: number;
  readonly #little: boolean;
  /** Ids of the exporters that the kernel knows. */
  #known: number[] = [];

  constructor(
    writer: BatchWriter,
    damage: FlowDamageLog,
    { little, countsFrames, assumedInterval }: Settings,
  ) {
    super({ writer }, damage);
    this.#assumedInterval = assumedInterval;
    this.#little = little;
    this.exporters = new NfcapdExporters(damage, writer.exporters);
    writer.kernel.calls.beginNfcapd(!little, countsFrames, assumedInterval);
  }

  /** Reads the `count` records in [from, to) of the kernel's memory; `position` is the block's offset in the input. */
  block(from: number, to: number, count: number, position: number): void {
    const { calls, reading } = this.writer.kernel;
    let at = from;
    let passed = 0;
    for (let why = FULL; why !== AT_END; ) {
      calls.readNfcapd(at, to, this.writer.rowAt, this.writer.room);
      at = reading.stoppedAt;
      why = reading.why;
      passed += reading.passed;
      this.number = reading.number;
      this.note(reading.rows + (why === NAMES_SAMPLER ? this.#finishSampled(reading.rows) : 0), position);
      if (why === UNKNOWN_EXPORTER) this.#meet(reading.exporterId, reading.isEgress !== 0);
      else if (why === OTHER_KIND) {
        at += this.#otherKind(at, position);
        passed++;
      } else if (why !== FULL && why !== AT_END && why !== NAMES_SAMPLER) {
        this.damage.refuse('bad-record', position, to - at);
        return;
      }
    }
    if (at !== to || passed !== count) this.damage.refuse('bad-record', position, to - at);
  }

  /** Finishes the row behind those made, which names a sampler; 1 if it goes on, 0 if it only counts. */
  #finishSampled(rows: number): number {
    const { writer } = this;
    const { calls, reading } = writer.kernel;
    const { record } = writer;
    record.at = writer.rowAt + rows * FLOW_ROW.bytes;
    const exporter = this.exporters.ordinal(reading.exporterId);
    const named = this.exporters.interval(exporter, reading.samplerLow, reading.samplerHigh);
    record.samplingInterval = this.intervalOf(named, record.isScaled !== 0);
    return calls.validateRow(record.at, reading.receivedUs, Number.NaN);
  }

  /**
   * nfcapd multiplies by the sampling interval and marks the record; if the mark is missing (NetFlow v5 with an interval
   * of two) it did not. A mark alone does not mean more than one: softflowd sends samplers of 1.
   */
  intervalOf(named: number, isScaled: boolean): number {
    return named > 0 || isScaled ? named : this.#assumedInterval;
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
