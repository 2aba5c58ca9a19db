/**
 * Columns fitted to a page: a cell may have a shorter form, a column may be narrowed or left out, and the steps by
 * which this happens are a list in order, so that the same rows at the same width always look the same.
 */
import { clipEnd, clipMiddle, padEnd, widthOf } from './width.ts';

export interface Column<Row> {
  readonly id: string;
  /** Longest form first. */
  readonly titles: readonly string[];
  /** The cell, escaped, longest form first. */
  cell(row: Row): readonly string[];
  /** Widest that it may be at first. */
  readonly widest: number;
  /** Which part of a text too long gives way. */
  readonly clip: 'end' | 'middle';
}

/** One concession to a narrow page: this column at most so wide; 0 leaves it out. */
export interface Step {
  readonly column: string;
  readonly width: number;
}

export interface FittedColumn {
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

/**
 * Fits the columns into `width`, taking the steps in order until they do; the last column takes what is left over,
 * but the steps go on until it has `lastAtLeast`. Columns that say nothing in any row are not printed.
 */
export function fitColumns<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
  lastAtLeast: number,
  steps: readonly Step[],
): Fitted {
  const forms = new Map<string, readonly (readonly string[])[]>();
  for (const column of columns) {
    const cells = rows.map((row) => column.cell(row));
    if (cells.some((cell) => cell[0] !== '')) forms.set(column.id, cells);
  }
  const caps = new Map(columns.map((column) => [column.id, column.widest]));
  const last = columns[columns.length - 1]?.id;
  const lay = (): FittedColumn[] =>
    columns.flatMap((column) => {
      const cells = forms.get(column.id);
      const cap = caps.get(column.id) ?? 0;
      return cells === undefined || cap === 0 ? [] : [layColumn(column, cells, cap)];
    });

  let laid = lay();
  for (const step of steps) {
    if (needed(laid, last, lastAtLeast) <= width) break;
    caps.set(step.column, Math.min(step.width, caps.get(step.column) ?? 0));
    laid = lay();
  }
  if (last !== undefined && caps.get(last) !== 0) {
    const others = needed(laid, last, 0);
    caps.set(last, Math.max(lastAtLeast, width - others));
    laid = lay();
  }
  const leftOut = columns.filter((column) => forms.has(column.id) && caps.get(column.id) === 0);
  return { columns: laid, leftOut: leftOut.map((column) => column.id) };
}

/** Columns of the page that the layout takes, the last column counted at no more than `lastAtLeast`. */
function needed(laid: readonly FittedColumn[], last: string | undefined, lastAtLeast: number): number {
  let total = 0;
  for (const column of laid) {
    total += column.id === last ? Math.min(column.width, lastAtLeast) : column.width;
  }
  return total + GAP.length * Math.max(0, laid.length - 1);
}

function layColumn<Row>(
  column: Column<Row>,
  cells: readonly (readonly string[])[],
  cap: number,
): FittedColumn {
  const clip = column.clip === 'middle' ? clipMiddle : clipEnd;
  const chosen = cells.map((forms) => {
    const fitting = forms.find((form) => widthOf(form) <= cap) ?? forms[forms.length - 1] ?? '';
    return fitting === '' ? NOTHING : clip(fitting, cap);
  });
  let width = 0;
  for (const cell of chosen) width = Math.max(width, widthOf(cell));
  const title =
    column.titles.find((each) => each.length <= Math.max(width, Math.min(cap, 8))) ??
    column.titles[column.titles.length - 1] ??
    '';
  return { id: column.id, width: Math.max(width, title.length), title, cells: chosen };
}

/** One line of the page. `paint` may colour a cell after its width is settled. */
export function lineOf(
  columns: readonly FittedColumn[],
  textOf: (column: FittedColumn) => string,
  paint: (column: FittedColumn, padded: string) => string,
): string {
  return columns
    .map((column, i) => {
      const text = textOf(column);
      return paint(column, i === columns.length - 1 ? text : padEnd(text, column.width));
    })
    .join(GAP)
    .trimEnd();
}
