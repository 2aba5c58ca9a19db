/**
 * HOT. The last step of every binary reader: one record is put right by the rules that all of them share, counted and
 * given on. Nothing is allocated.
 */
import type { FlowDamageLog } from './flow-damage.ts';
import { FlowRecord } from './flow-record.ts';
import { TimeSpans } from './time-spans.ts';

/** Times from 1970 on are times, as relative clocks begin there; 0 stands for none. Those after 2100 are errors of a clock. */
export const EARLIEST_US = 1000;
export const LATEST_US = 4_102_444_800_000_000;
/** A flow ends near its export; further off the exporter's clock is wrong. */
const DAY_US = 86_400_000_000;
/** A connection may have begun long before, but not earlier than the 32 bits of an uptime reach. */
export const LONGEST_US = 4_294_967_296_000;
/** The largest counter that stays exact as a number. */
const MOST = Number.MAX_SAFE_INTEGER;

const ICMP = 1;
const TCP = 6;
const ICMP_V6 = 58;

/** Takes records one by one, and keeps none. */
export interface RecordTaker {
  flow(record: FlowRecord): void;
}

export class Delivery {
  readonly record = new FlowRecord();
  readonly damage: FlowDamageLog;
  // Times travel in fields: as arguments of a call that is not inlined they would be boxed, once a record.
  /** Time of a record that has no believable one, us since 1970; NaN if there is none. */
  fallbackUs = Number.NaN;
  /** Time of the export, within a day of which a record must end; NaN if unknown. */
  exportedUs = Number.NaN;
  /** Flow records met, those included that could not be used. */
  number = 0;
  /** Flow records given on. */
  records = 0;
  firstUs = Number.NaN;
  lastUs = Number.NaN;
  readonly spans = new TimeSpans();
  private readonly taker: RecordTaker;

  constructor(taker: RecordTaker, damage: FlowDamageLog) {
    this.taker = taker;
    this.damage = damage;
  }

  /** Gives the record on. `position` is where the damage rows point to. */
  deliver(position: number): void {
    const record = this.record;
    if (record.protocol === ICMP || record.protocol === ICMP_V6) {
      record.sourcePort = 0; // types and codes
      record.destinationPort = 0;
    }
    // No TCP packet is without flags: the exporter does not send them.
    if (record.protocol !== TCP || record.tcpFlags === 0) record.tcpFlags = -1;
    if (record.protocol !== TCP || record.reverseTcpFlags === 0) record.reverseTcpFlags = -1;
    if (
      record.packets > MOST ||
      record.bytes > MOST ||
      record.reversePackets > MOST ||
      record.reverseBytes > MOST
    ) {
      this.damage.add('counter-overflow', position);
      record.packets = Math.min(record.packets, MOST);
      record.bytes = Math.min(record.bytes, MOST);
      record.reversePackets = Math.min(record.reversePackets, MOST);
      record.reverseBytes = Math.min(record.reverseBytes, MOST);
    }
    this.times(position);
    record.number = this.number;
    this.records++;
    this.taker.flow(record);
  }

  private times(position: number): void {
    const record = this.record;
    const fallbackUs = this.fallbackUs;
    const exportedUs = this.exportedUs;
    let start = record.startUs;
    let end = record.endUs;
    const hasTime = start > 0 || end > 0;
    if (!(end >= EARLIEST_US && end <= LATEST_US)) end = start;
    if (!(start >= EARLIEST_US && start <= LATEST_US)) start = end;
    const isAbsurd =
      !(end >= EARLIEST_US && end <= LATEST_US) ||
      end - exportedUs > DAY_US ||
      exportedUs - end > DAY_US ||
      end - start > LONGEST_US;
    if (isAbsurd) {
      this.damage.add(hasTime ? 'absurd-time' : 'no-time', position);
      // A clock that is wrong is wrong for both ends: how long the flow took stays.
      const tookUs = record.startUs > 0 ? record.endUs - record.startUs : 0;
      start = tookUs >= 0 && tookUs <= LONGEST_US ? fallbackUs - tookUs : fallbackUs;
      end = fallbackUs;
      if (!(end >= EARLIEST_US && end <= LATEST_US)) {
        record.startUs = Number.NaN;
        record.endUs = Number.NaN;
        return;
      }
    }
    if (end < start) end = start;
    record.startUs = start;
    record.endUs = end;
    if (!(start >= this.firstUs)) this.firstUs = start;
    if (!(end <= this.lastUs)) this.lastUs = end;
    this.spans.add(start, end);
  }
}
