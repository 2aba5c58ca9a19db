/**
 * The audit as plain text for a terminal: one line per host, with the evidence, which is widest, at its end; then the totals,
 * what could not be seen, notes and licences. Everything foreign is escaped, so that no byte from the wire can act on the terminal.
 */
import type { Audit, AuditHost, Verdict } from '../audit/audit.ts';
import { escapeTerminal } from '../escape.ts';
import { catalogueOf } from '../statements/catalogue.ts';
import type { ReportText } from '../statements/en/report.ts';
import { hasDepartments } from './departments.ts';
import type { Column, Step } from './fit.ts';
import { fitColumns, lineOf } from './fit.ts';
import type { ReportOptions } from './format.ts';
import { type HostColumnId, hostColumns, USUAL_COLUMNS } from './host-columns.ts';
import type { Phrase } from './phrase.ts';
import { render, wire } from './phrase.ts';
import type { HostRow } from './rows.ts';
import { hostRows, totalRateRows } from './rows.ts';
import { selectedHosts } from './selection.ts';
import type { SummaryLine } from './summary.ts';
import { summaryAbove, summaryBelow, warningsOf } from './summary.ts';
import { clipEnd, padEnd, widthOf, wrap } from './width.ts';

const LABEL_WIDTH = 10;
const NARROWEST = 40;
/** The evidence has this much of the page, or its column is left out. */
const EVIDENCE_PART = 1 / 6;
const EVIDENCE_AT_LEAST = 16;

const printable = (phrase: Phrase): string => render(phrase, escapeTerminal);

/** Widest that a column is at first, and which part of a text too long gives way. */
const SHAPES: Readonly<Record<HostColumnId, Pick<Column<HostRow>, 'widest' | 'clip'>>> = {
  ip: { widest: 64, clip: 'middle' },
  machine: { widest: 36, clip: 'end' },
  since: { widest: 16, clip: 'end' },
  last: { widest: 16, clip: 'end' },
  verdict: { widest: 16, clip: 'end' },
  role: { widest: 20, clip: 'end' },
  department: { widest: 24, clip: 'end' },
  contact: { widest: 24, clip: 'end' },
  owner: { widest: 32, clip: 'end' },
  power: { widest: 24, clip: 'end' },
  traffic: { widest: 12, clip: 'end' },
  hashrate: { widest: 48, clip: 'end' },
  algorithm: { widest: 30, clip: 'end' },
  pool: { widest: 32, clip: 'end' },
  account: { widest: 40, clip: 'middle' },
  action: { widest: 60, clip: 'end' },
  evidence: { widest: 4000, clip: 'end' },
};
function columnsIn(audit: Audit, { selection }: ReportOptions, text: ReportText): Column<HostRow>[] {
  const isTabled = hasDepartments(audit);
  const usual = USUAL_COLUMNS.filter((id) => isTabled || (id !== 'owner' && id !== 'power'));
  return hostColumns(selection?.columns ?? null, usual, text).map(({ id, titles, cell }) => ({
    id,
    titles: titles.map((title) => title.toUpperCase()),
    cell: (row) => cell(row).map(printable),
    ...SHAPES[id],
  }));
}

/** What a narrower page gives up, first things first. The address and the verdict stay whole at any width. */
const STEPS: readonly Step[] = [
  { column: 'last', width: 10 },
  { column: 'account', width: 26 },
  { column: 'hashrate', width: 26 },
  { column: 'machine', width: 20 },
  { column: 'contact', width: 16 },
  { column: 'pool', width: 20 },
  { column: 'role', width: 0 },
  { column: 'owner', width: 16 },
  { column: 'department', width: 16 },
  { column: 'power', width: 16 },
  { column: 'algorithm', width: 15 },
  { column: 'pool', width: 15 },
  { column: 'account', width: 16 },
  { column: 'last', width: 0 },
  { column: 'since', width: 10 },
  { column: 'contact', width: 0 },
  { column: 'account', width: 11 },
  { column: 'account', width: 0 },
  { column: 'pool', width: 13 },
  { column: 'owner', width: 0 },
  { column: 'algorithm', width: 0 },
  { column: 'traffic', width: 0 },
  { column: 'department', width: 10 },
  { column: 'machine', width: 12 },
  { column: 'hashrate', width: 13 },
  { column: 'evidence', width: 0 },
  { column: 'power', width: 0 },
  { column: 'machine', width: 0 },
  { column: 'department', width: 0 },
  { column: 'pool', width: 0 },
  { column: 'hashrate', width: 0 },
  { column: 'since', width: 0 },
];

const COLORS: Readonly<Record<Verdict, string>> = {
  confirmed: '1;31',
  probable: '31',
  suspected: '33',
  attempted: '36',
  listed: '2',
};

/** The table. Lines are at most `options.width` columns, but never cut an address. */
export function* renderTable(audit: Audit, options: ReportOptions): Generator<string> {
  const width = Math.max(NARROWEST, options.width);
  const paint = (code: string, printed: string): string =>
    options.color ? `\u001b[${code}m${printed}\u001b[0m` : printed;

  const text = catalogueOf(options.language);
  for (const warning of warningsOf(audit, text))
    yield `${wrap(escapeTerminal(warning), width).join('\n')}\n\n`;
  const hosts = selectedHosts(audit, options.selection);
  const above = summaryAbove(audit, options.zone, text);
  if (hosts.length > 0) {
    const found = above.find(({ label }) => label === text.label.hosts);
    for (const phrase of found?.phrases ?? [])
      for (const line of wrap(printable(phrase), width)) yield `${paint('1', line)}\n`;
    yield '\n';
    yield* hostLines(audit, hosts, width, paint, options, text);
    yield '\n';
  }
  for (const line of above) if (line.label !== text.label.hosts) yield* labelled(line, width);
  yield* rateLines(audit, width, text);
  for (const line of summaryBelow(audit, text)) yield* labelled(line, width);
  yield* labelled(
    { label: text.label.tool, phrases: [[wire(`${audit.tool.name} ${audit.tool.version}`)]] },
    width,
  );
}

function* hostLines(
  audit: Audit,
  hosts: readonly AuditHost[],
  width: number,
  paint: (code: string, printed: string) => string,
  options: ReportOptions,
  text: ReportText,
): Generator<string> {
  const rows = hostRows(audit, hosts, text, options.zone);
  const known = columnsIn(audit, options, text);
  const evidenceWidth = Math.max(EVIDENCE_AT_LEAST, Math.floor(width * EVIDENCE_PART));
  const { columns, leftOut } = fitColumns(known, rows, width, evidenceWidth, STEPS);
  yield `${paint(
    '1',
    lineOf(
      columns,
      (column) => column.title,
      (_, padded) => padded,
    ),
  )}\n`;
  for (let i = 0; i < rows.length; i++) {
    const code = COLORS[rows[i]?.verdict ?? 'listed'];
    yield `${lineOf(
      columns,
      (column) => column.cells[i] ?? '',
      (column, padded) => (column.id === 'verdict' ? paint(code, padded) : padded),
    )}\n`;
  }
  const said: string[] = [];
  if (audit.hosts.length > hosts.length) said.push(text.plain.shown(hosts.length, audit.hosts.length));
  if (leftOut.length > 0)
    said.push(text.plain.leftOut(width, leftOut.map((id) => titleOf(id, known)).join(text.comma)));
  for (const sentence of said) yield `${wrap(sentence, width).join('\n')}\n`;
}

/** The title of a column within a sentence. */
function titleOf(id: string, columns: readonly Column<HostRow>[]): string {
  const titles = columns.find((column) => column.id === id)?.titles ?? [];
  return (titles[0] ?? id).replace(/\s*[(（].*$/, '').toLowerCase();
}

function* labelled(line: SummaryLine, width: number): Generator<string> {
  let label = line.label;
  for (const phrase of line.phrases) {
    for (const piece of wrap(printable(phrase), width - LABEL_WIDTH)) {
      yield `${padEnd(label, LABEL_WIDTH)}${clipEnd(piece, width - LABEL_WIDTH)}\n`;
      label = '';
    }
  }
}

/** The totals' rates, aligned: algorithm, rate, hosts and basis; below a rate what is to be known of it. */
function* rateLines(audit: Audit, width: number, text: ReportText): Generator<string> {
  const rows = totalRateRows(audit, text).map((row) => ({
    ...row,
    algorithm: clipEnd(printable(row.algorithm), 20),
    found: `${row.hosts}${text.comma}${row.basis}`,
  }));
  const names = Math.max(0, ...rows.map(({ algorithm }) => widthOf(algorithm)));
  const indent = ' '.repeat(LABEL_WIDTH + names + 2);
  // A rate too long for its line does not move the others.
  const room = width - indent.length - 2;
  const rates = Math.max(
    0,
    ...rows.map(({ rate, found }) => (widthOf(rate) + widthOf(found) <= room ? widthOf(rate) : 0)),
  );
  let label = text.label.hashrate;
  for (const row of rows) {
    const padded = padEnd(row.rate, Math.min(rates, room - widthOf(row.found)));
    const rate = `${padEnd(label, LABEL_WIDTH)}${padEnd(row.algorithm, names)}  ${padded}`;
    const isOneLine = widthOf(rate) + 2 + widthOf(row.found) <= width;
    yield isOneLine ? `${rate}  ${row.found}\n` : `${clipEnd(rate, width)}\n`;
    label = '';
    if (!isOneLine) for (const piece of wrap(row.found, width - indent.length)) yield `${indent}${piece}\n`;
    if (row.remark === '') continue;
    for (const piece of wrap(row.remark, width - indent.length)) yield `${indent}${piece}\n`;
  }
}
