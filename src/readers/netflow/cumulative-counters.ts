/**
 * Counters that an exporter sends as totals since the flow began (elements 85 and 86), turned into what is new
 * since its last report. Bounded: a full table starts again, and totals count from there.
 */

import type { RowView } from '../../rows/batches.ts';

const MOST_FLOWS = 1 << 18;

/** What an exporter said last of one direction of a flow. */
interface Report {
  startUs: number;
  packets: number;
  bytes: number;
}

export class CumulativeCounters {
  private readonly reports = new Map<string, Report>();

  /**
   * Takes from the record what the same exporter has reported of the flow before. Returns true if the table was
   * full and older reports were forgotten.
   */
  subtract(record: RowView): boolean {
    const hasForgotten = this.reports.size >= 2 * MOST_FLOWS;
    if (hasForgotten) this.reports.clear();
    const { source0, source1, source2, source3, sourcePort, exporter } = record;
    const { destination0, destination1, destination2, destination3, destinationPort } = record;
    const source = `${source0} ${source1} ${source2} ${source3} ${sourcePort}`;
    const destination = `${destination0} ${destination1} ${destination2} ${destination3} ${destinationPort}`;
    const startUs = Number.isNaN(record.startUs) ? 0 : record.startUs;
    const { packets, bytes } = record;
    const out = this.advance(`${exporter} ${source} ${destination}`, { startUs, packets, bytes });
    record.packets = out.packets;
    record.bytes = out.bytes;
    if (record.reversePackets >= 0 || record.reverseBytes >= 0) {
      const { reversePackets, reverseBytes } = record;
      const report = { startUs, packets: reversePackets, bytes: reverseBytes };
      const back = this.advance(`${exporter} ${destination} ${source}`, report);
      record.reversePackets = back.packets;
      record.reverseBytes = back.bytes;
    }
    return hasForgotten;
  }

  /** What is new in the report. Each direction has its own start: most records have one only. */
  private advance(direction: string, report: Report): Pick<Report, 'packets' | 'bytes'> {
    const last = this.reports.get(direction);
    this.reports.set(direction, report);
    // Another start, or counters that fell: another flow between the same ends.
    const isSameFlow =
      last !== undefined &&
      last.startUs === report.startUs &&
      report.packets >= last.packets &&
      report.bytes >= last.bytes;
    return isSameFlow
      ? { packets: report.packets - last.packets, bytes: report.bytes - last.bytes }
      : { packets: report.packets, bytes: report.bytes };
  }
}
