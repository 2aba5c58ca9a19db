/**
 * Zeek's tab-separated logs: conn.log to flow records, and the names in ssl.log, dns.log, http.log and x509.log to the
 * addresses they belong to (Zeek, scripts/base/protocols; docs/formats.md). Columns come from `#fields`, which
 * may come again in the middle if rotated files were joined. Other logs are skipped.
 */

import type { BatchWriter } from '../../rows/batches.ts';
import type { FlowFormat } from '../flow-format.ts';
import type { FlowReadOptions } from '../flow-reading.ts';
import { canonicalAddress } from './address-cell.ts';
import { certificateName, cleanName, commonName, hostName, reportLookup } from './names.ts';
import * as Column from './roles.ts';
import { readRows } from './row-reader.ts';
import { TableReader } from './table-reader.ts';

const HASH = 0x23;

/** What holds for every connection of Zeek. */
export const ZEEK_FACTS = { samplingInterval: 1, isOpenedBySource: true };

const COLUMNS: Column.RoleNames = new Map([
  [Column.START, ['ts']],
  [Column.DURATION, ['duration']],
  [Column.SOURCE, ['id.orig_h']],
  [Column.DESTINATION, ['id.resp_h']],
  [Column.SOURCE_PORT, ['id.orig_p']],
  [Column.DESTINATION_PORT, ['id.resp_p']],
  [Column.PROTOCOL, ['proto']],
  [Column.PACKETS, ['orig_pkts']],
  [Column.BYTES, ['orig_ip_bytes']],
  [Column.REVERSE_PACKETS, ['resp_pkts']],
  [Column.REVERSE_BYTES, ['resp_ip_bytes']],
  [Column.PAYLOAD, ['orig_bytes']],
  [Column.REVERSE_PAYLOAD, ['resp_bytes']],
  [Column.HISTORY, ['history']],
]);
const NEEDED = [Column.START, Column.SOURCE, Column.DESTINATION, Column.DESTINATION_PORT];

/** A log beside conn.log, as its columns show. */
type SideLog = 'ssl' | 'dns' | 'http' | 'x509' | null;

function sideLogOf(fields: readonly string[]): SideLog {
  const has = (...names: readonly string[]): boolean => names.every((name) => fields.includes(name));
  if (has('id.resp_h', 'server_name')) return 'ssl';
  if (has('query', 'id.orig_h')) return 'dns';
  if (has('id.resp_h', 'host', 'method')) return 'http';
  if (has('certificate.subject') && (has('fingerprint') || has('id'))) return 'x509';
  return null;
}

class ZeekReader extends TableReader {
  #separator = '\t';
  #setSeparator = ',';
  #unset = '-';
  #empty = '(empty)';
  #path = '';
  #fields: readonly string[] = [];
  #sideLog: SideLog = null;

  constructor(writer: BatchWriter, options: FlowReadOptions) {
    super(writer, options, ZEEK_FACTS);
    this.marker = HASH;
  }

  protected line(text: string, at: number): boolean {
    if (!text.startsWith('#')) {
      this.rows++;
      if (this.#sideLog !== null) this.#name(text.split(this.#separator), this.#sideLog);
      else if (this.#fields.length === 0) this.damage.add('bad-row', this.blockOffset + at);
      return true;
    }
    if (text.startsWith('#separator ')) this.#separator = unescaped(text.slice('#separator '.length)) || '\t';
    const [keyword, ...names] = text.split(this.#separator);
    const fields = names.map(dotted);
    const [value = ''] = names;
    if (keyword === '#set_separator') this.#setSeparator = unescaped(value) || ',';
    else if (keyword === '#path') this.#path = value;
    else if (keyword === '#unset_field') this.#unset = value;
    else if (keyword === '#empty_field') this.#empty = value;
    else if (keyword === '#fields') this.#readFields(fields, at);
    return true;
  }

  #readFields(fields: readonly string[], at: number): void {
    this.#fields = fields;
    this.#sideLog = sideLogOf(fields);
    this.hasLayout = false;
    this.isDead = false;
    this.emptyTexts = [this.#unset, this.#empty].map((text) => Buffer.from(text));
    // Columns may be left out; then the log says what it is.
    const isConn =
      /^conn([_-]|$)/.test(this.#path) ||
      ['conn_state', 'orig_pkts', 'orig_bytes'].some((name) => fields.includes(name));
    if (this.#sideLog !== null || !isConn) return;
    const roles = Column.rolesOf(fields, COLUMNS);
    const missing = Column.missingRoles(roles, NEEDED);
    if (missing.length > 0) this.lacks(missing, at);
    else this.use({ delimiter: this.#separator.charCodeAt(0) & 0xff, isQuoted: false, roles });
  }

  #name(cells: readonly string[], log: Exclude<SideLog, null>): void {
    const cell = (...names: readonly string[]): string => {
      for (const name of names) {
        const value = cells[this.#fields.indexOf(name)];
        if (value !== undefined && value !== this.#unset && value !== this.#empty) return unescaped(value);
      }
      return '';
    };
    if (log === 'x509') {
      const names = cell('san.dns')
        .split(this.#setSeparator)
        .map(certificateName)
        .filter((name) => name !== null);
      const common = commonName(cell('certificate.subject'));
      if (common !== null && !names.includes(common)) names.push(common);
      this.writer.certificate(cell('fingerprint', 'id'), names);
      return;
    }
    const sighting = {
      client: canonicalAddress(cell('id.orig_h')) ?? '',
      server: canonicalAddress(cell('id.resp_h')) ?? '',
      serverPort: portOf(cell('id.resp_p')),
      timeUs: this.#timeOf(cell('ts')),
      number: this.rows,
    };
    if (log === 'dns')
      reportLookup(cell('query'), cell('answers').split(this.#setSeparator), sighting, this.writer);
    else {
      const name = log === 'ssl' ? cleanName(cell('server_name')) : hostName(cell('host'));
      const kind = log === 'ssl' ? 'tls-sni' : 'http-host';
      if (name !== null && sighting.server !== '') this.writer.name({ ...sighting, kind, name });
      const [leaf = ''] = cell('cert_chain_fps', 'cert_chain_fuids').split(this.#setSeparator);
      if (leaf !== '') this.writer.shown(leaf, sighting);
    }
  }

  #timeOf(text: string): number {
    return this.time.read(Buffer.from(`${text}\n`), 0) < 0 ? Number.NaN : this.time.timeUs;
  }
}

/** A field of a record, whichever way its name is joined (LogAscii::default_scope_sep). */
function dotted(name: string): string {
  return name.replace(/^id_(orig|resp)_([hp])$/, 'id.$1_$2').replace(/^(certificate|san)_/, '$1.');
}

function portOf(text: string): number {
  const port = Number(text);
  return Number.isInteger(port) && port >= 0 && port <= 0xffff ? port : 0;
}

/** `\xHH`, as Zeek writes bytes that would break its tables. */
function unescaped(text: string): string {
  return text.replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

export const zeek: FlowFormat = {
  id: 'zeek',
  title: 'Zeek logs, tab-separated',
  reference: 'Zeek, scripts/base/protocols/conn/main.zeek and base/frameworks/logging/writers/ascii.zeek',
  sniff: (head) =>
    /^(\ufeff)?#(separator |fields\t)/.test(Buffer.from(head.subarray(0, 64)).toString('utf8')),
  holdsNames: (head) => {
    const text = Buffer.from(head).toString('utf8');
    const separator = unescaped(/^(?:\ufeff)?#separator (.+)$/m.exec(text)?.[1]?.trimEnd() ?? '\t');
    const [keyword, ...names] = (/^#fields.*$/m.exec(text)?.[0].trimEnd() ?? '').split(separator);
    return keyword === '#fields' && sideLogOf(names.map(dotted)) !== null;
  },
  fields: {
    start: 'ts',
    end: 'ts + duration',
    source: 'id.orig_h',
    destination: 'id.resp_h',
    sourcePort: 'id.orig_p',
    destinationPort: 'id.resp_p',
    protocol: 'proto',
    packets: 'orig_pkts',
    bytes: 'orig_ip_bytes, else orig_bytes (payload)',
    reversePackets: 'resp_pkts',
    reverseBytes: 'resp_ip_bytes, else resp_bytes (payload)',
    tcpFlags: 'history, upper case',
    reverseTcpFlags: 'history, lower case',
    originator: 'orig, where history shows the handshake',
    name: 'server_name, query and answers, host, san.dns of logs beside',
  },
  abilities: { time: 'flow', tcpFlags: 'yes', bothDirections: 'yes', packets: 'counted', records: 'one' },
  read: async (source, writer, options = {}) => readRows(source, new ZeekReader(writer, options), options),
};
