/**
 * The audit as plain text for a terminal: one line per host, with the evidence, which is widest, at its end; then the totals,
 * what could not be seen, notes and licences. Everything foreign is escaped, so that no byte from the wire can act on the terminal.
 */
import type { Audit, AuditHost } from '../audit/audit.ts';
import { readerOf } from '../audit/reader.ts';
import { escapeTerminal } from '../escape.ts';
import { catalogueOf } from '../statements/catalogue.ts';
import type { ReportText } from '../statements/codes.ts';
import { hasDepartments } from './departments.ts';
import { type Column, fitColumns, lineOf } from './fit.ts';
import type { ReportOptions } from './format.ts';
import { hostColumns, USUAL_COLUMNS } from './host-columns.ts';
import { type Paint, painter, VERDICT_COLORS } from './paint.ts';
import { printable, wire } from './phrase.ts';
import type { HostRow } from './rows.ts';
import { hostRows, totalRateRows } from './rows.ts';
import { renderScreen } from './screen.ts';
import { selectedHosts } from './selection.ts';
import type { SummaryLine } from './summary.ts';
import { summaryAbove, summaryBelow, warningsOf } from './summary.ts';
import { clipEnd, padEnd, widthOf, wrap } from './width.ts';

const LABEL_WIDTH = 10;
const NARROWEST = 40;
/** The evidence has this much of the page, or its column is left out. */
const EVIDENCE_PART = 1 / 6;
const EVIDENCE_AT_LEAST = 16;

function columnsIn(audit: Audit, { selection }: ReportOptions, text: ReportText): Column<HostRow>[] {
  const isTabled = hasDepartments(audit);
  const usual = USUAL_COLUMNS.filter((id) => isTabled || (id !== 'owner' && id !== 'power'));
  return hostColumns(selection?.columns ?? null, usual, text);
}

/** The screen, or the table where columns or all of it are asked for. Lines are at most `options.width` columns, but never cut an address. */
export function* renderTable(audit: Audit, options: ReportOptions): Generator<string> {
  const width = Math.max(NARROWEST, options.width);
  if (options.screen !== undefined && (options.selection?.columns ?? null) === null) {
    yield* renderScreen(audit, options, width);
    return;
  }
  const paint = painter(options);
  const text = catalogueOf(options.language, readerOf(audit, options.reader));
  for (const warning of warningsOf(audit, text))
    yield `${wrap(escapeTerminal(warning), width).join('\n')}\n\n`;
  const hosts = selectedHosts(audit, options.selection);
  const above = summaryAbove(audit, options.zone, text);
  if (hosts.length > 0) {
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
  paint: Paint,
  options: ReportOptions,
  text: ReportText,
): Generator<string> {
  const rows = hostRows(audit, hosts, text, options.zone);
  const asked = columnsIn(audit, options, text);
  const same = options.selection?.columns == null ? sameColumns(asked, rows) : [];
  const known = asked.filter((column) => !same.includes(column));
  const evidenceWidth = Math.max(EVIDENCE_AT_LEAST, Math.floor(width * EVIDENCE_PART));
  const { columns, leftOut } = fitColumns(known, rows, width, evidenceWidth, 'hosts');
  const heads = lineOf(columns, ({ title }) => title);
  yield `${paint('1', heads)}\n`;
  for (let i = 0; i < rows.length; i++) {
    const code = VERDICT_COLORS[rows[i]?.verdict ?? 'listed'];
    yield `${lineOf(
      columns,
      (column) => column.cells[i] ?? '',
      (column, padded) => (column.id === 'verdict' ? paint(code, padded) : padded),
    )}\n`;
  }
  const said: string[] = [];
  const [row] = rows;
  const alike = same.map((column) => `${titleOf(column.id, asked)} ${printable(column.cell(row)[0])}`);
  if (alike.length > 0) said.push(text.plain.same(alike.join(text.semicolon)));
  if (audit.hosts.length > hosts.length) said.push(text.plain.shown(hosts.length, audit.hosts.length));
  if (leftOut.length > 0)
    said.push(text.plain.leftOut(width, leftOut.map((id) => titleOf(id, known)).join(text.comma)));
  for (const sentence of said) yield `${wrap(sentence, width).join('\n')}\n`;
}

/** From so many rows on a column that has one value in all of them is a sentence. */
const ROWS_ALIKE = 3;
const WIDEST_ALIKE = 60;

/** Columns in which all rows say the same; address, verdict and evidence, which takes what room is left, always stand in their rows. */
function sameColumns(columns: readonly Column<HostRow>[], rows: readonly HostRow[]): Column<HostRow>[] {
  if (rows.length < ROWS_ALIKE) return [];
  return columns.filter(({ id, cell }) => {
    if (['ip', 'verdict', 'evidence'].includes(id)) return false;
    const first = printable(cell(rows[0])[0]);
    const isShort = first !== '' && widthOf(first) <= WIDEST_ALIKE;
    return isShort && rows.every((row) => printable(cell(row)[0]) === first);
  });
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
