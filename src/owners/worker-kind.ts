/** What the name of a worker shows about the person who set the machine up (data/worker-kinds.tsv). */
import kindText from '../../data/worker-kinds.tsv?raw';
import { oneOf, pattern, table } from '../schema/table.ts';

const kinds = table('worker-kinds.tsv', kindText, {
  kind: oneOf('address', 'random', 'host-name', 'rig'),
  pattern,
});

/** Kind of a worker name. */
export function workerKind(worker: string): ReturnType<typeof kinds>[number]['kind'] | 'other' {
  const name = worker.trim();
  return kinds().find((row) => row.pattern.test(name))?.kind ?? 'other';
}
