/**
 * The audit as GitHub Markdown: the figures of the page without its charts. All foreign text stands in
 * code spans: no markup, link or mention works there.
 */
import { type Audit, VERDICTS } from '../audit/audit.ts';
import { readerOf } from '../audit/reader.ts';
import type { PublishedAudit } from '../energy/published.ts';
import { escapeMarkdown, escapeTerminal } from '../escape.ts';
import { catalogueOf } from '../statements/catalogue.ts';
import type { ReportText } from '../statements/codes.ts';
import { breakdowns } from './breakdown.ts';
import { coverageParts } from './coverage.ts';
import type { ReportOptions } from './format.ts';
import { hostColumns, USUAL_COLUMNS } from './host-columns.ts';
import { type Phrase, render, wire } from './phrase.ts';
import { publishedAudits } from './published.ts';
import { basisText, type HostRow, hostRows, totalRateRows } from './rows.ts';
import { selectedHosts } from './selection.ts';
import { assumptionsOf, summaryAbove, summaryBelow, warningsOf } from './summary.ts';
import { type Column, type PlainTable, tableOf } from './tables.ts';
import { clipEnd, widthOf } from './width.ts';

/** Columns of text that a cell of the host list may take: a wiki shows no wider row. */
const WIDEST_CELL = 100;

/** The host list; what a cell has no room for is in audit.json. */
function* hostSection(audit: Audit, { selection, zone }: ReportOptions, said: ReportText): Generator<string> {
  const rows = hostRows(audit, selectedHosts(audit, selection), said, zone);
  const columns = hostColumns(selection?.columns ?? null, USUAL_COLUMNS, said)
    .filter(({ cell }) => selection?.columns != null || rows.some((row) => text(cell(row)[0]) !== ''))
    .map(({ titles, cell }): Column<HostRow> => [titles[0] ?? '', (row) => clipped(cell(row)[0])]);
  yield* section(said.label.hosts, tableOf(rows, columns));
}

/** The phrase up to its widest, foreign text still apart from ours. */
function clipped(phrase: Phrase): Phrase {
  const kept: Phrase[number][] = [];
  let room = WIDEST_CELL;
  for (const part of phrase) {
    const whole = typeof part === 'string' ? part : part.wire;
    const shown = clipEnd(whole, room);
    kept.push(typeof part === 'string' ? shown : wire(shown));
    room -= widthOf(shown);
    if (shown !== whole || room <= 0) break;
  }
  return kept;
}

/** The report; sections without rows are left out. */
export function* renderMarkdown(audit: Audit, options: ReportOptions): Generator<string> {
  const said = catalogueOf(options.language, readerOf(audit, options.reader));
  yield `# ${said.plain.title}\n\n`;
  yield `${said.plain.madeBy(text([wire(`${audit.tool.name} ${audit.tool.version}`)]))}\n\n`;
  for (const warning of warningsOf(audit, said))
    yield `**${escapeTerminal(warning).replaceAll(/[*_`|<[]/g, '\\$&')}**\n\n`;
  yield* hostSection(audit, options, said);
  yield `\n## ${said.page.headline.title}\n\n`;
  for (const line of [...summaryAbove(audit, options.zone, said), ...summaryBelow(audit, said)]) {
    for (const phrase of line.phrases) yield `- ${line.label}${said.colon}${text(phrase)}\n`;
  }
  const { column } = said;
  const rates = tableOf(totalRateRows(audit, said), [
    [column.algorithm[0], (row) => row.algorithm],
    [column.hashrate[0], ({ rate }) => rate],
    [column.hosts[0], ({ hosts }) => hosts],
    [column.basis[0], (row) => basisText(row, said.semicolon)],
  ]);
  yield* section(said.label.hashrate, rates);
  yield* breakdownSections(audit, said);
  yield* coverageSections(audit, options.zone, said);
  yield* methodSections(audit, said);
  const { compare = [] } = options;
  if (compare.length > 0) yield* publishedSections(audit, compare, said);
}

/** Who, what and where, as on the page. */
function* breakdownSections(audit: Audit, said: ReportText): Generator<string> {
  for (const { title, note, table, absent, below } of breakdowns(audit, said)) {
    yield `\n## ${title}\n\n`;
    if (note !== null) yield `${note}\n\n`;
    if (table === null) yield `${absent}\n`;
    else yield* plainTable(table);
    if (below !== null) yield `\n${below}\n`;
  }
}

function* coverageSections(audit: Audit, zone: string, said: ReportText): Generator<string> {
  const { coverage: words } = said.page;
  const { parts, reasons, inputs } = coverageParts(audit, zone, said);
  yield `\n## ${words.title}\n\n`;
  yield* plainTable(parts);
  if (reasons !== null) {
    yield `\n### ${words.reasons}\n\n`;
    yield* plainTable(reasons);
  }
  yield `\n### ${words.inputs}\n\n`;
  yield* plainTable(inputs);
}

function* methodSections(audit: Audit, said: ReportText): Generator<string> {
  const { method, page } = said;
  yield `\n## ${page.unseen.title}\n\n${page.unseen.limits.map((limit) => `- ${limit}\n`).join('')}`;
  yield `\n## ${method.title}\n\n`;
  for (const verdict of VERDICTS) {
    yield `- **${said.verdict[verdict]}**${said.colon}${method.verdictMeaning[verdict]}\n`;
  }
  for (const [term, rule] of method.rules) yield `- **${term}** ${rule}\n`;
  yield `\n### ${method.assumptions}\n\n`;
  const assumptions = assumptionsOf(audit, said);
  if (assumptions.length === 0) yield `${method.noAssumptions}\n`;
  for (const each of assumptions) yield `- ${text([wire(each)])}\n`;
}

/** Published audits, with this one beside them. */
function* publishedSections(
  audit: Audit,
  others: readonly PublishedAudit[],
  said: ReportText,
): Generator<string> {
  const words = said.method.published;
  const { heads, lines, notes, sources } = publishedAudits(audit, others, said);
  yield `\n## ${words.title}\n\n${words.lead}\n\n`;
  yield* plainTable({
    columns: heads.map((title) => ({ title })),
    rows: lines.map((line) =>
      typeof line === 'string'
        ? [[`**${line}**`], ...heads.slice(1).map((): Phrase => [])]
        : [[line[0]], ...line[1]],
    ),
  });
  for (const note of notes) {
    yield `\n### ${note.title}\n\n${note.text.join('\n\n')}\n`;
    if (note.table === null) continue;
    yield '\n';
    yield* plainTable(note.table);
  }
  yield `\n### ${words.sourcesTitle}\n\n${sources.map((source) => `- ${source}\n`).join('')}`;
}

/** A table as it is; figures stand to the right. */
function* plainTable({ columns, rows }: PlainTable): Generator<string> {
  yield `| ${columns.map(({ title }) => title).join(' | ')} |\n`;
  yield `|${columns.map(({ shape }) => (shape === 'figure' ? ' ---: |' : ' --- |')).join('')}\n`;
  for (const row of rows) yield `| ${columns.map((_, i) => text(row[i] ?? [])).join(' | ')} |\n`;
}

function text(phrase: Phrase): string {
  // '<' and '~' before figures are signs of ours, not markup.
  const ours = (part: string): string =>
    part.replaceAll(/[<~](?=\d)/g, (sign) => (sign === '<' ? '&lt;' : '&#126;'));
  return render(
    phrase.map((part) => (typeof part === 'string' ? ours(part) : part)),
    escapeMarkdown,
  );
}

function* section(title: string, table: PlainTable): Generator<string> {
  if (table.rows.length === 0) return;
  yield `\n## ${title}\n\n`;
  yield* plainTable(table);
}
