/**
 * The audit as GitHub Markdown: the sentences, rates, hosts and pools of the table, with nothing cut. All foreign
 * text stands in code spans, where no markup, link or mention works.
 */
import type { Audit } from '../audit/audit.ts';
import { escapeMarkdown } from './escape.ts';
import type { ReportOptions } from './format.ts';
import type { Phrase } from './phrase.ts';
import { say, wire } from './phrase.ts';
import type { HostRow, PoolRow, TotalRateRow } from './rows.ts';
import { hostRows, poolRows, totalRateRows } from './rows.ts';
import { nothingFound, partialWarning, summaryAbove, summaryBelow } from './summary.ts';

interface MarkdownColumn<Row> {
  readonly title: string;
  cell(row: Row): Phrase;
}

const RATE_COLUMNS: readonly MarkdownColumn<TotalRateRow>[] = [
  { title: 'Algorithm', cell: (row) => row.algorithm },
  { title: 'Hashrate (95 %)', cell: (row) => [row.rate] },
  { title: 'Hosts', cell: (row) => [row.hosts] },
  { title: 'Basis', cell: (row) => [row.basis] },
];

const HOST_COLUMNS: readonly MarkdownColumn<HostRow>[] = [
  { title: 'IP', cell: (row) => row.ip },
  { title: 'Verdict', cell: (row) => [row.verdict] },
  { title: 'Role', cell: (row) => row.role },
  { title: 'Traffic', cell: (row) => row.traffic },
  { title: 'Hashrate (95 %)', cell: (row) => row.hashrate[0] },
  { title: 'Algorithm, coin', cell: (row) => row.work[0] },
  { title: 'Pool', cell: (row) => row.pool[0] },
  { title: 'Account', cell: (row) => row.account[0] },
  { title: 'Evidence', cell: (row) => row.evidence },
];

const POOL_COLUMNS: readonly MarkdownColumn<PoolRow>[] = [
  { title: 'Pool', cell: (row) => row.pool },
  { title: 'Hosts', cell: (row) => [row.hosts] },
  { title: 'Sessions', cell: (row) => [row.sessions] },
  { title: 'Traffic', cell: (row) => [row.traffic] },
  { title: 'Endpoints', cell: (row) => row.endpoints },
];

/** The report; sections without rows are left out. */
export function* renderMarkdown(audit: Audit, options: ReportOptions): Generator<string> {
  yield '# Mining audit\n\n';
  yield `Made by ${text([wire(`${audit.tool.name} ${audit.tool.version}`)])}.\n\n`;
  for (const warning of [partialWarning(audit), nothingFound(audit)]) {
    if (warning !== null) yield `**${warning}**\n\n`;
  }
  for (const line of [...summaryAbove(audit, options.zone), ...summaryBelow(audit)]) {
    for (const phrase of line.phrases) yield `- ${line.label}: ${text(phrase)}\n`;
  }
  yield* section('Hashrate', RATE_COLUMNS, totalRateRows(audit));
  yield* section('Hosts', HOST_COLUMNS, hostRows(audit));
  yield* section('Pools', POOL_COLUMNS, poolRows(audit));
}

function text(phrase: Phrase): string {
  return say(phrase, escapeMarkdown);
}

function* section<Row>(
  title: string,
  columns: readonly MarkdownColumn<Row>[],
  rows: readonly Row[],
): Generator<string> {
  if (rows.length === 0) return;
  yield `\n## ${title}\n\n`;
  yield `| ${columns.map((column) => column.title).join(' | ')} |\n`;
  yield `|${' --- |'.repeat(columns.length)}\n`;
  for (const row of rows) yield `| ${columns.map((column) => text(column.cell(row))).join(' | ')} |\n`;
}
