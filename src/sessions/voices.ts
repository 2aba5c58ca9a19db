/**
 * Who of a connection said what only a miner or only a pool says. A session has one end for each; one end that says both
 * sends a record of a session: a mail, a log, a file. Facts that either end may say, if rarely, do not count.
 */
import type { Fact } from '../evidence/fact.ts';

export interface Voices {
  /** What the miner says, said by its end, and said by the pool's. */
  miner: number;
  minerByPool: number;
  /** What the pool says, said by its end, and said by the miner's. */
  pool: number;
  poolByMiner: number;
}

const OF_MINERS: ReadonlySet<Fact['kind']> = new Set(['login', 'share']);
const OF_POOLS: ReadonlySet<Fact['kind']> = new Set(['job', 'admission', 'answer']);
/** Said by pools, and now and then by a miner: a ping. */
const MOSTLY_OF_POOLS: ReadonlySet<Fact['kind']> = new Set(['service', 'difficulty']);

export function noVoices(): Voices {
  return { miner: 0, minerByPool: 0, pool: 0, poolByMiner: 0 };
}

export function countVoice(voices: Voices, kind: Fact['kind'], saidBy: 'miner' | 'pool'): void {
  if (OF_MINERS.has(kind)) voices[saidBy === 'miner' ? 'miner' : 'minerByPool']++;
  else if (OF_POOLS.has(kind)) voices[saidBy === 'pool' ? 'pool' : 'poolByMiner']++;
  else if (MOSTLY_OF_POOLS.has(kind) && saidBy === 'pool') voices.pool++;
}

export function addVoices(voices: Voices, more: Readonly<Voices>): void {
  voices.miner += more.miner;
  voices.minerByPool += more.minerByPool;
  voices.pool += more.pool;
  voices.poolByMiner += more.poolByMiner;
}

/**
 * True where one end said the other's part and the other said nothing of it: who writes a pool's words into his calls to a
 * pool still mines. Where it holds for both, the ends were taken for each other, and it is a session all the same.
 */
export function isTranscript({ miner, minerByPool, pool, poolByMiner }: Voices): boolean {
  return (minerByPool > 0 && miner === 0) !== (poolByMiner > 0 && pool === 0);
}
