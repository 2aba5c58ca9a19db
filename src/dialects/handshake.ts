/**
 * Handshake's Stratum (docs/protocols.md 1.16): Stratum v1 with three roots more in the job, which makes twelve parts.
 * What difficulty 1 is worth in hashes no source states, so work stays in units.
 */
import type { Call } from '../framing/message.ts';
import type { Dialect } from './dialect.ts';
import { type FamilyJob, type FamilyShare, family } from './mining-family.ts';
import { isHex, jobIdOf, listOf, stringsOf } from './shape.ts';

export const handshake: Dialect = {
  id: 'handshake',
  title: 'Handshake Stratum',
  reference: 'hstratum specification, docs/protocols.md 1.16',
  serves: 'Handshake',
  ...family({
    algorithm: 'hns',
    coin: 'HNS',
    detail: 'jobs of Handshake',
    jobs: jobsOf,
    share: shareOf,
    shareTells: 'possible',
    difficulty: 'units',
  }),
};

/** Job, previous hash, coinbase halves, branches, tree, filter and reserved roots, version, bits, time, clean. */
function jobsOf(call: Call): readonly FamilyJob[] {
  const list = listOf(call.params);
  const jobId = jobIdOf(list?.[0]);
  if (list?.length !== 12 || jobId === null) return [];
  const branches = listOf(list[4]);
  const isJob =
    [1, 5, 6, 7].every((at) => isHex(list[at], 64)) &&
    isHex(list[2], 0, 40_000) &&
    isHex(list[3], 0, 40_000) &&
    branches !== null &&
    branches.length <= 32 &&
    branches.every((branch) => isHex(branch, 64)) &&
    [8, 9, 10].every((at) => isHex(list[at], 8)) &&
    typeof list[11] === 'boolean';
  return isJob ? [{ jobId, hashes: null }] : [];
}

/** User, job, extranonce2, time, nonce, and perhaps the mask. */
function shareOf(call: Call): FamilyShare | null {
  const list = stringsOf(call.params, 5, 6);
  if (list === null || !isHex(list[2], 0, 48) || !isHex(list[3], 8) || !isHex(list[4], 8)) return null;
  if (list.length === 6 && !isHex(list[5], 64)) return null;
  return { user: list[0], jobId: list[1], nonce: list[4] };
}
