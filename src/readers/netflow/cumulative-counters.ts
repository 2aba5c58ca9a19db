/**
 * HOT. Counters that an exporter sends as totals since the flow began (elements 85 and 86), turned into what is new
 * since its last report. Bounded: a table that is full starts afresh, and totals count from there.
 */

import type { FlowRecord } from '../../flows/flow-record.ts';
import { FlowTable } from '../../packets/flow-table.ts';

const MOST_FLOWS = 1 << 18;
/** Exporters beyond so many share tables, and may then make each other's flows begin anew. */
const TABLES = 16;

export class CumulativeCounters {
  readonly #tables: FlowTable[] = [];
  #flows = new FlowTable(1);
  #flow = 0;
  // What the last call of `#advance` found to be new.
  #packets = 0;
  #bytes = 0;

  /**
   * Takes from the record what the same exporter has reported of the flow before. Returns true where the table was
   * full and older reports were forgotten.
   */
  subtract(record: FlowRecord): boolean {
    const place = record.exporter % TABLES;
    this.#tables[place] ??= new FlowTable(MOST_FLOWS);
    const hasForgotten = this.#tables[place].isFull;
    if (hasForgotten) this.#tables[place] = new FlowTable(MOST_FLOWS);
    const flows = this.#tables[place];
    this.#flows = flows;
    this.#flow = flows.find(record);
    const lane = flows.lane;
    this.#advance(lane, record, record.packets, record.bytes);
    record.packets = this.#packets;
    record.bytes = this.#bytes;
    if (record.reversePackets >= 0 || record.reverseBytes >= 0) {
      this.#advance(1 - lane, record, record.reversePackets, record.reverseBytes);
      record.reversePackets = this.#packets;
      record.reverseBytes = this.#bytes;
    }
    return hasForgotten;
  }

  /** Each lane has its own start and reporter: most records have one direction only. */
  #advance(lane: number, record: FlowRecord, packets: number, bytes: number): void {
    const flows = this.#flows;
    const flow = this.#flow;
    const starts = lane === 0 ? flows.firstUs : flows.lastUs;
    const reporters = lane === 0 ? flows.isn0 : flows.isn1;
    const packetColumn = lane === 0 ? flows.packets0 : flows.packets1;
    const byteColumn = lane === 0 ? flows.bytes0 : flows.bytes1;
    const start = Number.isNaN(record.startUs) ? 0 : record.startUs;
    // Another start, or counters that fell: another flow between the same ends.
    const goesOn =
      starts[flow] === start &&
      reporters[flow] === record.exporter &&
      packets >= packetColumn[flow] &&
      bytes >= byteColumn[flow];
    this.#packets = goesOn ? packets - packetColumn[flow] : packets;
    this.#bytes = goesOn ? bytes - byteColumn[flow] : bytes;
    starts[flow] = start;
    reporters[flow] = record.exporter;
    packetColumn[flow] = packets;
    byteColumn[flow] = bytes;
  }
}
