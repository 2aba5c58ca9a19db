/**
 * Aion's Stratum (Equihash 210,9; docs/protocols.md 1.16): a job is [job, clean, target, header hash], and a share hands
 * in a solution of 1408 bytes. Work is counted in solutions.
 */
import { hashesFromTarget256 } from '../evidence/target.ts';
import type { Call } from '../framing/message.ts';
import type { Dialect } from './dialect.ts';
import { type FamilyJob, type FamilyShare, family } from './mining-family.ts';
import { isHex, jobIdOf, listOf, stringsOf } from './shape.ts';

/** 2^9 numbers of 22 bits, and their length in front. */
const SOLUTION_DIGITS = 2822;
const SOLUTION_PREFIX = 'fd8005';

export const aion: Dialect = {
  id: 'aion',
  title: 'Aion Stratum',
  reference: 'aion wiki, docs/protocols.md 1.16',
  serves: 'Aion',
  ...family({
    algorithm: 'equihash210_9',
    coin: 'AION',
    detail: 'jobs of Aion',
    jobs: jobsOf,
    share: shareOf,
    shareTells: 'certain',
    target: (value) => (isHex(value, 64) ? hashesFromTarget256(value) : null),
  }),
};

function jobsOf(call: Call): readonly FamilyJob[] {
  const list = listOf(call.params);
  const jobId = jobIdOf(list?.[0]);
  if (list?.length !== 4 || jobId === null) return [];
  const [, clean, target, header] = list;
  if (typeof clean !== 'boolean' && clean !== 'true' && clean !== 'false') return [];
  if (!isHex(target, 64) || !isHex(header, 64)) return [];
  const hashes = hashesFromTarget256(target);
  return hashes === null ? [] : [{ jobId, hashes }];
}

/** Worker, job, time, nonce, solution. */
function shareOf(call: Call): FamilyShare | null {
  const list = stringsOf(call.params, 5, 5);
  if (list === null || !isHex(list[2], 2, 16) || !isHex(list[3], 2, 64)) return null;
  const [user, jobId, , nonce, solution] = list;
  if (!isHex(solution, SOLUTION_DIGITS) || !solution.toLowerCase().startsWith(SOLUTION_PREFIX)) return null;
  return { user, jobId, nonce };
}
