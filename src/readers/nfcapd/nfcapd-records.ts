/**
 * HOT. Records of an nfcapd block, layout 2 (nfdump 1.7: nfxV3.h, exporter.h), to flow records: a V3 record is a
 * list of extensions in any order; those that carry nothing for us are stepped over by length. Exporters and
 * samplers stand between the flows and hold from there on. Numbers only, nothing is allocated per flow record.
 * Left out on purpose: names, payload samples, MAC addresses, NAT.
 */

import type { FlowSieve } from '../../batch/sieve.ts';
import { Delivery, EARLIEST_US, LATEST_US, LONGEST_US } from '../../flows/delivery.ts';
import type { FlowDamageLog } from '../../flows/flow-damage.ts';
import { type FlowSink, LINK_BYTES } from '../../flows/flow-record.ts';
import { isVisit } from '../../flows/flow-totals.ts';
import { NfcapdExporters } from './nfcapd-exporters.ts';
import type { NfcapdProgram } from './nfcapd-program.ts';

const HIGH = 4294967296;

const TCP = 6;
const FLOW_SAMPLED = 2;
const FLOW_ANONYMISED = 4;
/** What nfdump calls the version of records that came from sFlow. */
const FROM_V9 = 9;
const EVENT_DENIED = 3;
/** 1 for the extensions that `#extension` reads. */
const READ = new Uint8Array(65536);
for (const type of [3, 5, 18, 19, 34]) READ[type] = 1;
/** Records one after another of which the program read none, behind which it is not asked of the rest of a block. */
const MOST_UNREAD = 32;

/** What counts records that only count; absent: all are given, one by one. */
interface CountingHelp {
  readonly sieve?: FlowSieve | undefined;
  readonly nfcapdProgram?: NfcapdProgram | undefined;
}

export class NfcapdRecords extends Delivery {
  readonly exporters: NfcapdExporters;
  /** True where the file was written by a collector that counts frames (sfcapd). */
  countsFrames = false;
  /** Sampling interval where the file names none; 0 where nobody knows. */
  assumedInterval = 0;

  #view: DataView = new DataView(new ArrayBuffer(0));
  #little = true;
  #outPackets = 0;
  #outBytes = 0;
  #hasOut = false;
  #hasAddress = false;
  #hasGeneric = false;
  #isEgress = false;
  #samplerLow = -1;
  #samplerHigh = -1;

  readonly #sink: FlowSink;
  readonly #sieve: FlowSieve | null;
  /** Reads what is common of blocks in its memory. */
  readonly #program: NfcapdProgram | null;

  constructor(
    sink: FlowSink,
    damage: FlowDamageLog,
    exporters: string[] = [],
    { sieve, nfcapdProgram }: CountingHelp = {},
  ) {
    super(sink, damage);
    this.#sink = sink;
    this.#sieve = sieve ?? null;
    const isOfUse = sieve !== undefined && sink.rows !== undefined && nfcapdProgram?.begin(sieve) === true;
    this.#program = isOfUse ? nfcapdProgram : null;
    this.exporters = new NfcapdExporters(damage, exporters);
  }

  /**
   * Reads the `count` records in [from, to) of a block; `position` is the block's offset in the input.
   */
  block(view: DataView, from: number, to: number, count: number, little: boolean, position: number): void {
    this.#view = view;
    this.#little = little;
    const sieve = little && !this.countsFrames ? this.#sieve : null;
    const program = sieve !== null && this.#program?.buffer === view.buffer ? this.#program : null;
    this.#walk(from, to, count, position, sieve, program);
    if (program !== null && sieve !== null) this.#settle(program, sieve);
  }

  #walk(
    from: number,
    to: number,
    count: number,
    position: number,
    sieve: FlowSieve | null,
    program: NfcapdProgram | null,
  ): void {
    const view = this.#view;
    const little = this.#little;
    let at = from;
    let seen = 0;
    let unread = 0;
    while (at + 4 <= to) {
      if (program !== null && unread < MOST_UNREAD) {
        at = program.run(view.byteOffset + at, view.byteOffset + to, this.number) - view.byteOffset;
        const read = program.number - this.number;
        this.number += read;
        this.records += read;
        seen += read;
        if (program.waiting > 0) this.#giveRows(program);
        unread = read === 0 ? unread + 1 : 0;
        if (at + 4 > to) break;
      }
      const type = view.getUint16(at, little);
      const size = view.getUint16(at + 2, little);
      if (size < 4 || size > to - at) {
        this.damage.refuse('bad-record', position, to - at);
        return;
      }
      seen++;
      if (type === 11) {
        if (sieve === null || !this.#onlyCounts(sieve, at, at + size)) this.#flow(at, at + size, position);
        if (size >= 12) program?.learn(view.getUint16(at + 8, little), this.exporters, this.assumedInterval);
      } else if (type < 0x8000) {
        this.exporters.read(view, at, size, type, little, position);
        this.#program?.forget();
      }
      at += size;
    }
    if (at !== to || seen !== count) this.damage.refuse('bad-record', position, to - at);
  }

  #giveRows(program: NfcapdProgram): void {
    this.#sink.rows?.(program.rows, program.waiting);
    program.taken();
  }

  /** Takes what the program has counted in a block. */
  #settle(program: NfcapdProgram, { totals }: FlowSieve): void {
    const { firstUs, lastUs } = program;
    if (firstUs <= lastUs) {
      if (!(firstUs >= this.firstUs)) this.firstUs = firstUs;
      if (!(lastUs <= this.lastUs)) this.lastUs = lastUs;
    }
    program.move(totals);
  }

  /**
   * Most records only count, and few of their numbers tell so: such a record is counted here without being filled, in a
   * quarter of the time. False, with nothing done, where it does more or anything about it is unusual.
   */
  #onlyCounts(sieve: FlowSieve, from: number, to: number): boolean {
    const view = this.#view;
    if (to - from < 12 || (view.getUint8(from + 10) & FLOW_ANONYMISED) !== 0) return false;
    let generic = 0;
    let ipv4 = 0;
    let isEgress = false;
    let elements = view.getUint16(from + 4, true);
    let at = from + 12;
    for (; elements > 0 && at + 4 <= to; elements--) {
      const head = view.getInt32(at, true);
      const type = head & 0xffff;
      const length = head >>> 16;
      if (length < 4 || length > to - at) return false;
      if (type === 1 && length >= 52 && generic === 0) generic = at + 4;
      else if (type === 2 && length >= 12 && ipv4 === 0) ipv4 = at + 4;
      else if (type === 4) isEgress = length >= 15 && view.getUint8(at + 14) === 1;
      else if (type <= 2 || READ[type] === 1) return false;
      at += length;
    }
    if (elements !== 0 || generic === 0 || ipv4 === 0) return false;
    const protocol = view.getUint8(generic + 44);
    const isTcp = protocol === TCP;
    if (protocol === 0) return false;
    const startUs = (view.getUint32(generic, true) + view.getUint32(generic + 4, true) * HIGH) * 1000;
    const endUs = (view.getUint32(generic + 8, true) + view.getUint32(generic + 12, true) * HIGH) * 1000;
    if (isTcp) {
      const sourcePort = view.getUint16(generic + 40, true);
      const destinationPort = view.getUint16(generic + 42, true);
      const source = view.getInt32(ipv4, true);
      const destination = view.getInt32(ipv4 + 4, true);
      const isOver = isVisit(view.getUint8(generic + 45), endUs - startUs);
      if (!sieve.isOrdinaryIpv4(source, sourcePort, destination, destinationPort, isOver)) return false;
    }
    if (!(startUs >= EARLIEST_US && endUs <= LATEST_US && endUs - startUs <= LONGEST_US)) return false;
    if (!(startUs <= endUs && startUs >= sieve.sinceUs && endUs <= sieve.untilUs)) return false;
    const packets = view.getUint32(generic + 24, true) + view.getUint32(generic + 28, true) * HIGH;
    const bytes = view.getUint32(generic + 32, true) + view.getUint32(generic + 36, true) * HIGH;
    if (packets > Number.MAX_SAFE_INTEGER || bytes > Number.MAX_SAFE_INTEGER) return false;
    const exporter = this.exporters.ordinal(view.getUint16(from + 8, true));
    if (this.exporters.interval(exporter, -1, -1) > 1 || this.assumedInterval > 1) return false;
    if (isEgress) this.exporters.egress(exporter);
    this.number++;
    this.records++;
    if (!(startUs >= this.firstUs)) this.firstUs = startUs;
    if (!(endUs <= this.lastUs)) this.lastUs = endUs;
    const { totals } = sieve;
    totals.records++;
    if (isTcp) totals.ordinaryRecords++;
    else totals.otherRecords++;
    totals.packets += packets;
    totals.bytes += bytes;
    if (!(startUs >= totals.firstUs)) totals.firstUs = startUs;
    if (!(endUs <= totals.lastUs)) totals.lastUs = endUs;
    return true;
  }

  // 0 type | 2 size | 4 elements | 6 engine type | 7 engine id | 8 exporter | 10 flags | 11 source version
  #flow(from: number, to: number, position: number): void {
    this.number++;
    if (to - from < 12) {
      this.damage.refuse('bad-record', position, to - from);
      return;
    }
    const view = this.#view;
    const little = this.#little;
    const record = this.record;
    const flags = view.getUint8(from + 10);
    if ((flags & FLOW_ANONYMISED) !== 0) {
      this.damage.add('anonymised', position);
      return;
    }
    record.clear();
    this.#hasGeneric = false;
    this.#hasAddress = false;
    this.#hasOut = false;
    this.#isEgress = false;
    this.#samplerLow = -1;
    this.#samplerHigh = -1;
    if (this.countsFrames) record.byteLayer = LINK_BYTES;
    let elements = view.getUint16(from + 4, little);
    let at = from + 12;
    while (elements > 0 && at + 4 <= to) {
      const length = view.getUint16(at + 2, little);
      if (length < 4 || length > to - at) {
        this.damage.refuse('bad-record', position, to - from);
        return;
      }
      const type = view.getUint16(at, little);
      if (type === 1) this.#generic(at + 4, length - 4);
      else if (type === 2) this.#ipv4(at + 4, length - 4);
      // 10 direction, behind interfaces and masks
      else if (type === 4) this.#isEgress = length >= 15 && view.getUint8(at + 14) === 1;
      else if (READ[type] === 1) this.#extension(type, at + 4, length - 4);
      at += length;
      elements--;
    }
    if (elements !== 0) {
      this.damage.refuse('bad-record', position, to - from);
      return;
    }
    if (!this.#hasGeneric || !this.#hasAddress) {
      this.damage.refuse('unread-flow', position, to - from);
      return;
    }
    const exporter = this.exporters.ordinal(view.getUint16(from + 8, little));
    const version = view.getUint8(from + 11);
    if (this.#hasOut) this.#reverse(version);
    record.exporter = this.#isEgress ? this.exporters.egress(exporter) : exporter;
    this.#sampling(exporter, flags);
    this.deliver(position);
  }

  // Offsets are those of the payload; a payload shorter than its table is taken for absent.

  // 0 first | 8 last | 16 received | 24 packets | 32 bytes | 40 ports | 44 protocol, flags, status
  #generic(at: number, length: number): void {
    if (length < 48) return;
    this.#hasGeneric = true;
    const view = this.#view;
    const little = this.#little;
    const record = this.record;
    // Halves of 64-bit integers, put together in place: what a call returns would be boxed.
    const low = little ? at : at + 4;
    const high = little ? at + 4 : at;
    record.startUs = (view.getUint32(low, little) + view.getUint32(high, little) * HIGH) * 1000;
    record.endUs = (view.getUint32(low + 8, little) + view.getUint32(high + 8, little) * HIGH) * 1000;
    this.fallbackUs = (view.getUint32(low + 16, little) + view.getUint32(high + 16, little) * HIGH) * 1000;
    record.packets = view.getUint32(low + 24, little) + view.getUint32(high + 24, little) * HIGH;
    record.bytes = view.getUint32(low + 32, little) + view.getUint32(high + 32, little) * HIGH;
    record.sourcePort = view.getUint16(at + 40, little);
    record.destinationPort = view.getUint16(at + 42, little);
    record.protocol = view.getUint8(at + 44);
    record.tcpFlags = view.getUint8(at + 45);
    // RFC 7270, forwardingStatus: the top two bits are 2 where the packet was dropped.
    if (view.getUint8(at + 46) >> 6 === 2) record.isDenied = true;
  }

  // 0 source | 4 destination
  #ipv4(at: number, length: number): void {
    if (length < 8) return;
    this.#hasAddress = true;
    const record = this.record;
    record.source2 = 0xffff;
    record.source3 = this.#view.getInt32(at, this.#little);
    record.destination2 = 0xffff;
    record.destination3 = this.#view.getInt32(at + 4, this.#little);
  }

  #extension(type: number, at: number, length: number): void {
    const view = this.#view;
    const little = this.#little;
    const record = this.record;
    const low = little ? 0 : 4;
    const high = 4 - low;
    switch (type) {
      case 3: // IPv6: each address is two 64-bit integers, the high one first
        if (length < 32) return;
        this.#hasAddress = true;
        this.#ipv6(at);
        return;
      case 5: // counters: 0 flows | 8 packets back | 16 bytes back
        if (length < 24) return;
        this.#hasOut = true;
        this.#outPackets =
          view.getUint32(at + 8 + low, little) + view.getUint32(at + 8 + high, little) * HIGH;
        this.#outBytes =
          view.getUint32(at + 16 + low, little) + view.getUint32(at + 16 + high, little) * HIGH;
        return;
      case 18: // sampler: 0 selector | 8 exporter
        if (length < 10) return;
        this.#samplerLow = view.getInt32(little ? at : at + 4, little);
        this.#samplerHigh = view.getInt32(little ? at + 4 : at, little);
        return;
      case 19: // ASA events: 0 time | 8 connection | 12 extended event | 14 event
        if (length >= 15 && view.getUint8(at + 14) === EVENT_DENIED) record.isDenied = true;
        return;
      case 34: // sFlow: 0 frame size | 2 link type
        record.byteLayer = LINK_BYTES;
        return;
      default:
    }
  }

  #ipv6(at: number): void {
    const view = this.#view;
    const little = this.#little;
    const record = this.record;
    const high = little ? 4 : 0;
    const low = 4 - high;
    record.source0 = view.getInt32(at + high, little);
    record.source1 = view.getInt32(at + low, little);
    record.source2 = view.getInt32(at + 8 + high, little);
    record.source3 = view.getInt32(at + 8 + low, little);
    record.destination0 = view.getInt32(at + 16 + high, little);
    record.destination1 = view.getInt32(at + 16 + low, little);
    record.destination2 = view.getInt32(at + 24 + high, little);
    record.destination3 = view.getInt32(at + 24 + low, little);
  }

  /**
   * The second pair of counters is the way back for IPFIX, nfpcapd and ASA. NetFlow v9 stores its egress counters
   * (elements 23 and 24) in the same place: equal to the first pair they are that, and alone they count forward.
   */
  #reverse(version: number): void {
    const record = this.record;
    if (version === FROM_V9 && record.packets === 0 && record.bytes === 0) {
      record.packets = this.#outPackets;
      record.bytes = this.#outBytes;
      return;
    }
    if (version === FROM_V9 && this.#outPackets === record.packets && this.#outBytes === record.bytes) return;
    // An exporter without a reverse half leaves zeros: that says nothing.
    if (this.#outPackets === 0 && this.#outBytes === 0) return;
    record.reversePackets = this.#outPackets;
    record.reverseBytes = this.#outBytes;
  }

  /**
   * nfcapd multiplies by the sampling interval and marks the record; where the mark is missing (NetFlow v5 with an
   * interval of two) it did not. A mark alone does not mean more than one: softflowd sends samplers of 1.
   */
  #sampling(exporter: number, flags: number): void {
    const record = this.record;
    const interval = this.exporters.interval(exporter, this.#samplerLow, this.#samplerHigh);
    record.isScaled = (flags & FLOW_SAMPLED) !== 0;
    record.samplingInterval = interval > 0 || record.isScaled ? interval : this.assumedInterval;
  }
}
