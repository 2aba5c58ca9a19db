/**
 * HOT. One record of a NetFlow v9 or IPFIX data set to numbers, as its template says. Everything that a field may say
 * has its place here; what the places mean together is for the caller. Nothing is allocated.
 */
import * as field from './template.ts';

const HIGH = 4294967296;
/** Seconds from 1900, where NTP begins to count, to 1970. */
const NTP_EPOCH = 2208988800;

export class TemplateRecord {
  packets = 0;
  bytes = 0;
  totalPackets = 0;
  totalBytes = 0;
  reversePackets = 0;
  reverseBytes = 0;
  reverseTotalPackets = 0;
  reverseTotalBytes = 0;
  protocol = 0;
  tcpFlags = -1;
  reverseTcpFlags = -1;
  sourcePort = 0;
  destinationPort = 0;
  /** Offsets of addresses in the view; -1 if there are none. */
  source4At = -1;
  destination4At = -1;
  source6At = -1;
  destination6At = -1;
  /** 0 if the record does not say. */
  ipVersion = 0;
  /** us since 1970; NaN if the record does not say. */
  startUs = Number.NaN;
  endUs = Number.NaN;
  /** ms since boot; -1 if the record does not say. */
  startUptime = -1;
  endUptime = -1;
  /** us before the export; -1 if the record does not say. */
  startDelta = -1;
  endDelta = -1;
  /** us; -1 if the record does not say. */
  durationUs = -1;
  bootMs = 0;
  direction = -1;
  forwarding = 0;
  biflowDirection = 0;
  firewallEvent = 0;
  samplingInterval = 0;
  samplerId = -1;
  packetInterval = 0;
  /** -1 if the record does not say. */
  packetSpace = -1;
  samplingSize = 0;
  samplingPopulation = 0;
  samplingProbability = 0;
  ingress = -1;
  /** A sampled packet's first bytes: where they begin (-1: none), how many, and whether they are IP's. */
  frameAt = -1;
  frameBytes = 0;
  isIpPacket = false;
  /** Its bytes on the wire; 0 if the record does not say. */
  frameSize = 0;
  /** dataLinkFrameType: 1 is Ethernet; 0 if the record does not say. */
  frameType = 0;
  /** Counters of what goes out, if there are counters of what comes in as well. */
  outBytes = 0;
  outPackets = 0;
  /** VLAN ids; 0 if there is no tag. */
  outerTag = 0;
  innerTag = 0;
  /** The integer of the field in hand. What a call returns would be boxed. */
  private value = 0;

  clear(): void {
    this.packets = 0;
    this.bytes = 0;
    this.totalPackets = 0;
    this.totalBytes = 0;
    this.reversePackets = 0;
    this.reverseBytes = 0;
    this.reverseTotalPackets = 0;
    this.reverseTotalBytes = 0;
    this.protocol = 0;
    this.tcpFlags = -1;
    this.reverseTcpFlags = -1;
    this.sourcePort = 0;
    this.destinationPort = 0;
    this.source4At = -1;
    this.destination4At = -1;
    this.source6At = -1;
    this.destination6At = -1;
    this.ipVersion = 0;
    this.startUs = Number.NaN;
    this.endUs = Number.NaN;
    this.startUptime = -1;
    this.endUptime = -1;
    this.startDelta = -1;
    this.endDelta = -1;
    this.durationUs = -1;
    this.bootMs = 0;
    this.direction = -1;
    this.forwarding = 0;
    this.biflowDirection = 0;
    this.firewallEvent = 0;
    this.samplingInterval = 0;
    this.samplerId = -1;
    this.packetInterval = 0;
    this.packetSpace = -1;
    this.samplingSize = 0;
    this.samplingPopulation = 0;
    this.samplingProbability = 0;
    this.ingress = -1;
    this.frameAt = -1;
    this.frameBytes = 0;
    this.isIpPacket = false;
    this.frameSize = 0;
    this.frameType = 0;
    this.outBytes = 0;
    this.outPackets = 0;
    this.outerTag = 0;
    this.innerTag = 0;
  }

  /** Reads the record at `from`; returns the offset behind it, or -1 if it does not end before `to`. */
  read(template: field.Template, view: DataView, from: number, to: number): number {
    const { actions, lengths } = template;
    let at = from;
    this.clear();
    for (let i = 0; i < actions.length; i++) {
      let length = lengths[i];
      if (length === field.VARIABLE) {
        // RFC 7011, section 7: one byte of length, or 255 and two.
        if (at >= to) return -1;
        length = view.getUint8(at++);
        if (length === 255) {
          if (at + 2 > to) return -1;
          length = view.getUint16(at);
          at += 2;
        }
        if (length > to - at) return -1;
        const isSection = actions[i] === field.FRAME || actions[i] === field.IP_PACKET;
        if (actions[i] !== field.SKIP && length >= 1 && (length <= 8 || isSection))
          this.field(actions[i], view, at, length);
      } else {
        if (length > to - at) return -1;
        if (actions[i] !== field.SKIP) this.field(actions[i], view, at, length);
      }
      at += length;
    }
    return at;
  }

  /**
   * One packet in so many, as this record itself says; 0 if it does not. Cisco IOS XR sends the interval of random
   * sampling in 309 and 310, and 305 with a value of its own: 305 is RFC 5477's only together with 306. Alone it is what
   * other exporters mean by it, one packet in so many.
   */
  interval(): number {
    const { packetInterval, packetSpace, samplingSize, samplingPopulation, samplingProbability } = this;
    if (samplingSize > 0 && samplingPopulation >= samplingSize) return samplingPopulation / samplingSize;
    if (packetInterval > 0 && packetSpace >= 0) return (packetInterval + packetSpace) / packetInterval;
    if (samplingProbability > 0 && samplingProbability <= 1) return 1 / samplingProbability;
    return this.samplingInterval > 0 ? this.samplingInterval : packetInterval;
  }

  private field(action: number, view: DataView, at: number, length: number): void {
    this.load(view, at, length);
    switch (action) {
      case field.OCTETS:
        this.bytes = this.value;
        return;
      case field.PACKETS:
        this.packets = this.value;
        return;
      case field.SOURCE_IPV4:
        this.source4At = at;
        return;
      case field.DESTINATION_IPV4:
        this.destination4At = at;
        return;
      case field.SOURCE_PORT:
        this.sourcePort = this.value & 0xffff;
        return;
      case field.DESTINATION_PORT:
        this.destinationPort = this.value & 0xffff;
        return;
      case field.PROTOCOL:
        this.protocol = this.value & 0xff;
        return;
      case field.TCP_FLAGS:
        // Two bytes carry the header length above the flags.
        this.tcpFlags = view.getUint8(at + length - 1);
        return;
      case field.START_MILLISECONDS:
        this.startUs = this.value * 1000;
        return;
      case field.END_MILLISECONDS:
        this.endUs = this.value * 1000;
        return;
      case field.START_UPTIME:
        this.startUptime = this.value;
        return;
      case field.END_UPTIME:
        this.endUptime = this.value;
        return;
      case field.DIRECTION:
        this.direction = this.value;
        return;
      case field.INGRESS:
      case field.SCOPE_INTERFACE:
        this.ingress = this.value;
        return;
      case field.SOURCE_IPV6:
        this.source6At = at;
        return;
      case field.DESTINATION_IPV6:
        this.destination6At = at;
        return;
      default:
        this.rarer(action, view, at, length);
    }
  }

  private rarer(action: number, view: DataView, at: number, length: number): void {
    switch (action) {
      case field.TOTAL_OCTETS:
        this.totalBytes = this.value;
        return;
      case field.TOTAL_PACKETS:
        this.totalPackets = this.value;
        return;
      case field.REVERSE_OCTETS:
        this.reverseBytes = this.value;
        return;
      case field.REVERSE_PACKETS:
        this.reversePackets = this.value;
        return;
      case field.REVERSE_TOTAL_OCTETS:
        this.reverseTotalBytes = this.value;
        return;
      case field.REVERSE_TOTAL_PACKETS:
        this.reverseTotalPackets = this.value;
        return;
      case field.REVERSE_TCP_FLAGS:
        this.reverseTcpFlags = view.getUint8(at + length - 1);
        return;
      case field.IP_VERSION:
        this.ipVersion = this.value;
        return;
      case field.START_SECONDS:
        this.startUs = this.value * 1_000_000;
        return;
      case field.END_SECONDS:
        this.endUs = this.value * 1_000_000;
        return;
      case field.START_NTP_MICRO:
      case field.START_NTP_NANO:
        this.loadNtp(view, at, action === field.START_NTP_MICRO);
        this.startUs = this.value;
        return;
      case field.END_NTP_MICRO:
      case field.END_NTP_NANO:
        this.loadNtp(view, at, action === field.END_NTP_MICRO);
        this.endUs = this.value;
        return;
      case field.START_DELTA:
        this.startDelta = this.value;
        return;
      case field.END_DELTA:
        this.endDelta = this.value;
        return;
      case field.BOOT_MILLISECONDS:
        this.bootMs = this.value;
        return;
      case field.DURATION_MILLISECONDS:
        this.durationUs = this.value * 1000;
        return;
      case field.DURATION_MICROSECONDS:
        this.durationUs = this.value;
        return;
      case field.OBSERVED_MILLISECONDS:
        // The time of an event, for records that have no other.
        if (Number.isNaN(this.startUs)) this.startUs = this.value * 1000;
        return;
      case field.OBSERVED_SECONDS:
        if (Number.isNaN(this.startUs)) this.startUs = this.value * 1_000_000;
        return;
      case field.OBSERVED_NTP_MICRO:
      case field.OBSERVED_NTP_NANO:
        this.loadNtp(view, at, action === field.OBSERVED_NTP_MICRO);
        if (Number.isNaN(this.startUs)) this.startUs = this.value;
        return;
      case field.FRAME:
      case field.IP_PACKET:
        this.frameAt = at;
        this.frameBytes = length;
        this.isIpPacket = action === field.IP_PACKET;
        return;
      case field.FRAME_SIZE:
        this.frameSize = this.value;
        return;
      case field.FRAME_TYPE:
        this.frameType = this.value;
        return;
      case field.FORWARDING:
        this.forwarding = view.getUint8(at + length - 1) >> 6;
        return;
      case field.BIFLOW_DIRECTION:
        this.biflowDirection = this.value;
        return;
      case field.FIREWALL_EVENT:
        this.firewallEvent = this.value;
        return;
      case field.SAMPLING_INTERVAL:
      case field.RANDOM_INTERVAL:
        // If both are there, the one that is set counts.
        if (this.value > 0) this.samplingInterval = this.value;
        return;
      case field.SAMPLER_ID:
        this.samplerId = this.value;
        return;
      case field.PACKET_INTERVAL:
        this.packetInterval = this.value;
        return;
      case field.PACKET_SPACE:
        this.packetSpace = this.value;
        return;
      case field.SAMPLING_SIZE:
        this.samplingSize = this.value;
        return;
      case field.SAMPLING_POPULATION:
        this.samplingPopulation = this.value;
        return;
      case field.OUT_OCTETS:
        this.outBytes = this.value;
        return;
      case field.OUT_PACKETS:
        this.outPackets = this.value;
        return;
      case field.OUTER_TAG:
        // If both are there, the one that is set counts.
        if (this.value > 0) this.outerTag = this.value;
        return;
      case field.INNER_TAG:
        this.innerTag = this.value;
        return;
      case field.SAMPLING_PROBABILITY:
        if (length === 8) this.samplingProbability = view.getFloat64(at);
        else if (length === 4) this.samplingProbability = view.getFloat32(at);
        return;
      default:
    }
  }
  /** An unsigned integer of 1 to 8 bytes into `#value`; beyond 2^53 its last digits go. Longer fields are none. */
  private load(view: DataView, at: number, length: number): void {
    switch (length) {
      case 1:
        this.value = view.getUint8(at);
        return;
      case 2:
        this.value = view.getUint16(at);
        return;
      case 4:
        this.value = view.getUint32(at);
        return;
      case 8:
        this.value = view.getUint32(at) * HIGH + view.getUint32(at + 4);
        return;
      default: {
        let value = 0;
        for (let i = 0; i < length && i < 8; i++) value = value * 256 + view.getUint8(at + i);
        this.value = value;
      }
    }
  }

  /** NTP time as us since 1970. For microsecond elements the low 11 bits are noise (RFC 7011, section 6.1.9). */
  private loadNtp(view: DataView, at: number, isMicro: boolean): void {
    const seconds = view.getUint32(at);
    const fraction = view.getUint32(at + 4);
    const kept = isMicro ? (fraction & 0xfffff800) >>> 0 : fraction;
    const isUnset = seconds === 0 && fraction === 0;
    this.value = isUnset
      ? Number.NaN
      : Math.round((seconds - NTP_EPOCH) * 1_000_000 + (kept * 1_000_000) / HIGH);
  }
}
