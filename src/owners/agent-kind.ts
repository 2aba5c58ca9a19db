/** What the names of a miner program and of a worker show about the person who set the machine up (data/agent-kinds.tsv). */
import kindText from '../../data/agent-kinds.tsv?raw';
import { oneOf, pattern, table } from '../schema/table.ts';

const kinds = table('agent-kinds.tsv', kindText, {
  of: oneOf('agent', 'worker'),
  kind: oneOf(
    ...(['stock-xmrig', 'firmware', 'asic-program', 'rig-system', 'altered-or-old'] as const),
    ...(['address', 'random', 'host-name', 'rig'] as const),
  ),
  pattern,
});

function kindOf(of: 'agent' | 'worker', name: string) {
  return kinds().find((row) => row.of === of && row.pattern.test(name))?.kind ?? 'other';
}

/** Kind of an agent text as the wire has it; '' is a program that hides its name. */
export const agentKind = (agent: string) => kindOf('agent', agent);

/** Kind of a worker name. */
export const workerKind = (worker: string) => kindOf('worker', worker.trim());
