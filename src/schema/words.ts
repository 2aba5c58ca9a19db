/** Lists of words that code looks up, by their names (data/words.tsv). */
import lists from '../../data/words.tsv?raw';
import { table, text, words } from './table.ts';

const rows = table('words.tsv', lists, { list: text, words });

/** The words of a list, in their order. */
export function wordList(list: string): ReadonlySet<string> {
  const found = new Set(rows().flatMap((row) => (row.list === list ? row.words : [])));
  if (found.size === 0) throw new Error(`data/words.tsv has no list '${list}'`);
  return found;
}
