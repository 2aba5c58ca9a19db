/**
 * Zeek's logs as JSON lines: the same as zeek.ts reads from tables (Zeek, base/frameworks/logging/writers/ascii.zeek,
 * `LogAscii::use_json`; docs/formats.md). The keys of a line show its log, so that logs may be mixed in one
 * file. Keys that are unset are absent. Only names are parsed.
 */

import type { BatchWriter } from '../../rows/batches.ts';
import type { FlowFormat } from '../flow-format.ts';
import type { FlowReadOptions } from '../flow-reading.ts';
import { certificateName, cleanName, commonName, hostName, reportLookup } from '../tables/names.ts';
import * as Column from '../tables/roles.ts';
import { readRows } from '../tables/row-reader.ts';
import { ZEEK_FACTS, zeek } from '../tables/zeek.ts';
import { firstObjectHas, JsonReader } from './json-reader.ts';

const VALUES = [
  ['ts', Column.START],
  ['id.orig_h', Column.SOURCE],
  ['id.resp_h', Column.DESTINATION],
  ['id.orig_p', Column.SOURCE_PORT],
  ['id.resp_p', Column.DESTINATION_PORT],
  ['proto', Column.PROTOCOL],
  ['duration', Column.DURATION],
  ['orig_pkts', Column.PACKETS],
  ['resp_pkts', Column.REVERSE_PACKETS],
  ['orig_ip_bytes', Column.BYTES],
  ['resp_ip_bytes', Column.REVERSE_BYTES],
  ['orig_bytes', Column.PAYLOAD],
  ['resp_bytes', Column.REVERSE_PAYLOAD],
  ['history', Column.HISTORY],
  ['conn_state', Column.SKIP],
  ['server_name', Column.SKIP],
  ['query', Column.SKIP],
  ['answers', Column.SKIP],
  ['host', Column.SKIP],
  ['method', Column.SKIP],
  ['fingerprint', Column.SKIP],
  ['id', Column.SKIP],
  ['san.dns', Column.SKIP],
  ['certificate.subject', Column.SKIP],
  ['cert_chain_fps', Column.SKIP],
  ['cert_chain_fuids', Column.SKIP],
  // With "_" between the names of a record and its fields (LogAscii::default_scope_sep).
  ['id_orig_h', Column.SOURCE],
  ['id_resp_h', Column.DESTINATION],
  ['id_orig_p', Column.SOURCE_PORT],
  ['id_resp_p', Column.DESTINATION_PORT],
  ['san_dns', Column.SKIP],
  ['certificate_subject', Column.SKIP],
] as const;
type Path = (typeof VALUES)[number][0];
const at = (path: Path): number => VALUES.findIndex(([known]) => known === path);

const TS = at('ts');
const ORIG_PKTS = at('orig_pkts');
const ORIG_BYTES = at('orig_bytes');
const CONN_STATE = at('conn_state');

class ZeekJsonReader extends JsonReader {
  constructor(writer: BatchWriter, options: FlowReadOptions) {
    super(writer, options, VALUES, ZEEK_FACTS);
  }

  /** The path that the object has, by the way in which names are joined. */
  #either(dotted: Path, underscored: Path): number {
    return this.has(at(dotted)) ? at(dotted) : at(underscored);
  }

  protected decode(): void {
    if (this.has(CONN_STATE) || this.has(ORIG_PKTS) || this.has(ORIG_BYTES)) this.deliver();
    else this.#name();
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
