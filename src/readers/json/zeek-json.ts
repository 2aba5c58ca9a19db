/**
 * Zeek's logs as JSON lines: the same as zeek.ts reads from tables (Zeek, base/frameworks/logging/writers/ascii.zeek,
 * `LogAscii::use_json`; docs/reference/formats.md). The keys of a line show its log, so that logs may be mixed in one
 * file. Keys that are unset are absent. Only names are parsed.
 */

import type { Observation } from '../../rows/flow-sink.ts';
import { type NamedRow, tellNames } from '../tables/zeek.ts';
import { firstObjectHas, JsonReader, jsonFormat } from './json-reader.ts';

class ZeekJsonReader extends JsonReader {
  /** The place of a path, which may have "_" between the names of a record and its fields (LogAscii::default_scope_sep). */
  #place(path: string): number {
    const { at } = this;
    return this.has(at[path]) ? at[path] : (at[path.replace('.', '_')] ?? at[path]);
  }

  readonly #row: NamedRow = {
    text: (...names) => names.map((name) => this.text(this.#place(name))).find((text) => text !== '') ?? '',
    texts: (...names) => names.flatMap((name) => this.texts(this.#place(name))),
    observation: (): Observation => ({
      client: this.addressText(this.#place('id.orig_h')),
      server: this.addressText(this.#place('id.resp_h')),
      serverPort: this.port(this.#place('id.resp_p')),
      timeUs: this.timeUs(this.at.ts),
      number: this.rows,
    }),
  };

  protected override decode(): void {
    const { at, writer } = this;
    const has = (path: string): boolean => this.has(this.#place(path));
    if (this.has(at.conn_state) || this.has(at.orig_pkts) || this.has(at.orig_bytes)) this.deliver();
    else if (has('certificate.subject')) tellNames('x509', this.#row, writer);
    else if (!has('id.resp_h')) return;
    else if (has('query')) tellNames('dns', this.#row, writer);
    else tellNames(has('server_name') || !has('method') ? 'ssl' : 'http', this.#row, writer);
  }
}

export const zeekJson = jsonFormat('zeek-json', ZeekJsonReader, {
  holdsNames: (head) =>
    ['query', 'server_name', 'certificate.subject', 'certificate_subject', 'method'].some((key) =>
      firstObjectHas(head, [key]),
    ),
});
