/**
 * BTX's Stratum (MatMul proof of work): Stratum v1's greeting with an object of capabilities behind the agent, a job of
 * nine parts whose seventh is the target of a share, and shares with a nonce of 8 bytes. Read in matador-miner and
 * btx-nvidia-miner of 2026. The number of `mining.set_difficulty` says the same as the target, which counts.
 */
import { hashesFromTarget256 } from '../evidence/target.ts';
import type { Call } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { type FamilyJob, type FamilyShare, family } from './mining-family.ts';
import { isHex, jobIdOf, listOf, objectOf, stringsOf } from './shape.ts';

export const btx: Dialect = {
  id: 'btx',
  title: 'BTX Stratum',
  reference: 'matador-miner, btx-nvidia-miner, dexbtx-miner (2026)',
  checked: '2026-11',
  serves: 'BTX',
  ...family({
    algorithm: 'matmul',
    coin: 'BTX',
    detail: 'jobs of BTX',
    jobs: jobsOf,
    share: shareOf,
    // Ergo's share looks the same.
    shareTells: 'possible',
    others: { 'mining.subscribe': recogniseSubscribe },
  }),
};

/** `[agent, {protocol_compliant: ["pre_hash_block_tier_v18", …], …}]`. */
function recogniseSubscribe({ params }: Call): Recognition {
  const capabilities = listOf(objectOf(listOf(params)?.[1])?.protocol_compliant);
  return capabilities?.includes('pre_hash_block_tier_v18') === true ? 'certain' : 'foreign';
}

/** Job, version, previous hash, merkle root, time, bits, target, clean, and an object with the height. */
function jobsOf(call: Call): readonly FamilyJob[] {
  const list = listOf(call.params);
  const jobId = jobIdOf(list?.[0]);
  if (list === null || list.length < 8 || list.length > 9 || jobId === null) return [];
  const [, version, previous, root, time, bits, target, clean, more] = list;
  const isJob =
    Number.isSafeInteger(version) &&
    isHex(previous, 64) &&
    isHex(root, 64) &&
    Number.isSafeInteger(time) &&
    isHex(bits, 8) &&
    isHex(target, 64) &&
    typeof clean === 'boolean' &&
    (more === undefined || objectOf(more) !== null);
  const hashes = isJob ? hashesFromTarget256(target) : null;
  return hashes === null ? [] : [{ jobId, hashes }];
}

/** User, job, extranonce2, time, nonce. */
function shareOf(call: Call): FamilyShare | null {
  const list = stringsOf(call.params, 5, 5);
  if (list === null || !isHex(list[2], 8) || !isHex(list[3], 8) || !isHex(list[4], 16)) return null;
  return { user: list[0], jobId: list[1], nonce: list[4] };
}
