/**
 * Warthog's Stratum, as its node speaks it (src/node/api/stratum/stratum_server.cpp): the greeting of Stratum v1, jobs of
 * seven parts that the node names by a hash and pools as they like, and shares without a user. Its proof of work joins two hashes, and what a unit of
 * its difficulty takes of each no source states: shares are counted, and no rate is made of them.
 */
import type { Call } from '../framing/message.ts';
import type { Dialect } from './dialect.ts';
import { type FamilyJob, type FamilyShare, family } from './mining-family.ts';
import { isHex, jobIdOf, listOf, stringsOf } from './shape.ts';

export const warthog: Dialect = {
  id: 'warthog',
  title: 'Warthog Stratum',
  reference: 'warthog-network/Warthog src/node/api/stratum/stratum_server.cpp',
  checked: '2026-11',
  unpriced: 'no source states what a unit of difficulty takes of its two hashes',
  serves: 'Warthog',
  ...family({
    algorithm: 'warthog',
    coin: 'WART',
    detail: 'jobs of Warthog',
    jobs: jobsOf,
    share: shareOf,
    shareTells: 'possible',
  }),
};

/** Job, previous hash, prefix of the merkle tree, version, target, time, clean. */
function jobsOf(call: Call): readonly FamilyJob[] {
  const list = listOf(call.params);
  if (list?.length !== 7) return [];
  const [jobId, previous, prefix, version, target, time, clean] = list;
  const id = jobIdOf(jobId);
  const isJob =
    isHex(previous, 64) &&
    isHex(prefix, 2, 4096) &&
    isHex(version, 8) &&
    isHex(target, 8) &&
    isHex(time, 8) &&
    typeof clean === 'boolean';
  return isJob && id !== null ? [{ jobId: id, hashes: null, previous: String(previous) }] : [];
}

/** Job, extranonce2, time, nonce. */
function shareOf(call: Call): FamilyShare | null {
  const list = stringsOf(call.params, 4, 4);
  if (list === null || list[0] === '' || !isHex(list[1], 2, 32)) return null;
  if (!isHex(list[2], 8) || !isHex(list[3], 8)) return null;
  return { user: null, jobId: list[0], nonce: list[3] };
}
