/**
 * Stratum of Aeternity (STRATUM.md of aeternity/protocol), and of Tari's C29 at pools that took the same form: jobs that
 * are a header hash alone, and shares whose proof is a cycle of 42 edges in hex. `mining.set_target` bounds the hash of
 * the cycle, so that work is counted in cycles. Tari's job has the height third and compact bits fourth; what of its
 * difficulty is a share's no source states.
 */
import { hashesFromTarget256 } from '../evidence/target.ts';
import type { Call } from '../framing/message.ts';
import type { Dialect } from './dialect.ts';
import { type FamilyJob, type FamilyShare, family } from './mining-family.ts';
import { isHex, jobIdOf, listOf, textOf } from './shape.ts';

const CYCLE = 42;

export const aeternity: Dialect = {
  id: 'aeternity',
  title: 'Aeternity Stratum',
  reference: 'aeternity/protocol STRATUM.md; tari stratum_server.rs for C29',
  checked: '2026-11',
  serves: 'Aeternity; Tari on C29',
  ...family({
    algorithm: null,
    detail: 'jobs of a header hash',
    jobs: jobsOf,
    share: shareOf,
    shareTells: 'certain',
    target: (value) => (isHex(value, 64) ? hashesFromTarget256(value) : null),
  }),
};

const AETERNITY = { algorithm: 'cuckoocycle', coin: 'AE', detail: 'job of a header hash and a version' };
const TARI = { algorithm: 'cuckaroo29', coin: 'XTM', detail: 'job of a header hash, height and bits' };

/** Job, version of the block, header hash, clean; Tari: job, header hash, height, bits, clean. */
function jobsOf(call: Call): readonly FamilyJob[] {
  const list = listOf(call.params);
  const jobId = jobIdOf(list?.[0]);
  if (list === null || jobId === null || typeof list.at(-1) !== 'boolean') return [];
  if (list.length === 4) {
    const isOwn = isCount(list[1]) && list[1] < 256 && isHex(list[2], 64);
    return isOwn ? [{ jobId, hashes: null, proven: AETERNITY }] : [];
  }
  const isTaris = list.length === 5 && isHex(list[1], 64) && isCount(list[2]) && isHex(list[3], 8);
  return isTaris ? [{ jobId, hashes: null, proven: TARI }] : [];
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

/** User, job, nonce less the pool's part, cycle: numbers, or hex of 32 bits. */
function shareOf(call: Call): FamilyShare | null {
  const [user, job, nonce, cycle] = listOf(call.params) ?? [];
  const jobId = jobIdOf(job);
  const edges = listOf(cycle);
  if (jobId === null || typeof user !== 'string' || !isHex(nonce, 2, 16)) return null;
  const isCycle = edges?.length === CYCLE && edges.every((edge) => isHex(edge, 8) || isCount(edge));
  return isCycle ? { user: textOf(user), jobId, nonce } : null;
}
