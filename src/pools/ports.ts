/** Ports that pools use, how much a port alone means, and which other services use it (data/ports.tsv). */
import ports from '../../data/ports.tsv?raw';
import { note, number, oneOf, table, text } from '../schema/table.ts';
import { sourceIds } from './sources.ts';

const rows = table('ports.tsv', ports, {
  port: number(1, 65535),
  /** `strong` is worth a look, `weak` is shared with common services. */
  strength: oneOf('strong', 'medium', 'weak'),
  use: text,
  benign: note,
  sources: sourceIds,
});

type PortFact = ReturnType<typeof rows>[number];

/** What is known of a TCP port, or null. */
export function portFact(port: number): PortFact | null {
  return rows().find((row) => row.port === port) ?? null;
}
