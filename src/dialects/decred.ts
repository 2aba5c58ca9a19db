/**
 * Decred's Stratum (docs/protocols.md 1.16): nine parts as in Stratum v1, but the first coinbase half is the rest of the
 * header, 100 bytes or more, there are no branches, and the place of the bits is empty or, at pools of 2017, is not. The
 * algorithm changed with the chain. Difficulty 1 is the chain's easiest target, 2^224 − 1 (dcrd, chaincfg).
 */
import { algorithmOfCoin } from '../evidence/algorithm.ts';
import type { Call } from '../framing/message.ts';
import type { Dialect } from './dialect.ts';
import { type FamilyJob, type FamilyShare, family } from './mining-family.ts';
import { isHex, jobIdOf, listOf, stringsOf } from './shape.ts';

const HASHES_PER_UNIT = 2 ** 32;

export const decred: Dialect = {
  id: 'decred',
  title: 'Decred Stratum',
  reference: 'NiceHash Decred, haste 1.0 (Stratum of gominer), docs/protocols.md 1.16',
  checked: '2026-11',
  serves: 'Decred',
  ...family({
    algorithm: null,
    coin: 'DCR',
    detail: 'jobs of Decred',
    jobs: jobsOf,
    share: shareOf,
    shareTells: 'possible',
    difficulty: HASHES_PER_UNIT,
  }),
};

/** A coinbase begins so: one input that spends nothing. */
const COINBASE = /^.{8}010{64}f{8}/i;

/** Job, previous hash, 100 bytes of header, stake version or nothing, no branches, version, bits or nothing, time, clean. */
function jobsOf(call: Call): readonly FamilyJob[] {
  const list = listOf(call.params);
  const jobId = jobIdOf(list?.[0]);
  if (list?.length !== 9 || jobId === null) return [];
  const [, previous, rest, stake, branches, version, bits, time, clean] = list;
  const isJob =
    isHex(previous, 64) &&
    isHex(rest, 200, 400) &&
    !COINBASE.test(rest) &&
    (stake === '' || isHex(stake, 8)) &&
    listOf(branches)?.length === 0 &&
    isHex(version, 8) &&
    (bits === '' || isHex(bits, 8)) &&
    isHex(time, 8) &&
    typeof clean === 'boolean';
  if (!isJob) return [];
  const algorithm = algorithmOfCoin('DCR', call.timeUs);
  const proven = algorithm === null ? undefined : { algorithm, detail: 'jobs of Decred, at this time' };
  return [{ jobId, hashes: null, previous, proven }];
}

/** User, job, extranonce2 (12 bytes at most), time, nonce. */
function shareOf(call: Call): FamilyShare | null {
  const list = stringsOf(call.params, 5, 5);
  if (list === null || !isHex(list[2], 0, 64) || !isHex(list[3], 8) || !isHex(list[4], 8)) return null;
  return { user: list[0], jobId: list[1], nonce: list[4] };
}
