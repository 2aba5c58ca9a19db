/**
 * Zeek's tab-separated logs: conn.log to flow records, and the names in ssl.log, dns.log, http.log and x509.log to the
 * addresses they belong to (Zeek, scripts/base/protocols; docs/reference/formats.md). Columns come from `#fields`, which
 * may come again in the middle if rotated files were joined. Other logs are skipped.
 */

import { canonicalAddress } from '../../address.ts';
import type { BatchWriter } from '../../rows/batches.ts';
import type { Observation } from '../../rows/flow-sink.ts';
import { namesOf, toldFormat } from '../format-table.ts';
import { ENDPOINT_AND_TIME, headText } from './headed-table.ts';
import { certificateName, cleanName, commonName, hostName, reportLookup } from './names.ts';
import * as Column from './roles.ts';
import { rowFormat } from './row-reader.ts';
import { TableReader } from './table-reader.ts';

const HASH = 0x23;
const TOLD = toldFormat('zeek');
const COLUMNS = namesOf(TOLD);

/** A log beside conn.log, as its columns show. */
type SideLog = 'ssl' | 'dns' | 'http' | 'x509';

function sideLogOf(fields: readonly string[]): SideLog | null {
  const has = (...names: readonly string[]): boolean => names.every((name) => fields.includes(name));
  if (has('id.resp_h', 'server_name')) return 'ssl';
  if (has('query', 'id.orig_h')) return 'dns';
  if (has('id.resp_h', 'host', 'method')) return 'http';
  if (has('certificate.subject') && (has('fingerprint') || has('id'))) return 'x509';
  return null;
}

/** A row of such a log, whose values go by the names of their fields: of several, the first that says something. */
export interface NamedRow {
  readonly text: (...names: readonly string[]) => string;
  readonly texts: (...names: readonly string[]) => readonly string[];
  readonly observation: () => Observation;
}

/** Tells the names that the row gives to addresses. */
export function tellNames(log: SideLog, { text, texts, observation }: NamedRow, writer: BatchWriter): void {
  if (log === 'x509') {
    const names = texts('san.dns').map(certificateName);
    const all = new Set([...names, commonName(text('certificate.subject'))].filter((name) => name !== null));
    writer.certificate(text('fingerprint', 'id'), [...all]);
  } else if (log === 'dns') reportLookup(text('query'), texts('answers'), observation(), writer);
  else {
    const name = log === 'ssl' ? cleanName(text('server_name')) : hostName(text('host'));
    const seen = observation();
    const kind = log === 'ssl' ? 'tls-sni' : 'http-host';
    if (name !== null && seen.server !== '') writer.name({ ...seen, kind, name });
    const [leaf = ''] = texts('cert_chain_fps', 'cert_chain_fuids');
    if (leaf !== '') writer.shown(leaf, seen);
  }
}

class ZeekReader extends TableReader {
  #separator = '\t';
  #setSeparator = ',';
  #unset = '-';
  #empty = '(empty)';
  #path = '';
  #fields: readonly string[] = [];
  #sideLog: SideLog | null = null;
  protected override readonly marker = HASH;

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
    const missing = Column.missingRoles(roles, ENDPOINT_AND_TIME);
    if (missing.length > 0) this.lacks(missing, at);
    else this.use({ delimiter: this.#separator.charCodeAt(0) & 0xff, isQuoted: false, roles });
  }

  #name(cells: readonly string[], log: SideLog): void {
    const text = (...names: readonly string[]): string => {
      for (const name of names) {
        const value = cells[this.#fields.indexOf(name)];
        if (value !== undefined && value !== this.#unset && value !== this.#empty) return unescaped(value);
      }
      return '';
    };
    const texts = (...names: readonly string[]): string[] => text(...names).split(this.#setSeparator);
    const observation = (): Observation => ({
      client: canonicalAddress(text('id.orig_h')) ?? '',
      server: canonicalAddress(text('id.resp_h')) ?? '',
      serverPort: portOf(text('id.resp_p')),
      timeUs: this.time.ofText(text('ts')),
      number: this.rows,
    });
    tellNames(log, { text, texts, observation }, this.writer);
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

export const zeek = rowFormat(TOLD, ZeekReader, {
  sniff: (head) => /^#(separator |fields\t)/.test(headText(head.subarray(0, 64))),
  holdsNames: (head) => {
    const text = headText(head);
    const separator = unescaped(/^#separator (.+)$/m.exec(text)?.[1]?.trimEnd() ?? '\t');
    const [keyword, ...names] = (/^#fields.*$/m.exec(text)?.[0].trimEnd() ?? '').split(separator);
    return keyword === '#fields' && sideLogOf(names.map(dotted)) !== null;
  },
});
