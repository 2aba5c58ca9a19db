/** A table of phrases, which each report for people prints in its own way. */
import type { Phrase } from './phrase.ts';

export interface PlainTable {
  readonly columns: readonly PlainColumn[];
  readonly rows: readonly (readonly Phrase[])[];
}

interface PlainColumn {
  readonly title: string;
  /** True if the cells are figures, which stand to the right. */
  readonly figure?: boolean;
  /** True if the cells are long and of lesser interest. */
  readonly small?: boolean;
}
