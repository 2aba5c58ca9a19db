/**
 * Ergo's Stratum (Autolykos 2, docs/protocols.md 1.15): Stratum v1's greeting, and a job of nine parts whose seventh is
 * the target as a decimal. `set_difficulty` multiplies that target in ErgoStratumServer and MoneroOcean; miningcore sends
 * the expected hashes of a share instead. The product of the two readings is the work of the job's target, and the
 * smaller one is less than any machine would submit, so the larger one is meant. Also the older form of four parts with
 * `set_target`.
 */
import { hashesFromTarget256, hashesFromTargetDecimal } from '../evidence/target.ts';
import type { Call } from '../framing/message.ts';
import type { Dialect } from './dialect.ts';
import { type FamilyJob, type FamilyShare, family } from './mining-family.ts';
import { isHex, jobIdOf, listOf, stringsOf } from './shape.ts';

export const ergo: Dialect = {
  id: 'ergo',
  title: 'Ergo Stratum',
  reference: 'ErgoStratumServer lib/stratum.js, miningcore, leifjacky’s demo, docs/protocols.md 1.15',
  checked: '2026-11',
  serves: 'Ergo',
  ...family({
    algorithm: 'autolykos2',
    coin: 'ERG',
    detail: 'jobs of Ergo',
    jobs: jobsOf,
    share: shareOf,
    shareTells: 'possible',
    scaled,
    target: (value) => (isHex(value, 64) ? hashesFromTarget256(value) : null),
  }),
};

function scaled(jobHashes: number, units: number): number {
  const multiplied = jobHashes / units;
  if (multiplied >= units) return multiplied;
  // Near the difficulty the target is the share's own, and exact.
  return jobHashes <= 2 * units ? jobHashes : units;
}

function jobsOf(call: Call): readonly FamilyJob[] {
  const list = listOf(call.params);
  const jobId = jobIdOf(list?.[0]);
  if (list === null || jobId === null) return [];
  if (list.length === 4) return isOldJob(list) ? [{ jobId, hashes: null }] : [];
  // Job, height, message, two empty parts, version, target, an empty part, clean.
  const [, height, message, first, second, version, target, third, clean] = list;
  const isJob =
    list.length === 9 &&
    isHeight(height) &&
    isHex(message, 64) &&
    first === '' &&
    second === '' &&
    third === '' &&
    (typeof version === 'number' || typeof version === 'string') &&
    typeof clean === 'boolean';
  const hashes = isJob ? hashesFromTargetDecimal(target) : null;
  return hashes === null ? [] : [{ jobId, hashes, previous: `height ${height}` }];
}

/** Job, message, height, clean. */
function isOldJob([, message, height, clean]: readonly unknown[]): boolean {
  return isHex(message, 64) && isHeight(height) && typeof clean === 'boolean';
}

function isHeight(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** User, job, the miner's part of the nonce; behind it perhaps time and the whole nonce, as in Stratum v1. */
function shareOf(call: Call): FamilyShare | null {
  const list = stringsOf(call.params, 3, 5);
  if (list === null || list.length === 4 || !isHex(list[2], 2, 16)) return null;
  const [user, jobId, part, , whole] = list;
  if (list.length === 3) return { user, jobId, nonce: part };
  return isHex(whole, 2, 16) ? { user, jobId, nonce: whole } : null;
}
