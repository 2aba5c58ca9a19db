/** A table of phrases, which each report for people prints in its own way. */
import type { Phrase } from './phrase.ts';

export interface PlainTable {
  readonly columns: readonly {
    readonly title: string;
    /** `figure`: stands to the right. `small`: long and of lesser interest. */
    readonly shape?: Shape;
  }[];
  readonly rows: readonly (readonly Phrase[])[];
}

type Shape = 'figure' | 'small';

/** A column: its title, what stands in it, and how. */
export type Column<Row, Cell = Phrase | string> = readonly [
  title: string,
  cell: (row: Row) => Cell,
  shape?: Shape,
];

/** A table of rows, a line each. */
export function tableOf<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): PlainTable {
  return {
    columns: columns.map(([title, , shape]) => ({ title, shape })),
    rows: rows.map((row) =>
      columns.map(([, cellOf]) => {
        const cell = cellOf(row);
        return typeof cell === 'string' ? [cell] : cell;
      }),
    ),
  };
}
