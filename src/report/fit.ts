/**
 * Columns fitted to a page: a cell may have a shorter form, a column may be narrowed or left out, and the steps by
 * which this happens are a list in order, so that the same rows at the same width always look the same.
 */
import narrowPages from '../../data/narrow-pages.tsv?raw';
import { number, oneOf, table, text } from '../schema/table.ts';
import { printable } from './phrase.ts';
import type { Forms } from './rows.ts';
import { clipMiddle, clipWords, padEnd, widthOf } from './width.ts';

/** Of titles and cells the longest form comes first. */
export interface Column<Row> {
  readonly id: string;
  readonly titles: readonly string[];
  cell(row: Row): Forms;
  /** Widest that it may be at first. */
  readonly widest: number;
}

/** Of what is too long in these, the middle gives way: both ends of an address and of a wallet are what people compare. */
type Page = 'hosts' | 'cases' | 'history';
const CLIPPED_WITHIN: Readonly<Record<Page, readonly string[]>> = {
  hosts: ['ip', 'account'],
  cases: ['ip'],
  history: [],
};

/** What a narrow page gives up, first things first. */
const STEPS = table('narrow-pages.tsv', narrowPages, {
  page: oneOf('hosts', 'cases', 'history'),
  column: text,
  width: number(0, 4000),
});

interface FittedColumn {
  readonly id: string;
  readonly width: number;
  readonly title: string;
  readonly cells: readonly string[];
}

export interface Fitted {
  readonly columns: readonly FittedColumn[];
  /** Columns that the page had no room for. */
  readonly leftOut: readonly string[];
}

const GAP = '  ';
/** Stands in a cell that has nothing to say. */
const NOTHING = '–';
/** A title of this length may be wider than its cells. */
const SHORT_TITLE = 8;

/** A form of a cell with its width, measured once: for all but plain text that is the dear part. */
interface Measured {
  readonly text: string;
  readonly width: number;
}

/** A column at its present cap. */
interface Draft {
  readonly id: string;
  readonly titles: readonly string[];
  readonly cells: readonly (readonly Measured[])[];
  cap: number;
  width: number;
}

/**
 * Fits the columns into `width`, taking the steps in order until they do and the last column has
 * `lastAtLeast`; it takes what is left over. Columns that say nothing in any row are not printed.
 */
export function fitColumns<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
  lastAtLeast: number,
  page: Page,
): Fitted {
  const drafts = columns
    .map((column) => draftOf(column, rows))
    .filter((draft) => draft.cells.some((forms) => forms[0]?.text !== ''));
  const last = drafts[drafts.length - 1];
  const taken: { readonly draft: Draft; readonly before: number }[] = [];
  for (const step of STEPS().filter((each) => each.page === page)) {
    if (needed(drafts, last, lastAtLeast) <= width) break;
    const draft = drafts.find((each) => each.id === step.column);
    if (draft === undefined || step.width >= draft.cap) continue;
    taken.push({ draft, before: draft.cap });
    recap(draft, step.width);
  }
  // A later step may have made an earlier one needless: what was given up last is given back first.
  for (const { draft, before } of taken.reverse()) {
    const { cap } = draft;
    recap(draft, before);
    if (needed(drafts, last, lastAtLeast) > width) recap(draft, cap);
  }
  if (last !== undefined && last.cap > 0) {
    recap(last, Math.max(lastAtLeast, width - needed(drafts, last, 0)));
  }
  return {
    columns: drafts.filter(({ cap }) => cap > 0).map((draft) => finished(draft, page)),
    leftOut: drafts.filter(({ cap }) => cap === 0).map(({ id }) => id),
  };
}

function draftOf<Row>({ id, titles, cell, widest }: Column<Row>, rows: readonly Row[]): Draft {
  const measured = (text: string): Measured => ({ text, width: widthOf(text) });
  const cells = rows.map((row) => cell(row).map((form) => measured(printable(form))));
  const draft = { id, titles: titles.map((title) => title.toUpperCase()), cells, cap: widest, width: 0 };
  recap(draft, widest);
  return draft;
}

/** Gives the column a cap; one of which nothing is left then is given up. */
function recap(draft: Draft, cap: number): void {
  draft.cap = draft.cells.some((forms) => chosen(forms, cap).text !== '') ? cap : 0;
  let width = 0;
  for (const forms of draft.cells) width = Math.max(width, Math.min(cap, chosen(forms, cap).width));
  draft.width = Math.max(width, widthOf(titleOf(draft.titles, width, cap)));
}

/** The longest form that fits, or the shortest, to be cut. */
function chosen(forms: readonly Measured[], cap: number): Measured {
  return forms.find((form) => form.width <= cap) ?? forms[forms.length - 1] ?? { text: '', width: 0 };
}

function titleOf(titles: readonly string[], width: number, cap: number): string {
  const room = Math.max(width, Math.min(cap, SHORT_TITLE));
  return titles.find((title) => widthOf(title) <= room) ?? titles.at(-1) ?? '';
}

/** Columns of the page that the drafts take, the last one counted at no more than `lastAtLeast`. */
function needed(drafts: readonly Draft[], last: Draft | undefined, lastAtLeast: number): number {
  let total = -GAP.length;
  for (const draft of drafts) {
    if (draft.cap === 0) continue;
    total += GAP.length + (draft === last ? Math.min(draft.width, lastAtLeast) : draft.width);
  }
  return total;
}

function finished({ id, titles, cells, cap, width }: Draft, page: Page): FittedColumn {
  const clip = CLIPPED_WITHIN[page].includes(id) ? clipMiddle : clipWords;
  const texts = cells.map((forms) => {
    const { text } = chosen(forms, cap);
    return text === '' ? NOTHING : clip(text, cap);
  });
  return { id, width, title: titleOf(titles, width, cap), cells: texts };
}

/** One line of the page. `paint` may colour a cell after its width is known. */
export function lineOf(
  columns: readonly FittedColumn[],
  textOf: (column: FittedColumn) => string,
  paint = (_: FittedColumn, padded: string): string => padded,
): string {
  return columns
    .map((column, i) => {
      const text = textOf(column);
      return paint(column, i === columns.length - 1 ? text : padEnd(text, column.width));
    })
    .join(GAP)
    .trimEnd();
}
