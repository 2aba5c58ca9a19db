/**
 * Zeek's logs as JSON lines: the same as zeek.ts reads from tables (Zeek, base/frameworks/logging/writers/ascii.zeek,
 * `LogAscii::use_json`; docs/formats.md). The keys of a line show its log, so that logs may be mixed in one
 * file. Keys that are unset are absent. Only names are parsed.
 */

import type { BatchWriter } from '../../batch/batches.ts';
import { ORIGINATOR_SOURCE, ORIGINATOR_UNKNOWN, PAYLOAD_BYTES } from '../../flows/flow-record.ts';
import type { FlowFormat } from '../flow-format.ts';
import type { FlowReadOptions } from '../flow-reading.ts';
import { HistoryCell } from '../tables/count-cell.ts';
import { certificateName, cleanName, commonName, hostName, reportLookup } from '../tables/names.ts';
import { readRows } from '../tables/row-reader.ts';
import { zeek } from '../tables/zeek.ts';
import { firstObjectHas, JsonReader } from './json-reader.ts';

const PATHS = [
  'ts',
  'id.orig_h',
  'id.resp_h',
  'id.orig_p',
  'id.resp_p',
  'proto',
  'duration',
  'orig_pkts',
  'resp_pkts',
  'orig_ip_bytes',
  'resp_ip_bytes',
  'orig_bytes',
  'resp_bytes',
  'history',
  'conn_state',
  'server_name',
  'query',
  'answers',
  'host',
  'method',
  'fingerprint',
  'id',
  'san.dns',
  'certificate.subject',
  'cert_chain_fps',
  'cert_chain_fuids',
  // With "_" between the names of a record and its fields (LogAscii::default_scope_sep).
  'id_orig_h',
  'id_resp_h',
  'id_orig_p',
  'id_resp_p',
  'san_dns',
  'certificate_subject',
] as const;
const at = (path: (typeof PATHS)[number]): number => PATHS.indexOf(path);

const TS = at('ts');
const PROTO = at('proto');
const DURATION = at('duration');
const ORIG_PKTS = at('orig_pkts');
const RESP_PKTS = at('resp_pkts');
const ORIG_IP_BYTES = at('orig_ip_bytes');
const RESP_IP_BYTES = at('resp_ip_bytes');
const ORIG_BYTES = at('orig_bytes');
const RESP_BYTES = at('resp_bytes');
const HISTORY = at('history');
const CONN_STATE = at('conn_state');

const SYN = 0x02;
const SYN_ACK = 0x12;

class ZeekJsonReader extends JsonReader {
  readonly #history = new HistoryCell(this.kernel);

  constructor(writer: BatchWriter, options: FlowReadOptions) {
    super(writer, options, PATHS);
  }

  /** The path that the object has, by the way in which names are joined. */
  #either(dotted: (typeof PATHS)[number], underscored: (typeof PATHS)[number]): number {
    return this.has(at(dotted)) ? at(dotted) : at(underscored);
  }

  protected decode(at: number): void {
    if (this.has(CONN_STATE) || this.has(ORIG_PKTS) || this.has(ORIG_BYTES)) this.#connection(at);
    else this.#name();
  }

  #connection(at: number): void {
    const record = this.record;
    record.clear();
    if (
      !this.readSource(this.#either('id.orig_h', 'id_orig_h')) ||
      !this.readDestination(this.#either('id.resp_h', 'id_resp_h'))
    ) {
      this.unread(at);
      return;
    }
    record.sourcePort = this.port(this.#either('id.orig_p', 'id_orig_p'));
    record.destinationPort = this.port(this.#either('id.resp_p', 'id_resp_p'));
    record.protocol = this.protocol(PROTO);
    if (this.readTime(TS)) record.startUs = this.time.timeUs;
    if (this.has(DURATION) && this.time.readSpan(this.bytes, this.fields.starts[DURATION]) >= 0) {
      record.endUs = record.startUs + this.time.timeUs;
    }
    record.packets = Math.max(0, this.number(ORIG_PKTS));
    record.reversePackets = this.number(RESP_PKTS);
    if (this.has(ORIG_IP_BYTES)) {
      record.bytes = Math.max(0, this.number(ORIG_IP_BYTES));
      record.reverseBytes = this.number(RESP_IP_BYTES);
    } else if (this.has(ORIG_BYTES)) {
      record.bytes = Math.max(0, this.number(ORIG_BYTES));
      record.reverseBytes = this.number(RESP_BYTES);
      record.byteLayer = PAYLOAD_BYTES;
    }
    record.originator = ORIGINATOR_SOURCE;
    if (this.has(HISTORY) && record.protocol === 6) {
      const history = this.#history;
      history.read(this.bytes, this.fields.starts[HISTORY]);
      record.tcpFlags = history.originatorFlags;
      record.reverseTcpFlags = history.responderFlags;
      const isOpened =
        (history.originatorFlags & SYN) !== 0 || (history.responderFlags & SYN_ACK) === SYN_ACK;
      if (!isOpened || history.isFlipped) record.originator = ORIGINATOR_UNKNOWN;
    }
    this.deliver(at);
  }

  #name(): void {
    const subject = this.#either('certificate.subject', 'certificate_subject');
    if (this.has(subject)) {
      const names = this.texts(this.#either('san.dns', 'san_dns'))
        .map(certificateName)
        .filter((name) => name !== null);
      const common = commonName(this.text(subject));
      if (common !== null && !names.includes(common)) names.push(common);
      const fingerprint = this.text(at('fingerprint')) || this.text(at('id'));
      this.writer.certificate(fingerprint, names);
      return;
    }
    if (!this.has(this.#either('id.resp_h', 'id_resp_h'))) return;
    const sighting = {
      client: this.addressText(this.#either('id.orig_h', 'id_orig_h')),
      server: this.addressText(this.#either('id.resp_h', 'id_resp_h')),
      serverPort: this.port(this.#either('id.resp_p', 'id_resp_p')),
      timeUs: this.timeUs(TS),
      number: this.rows,
    };
    if (this.has(at('query'))) {
      reportLookup(this.text(at('query')), this.texts(at('answers')), sighting, this.writer);
      return;
    }
    const isTls = this.has(at('server_name'));
    const name = isTls
      ? cleanName(this.text(at('server_name')))
      : this.has(at('method'))
        ? hostName(this.text(at('host')))
        : null;
    if (name !== null) this.writer.name({ ...sighting, kind: isTls ? 'tls-sni' : 'http-host', name });
    const [leaf] = [...this.texts(at('cert_chain_fps')), ...this.texts(at('cert_chain_fuids'))];
    if (leaf !== undefined) this.writer.shown(leaf, sighting);
  }
}

export const zeekJson: FlowFormat = {
  id: 'zeek-json',
  title: 'Zeek logs, JSON',
  reference: zeek.reference,
  sniff: (head) =>
    firstObjectHas(head, ['ts', 'id.orig_h', 'id.resp_h']) ||
    firstObjectHas(head, ['ts', 'id_orig_h', 'id_resp_h']) ||
    firstObjectHas(head, ['ts', 'certificate_subject', 'certificate_serial']) ||
    firstObjectHas(head, ['ts', 'certificate.subject', 'certificate.serial']),
  holdsNames: (head) =>
    ['query', 'server_name', 'certificate.subject', 'certificate_subject', 'method'].some((key) =>
      firstObjectHas(head, [key]),
    ),
  fields: zeek.fields,
  abilities: zeek.abilities,
  read: async (source, writer, options = {}) =>
    readRows(source, new ZeekJsonReader(writer, options), options),
};
