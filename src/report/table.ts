/**
 * The audit as plain text for a terminal or a ticket: totals first, then one line per host with the evidence, which
 * is widest, at the end. Everything foreign is escaped, so that no byte from the wire can act on the terminal.
 */
import type { Audit, Verdict } from '../audit/audit.ts';
import { escapeTerminal } from './escape.ts';
import type { Column, Step } from './fit.ts';
import { fitColumns, lineOf } from './fit.ts';
import type { ReportOptions } from './format.ts';
import type { Phrase } from './phrase.ts';
import { say } from './phrase.ts';
import type { Forms, HostRow } from './rows.ts';
import { hostRows, totalRateRows } from './rows.ts';
import type { SummaryLine } from './summary.ts';
import { nothingFound, partialWarning, summaryAbove, summaryBelow } from './summary.ts';
import { textIn } from './text/catalogue.ts';
import type { ReportText } from './text/en.ts';
import { clipEnd, padEnd, widthOf, wrap } from './width.ts';

const LABEL_WIDTH = 10;
const NARROWEST = 40;
/** The evidence has this much of the page, or its column is left out. */
const EVIDENCE_PART = 1 / 6;
const EVIDENCE_AT_LEAST = 16;

const text = (phrase: Phrase): string => say(phrase, escapeTerminal);

const forms = (row: Forms): string[] => row.map(text);

function columnsIn({ column, verdict }: ReportText): readonly Column<HostRow>[] {
  const titles = (forms: readonly string[]): string[] => forms.map((form) => form.toUpperCase());
  return [
    { id: 'ip', titles: titles(column.ip), cell: (row) => [text(row.ip)], widest: 64, clip: 'middle' },
    {
      id: 'verdict',
      titles: titles(column.verdict),
      cell: (row) => [verdict[row.verdict]],
      widest: 16,
      clip: 'end',
    },
    { id: 'role', titles: titles(column.role), cell: (row) => [text(row.role)], widest: 20, clip: 'end' },
    {
      id: 'traffic',
      titles: titles(column.traffic),
      cell: (row) => [text(row.traffic)],
      widest: 12,
      clip: 'end',
    },
    {
      id: 'hashrate',
      titles: titles(column.hashrate),
      cell: (row) => forms(row.hashrate),
      widest: 48,
      clip: 'end',
    },
    {
      id: 'algorithm',
      titles: titles(column.algorithm),
      cell: (row) => forms(row.work),
      widest: 30,
      clip: 'end',
    },
    { id: 'pool', titles: titles(column.pool), cell: (row) => forms(row.pool), widest: 32, clip: 'end' },
    {
      id: 'account',
      titles: titles(column.account),
      cell: (row) => forms(row.account),
      widest: 40,
      clip: 'middle',
    },
    {
      id: 'evidence',
      titles: titles(column.evidence),
      cell: (row) => [text(row.evidence)],
      widest: 4000,
      clip: 'end',
    },
  ];
}

/** What a narrower page gives up, first things first. The address and the verdict stay whole at any width. */
const STEPS: readonly Step[] = [
  { column: 'account', width: 26 },
  { column: 'hashrate', width: 26 },
  { column: 'pool', width: 20 },
  { column: 'role', width: 0 },
  { column: 'algorithm', width: 15 },
  { column: 'pool', width: 15 },
  { column: 'account', width: 16 },
  { column: 'account', width: 11 },
  { column: 'account', width: 0 },
  { column: 'pool', width: 13 },
  { column: 'algorithm', width: 0 },
  { column: 'traffic', width: 0 },
  { column: 'hashrate', width: 13 },
  { column: 'evidence', width: 0 },
  { column: 'pool', width: 0 },
  { column: 'hashrate', width: 0 },
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

  const said = textIn(options.language);
  const tool = escapeTerminal(`${audit.tool.name} ${audit.tool.version}`);
  yield `${paint('1', tool)}\n`;
  for (const warning of [partialWarning(audit, said), nothingFound(audit, said)]) {
    if (warning !== null) yield `\n${wrap(escapeTerminal(warning), width).join('\n')}\n`;
  }
  yield '\n';
  for (const line of summaryAbove(audit, options.zone, said)) yield* labelled(line, width);
  yield* rateLines(audit, width, said);
  for (const line of summaryBelow(audit, said)) yield* labelled(line, width);

  const rows = hostRows(audit, said);
  if (rows.length === 0) return;
  const evidenceWidth = Math.max(EVIDENCE_AT_LEAST, Math.floor(width * EVIDENCE_PART));
  const { columns, leftOut } = fitColumns(columnsIn(said), rows, width, evidenceWidth, STEPS);
  yield `\n${paint(
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
  if (leftOut.length > 0) {
    yield `\n${wrap(said.plain.leftOut(width, leftOut.map((id) => titleOf(id, said)).join(said.comma)), width).join('\n')}\n`;
  }
}

/** The title of a column within a sentence. */
function titleOf(id: string, said: ReportText): string {
  const titles = columnsIn(said).find((column) => column.id === id)?.titles ?? [];
  return (titles[0] ?? id).replace(/\s*[(（].*$/, '').toLowerCase();
}

function* labelled(line: SummaryLine, width: number): Generator<string> {
  let label = line.label;
  for (const phrase of line.phrases) {
    for (const piece of wrap(text(phrase), width - LABEL_WIDTH)) {
      yield `${padEnd(label, LABEL_WIDTH)}${clipEnd(piece, width - LABEL_WIDTH)}\n`;
      label = '';
    }
  }
}

/** The totals' rates, aligned: algorithm, rate, hosts and basis; below a rate what is to be known of it. */
function* rateLines(audit: Audit, width: number, said: ReportText): Generator<string> {
  const rows = totalRateRows(audit, said).map((row) => ({
    ...row,
    algorithm: clipEnd(text(row.algorithm), 20),
  }));
  let names = 0;
  let rates = 0;
  for (const row of rows) {
    names = Math.max(names, widthOf(row.algorithm));
    rates = Math.max(rates, widthOf(row.rate));
  }
  let label = said.label.hashrate;
  for (const row of rows) {
    const line = `${padEnd(row.algorithm, names)}  ${padEnd(row.rate, rates)}  ${row.hosts}${said.comma}${row.basis}`;
    yield `${padEnd(label, LABEL_WIDTH)}${clipEnd(line, width - LABEL_WIDTH)}\n`;
    label = '';
    if (row.remark === '') continue;
    const indent = ' '.repeat(LABEL_WIDTH + names + 2);
    for (const piece of wrap(row.remark, width - indent.length)) yield `${indent}${piece}\n`;
  }
}
