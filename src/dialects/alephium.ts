/**
 * Alephium's Stratum (docs/protocols.md 1.14): the pool pushes jobs unasked, an array of objects with one for each chain,
 * and answers shares with `mining.submit_result`. The account comes with the share. Difficulty 1 stands for 2^34
 * hashes, because a hash also picks one of 16 chains. The node's own interface is another dialect (alephium-node).
 */
import type { Call } from '../framing/message.ts';
import type { Dialect } from './dialect.ts';
import { type FamilyJob, type FamilyShare, family } from './mining-family.ts';
import { isHex, jobIdOf, listOf, objectOf, textOf } from './shape.ts';

const HASHES_PER_UNIT = 2 ** 34;
/** Four groups make 16 chains. */
const CHAINS_LIMIT = 16;

export const alephium: Dialect = {
  id: 'alephium',
  title: 'Alephium Stratum',
  reference: 'alephium/mining-pool, NiceHash Alephium, docs/protocols.md 1.14',
  serves: 'Alephium',
  ...family({
    algorithm: 'blake3-alephium',
    coin: 'ALPH',
    detail: 'jobs of Alephium',
    jobs: jobsOf,
    share: shareOf,
    shareTells: 'certain',
    difficulty: HASHES_PER_UNIT,
  }),
};

function jobsOf(call: Call): readonly FamilyJob[] {
  const list = listOf(call.params);
  if (list === null || list.length === 0 || list.length > CHAINS_LIMIT) return [];
  const jobs: FamilyJob[] = [];
  for (const item of list) {
    const job = objectOf(item);
    const jobId = jobIdOf(job?.jobId);
    if (job === null || jobId === null || !isChain(job) || !isHex(job.headerBlob, 64, 4096)) return [];
    jobs.push({ jobId, hashes: null });
  }
  return jobs;
}

function isChain(value: Readonly<Record<string, unknown>>): boolean {
  return isGroup(value.fromGroup) && isGroup(value.toGroup);
}

function isGroup(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < CHAINS_LIMIT;
}

/** An object with the nonce of 24 bytes and the worker's login. */
function shareOf(call: Call): FamilyShare | null {
  const share = objectOf(call.params);
  if (share === null || !isChain(share) || !isHex(share.nonce, 48)) return null;
  const jobId = jobIdOf(share.jobId);
  return jobId === null ? null : { jobId, user: textOf(share.worker), nonce: share.nonce };
}
