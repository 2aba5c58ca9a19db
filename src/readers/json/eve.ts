/**
 * Suricata's EVE log, JSON lines (Suricata user guide, "EVE JSON format"; docs/reference/formats.md): `flow` events to records
 * of both directions, or `netflow` events to records of one each; names from `tls`, `quic`, `http` and `dns` of every
 * version; alerts of rules about mining. If a file has both kinds of flow events, only the kind that comes
 * first is read, so that nothing counts twice. Byte counts include link headers, of which VLAN tags are taken off here.
 */

import { member } from '../../json.ts';
import { ABSENT, ARRAY } from '../../kernel/records/json-kinds.ts';
import type { Observation } from '../../rows/flow-sink.ts';
import { certificateName, cleanName, commonName, hostName, reportLookup } from '../tables/names.ts';
import { JsonReader, jsonFormat } from './json-reader.ts';

const word = (text: string): Uint8Array => Buffer.from(`"${text}"`);
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

  protected override decode(): void {
    const { event_type: type } = this.at;
    const flowType = this.is(type, FLOW) ? FLOW : this.is(type, NETFLOW) ? NETFLOW : null;
    if (flowType !== null) {
      this.#flowType ??= flowType;
      if (this.#flowType === flowType) this.#flow();
    } else if (this.is(type, TLS)) this.#tls();
    else if (this.is(type, QUIC)) this.#report('tls-sni', cleanName(this.text(this.at['quic.sni'])));
    else if (this.is(type, HTTP)) this.#report('http-host', hostName(this.text(this.at['http.hostname'])));
    else if (this.is(type, DNS)) this.#dns();
    else if (this.is(type, ALERT)) this.#alert();
  }

  /** Takes the VLAN tags off: what is left is Ethernet's own header, as everywhere. */
  #untag(): void {
    const { row, bytes } = this;
    const { kinds, starts, ends } = this.fields;
    const kind = kinds[this.at.vlan];
    if (kind === ABSENT) return;
    let tags = kind === ARRAY && ends[this.at.vlan] - starts[this.at.vlan] <= 2 ? 0 : 1;
    for (let at = starts[this.at.vlan]; at < ends[this.at.vlan]; at++) if (bytes[at] === COMMA) tags++;
    row.bytes = untagged(row.bytes, row.packets, tags);
    row.reverseBytes = untagged(row.reverseBytes, row.reversePackets, tags);
  }

  #flow(): void {
    this.#untag();
    if (this.#flowType === FLOW) {
      this.row.originator = 1;
      // Those of both directions together are nobody's.
      if (!this.has(this.at['tcp.tcp_flags_ts'])) this.row.tcpFlags = -1;
    }
    this.deliver();
  }

  #observation(): Observation {
    return {
      client: this.addressText(this.at.src_ip),
      server: this.addressText(this.at.dest_ip),
      serverPort: this.port(this.at.dest_port),
      timeUs: this.timeUs(this.at.timestamp),
      number: this.rows,
    };
  }

  #report(kind: 'tls-sni' | 'tls-certificate' | 'http-host', name: string | null): void {
    if (name !== null) this.writer.name({ ...this.#observation(), kind, name });
  }

  #tls(): void {
    const serverName = cleanName(this.text(this.at['tls.sni']));
    this.#report('tls-sni', serverName);
    const names = this.texts(this.at['tls.subjectaltname']).map(certificateName);
    for (const name of new Set([commonName(this.text(this.at['tls.subject'])), ...names])) {
      if (name !== serverName) this.#report('tls-certificate', name);
    }
  }

  /** Version 3 has `queries`; 2 has `answers` and `grouped`; 1 one answer an event. */
  #dns(): void {
    const packet = this.#observation();
    // Old versions write answers in the direction of their packet.
    const isAnswer = this.port(this.at.src_port) === 53 && packet.serverPort !== 53;
    const observation = isAnswer ? { ...packet, client: packet.server } : packet;
    const queries = asList(this.fields.json(this.at['dns.queries'])).map((query) => textOf(query, 'rrname'));
    const name = this.text(this.at['dns.rrname']) || (queries[0] ?? '');
    const answers = [
      ...asList(this.fields.json(this.at['dns.answers'])).map((answer) => textOf(answer, 'rdata')),
      ...this.texts(this.at['dns.grouped.A']),
      ...this.texts(this.at['dns.grouped.AAAA']),
      this.text(this.at['dns.rdata']),
    ];
    reportLookup(name, [...new Set(answers)], observation, this.writer);
  }

  #alert(): void {
    const signature = this.text(this.at['alert.signature']).slice(0, 512);
    const category = this.text(this.at['alert.category']).slice(0, 256);
    if (!ABOUT_MINING.test(`${signature} ${category}`)) return;
    const { client, server, serverPort, timeUs, number } = this.#observation();
    this.writer.alert({
      signature,
      category,
      source: client,
      sourcePort: this.port(this.at.src_port),
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
  const text = member(value, key);
  return typeof text === 'string' ? text : '';
}

export const eve = jsonFormat('eve', EveReader);
