/**
 * Which end of a connection sent messages of a miner, and which sent messages of a pool. In a session each end has one
 * role. If one end sends both, it sends a record of a session: a mail, a log, a file. If both ends send both, the server
 * echoes what it receives. Messages that either end may send, even rarely, do not count.
 */
import type { MessagesFields } from './fields.ts';

/** Whose words a kind of message is: now and then a miner says some of a pool's, a ping, and anybody asks for things. */
export type Origin = 'miner' | 'pool' | 'mostly-pool' | 'denial' | 'either';

export type MessageCounts = Readonly<MessagesFields>;

export const COUNT_OF: Readonly<Record<'reset' | 'conflict' | 'stall', 'resets' | 'conflicts' | 'stalls'>> = {
  reset: 'resets',
  conflict: 'conflicts',
  stall: 'stalls',
};

export function countMessage(messages: MessagesFields, origin: Origin, saidBy: 'miner' | 'pool'): void {
  if (origin === 'miner') messages[saidBy === 'miner' ? 'miner' : 'minerByPool']++;
  else if (origin === 'pool') messages[saidBy === 'pool' ? 'pool' : 'poolByMiner']++;
  else if (origin === 'mostly-pool' && saidBy === 'pool') messages.pool++;
  else if (origin === 'denial') messages.denials++;
}

/**
 * True if one end said the other's part and the other said nothing of it: who writes a pool's words into his calls to a
 * pool still mines. If it holds for both, the two ends were confused, and it is a session all the same.
 */
export function isTranscript({ miner, minerByPool, pool, poolByMiner }: MessageCounts): boolean {
  return (minerByPool > 0 && miner === 0) !== (poolByMiner > 0 && pool === 0);
}

/**
 * True if the pool's end says half as much and more of what miners say as the miner does, and nothing of a pool that it
 * was not sent: it sends back what it gets.
 */
export function isEcho({ miner, minerByPool, pool, poolByMiner }: MessageCounts): boolean {
  return miner > 0 && minerByPool > 0 && minerByPool * 2 >= miner && pool <= poolByMiner;
}

/** True if most of what miners say was answered so. */
export function givesEmptyAnswers({ miner, emptyAnswers }: MessageCounts): boolean {
  return emptyAnswers > 0 && emptyAnswers * 2 >= miner;
}

/** Fewer lines may be chance. */
const LEAST_RELAYS = 3;

/** True if the pool's words are mostly passed on, as a broker does, or fetched as they were stored. */
export function passesLinesOn({ pool, relayedLines }: MessageCounts): boolean {
  return relayedLines >= LEAST_RELAYS && relayedLines * 2 >= pool;
}
