/**
 * HOT. sFlow version 5 datagrams (sflow.org, sFlow Version 5): each flow sample is one packet's first bytes, looked at
 * once in so many packets, and becomes a record of one packet at the time of its arrival. Payload behind the headers is
 * not looked at. Counter samples, and samples of frames without IP, are passed over.
 */

import type { FilledRows } from '../../rows/filled-rows.ts';
import { putEnds, SampledHeader } from './sampled-header.ts';

const VERSION = 5;
const FLOW_SAMPLE = 1;
const EXPANDED_FLOW_SAMPLE = 3;
const RAW_HEADER = 1;
const SAMPLED_ETHERNET = 2;
const SAMPLED_IPV4 = 3;
const SAMPLED_IPV6 = 4;

/** What a record of a sample says: nothing of the packet, that it carries no IP, or which flow it is of. */
const NOT_DESCRIBED = 0;
const IS_NO_IP = 1;
const IS_FLOW = 2;

/** LINKTYPE_ of each header protocol that is read: Ethernet, PPP, IPv4, IPv6. */
const LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [1, 1],
  [7, 9],
  [11, 228],
  [12, 229],
]);

/** Datagram:  0 version | 4 address type | 8 agent (4 or 16) | sub-agent | sequence | uptime | samples */
export function isSflow(view: DataView, from: number, to: number): boolean {
  if (to - from < 28 || view.getUint32(from) !== VERSION) return false;
  const addressType = view.getUint32(from + 4);
  return addressType === 1 || (addressType === 2 && to - from >= 40);
}

/** Bytes of the header up to the first sample. */
export function sflowHeaderBytes(view: DataView, from: number): number {
  return view.getUint32(from + 4) === 1 ? 28 : 40;
}

export class SflowReader {
  private readonly sampled = new SampledHeader();
  /** Drops that each data source of each agent had counted; bounded. */
  private readonly drops = new Map<number, number>();
  private bytes: Uint8Array = new Uint8Array(0);
  private exporter = 0;

  constructor(private readonly rows: FilledRows) {}

  /** Reads the samples of the datagram in [from, to); false if they do not fit into it. */
  read(
    bytes: Uint8Array,
    view: DataView,
    from: number,
    to: number,
    exporter: number,
    timeUs: number,
  ): boolean {
    this.bytes = bytes;
    this.exporter = exporter;
    this.sampled.timeUs = timeUs;
    let at = from + sflowHeaderBytes(view, from);
    let samples = view.getUint32(at - 4);
    while (samples > 0 && at + 8 <= to) {
      const format = view.getUint32(at);
      const length = view.getUint32(at + 4);
      if (length > to - at - 8) return false;
      const end = at + 8 + length;
      // Enterprise 0 in the upper 20 bits.
      if (format === FLOW_SAMPLE) this.sample(view, at + 8, end, false);
      else if (format === EXPANDED_FLOW_SAMPLE) this.sample(view, at + 8, end, true);
      at = end;
      samples--;
    }
    return samples === 0;
  }

  // 0 sequence | 4 source (8 when expanded) | rate | pool | drops | input | output (8 each) | records
  private sample(view: DataView, from: number, end: number, isExpanded: boolean): void {
    const rateAt = from + (isExpanded ? 12 : 8);
    const recordsAt = rateAt + (isExpanded ? 28 : 20);
    if (recordsAt + 4 > end) {
      this.rows.damage.add('bad-record', this.rows.number);
      return;
    }
    const source = isExpanded ? view.getUint32(from + 8) : view.getUint32(from + 4) & 0xffffff;
    this.countDrops(source, view.getUint32(rateAt + 8));
    const rate = view.getUint32(rateAt);
    let records = view.getUint32(recordsAt);
    let at = recordsAt + 4;
    let found = NOT_DESCRIBED;
    while (records > 0 && at + 8 <= end) {
      const format = view.getUint32(at);
      const length = view.getUint32(at + 4);
      if (length > end - at - 8) {
        this.rows.damage.add('bad-record', this.rows.number);
        return;
      }
      // One packet may be described twice, as bytes and as fields: it counts once.
      if (found !== IS_FLOW) found = Math.max(found, this.describe(view, format, at + 8, length, rate));
      at += 8 + ((length + 3) & ~3);
      records--;
    }
    if (found === NOT_DESCRIBED) this.rows.damage.add('unread-flow', this.rows.number);
  }

  /** Delivers the packet that a record of the sample describes, and says what it was. */
  private describe(view: DataView, format: number, at: number, length: number, rate: number): number {
    if (format === RAW_HEADER) return this.header(view, at, length, rate);
    if (format === SAMPLED_ETHERNET) return IS_NO_IP;
    if (format === SAMPLED_IPV4 && length >= 32) return this.fields(view, at, 4, rate);
    if (format === SAMPLED_IPV6 && length >= 56) return this.fields(view, at, 16, rate);
    return NOT_DESCRIBED;
  }

  // 0 header protocol | 4 frame length | 8 stripped | 12 header length | 16 header
  private header(view: DataView, at: number, length: number, rate: number): number {
    if (length < 16) return NOT_DESCRIBED;
    const linkType = LINK_TYPES.get(view.getUint32(at));
    const headerBytes = view.getUint32(at + 12);
    if (linkType === undefined || headerBytes > length - 16) return NOT_DESCRIBED;
    const wireBytes = view.getUint32(at + 4) - view.getUint32(at + 8);
    const record = this.rows.writer.nextRow();
    if (!this.sampled.read(record, this.bytes, at + 16, headerBytes, linkType, wireBytes)) return IS_NO_IP;
    this.deliver(rate);
    return IS_FLOW;
  }

  // 0 IP length | 4 protocol | 8 source | destination | ports | flags | service
  private fields(view: DataView, at: number, addressBytes: number, rate: number): number {
    const record = this.rows.writer.nextRow();
    const ports = at + 8 + 2 * addressBytes;
    putEnds(record, view, at + 8, addressBytes);
    record.bytes = view.getUint32(at);
    record.protocol = view.getUint32(at + 4) & 0xff;
    record.sourcePort = view.getUint32(ports) & 0xffff;
    record.destinationPort = view.getUint32(ports + 4) & 0xffff;
    record.tcpFlags = view.getUint32(ports + 8) & 0xff;
    this.deliver(rate);
    return IS_FLOW;
  }

  private deliver(rate: number): void {
    const { record } = this.rows.writer;
    const { timeUs } = this.sampled;
    record.packets = 1;
    record.startUs = timeUs;
    record.endUs = timeUs;
    record.samplingInterval = rate;
    record.exporter = this.exporter;
    this.rows.fallbackUs = timeUs;
    this.rows.exportedUs = Number.NaN;
    this.rows.validate(this.rows.number);
  }

  /** The counter grows; what it grew since the last sample of this source was dropped in between. */
  private countDrops(source: number, drops: number): void {
    const key = this.exporter * 0x1000000 + (source & 0xffffff);
    const before = this.drops.get(key);
    if (before === undefined && this.drops.size >= 65536) return;
    if (before !== drops) this.drops.set(key, drops);
    const grown = before === undefined ? 0 : (drops - before) | 0;
    if (grown > 0) this.rows.damage.add('lost-samples', this.rows.number, grown);
  }
}
