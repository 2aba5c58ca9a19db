/**
 * Templates, options and data of NetFlow v9 and IPFIX to flow records. The two differ in their headers and in how they
 * write templates (netflow-v9.ts, ipfix.ts); what a record means is the same and stands here (RFC 3954, 7011, 5103).
 * HOT from `#records` down: nothing is allocated per flow record.
 */

import type { Delivery } from '../../flows/delivery.ts';
import { LINK_BYTES, ORIGINATOR_DESTINATION, ORIGINATOR_SOURCE } from '../../flows/flow-record.ts';
import { CumulativeCounters } from './cumulative-counters.ts';
import { CLOCKS_SET_US, clockOffsetUs } from './export-clock.ts';
import {
  type ExportDomain,
  MOST_HELD_BYTES,
  MOST_HELD_SETS,
  MOST_WAITING_BYTES,
  MOST_WAITING_SETS,
  type WaitingSet,
} from './export-domain.ts';
import { ETHERNET, RAW_IP, SampledHeader } from './sampled-header.ts';
import { compileTemplate, type FieldSpecifier, MOST_FIELDS, type Template } from './template.ts';
import { TemplateRecord } from './template-record.ts';

/** Of a VLAN tag. */
const TAG_BYTES = 4;
const DROPPED = 2;
const FIREWALL_DENIED = 3;
const EGRESS = 1;
const INITIATOR = 1;
const REVERSE_INITIATOR = 2;

export class TemplateFlows {
  /** Time of the message in hand, us since 1970. */
  exportUs = Number.NaN;
  /** When the message arrived; NaN in files. */
  arrivedUs = Number.NaN;
  /** What is added to the exporter's own times because its clock was never set; else 0. */
  clockUs = 0;
  /** ms since boot at that time; -1 if the format does not say. */
  uptime = -1;
  /** Place of the message in the input, for damage rows. */
  position = 0;
  /** Ordinal of the input that the message stands in, and who is to know where flows of another one come. */
  input = 0;
  enterInput: ((input: number) => void) | null = null;
  /** Options data records read since this was last set to 0. */
  optionsRecords = 0;
  /** Sampling interval if nobody tells one. */
  assumedInterval = 0;
  /** True if records are numbered here, false if the caller says the packet's number. */
  countsRecords = false;

  private readonly delivery: Delivery;
  private readonly fields = new TemplateRecord();
  private readonly totals = new CumulativeCounters();
  private readonly sampled = new SampledHeader();
  private viewed: DataView | null = null;
  private viewedBytes: Uint8Array = new Uint8Array(0);
  private waitingBytes = 0;
  private heldBytes = 0;

  constructor(delivery: Delivery) {
    this.delivery = delivery;
  }

  /**
   * Takes the time of the message by the exporter's own clock. If that was never set, the time at which the message
   * arrived stands in.
   */
  setExportTime(domain: ExportDomain, ownUs: number): void {
    this.clockUs = clockOffsetUs(ownUs, this.arrivedUs);
    this.exportUs = ownUs + this.clockUs;
    if (this.clockUs !== 0) domain.clockless++;
  }

  /** Takes a template as its fields are listed; replaces an older one of the same id at once. */
  define(domain: ExportDomain, id: number, fields: readonly FieldSpecifier[], isOptions: boolean): void {
    const template = id < 256 || fields.length > MOST_FIELDS ? null : compileTemplate(id, fields, isOptions);
    if (template === null) {
      this.delivery.damage.add('bad-template', this.position);
      return;
    }
    if (!domain.define(template)) {
      this.delivery.damage.add('table-full', this.position);
      return;
    }
    if (domain.missing.has(id)) domain.late.add(id);
    this.replay(domain, template);
  }

  /** Reads the data set in [from, to), header taken off; returns how many records it held, -1 if unknown. */
  dataSet(domain: ExportDomain, id: number, view: DataView, from: number, to: number): number {
    const template = domain.templates.get(id) ?? (domain.borrows ? domain.borrowed(id) : undefined);
    if (template !== undefined) {
      this.lookAtOut(domain, template, view, from, to);
      return this.records(domain, template, view, from, to);
    }
    if (domain.waiting.length < MOST_WAITING_SETS && this.waitingBytes + to - from <= MOST_WAITING_BYTES) {
      this.waitingBytes += to - from;
      domain.waiting.push(this.kept(id, null, view, from, to));
      return -1;
    }
    // No more is kept: what other ports of the exporter have told must do.
    if (!domain.borrows) {
      this.borrow(domain);
      return this.dataSet(domain, id, view, from, to);
    }
    this.miss(domain, id, to - from);
    return -1;
  }

  /** Reads sets that wait for a template by one that came from another port of the same exporter and domain. */
  private borrow(domain: ExportDomain): void {
    domain.borrows = true;
    const sets = domain.waiting;
    domain.waiting = [];
    for (const set of sets) {
      const template = domain.borrowed(set.templateId);
      if (template === undefined) domain.waiting.push(set);
      else this.readWaiting(domain, template, this.taken(set));
    }
  }

  private taken(set: WaitingSet): WaitingSet {
    this.waitingBytes -= set.bytes.length;
    return set;
  }

  /**
   * Reads what still waits: flows without their sampling interval as they are; sets without their template are missing.
   */
  finish(domain: ExportDomain): void {
    this.borrow(domain);
    for (const set of domain.waiting) this.miss(domain, this.taken(set).templateId, set.bytes.length);
    domain.waiting = [];
    this.release(domain);
    for (const { interval, flows } of domain.unscaled())
      this.delivery.damage.add(interval > 0 ? 'late-sampling' : 'unknown-sampling', 0, flows);
  }

  private kept(
    templateId: number,
    template: Template | null,
    view: DataView,
    from: number,
    to: number,
    samplerId = -1,
    ingress = -1,
  ): WaitingSet {
    const bytes = new Uint8Array(view.buffer, view.byteOffset + from, to - from).slice();
    const { exportUs, clockUs, uptime, input } = this;
    const { number } = this.delivery;
    return { templateId, template, samplerId, ingress, bytes, exportUs, clockUs, uptime, number, input };
  }

  private miss(domain: ExportDomain, id: number, bytes: number): void {
    domain.missing.set(id, (domain.missing.get(id) ?? 0) + 1);
    this.delivery.damage.refuse('unknown-template', this.position, bytes);
  }

  /** Sets that waited for this template are read. */
  private replay(domain: ExportDomain, template: Template): void {
    const ready = domain.waiting.filter((set) => set.templateId === template.id);
    if (ready.length === 0) return;
    domain.waiting = domain.waiting.filter((set) => set.templateId !== template.id);
    for (const set of ready) {
      this.taken(set);
      this.lookAtOut(domain, template, viewOf(set), 0, set.bytes.length);
      this.readWaiting(domain, template, set);
    }
  }

  /**
   * Keeps a set from its record in hand on, whose sampling interval may still be told: options data come minutes after
   * the first flows. False if too many are kept: nothing of this domain waits any more.
   */
  private hold(domain: ExportDomain, template: Template, view: DataView, from: number, to: number): boolean {
    if (domain.held.length >= MOST_HELD_SETS || this.heldBytes + to - from > MOST_HELD_BYTES) {
      return false;
    }
    const { samplerId, ingress } = this.fields;
    this.heldBytes += to - from;
    domain.held.push(this.kept(template.id, template, view, from, to, samplerId, ingress));
    return true;
  }

  /** Sees what the counters of what goes out mean, until it is decided. */
  private lookAtOut(
    domain: ExportDomain,
    template: Template,
    view: DataView,
    from: number,
    to: number,
  ): void {
    if (!template.countsOut || !domain.out.isOpen) return;
    let at = from;
    while (to - at >= template.leastBytes && domain.out.isOpen) {
      at = this.fields.read(template, view, at, to);
      if (at < 0) break;
      domain.out.look(this.fields, view);
    }
    if (!domain.out.isOpen) this.readHeld(domain);
  }

  /** Something new is known of the domain: sets that waited for it are read. */
  private readHeld(domain: ExportDomain): void {
    if (domain.held.length === 0) return;
    const sets = domain.held;
    domain.held = [];
    for (const set of sets) {
      // What a set waits for may be told while another record in it still waits.
      const isOpen = domain.out.isOpen && set.template?.countsOut === true;
      const lacks = isOpen || domain.lacksInterval(set.samplerId, set.ingress);
      // Reading one may have shown that too many wait.
      if (lacks && domain.isPatient) domain.held.push(set);
      else this.readHeldSet(domain, set);
    }
  }

  /** Reads all sets whose sampling interval is not known, in their order; none waits from now on. */
  private release(domain: ExportDomain): void {
    domain.isPatient = false;
    domain.out.close();
    const sets = domain.held;
    domain.held = [];
    for (const set of sets) this.readHeldSet(domain, set);
  }

  private readHeldSet(domain: ExportDomain, set: WaitingSet): void {
    this.heldBytes -= set.bytes.length;
    if (set.template !== null) this.readWaiting(domain, set.template, set);
  }

  private readWaiting(domain: ExportDomain, template: Template, set: WaitingSet): void {
    const { exportUs, clockUs, uptime, input } = this;
    const number = this.delivery.number;
    this.exportUs = set.exportUs;
    this.clockUs = set.clockUs;
    this.uptime = set.uptime;
    this.input = set.input;
    if (!this.countsRecords) this.delivery.number = set.number;
    if (set.input !== input) this.enterInput?.(set.input);
    this.records(domain, template, viewOf(set), 0, set.bytes.length);
    this.exportUs = exportUs;
    this.clockUs = clockUs;
    this.uptime = uptime;
    this.input = input;
    this.delivery.fallbackUs = exportUs;
    if (!this.countsRecords) this.delivery.number = number;
    if (set.input !== input) this.enterInput?.(input);
  }

  private records(
    domain: ExportDomain,
    template: Template,
    view: DataView,
    from: number,
    to: number,
  ): number {
    const fields = this.fields;
    this.delivery.fallbackUs = this.exportUs;
    this.delivery.exportedUs = this.exportUs;
    let at = from;
    let count = 0;
    // Fewer bytes than the shortest record are padding.
    while (to - at >= template.leastBytes) {
      const next = fields.read(template, view, at, to);
      if (next < 0) {
        this.delivery.damage.refuse('bad-record', this.position, to - at);
        break;
      }
      if (template.isOptions) this.options(domain);
      else if (domain.isPatient && this.lacksInterval(domain, template)) {
        if (this.hold(domain, template, view, at, to)) return count + this.count(template, view, at, to);
        this.release(domain);
        // Reading what waited has overwritten the record in hand.
        continue;
      } else this.flow(domain, template, view);
      count++;
      at = next;
    }
    if (template.isOptions) this.readHeld(domain);
    return count;
  }

  private lacksInterval(domain: ExportDomain, template: Template): boolean {
    if (template.countsOut && domain.out.isOpen) return true;
    const fields = this.fields;
    return fields.interval() <= 0 && domain.lacksInterval(fields.samplerId, fields.ingress);
  }

  /** Records in [from, to), none of which is taken. */
  private count(template: Template, view: DataView, from: number, to: number): number {
    let at = from;
    let count = 0;
    while (to - at >= template.leastBytes) {
      at = this.fields.read(template, view, at, to);
      // Said when the set is read.
      if (at < 0) break;
      count++;
    }
    return count;
  }

  private options(domain: ExportDomain): void {
    const fields = this.fields;
    this.optionsRecords++;
    if (fields.bootMs > 0) domain.bootMs = fields.bootMs;
    const interval = fields.interval();
    if (interval <= 0) return;
    domain.addSampler(fields.samplerId, fields.ingress, interval);
  }

  private flow(domain: ExportDomain, template: Template, view: DataView): void {
    const fields = this.fields;
    const delivery = this.delivery;
    const record = delivery.record;
    if (this.countsRecords) delivery.number++;
    record.clear();
    if (!this.addresses(view)) {
      if (fields.frameAt >= 0) this.sample(domain, template, view);
      else delivery.damage.refuse('unread-flow', this.position, template.leastBytes);
      return;
    }
    record.sourcePort = fields.sourcePort;
    record.destinationPort = fields.destinationPort;
    record.protocol = fields.protocol;
    record.tcpFlags = fields.tcpFlags;
    record.packets = fields.packets;
    record.bytes = fields.bytes;
    if (template.hasReverse) {
      record.reversePackets = fields.reversePackets;
      record.reverseBytes = fields.reverseBytes;
      record.reverseTcpFlags = fields.reverseTcpFlags;
    }
    if (template.countsOut) {
      if (domain.out.isReverse) {
        record.reversePackets = fields.outPackets;
        record.reverseBytes = fields.outBytes;
      } else domain.out.countUnread(fields);
    }
    this.times(domain, template);
    record.exporter = fields.direction === EGRESS ? domain.egress : domain.ordinal;
    if (template.hasTotals) {
      record.packets += fields.totalPackets;
      record.bytes += fields.totalBytes;
      if (template.hasReverse) {
        record.reversePackets += fields.reverseTotalPackets;
        record.reverseBytes += fields.reverseTotalBytes;
      }
    }
    if (template.countsFrames) this.untag();
    if (template.hasTotals) {
      if (this.totals.subtract(record)) delivery.damage.add('table-full', this.position);
    }
    if (fields.biflowDirection === INITIATOR || template.isInitiatorFirst)
      record.originator = ORIGINATOR_SOURCE;
    else if (fields.biflowDirection === REVERSE_INITIATOR) record.originator = ORIGINATOR_DESTINATION;
    record.isDenied = fields.forwarding === DROPPED || fields.firewallEvent === FIREWALL_DENIED;
    this.scale(domain);
    delivery.deliver(this.position);
  }

  /** In how many packets one was looked at, as the record or the domain says. */
  private scale(domain: ExportDomain): void {
    const fields = this.fields;
    const own = fields.interval();
    const interval = own > 0 ? own : domain.interval(fields.samplerId, fields.ingress);
    if (interval <= 0) domain.countUnscaled(fields.samplerId, fields.ingress);
    this.delivery.record.samplingInterval = interval > 0 ? interval : this.assumedInterval;
  }

  /**
   * A record whose flow stands in the first bytes of one packet (RFC 7133, NetFlow-lite). Others than of IP are not
   * flows.
   */
  private sample(domain: ExportDomain, template: Template, view: DataView): void {
    const { frameAt, frameBytes, frameSize, frameType, isIpPacket, packets } = this.fields;
    const delivery = this.delivery;
    const { record } = delivery;
    if (frameType > 1) {
      delivery.damage.refuse('unread-flow', this.position, frameBytes);
      return;
    }
    if (this.viewed !== view) {
      this.viewed = view;
      this.viewedBytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    }
    this.sampled.timeUs = this.exportUs;
    const linkType = isIpPacket ? RAW_IP : ETHERNET;
    if (!this.sampled.read(record, this.viewedBytes, frameAt, frameBytes, linkType, frameSize)) return;
    record.packets = packets > 0 ? packets : 1;
    this.times(domain, template);
    record.exporter = this.fields.direction === EGRESS ? domain.egress : domain.ordinal;
    this.scale(domain);
    delivery.deliver(this.position);
  }

  /** Takes the VLAN tags off: what is left is Ethernet's own header, as everywhere. */
  private untag(): void {
    const { outerTag, innerTag } = this.fields;
    const record = this.delivery.record;
    record.byteLayer = LINK_BYTES;
    const tagBytes = (outerTag > 0 ? TAG_BYTES : 0) + (innerTag > 0 ? TAG_BYTES : 0);
    if (tagBytes === 0) return;
    record.bytes = Math.max(0, record.bytes - tagBytes * record.packets);
    if (record.reverseBytes > 0) {
      record.reverseBytes = Math.max(0, record.reverseBytes - tagBytes * Math.max(0, record.reversePackets));
    }
  }

  private addresses(view: DataView): boolean {
    const fields = this.fields;
    const record = this.delivery.record;
    const has4 = fields.source4At >= 0 && fields.destination4At >= 0;
    const has6 = fields.source6At >= 0 && fields.destination6At >= 0;
    // Some exporters have one template for both, and zeros where the other is meant.
    if (has4 && !(has6 && (fields.ipVersion === 6 || view.getInt32(fields.source4At) === 0))) {
      record.source2 = 0xffff;
      record.source3 = view.getInt32(fields.source4At);
      record.destination2 = 0xffff;
      record.destination3 = view.getInt32(fields.destination4At);
      return true;
    }
    if (!has6) return false;
    const source = fields.source6At;
    const destination = fields.destination6At;
    record.source0 = view.getInt32(source);
    record.source1 = view.getInt32(source + 4);
    record.source2 = view.getInt32(source + 8);
    record.source3 = view.getInt32(source + 12);
    record.destination0 = view.getInt32(destination);
    record.destination1 = view.getInt32(destination + 4);
    record.destination2 = view.getInt32(destination + 8);
    record.destination3 = view.getInt32(destination + 12);
    return true;
  }

  private times(domain: ExportDomain, template: Template): void {
    const fields = this.fields;
    const record = this.delivery.record;
    const bootMs = fields.bootMs > 0 ? fields.bootMs : domain.boot();
    let start = this.clocked(fields.startUs > 0 ? fields.startUs : Number.NaN);
    let end = this.clocked(fields.endUs > 0 ? fields.endUs : Number.NaN);
    // Times that are told whole are believed, however long ago: a capture that is played again is exported today.
    this.delivery.exportedUs = Number.isNaN(start) && Number.isNaN(end) ? this.exportUs : Number.NaN;
    if (Number.isNaN(start) && fields.startUptime >= 0) start = this.sinceBoot(fields.startUptime, bootMs);
    if (Number.isNaN(end) && fields.endUptime >= 0) end = this.sinceBoot(fields.endUptime, bootMs);
    if (Number.isNaN(start) && Number.isNaN(end)) end = this.withoutBoot(domain);
    if (!template.hasTimes && !Number.isNaN(this.exportUs)) {
      end = this.exportUs;
      domain.timeless++;
    }
    if (Number.isNaN(start) && fields.startDelta >= 0) start = this.exportUs - fields.startDelta;
    if (Number.isNaN(end) && fields.endDelta >= 0) end = this.exportUs - fields.endDelta;
    if (fields.durationUs >= 0) {
      if (Number.isNaN(end)) end = start + fields.durationUs;
      else if (Number.isNaN(start)) start = end - fields.durationUs;
    }
    if (Number.isNaN(start) && fields.startUptime >= 0 && fields.endUptime >= 0) {
      start = end - Math.max(0, uptimeDistance(fields.endUptime, fields.startUptime)) * 1000;
    }
    record.startUs = start;
    record.endUs = end;
  }

  /** A time by the exporter's own clock, put right if that was never set. */
  private clocked(timeUs: number): number {
    return this.clockUs !== 0 && timeUs < CLOCKS_SET_US ? timeUs + this.clockUs : timeUs;
  }

  private sinceBoot(uptime: number, bootMs: number): number {
    if (this.uptime >= 0) return this.exportUs - uptimeDistance(this.uptime, uptime) * 1000;
    return bootMs > 0 ? this.clocked((bootMs + uptime) * 1000) : Number.NaN;
  }

  /**
   * The end of a flow that is told since a boot of which no time is known (MikroTik, Barracuda, IOS XR): its export,
   * which follows it. NaN of any other flow.
   */
  private withoutBoot(domain: ExportDomain): number {
    const { startUptime, endUptime } = this.fields;
    if ((startUptime < 0 && endUptime < 0) || Number.isNaN(this.exportUs)) return Number.NaN;
    domain.bootless++;
    return this.exportUs;
  }
}

function viewOf({ bytes }: WaitingSet): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * ms from `then` to `now`, both 32-bit counters since boot that wrap after 49.71 days. `then` may be a little later
 * than `now`: clocks of line cards jitter.
 */
export function uptimeDistance(now: number, then: number): number {
  return (now - then) | 0;
}
