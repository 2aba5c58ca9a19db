/** Export datagrams in captures (NetFlow, IPFIX, sFlow): their flow records, and what was wrong with them. */

import type { BookedName } from '../endpoints/name-book.ts';
import type { PacketRef } from '../packet-ref.ts';
import type { Packet } from '../packets/packet.ts';
import type { PacketEngine } from '../packets/packet-engine.ts';
import { ExportCollector } from '../readers/netflow/export-collector.ts';
import { RecordsBetween } from '../rows/batches.ts';
import type { FlowDamageRow } from '../rows/flow-damage.ts';
import type { FlowAnalysis } from './flow-analysis.ts';
import type { RunOptions } from './lists.ts';

export class CapturedExports {
  readonly collector: ExportCollector;
  /** Ordinal of the last input that held exports; null if none did. */
  input: number | null = null;
  /** Datagrams that were not read, as an outside sender put them in a tunnel. */
  unread = 0;
  /** All that was wrong with them. */
  readonly damage: FlowDamageRow[] = [];
  private readonly records: RecordsBetween;

  constructor(
    private options: Pick<RunOptions, 'trust'>,
    private readonly engine: PacketEngine,
    private readonly flows: FlowAnalysis,
  ) {
    this.records = new RecordsBetween({ sink: flows, exporters: [] });
    this.collector = new ExportCollector(this.records, 0, this);
  }

  /** Begins a period. */
  turn(): void {
    this.damage.length = 0;
    this.unread = 0;
    this.input = null;
  }

  /** Takes lists that were read again. */
  useLists(options: Pick<RunOptions, 'trust'>): void {
    this.options = options;
  }

  datagram(packet: Packet, packetRef: PacketRef): void {
    if (this.options.trust.isFromOutside(this.engine.tunnels, packet.through)) {
      this.unread++;
      return;
    }
    if (this.input !== packetRef.input) {
      this.input = packetRef.input;
      this.collector.flows.input = packetRef.input;
      this.enterInput(packetRef.input);
    }
    this.collector.datagram(packet, packetRef.timeUs, packetRef.record);
  }

  /** What names say of a server holds for flow records, too. */
  learn(address: ArrayLike<number>, booked: BookedName): void {
    this.flows.learn(address, booked);
    this.records.wantAll();
  }

  /** An input has ended: what was wrong in it; `at` is a packet's number. */
  endInput(): readonly FlowDamageRow[] {
    this.records.close();
    const damage = this.collector.damageLog.take();
    this.damage.push(...damage);
    return damage;
  }

  /** Reads data that still waits for its template, and counts what never came. Call after the last packet. */
  finish(): void {
    if (this.input === null) return;
    // Another input may have been read since: whose exporters these are must be said again.
    this.enterInput(this.input);
    this.collector.finish();
  }

  /** Flow records of this input follow. */
  enterInput(input: number): void {
    this.records.flush();
    const { exporters, senders } = this.collector;
    this.flows.beginInput(input, 'export', exporters, senders);
  }
}
