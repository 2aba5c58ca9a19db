/** What a flow log holds, and who receives it: rows of records (src/schema/flow-row.ts), names, alerts. */
import { IP_BYTES, LINK_BYTES, PAYLOAD_BYTES } from '../kernel/records/marks.ts';
import type { SieveSetup } from './sieve.ts';

export { IP_BYTES, LINK_BYTES, PAYLOAD_BYTES };
/** What the bytes of a record count. */
export type ByteLayer = typeof IP_BYTES | typeof LINK_BYTES | typeof PAYLOAD_BYTES;

/**
 * A name that a log itself ties to a connection or an address (ssl.log, dns.log, EVE tls and dns). Rare: may allocate.
 */
export interface NameRecord {
  /** `request`: a proxy was asked for it, at an address that its log does not say. */
  readonly kind: 'tls-sni' | 'tls-certificate' | 'http-host' | 'dns-answer' | 'dns-query' | 'request';
  readonly name: string;
  /** Client that said or asked it, canonical text; '' if unknown. */
  readonly client: string;
  /** Server address that it stands for; '' for a query without an answer. */
  readonly server: string;
  readonly serverPort: number;
  readonly timeUs: number;
  readonly number: number;
}

/** Where and when a name was seen, or a certificate shown. */
export type Observation = Omit<NameRecord, 'name' | 'kind'>;

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

/** What a log calls the machine that has an address, as a mesh of containers or a DHCP server knows. Rare: may allocate. */
export interface MachineRecord {
  /** Canonical text. */
  readonly ip: string;
  /** Namespace, pod and workload; or as the machine calls itself, '' if it does not. */
  readonly hostname: string;
  readonly mac?: string;
  /** us since 1970; absent if they are not told. */
  readonly fromUs?: number;
  readonly toUs?: number;
  /** Id of the format that says so. */
  readonly source: string;
}

/** Receives what a flow log holds. */
export interface FlowSink {
  /** So many rows of records (src/schema/flow-row.ts), which lie in this memory from that number on for the length of the call. */
  addRows(numbers: Float64Array, from: number, count: number): void;
  /**
   * Tells which records would only be counted: the reader may count these by itself, as long as no name comes,
   * and give their totals in place of them, in any order with the records. Absent: all are wanted.
   */
  sieve?(): SieveSetup;
  counted?(numbers: Float64Array, from: number): void;
  name(record: NameRecord): void;
  alert(record: AlertRecord): void;
  machine?(record: MachineRecord): void;
}

/** Takes everything and keeps nothing: for readings that want the times alone. */
export const NOBODY: FlowSink = { addRows: () => {}, name: () => {}, alert: () => {} };
