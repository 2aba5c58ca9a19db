/**
 * Sia's Stratum (docs/protocols.md 1.16): the nine parts of Stratum v1 with a time of eight bytes, and shares whose time
 * and nonce have eight as well. What difficulty 1 is worth no source states, so work stays in units. Left out: the
 * node's own `/miner/header`, which is binary.
 */
import type { Call } from '../framing/message.ts';
import type { Dialect } from './dialect.ts';
import { type FamilyJob, type FamilyShare, family } from './mining-family.ts';
import { isHex, jobIdOf, listOf, stringsOf } from './shape.ts';

export const sia: Dialect = {
  id: 'sia',
  title: 'Sia Stratum',
  reference: 'docs/protocols.md 1.16',
  serves: 'Siacoin',
  ...family({
    algorithm: 'blake2b',
    coin: 'SC',
    detail: 'jobs of Sia: a time of eight bytes',
    jobs: jobsOf,
    share: shareOf,
    shareTells: 'certain',
    difficulty: 'units',
  }),
};

/** Job, previous hash, coinbase halves, branches, version or nothing, bits, time, clean. */
function jobsOf(call: Call): readonly FamilyJob[] {
  const list = listOf(call.params);
  const jobId = jobIdOf(list?.[0]);
  if (list?.length !== 9 || jobId === null) return [];
  const [, previous, first, second, branches, version, bits, time, clean] = list;
  const isJob =
    isHex(previous, 64) &&
    isHex(first, 0, 40_000) &&
    isHex(second, 0, 40_000) &&
    listOf(branches)?.every((branch) => isHex(branch, 64)) === true &&
    (version === '' || isHex(version, 8)) &&
    isHex(bits, 8) &&
    isHex(time, 16) &&
    typeof clean === 'boolean';
  return isJob ? [{ jobId, hashes: null }] : [];
}

/** User, job, extranonce2, time, nonce. */
function shareOf(call: Call): FamilyShare | null {
  const list = stringsOf(call.params, 5, 5);
  if (list === null || !isHex(list[2], 0, 32) || !isHex(list[3], 16) || !isHex(list[4], 16)) return null;
  return { user: list[0], jobId: list[1], nonce: list[4] };
}
