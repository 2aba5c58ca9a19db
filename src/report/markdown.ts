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
import { textIn } from './text/catalogue.ts';
import type { ReportText } from './text/en.ts';

interface MarkdownColumn<Row> {
  /** The longest form comes first. */
  readonly title: readonly string[];
  cell(row: Row): Phrase;
}

function rateColumns({ column }: ReportText): MarkdownColumn<TotalRateRow>[] {
  return [
    { title: column.algorithm, cell: (row) => row.algorithm },
    { title: column.hashrate, cell: (row) => [row.rate] },
    { title: column.hosts, cell: (row) => [row.hosts] },
    { title: column.basis, cell: (row) => [row.basis] },
  ];
}

function hostColumns({ column, verdict }: ReportText): MarkdownColumn<HostRow>[] {
  return [
    { title: column.ip, cell: (row) => row.ip },
    { title: column.verdict, cell: (row) => [verdict[row.verdict]] },
    { title: column.role, cell: (row) => row.role },
    { title: column.traffic, cell: (row) => row.traffic },
    { title: column.hashrate, cell: (row) => row.hashrate[0] },
    { title: column.algorithmCoin, cell: (row) => row.work[0] },
    { title: column.pool, cell: (row) => row.pool[0] },
    { title: column.account, cell: (row) => row.account[0] },
    { title: column.evidence, cell: (row) => row.evidence },
  ];
}

function poolColumns({ column }: ReportText): MarkdownColumn<PoolRow>[] {
  return [
    { title: column.pool, cell: (row) => row.pool },
    { title: column.hosts, cell: (row) => [row.hosts] },
    { title: column.sessions, cell: (row) => [row.sessions] },
    { title: column.traffic, cell: (row) => [row.traffic] },
    { title: column.endpoints, cell: (row) => row.endpoints },
  ];
}

/** The report; sections without rows are left out. */
export function* renderMarkdown(audit: Audit, options: ReportOptions): Generator<string> {
  const said = textIn(options.language);
  yield `# ${said.plain.title}\n\n`;
  yield `${said.plain.madeBy(text([wire(`${audit.tool.name} ${audit.tool.version}`)]))}\n\n`;
  for (const warning of [partialWarning(audit, said), nothingFound(audit, said)]) {
    if (warning !== null) yield `**${warning}**\n\n`;
  }
  for (const line of [...summaryAbove(audit, options.zone, said), ...summaryBelow(audit, said)]) {
    for (const phrase of line.phrases) yield `- ${line.label}${said.colon}${text(phrase)}\n`;
  }
  yield* section(said.label.hashrate, rateColumns(said), totalRateRows(audit, said));
  yield* section(said.label.hosts, hostColumns(said), hostRows(audit, said));
  yield* section(said.column.pools[0] ?? '', poolColumns(said), poolRows(audit));
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
  yield `| ${columns.map((column) => column.title[0]).join(' | ')} |\n`;
  yield `|${' --- |'.repeat(columns.length)}\n`;
  for (const row of rows) yield `| ${columns.map((column) => text(column.cell(row))).join(' | ')} |\n`;
}
