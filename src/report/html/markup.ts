/**
 * HTML as values: everything put into a template is escaped unless it is markup already, so that a forgotten escape
 * is text and never an element. Foreign text stands in <bdi>, which keeps its direction to itself.
 */
import { escapeHtml } from '../../escape.ts';
import type { Phrase } from '../phrase.ts';
import type { Column, PlainTable } from '../tables.ts';

/** HTML that was made by a template of ours. */
export class Markup {
  constructor(readonly text: string) {}
}

export type Content = string | number | Markup | null | readonly Content[];

/** A template: strings and numbers in it are escaped, lists follow one another, null is nothing. */
export function html(template: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  let text = template[0] ?? '';
  for (const [i, content] of contents.entries()) text += textOf(content) + (template[i + 1] ?? '');
  return new Markup(text);
}

function textOf(content: Content): string {
  if (content === null) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'string') return escapeHtml(content);
  if (typeof content === 'number') return String(content);
  let text = '';
  for (const each of content) text += textOf(each);
  return text;
}

/** Foreign text. */
export function foreign(text: string): Markup {
  return html`<bdi>${text}</bdi>`;
}

/** A phrase with its foreign parts set apart. */
export function phrase(parts: Phrase): Markup[] {
  return parts.map((part) => (typeof part === 'string' ? html`${part}` : foreign(part.wire)));
}

/** The second line of a cell, of lesser interest; nothing if there is none. */
export function below(content: Content): Markup | null {
  return content === null ? null : html`<br><small>${content}</small>`;
}

/** Sentences, a point each. */
export function list(items: readonly Content[]): Markup {
  return html`<ul class="prose">${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

/** Columns that a phone shows beside each other; rows of more stand there as lists of titles and cells. */
const PHONE_COLUMNS = 4;

/** A table in a frame that scrolls if the page is too narrow. A screen reader reads its title; for others a heading says it. */
export function table<Row>(
  title: string,
  columns: readonly Column<Row, Content>[],
  rows: readonly Row[],
): Markup {
  const isWide = columns.length > PHONE_COLUMNS;
  const shown = columns.map(([title, cell, shape]) => ({
    title,
    cell: (row: Row): Content =>
      shape === 'small' ? html`<span class="small">${cell(row)}</span>` : cell(row),
    align: new Markup(shape === 'figure' ? ' class="f"' : ''),
    label: isWide ? html` data-l="${title}"` : null,
  }));
  return html`<div class="scroll"><table${isWide ? new Markup(' class="wide"') : null}><caption class="away">${title}</caption><thead><tr>${shown.map(
    ({ align, title }) => html`<th scope="col"${align}>${title}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (row) =>
      html`<tr>${shown.map(({ align, label, cell }) => html`<td${align}${label}>${cell(row)}</td>`)}</tr>`,
  )}</tbody></table></div>
`;
}

/** A table that all reports print. */
export function plainTable(title: string, { columns, rows }: PlainTable): Markup {
  return table(
    title,
    columns.map(({ title, shape }, i) => [title, (row: readonly Phrase[]) => phrase(row[i] ?? []), shape]),
    rows,
  );
}
