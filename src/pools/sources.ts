/**
 * Where facts of the catalogue come from, and what each licence lets us take (data/pool-sources.tsv). Ports that pools use,
 * how much a port alone means, and which other services use it (data/ports.tsv).
 */
import poolSources from '../../data/pool-sources.tsv?raw';
import ports from '../../data/ports.tsv?raw';
import { note, number, oneOf, table, text, words } from '../schema/table.ts';

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

const portRows = table('ports.tsv', ports, {
  port: number(1, 65535),
  /** `strong` is worth a look, `weak` is shared with common services. */
  strength: oneOf('strong', 'medium', 'weak'),
  use: text,
  benign: note,
  sources: (cell) => words(text(cell)),
});

/** What is known of a TCP port, or null. */
export function portFact(port: number): ReturnType<typeof portRows>[number] | null {
  return portRows().find((row) => row.port === port) ?? null;
}
