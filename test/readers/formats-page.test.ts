/**
 * src/readers/FORMATS.md: our fields against all formats, in the words of each. With MINESWEEP_UPDATE_GOLDEN=1 it is
 * written anew; read the diff.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { FlowFieldMap, FlowFormat } from '../../src/readers/flow-format.ts';
import { describe, toldFormat } from '../../src/readers/format-table.ts';
import { FLOW_FORMATS } from '../../src/readers/index.ts';
import { jsonLogs } from '../../src/readers/json/product-json.ts';
import { lineLogs } from '../../src/readers/lines/line-log.ts';
import { elements } from '../../src/schema/elements.ts';
import { FLOW_FIELDS, FLOW_ROW, type FlowField } from '../../src/schema/flow-row.ts';
import { REPO_ROOT } from '../support/corpus.ts';

const FILE = path.join(REPO_ROOT, 'src/readers/FORMATS.md');

const PRODUCTS: readonly FlowFormat[] = [...lineLogs, ...jsonLogs];
const FIELDS = Object.keys(FLOW_FIELDS).filter((key): key is FlowField => key in FLOW_FIELDS);

interface Column {
  readonly id: string;
  readonly title: string;
  readonly reference: string;
  readonly fields: FlowFieldMap;
}

const EXPORTS: readonly Column[] = ['netflow-v5', 'netflow-v9', 'sflow'].map((id) =>
  describe(toldFormat(id)),
);

const cell = (text: string): string => text.replaceAll('|', '\\|');
const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;

function table(columns: readonly Column[]): string {
  return [
    row(['field', 'meaning', ...columns.map(({ id }) => `\`${id}\``)]),
    row(['field', 'meaning', ...columns.map(({ id }) => id)].map(() => '---')),
    ...FIELDS.map((field) =>
      row([`\`${field}\``, FLOW_FIELDS[field], ...columns.map(({ fields }) => fields[field] ?? '–')]),
    ),
  ].join('\n');
}

/** The products of data/logs.tsv, one a row. */
function productTable(): string {
  const fields = FIELDS.filter((field) => PRODUCTS.some((product) => product.fields[field] !== undefined));
  return list(
    ['format', ...fields.map((field) => `\`${field}\``)],
    PRODUCTS.map(({ id, fields: theirs }) => [`\`${id}\``, ...fields.map((field) => theirs[field] ?? '–')]),
  );
}

const list = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

const ROW_FIELDS = FLOW_ROW.places.map(({ name, type, meaning }) => [`\`${name}\``, type, meaning]);
const WHERE = {
  out: 'OUT beside IN counters',
  frames: 'nothing counts IP',
  reverse: 'enterprise 29305',
  'reverse-frames': 'enterprise 29305, nothing counts IP',
};
const ELEMENT_ROWS = elements()
  .filter(({ number }) => number > 0)
  .map(({ number, name, reading, field, when, unless }) => [
    String(number),
    name,
    reading,
    `\`${field}\``,
    [
      ...(when === null ? [] : [WHERE[when]]),
      ...(unless.length === 0 ? [] : [`not beside ${unless.join(', ')}`]),
    ].join('; '),
  ]);

function page(): string {
  const others = FLOW_FORMATS.filter((format) => !PRODUCTS.includes(format));
  const holdsFlows = ({ fields }: Column): boolean => fields.bytes !== undefined;
  const columns = [...EXPORTS, ...others.filter(holdsFlows)];
  const names = others.filter((format) => !holdsFlows(format));
  return `# Flow formats

Our fields against all formats that are read, in the words of each; a dash: the format does not have it. Names and
words are those of \`data/formats.tsv\`, from which this page is written (\`test/readers/formats-page.test.ts\`). Datagrams are
read from captures of the export traffic, IPFIX from those and from files.

${table(columns)}

| format | what it is | reference |
| --- | --- | --- |
${[...columns, ...names, ...PRODUCTS].map(({ id, title, reference }) => row([`\`${id}\``, title, reference])).join('\n')}

## Logs of firewalls, proxies and collectors

\`data/logs.tsv\` says in a few lines for each product how its lines are written, and what its fields mean. A syslog head
(RFC 3164 or RFC 5424, also in the form that daemons write to files) may stand before each line. If a line has no time of its
own, the time of the head is the end of the connection; a zone that stands beside a time holds for it. If no line of the log states a
time, as in the output of \`conntrack -L\`, the time of the file holds for all, and a note says so. Lines of other kinds (VPN, system,
web filter) are counted as \`other\` of the input and are no damage. Some logs do not count the bytes of
each direction: filterlog, iptables, MikroTik, Sophos UTM and the Windows firewall log single packets, ASA counts both
directions together, access logs count only what the client got. They still show servers and names. If a line has a name and
no address of the server, only the name is looked at.
What nfdump prints is rounded above a million unless it is given \`-N\`, and long IPv6 addresses are cut unless it is given
\`-6\`; the pipe of nfdump 1.6 is read for IPv4.

${productTable()}

## Bytes

Bytes are IP bytes. Where a format counts other layers they are converted, and the audit says so: Suricata and Argus
count the link header, and so do layer2OctetDeltaCount and layer2OctetTotalCount of IPFIX, which are read where nothing
counts IP: 14 bytes a packet are taken off, and 4 more for each VLAN tag that EVE or the record names. What fills a short
frame up to 60 bytes cannot be told apart and stays, as it does in the records of softflowd. Zeek's \`orig_bytes\` counts
payload: 40 bytes of headers a packet are added, 60 with IPv6, unless \`orig_ip_bytes\` is there.

## What the exporters leave out

NetFlow v5 has no IPv6, and no exporter counts what is not IP. Of a datagram in fragments softflowd counts every
fragment, but knows the ports of the first only: the others are in the sums by address, not in the conversation. nfpcapd
puts the datagram together and counts it without the headers of its fragments; a scan of the capture counts every byte,
and one packet. Suricata counts no packet that the capture cut.
OUT_BYTES and OUT_PKTS of NetFlow v9 are what left the router to Cisco, the other direction to nProbe: beside IN_BYTES
they are read as the latter where more octets go out than a tunnel adds, and no record shows the other direction.
Sampled counters are multiplied once: nfdump's files and tables hold them multiplied already, all but those of NetFlow
v5 with every other packet, which nfcapd 1.7.5 leaves as they are and which are multiplied here.

## Who counts

A flow that several observers report (exporters, or one exporter for what comes in and what goes out) counts once: in
each direction the observer with the most bytes; one who samples counts beside one who looked at every packet only where
he is sure to have seen more (95 %). Observers are told apart by what the format names (exporter, domain, interface,
sensor) and by the format; files of one format that name nobody are of one observer, and their records add up. A file
that begins with the same bytes as another of its format, Parquet aside, is a copy of it, whole or cut: a further
observer. Where a capture shows the same client, server and port at the same time, the capture counts, and of the
records what they hold beyond it; records of other times count in full.

## The row of a flow

Every format ends in the same row of numbers (\`src/schema/flow-row.ts\`), and the same last step judges it.

${list(['field', 'type', 'meaning'], ROW_FIELDS)}

## Elements of NetFlow v9 and IPFIX

${list(['number', 'element', 'read as', 'goes to', 'where'], ELEMENT_ROWS)}
`;
}

it('shows our fields in the words of every format', () => {
  const renewed = page();
  if (process.env.MINESWEEP_UPDATE_GOLDEN === '1') writeFileSync(FILE, renewed);
  else expect(readFileSync(FILE, 'utf8')).toBe(renewed);
});
