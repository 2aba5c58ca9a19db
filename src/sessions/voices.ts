/**
 * Which end of a connection sent messages of a miner, and which sent messages of a pool. In a session each end has one
 * role. If one end sends both, it sends a record of a session: a mail, a log, a file. If both ends send both, the server
 * echoes what it receives. Messages that either end may send, even rarely, do not count.
 */
import type { VoicesFields } from './fields.ts';

/** Whose words a kind of message is: now and then a miner says some of a pool's, a ping, and anybody asks for things. */
export type Voice = 'miner' | 'pool' | 'mostly-pool' | 'denial' | 'either';

export type Voices = Readonly<VoicesFields>;

export const VOICE_OF: Readonly<Record<'reset' | 'conflict' | 'stall', 'resets' | 'conflicts' | 'stalls'>> = {
  reset: 'resets',
  conflict: 'conflicts',
  stall: 'stalls',
};

export function countVoice(voices: VoicesFields, voice: Voice, saidBy: 'miner' | 'pool'): void {
  if (voice === 'miner') voices[saidBy === 'miner' ? 'miner' : 'minerByPool']++;
  else if (voice === 'pool') voices[saidBy === 'pool' ? 'pool' : 'poolByMiner']++;
  else if (voice === 'mostly-pool' && saidBy === 'pool') voices.pool++;
  else if (voice === 'denial') voices.denials++;
}

/**
 * True if one end said the other's part and the other said nothing of it: who writes a pool's words into his calls to a
 * pool still mines. If it holds for both, the two ends were confused, and it is a session all the same.
 */
export function isTranscript({ miner, minerByPool, pool, poolByMiner }: Voices): boolean {
  return (minerByPool > 0 && miner === 0) !== (poolByMiner > 0 && pool === 0);
}

/**
 * True if the pool's end says half as much and more of what miners say as the miner does, and nothing of a pool that it
 * was not sent: it sends back what it gets.
 */
export function isEcho({ miner, minerByPool, pool, poolByMiner }: Voices): boolean {
  return miner > 0 && minerByPool > 0 && minerByPool * 2 >= miner && pool <= poolByMiner;
}

/** True if most of what miners say was answered so. */
export function isHollow({ miner, hollow }: Voices): boolean {
  return hollow > 0 && hollow * 2 >= miner;
}

/** Fewer lines may be chance. */
const LEAST_RELAYS = 3;

/** True if the pool's words are mostly passed on, as a broker does, or fetched as they were stored. */
export function isRelay({ pool, relays }: Voices): boolean {
  return relays >= LEAST_RELAYS && relays * 2 >= pool;
}
