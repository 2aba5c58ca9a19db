/** Where facts of the catalogue come from, and what each licence lets us take (data/pool-sources.tsv). */
import poolSources from '../../data/pool-sources.tsv?raw';
import { note, oneOf, table, text, words } from '../schema/table.ts';

const rows = table('pool-sources.tsv', poolSources, {
  id: text,
  title: text,
  licence: text,
  taken: oneOf('facts', 'domain'),
  credit: note,
});

export const POOL_SOURCES: ReadonlyMap<string, ReturnType<typeof rows>[number]> = new Map(
  rows().map((row) => [row.id, row]),
);

/** Ids of sources in a cell, at least one. */
export function sourceIds(cell: string): readonly string[] {
  const ids = words(cell);
  const unknown = ids.find((id) => !POOL_SOURCES.has(id));
  if (ids.length === 0 || unknown !== undefined) throw new Error('names no source of pool-sources.tsv');
  return ids;
}
