/**
 * Suricata's EVE log, JSON lines (Suricata user guide, "EVE JSON format"; docs/formats.md): `flow` events to records
 * of both directions, or `netflow` events to records of one each; names from `tls`, `quic`, `http` and `dns` of every
 * version; alerts of rules about mining. If a file has both kinds of flow events, only the kind that comes
 * first is read, so that nothing counts twice. Byte counts include link headers, of which VLAN tags are taken off here.
 */

import { ABSENT, ARRAY } from '../../kernel/records/json-kinds.ts';
import { HEX_FLAGS } from '../../kernel/records/rules.ts';
import type { BatchWriter } from '../../rows/batches.ts';
import { LINK_BYTES } from '../../rows/flow-sink.ts';
import type { FlowFormat } from '../flow-format.ts';
import type { FlowReadOptions } from '../flow-reading.ts';
import {
  certificateName,
  cleanName,
  commonName,
  hostName,
  reportLookup,
  type Sighting,
} from '../tables/names.ts';
import { readRows } from '../tables/row-reader.ts';
import { EVE, EVE_VALUES } from './eve-paths.ts';
import { firstObjectHas, JsonReader } from './json-reader.ts';

const word = (text: string): Uint8Array => Buffer.from(text);
const FLOW = word('flow');
const NETFLOW = word('netflow');
const TLS = word('tls');
const QUIC = word('quic');
const HTTP = word('http');
const DNS = word('dns');
const ALERT = word('alert');

const COMMA = 0x2c;
/** Bytes of an 802.1Q or 802.1ad tag. */
const TAG_BYTES = 4;

/** Words in rules and their classes that are about mining; ET's class is "Crypto Currency Mining Activity Detected". */
const ABOUT_MINING =
  /\b(coin-?min|crypto-?(currency|min|jack|night|note)|(bit)?coin ?miner|miner\b|mining\b|stratum|xmrig|xmr-?stak|monero|nicehash|minergate|coinhive|nanopool|ethermine|mining\.(subscribe|notify|authorize))/i;

class EveReader extends JsonReader {
  /** The event type that flows are read from, once one came. */
  #flowType: Uint8Array | null = null;

  constructor(writer: BatchWriter, options: FlowReadOptions) {
    super(writer, options, EVE_VALUES, { byteLayer: LINK_BYTES, samplingInterval: 1 });
    this.kernel.calls.useRules(HEX_FLAGS, 1);
  }

  protected decode(): void {
    if (this.is(EVE.eventType, FLOW)) {
      this.#flowType ??= FLOW;
      if (this.#flowType === FLOW) this.#flow();
    } else if (this.is(EVE.eventType, NETFLOW)) {
      this.#flowType ??= NETFLOW;
      if (this.#flowType === NETFLOW) this.#netflow();
    } else if (this.is(EVE.eventType, TLS)) this.#tls();
    else if (this.is(EVE.eventType, QUIC)) this.#report('tls-sni', cleanName(this.text(EVE.quicSni)));
    else if (this.is(EVE.eventType, HTTP)) this.#report('http-host', hostName(this.text(EVE.hostname)));
    else if (this.is(EVE.eventType, DNS)) this.#dns();
    else if (this.is(EVE.eventType, ALERT)) this.#alert();
  }

  /** Takes the VLAN tags off: what is left is Ethernet's own header, as everywhere. */
  #untag(): void {
    const { row, bytes } = this;
    const { kinds, starts, ends } = this.fields;
    const kind = kinds[EVE.vlan];
    if (kind === ABSENT) return;
    let tags = kind === ARRAY && ends[EVE.vlan] - starts[EVE.vlan] <= 2 ? 0 : 1;
    for (let at = starts[EVE.vlan]; at < ends[EVE.vlan]; at++) if (bytes[at] === COMMA) tags++;
    row.bytes = untagged(row.bytes, row.packets, tags);
    row.reverseBytes = untagged(row.reverseBytes, row.reversePackets, tags);
  }

  #flow(): void {
    this.#untag();
    this.row.originator = 1;
    // Those of both directions together are nobody's.
    if (!this.has(EVE.flagsToServer)) this.row.tcpFlags = -1;
    this.deliver();
  }

  #netflow(): void {
    this.#untag();
    this.deliver();
  }

  #sighting(): Sighting {
    return {
      client: this.addressText(EVE.srcIp),
      server: this.addressText(EVE.destIp),
      serverPort: this.port(EVE.destPort),
      timeUs: this.timeUs(EVE.timestamp),
      number: this.rows,
    };
  }

  #report(kind: 'tls-sni' | 'tls-certificate' | 'http-host', name: string | null): void {
    if (name !== null) this.writer.name({ ...this.#sighting(), kind, name });
  }

  #tls(): void {
    const serverName = cleanName(this.text(EVE.sni));
    this.#report('tls-sni', serverName);
    const names = this.texts(EVE.alternativeNames).map(certificateName);
    for (const name of new Set([commonName(this.text(EVE.subject)), ...names])) {
      if (name !== serverName) this.#report('tls-certificate', name);
    }
  }

  /** Version 3 has `queries`; 2 has `answers` and `grouped`; 1 one answer an event. */
  #dns(): void {
    const packet = this.#sighting();
    // Old versions write answers in the direction of their packet.
    const isAnswer = this.port(EVE.srcPort) === 53 && packet.serverPort !== 53;
    const sighting = isAnswer ? { ...packet, client: packet.server } : packet;
    const queries = asList(this.fields.json(EVE.dnsQueries, this.bytes)).map((query) =>
      textOf(query, 'rrname'),
    );
    const name = this.text(EVE.dnsName) || (queries[0] ?? '');
    const answers = [
      ...asList(this.fields.json(EVE.dnsAnswers, this.bytes)).map((answer) => textOf(answer, 'rdata')),
      ...this.texts(EVE.dnsGroupedA),
      ...this.texts(EVE.dnsGroupedAaaa),
      this.text(EVE.dnsData),
    ];
    reportLookup(name, [...new Set(answers)], sighting, this.writer);
  }

  #alert(): void {
    const signature = this.text(EVE.signature).slice(0, 512);
    const category = this.text(EVE.category).slice(0, 256);
    if (!ABOUT_MINING.test(`${signature} ${category}`)) return;
    const { client, server, serverPort, timeUs, number } = this.#sighting();
    this.writer.alert({
      signature,
      category,
      source: client,
      sourcePort: this.port(EVE.srcPort),
      destination: server,
      destinationPort: serverPort,
      timeUs,
      number,
    });
  }
}

function untagged(bytes: number, packets: number, tags: number): number {
  return bytes > 0 ? Math.max(0, bytes - tags * TAG_BYTES * Math.max(0, packets)) : bytes;
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown, key: string): string {
  if (typeof value !== 'object' || value === null || !(key in value)) return '';
  const text: unknown = Object.entries(value).find(([name]) => name === key)?.[1];
  return typeof text === 'string' ? text : '';
}

export const eve: FlowFormat = {
  id: 'eve',
  title: 'Suricata EVE JSON',
  reference: 'Suricata user guide, EVE JSON format: flow, netflow, tls, quic, http, dns, alert',
  sniff: (head) => firstObjectHas(head, ['timestamp', 'event_type']),
  fields: {
    start: 'flow.start, netflow.start',
    end: 'flow.end, netflow.end',
    source: 'src_ip',
    destination: 'dest_ip',
    sourcePort: 'src_port',
    destinationPort: 'dest_port',
    protocol: 'proto',
    packets: 'flow.pkts_toserver, netflow.pkts',
    bytes: 'flow.bytes_toserver, netflow.bytes (link header included), vlan',
    reversePackets: 'flow.pkts_toclient',
    reverseBytes: 'flow.bytes_toclient (link header included)',
    tcpFlags: 'tcp.tcp_flags_ts, tcp.tcp_flags',
    reverseTcpFlags: 'tcp.tcp_flags_tc',
    originator: 'src of flow events',
    denied: 'flow.action drop',
    exporter: 'host (the sensor-name)',
    name: 'tls.sni, quic.sni, tls.subject, http.hostname, dns',
  },
  abilities: { time: 'flow', tcpFlags: 'yes', bothDirections: 'yes', packets: 'counted', records: 'one' },
  read: async (source, writer, options = {}) => readRows(source, new EveReader(writer, options), options),
};
