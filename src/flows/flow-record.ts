/**
 * One flow record of any format, as numbers. The format knows the place of its fields, here is their meaning. A reader
 * owns one instance, fills it again for each record (`clear` first) and calls the sink.
 *
 * HOT: nothing per record may allocate; text formats decode digits in place.
 */
import { IP_BYTES, LINK_BYTES, PAYLOAD_BYTES } from '../kernel/records/marks.ts';
import type { SieveSetup } from './sieve.ts';

export { IP_BYTES, LINK_BYTES, PAYLOAD_BYTES };
/** What the bytes of a record count. */
export type ByteLayer = typeof IP_BYTES | typeof LINK_BYTES | typeof PAYLOAD_BYTES;

export class FlowRecord {
  /** us since 1970, UTC; NaN if unknown. */
  startUs = Number.NaN;
  endUs = Number.NaN;
  /** Addresses as four 32-bit words (`| 0`), IPv4 as ::ffff:a.b.c.d. */
  source0 = 0;
  source1 = 0;
  source2 = 0;
  source3 = 0;
  destination0 = 0;
  destination1 = 0;
  destination2 = 0;
  destination3 = 0;
  sourcePort = 0;
  destinationPort = 0;
  /** IP protocol; 0 if unknown. */
  protocol = 0;
  /** Source to destination, as observed (not multiplied by the sampling factor unless `isScaled`). */
  packets = 0;
  bytes = 0;
  /** Destination to source; -1 if the record has one direction only. */
  reversePackets = -1;
  reverseBytes = -1;
  /** OR of the TCP flags seen, source to destination; -1 if absent. */
  tcpFlags = -1;
  reverseTcpFlags = -1;
  byteLayer: ByteLayer = IP_BYTES;
  /** One packet in so many was looked at; 1 if all, 0 if nobody knows. */
  samplingInterval = 1;
  /** True if packets and bytes are multiplied already. */
  isScaled = false;
  /** Who opened the connection, if the record says so: 1 the source, 2 the destination; else 0. */
  originator = 0;
  /** True if the source says that the traffic was blocked. */
  isDenied = false;
  /** Ordinal of the exporter or sensor within the input; 0 if there is one only. */
  exporter = 0;
  /** 1-based number of the record within its input. */
  number = 0;

  /** Back to a record that says nothing. */
  clear(): void {
    this.startUs = Number.NaN;
    this.endUs = Number.NaN;
    this.source0 = 0;
    this.source1 = 0;
    this.source2 = 0;
    this.source3 = 0;
    this.destination0 = 0;
    this.destination1 = 0;
    this.destination2 = 0;
    this.destination3 = 0;
    this.sourcePort = 0;
    this.destinationPort = 0;
    this.protocol = 0;
    this.packets = 0;
    this.bytes = 0;
    this.reversePackets = -1;
    this.reverseBytes = -1;
    this.tcpFlags = -1;
    this.reverseTcpFlags = -1;
    this.byteLayer = IP_BYTES;
    this.samplingInterval = 1;
    this.isScaled = false;
    this.originator = 0;
    this.isDenied = false;
    this.exporter = 0;
  }
}

/**
 * A name that a log itself ties to a connection or an address (ssl.log, dns.log, EVE tls and dns). Rare: may allocate.
 */
export interface NameRecord {
  readonly kind: 'tls-sni' | 'tls-certificate' | 'http-host' | 'dns-answer' | 'dns-query';
  readonly name: string;
  /** Client that said or asked it, canonical text; '' if unknown. */
  readonly client: string;
  /** Server address that it stands for; '' for a query without an answer. */
  readonly server: string;
  readonly serverPort: number;
  readonly timeUs: number;
  readonly number: number;
}

/** A rule about mining that fired at the sensor (EVE alert). Rare: may allocate. */
export interface AlertRecord {
  /** The rule's own text, untrusted. */
  readonly signature: string;
  /** The rule's class, '' if it has none. */
  readonly category: string;
  /** Addresses of the packet that the rule fired on, canonical text. Either side may be the miner. */
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  readonly timeUs: number;
  readonly number: number;
}

/** Receives what a flow log holds. */
export interface FlowSink {
  /** So many rows of records (kernel/records/row.ts), which lie in this memory from that number on for the length of the call. */
  take(numbers: Float64Array, from: number, count: number): void;
  /**
   * Tells which records would only be counted: the reader may count these by itself, as long as no name comes,
   * and give their totals in place of them, in any order with the records. Absent: all are wanted.
   */
  sieve?(): SieveSetup;
  counted?(numbers: Float64Array, from: number): void;
  name(record: NameRecord): void;
  alert(record: AlertRecord): void;
}

/** Takes everything and keeps nothing: for readings that want the times alone. */
export const NOBODY: FlowSink = { take: () => {}, name: () => {}, alert: () => {} };
