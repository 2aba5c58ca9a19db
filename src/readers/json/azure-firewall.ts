/**
 * Azure Firewall, an object a record, in the list of an event hub or alone: categories with fields of their own (AZFWNetworkRule
 * and its kin), and the older ones that put a sentence into `msg` (AzureFirewallNetworkRule, AzureFirewallDnsProxy). Rules that
 * know the address of the server are flows, others tell the name that a client asked for. No record counts bytes.
 */
import { canonicalAddress } from '../../address.ts';
import { isObject, parseText } from '../../json.ts';
import type { BatchWriter } from '../../rows/batches.ts';
import type { FlowReadOptions } from '../flow-reading.ts';
import { type ToldFormat, toldFormat } from '../format-table.ts';
import { headText } from '../tables/headed-table.ts';
import { cleanName } from '../tables/names.ts';
import * as Column from '../tables/roles.ts';
import { rowFormat } from '../tables/row-reader.ts';
import { ValueCells } from '../tables/value-cells.ts';
import { JsonReader } from './json-reader.ts';

/** Microsoft, Azure Firewall, Diagnostic logs (legacy): `TCP request from 10.1.0.4:5000 to 198.51.100.9:443. Action: Allow.` */
const REQUEST =
  /^(?<proto>\w+)(?: Type=\d+)? request from (?<src>[\d.]+)(?::(?<sport>\d+))? to (?<dst>[^\s:]+?)(?::(?<dport>\d+))?\.?(?:\s|$)/;
const TRANSLATED = / was DNAT'ed to (?<dst>[\d.]+):(?<dport>\d+)/;
const ACTION = /\bAction: (?<action>\w+)/;
/** A line of CoreDNS. */
const QUESTION = /^DNS Request: (?<src>[0-9a-f.:]+?):\d+ - \d+ \S+ IN (?<query>\S+)/i;
const CATEGORY = /"(?:category|operationName|Type)"\s*:\s*"(?:AZFW|AzureFirewall)/i;

type Said = Readonly<Record<string, unknown>>;

/** What a sentence says, in the words of the fields; null if it is no request. */
function fieldsOf(sentence: string): Said | null {
  const question = QUESTION.exec(sentence)?.groups;
  if (question !== undefined) return { SourceIp: question.src, QueryName: question.query };
  const request = REQUEST.exec(sentence)?.groups;
  if (request === undefined) return null;
  const { dst, dport } = TRANSLATED.exec(sentence)?.groups ?? request;
  return {
    Protocol: request.proto,
    SourceIp: request.src,
    SourcePort: request.sport,
    [canonicalAddress(dst) === null ? 'Fqdn' : 'DestinationIp']: dst,
    DestinationPort: dport,
    Action: ACTION.exec(sentence)?.groups?.action,
  };
}

class AzureFirewallReader extends JsonReader {
  protected override readonly neverCounts = true;
  readonly #cells = new ValueCells(this.writer, this.sensors);

  constructor(writer: BatchWriter, options: FlowReadOptions, told: ToldFormat) {
    // Whole objects are parsed: of the scanner only their ends are wanted.
    super(writer, options, { ...told, columns: [] });
  }

  protected override decode(at: number, end: number): void {
    const value = parseText(Buffer.from(this.bytes.subarray(at, end)).toString('utf8'));
    if (!isObject(value)) this.damage.add('bad-row', this.blockOffset + at);
    else
      for (const record of Array.isArray(value.records) ? value.records : [value]) this.#record(record, at);
  }

  #record(record: unknown, at: number): void {
    const outer: Said = isObject(record) ? record : {};
    const inner: Said = isObject(outer.properties) ? outer.properties : outer;
    const sentence = inner.msg ?? inner.msg_s;
    const said = typeof sentence === 'string' ? fieldsOf(sentence) : inner;
    const time = outer.time ?? outer.TimeGenerated ?? inner.TimeGenerated;
    const client = canonicalAddress(`${said?.SourceIp}`);
    const server = canonicalAddress(`${said?.TranslatedIp ?? said?.DestinationIp}`);
    const name = cleanName(`${said?.QueryName ?? said?.Fqdn ?? ''}`);
    if (said === null || client === null || (server === null && name === null)) {
      this.damage.add('unknown-record', this.blockOffset + at);
    } else if (server === null) this.#tell(said, client, name ?? '', time);
    else this.#flow(said, client, server, time, at);
  }

  /** The client has asked for the name: a name server, or the firewall by a rule for names. */
  #tell(said: Said, client: string, name: string, time: unknown): void {
    const timeUs = this.time.ofText(`${time}`);
    const isQuestion = said.QueryName !== undefined;
    const kind = isQuestion ? 'dns-query' : 'request';
    const serverPort = isQuestion ? 0 : Number(said.DestinationPort) || 0;
    this.writer.name({ kind, name, client, server: '', serverPort, timeUs, number: this.rows });
    if (!isQuestion) this.damage.add('only-named', this.blockOffset);
  }

  #flow(said: Said, client: string, server: string, time: unknown, at: number): void {
    const cells = this.#cells;
    cells.use(new Uint8Array(0), 1e6);
    cells.begin();
    cells.put(Column.SOURCE, client);
    cells.put(Column.SOURCE_PORT, said.SourcePort);
    cells.put(Column.DESTINATION, server);
    cells.put(Column.DESTINATION_PORT, said.TranslatedPort ?? said.DestinationPort);
    cells.put(Column.PROTOCOL, `${said.Protocol ?? ''}`.replace(/^HTTPS?$/i, 'TCP'));
    cells.put(Column.ACTION, said.Action);
    cells.put(Column.END, time);
    cells.end();
    this.row.originator = 1;
    this.row.line = this.base + at;
    this.row.behind = this.base + at;
    this.deliver();
  }
}

export const azureFirewall = rowFormat(toldFormat('azure-firewall'), AzureFirewallReader, {
  sniff: (head) => /^\s*[[{]/.test(headText(head.subarray(0, 64))) && CATEGORY.test(headText(head)),
  holdsNames: (head) => !/"(?:AZFW|AzureFirewall)(?!Dns)\w*"/i.test(headText(head)),
});
