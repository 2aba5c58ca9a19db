/**
 * Decred's Stratum (docs/reference/protocols.md 1.16): nine parts as in Stratum v1, but the first coinbase half is the rest of the
 * header, 100 bytes or more, there are no branches, and the place of the bits is empty or, at pools of 2017, is not. The
 * algorithm changed with the chain. Difficulty 1 is the chain's easiest target, 2^224 − 1 (dcrd, chaincfg).
 */
import { algorithmOfCoin } from '../evidence/algorithm.ts';
import type { Call } from '../framing/message.ts';
import { form } from './form.ts';
import { type FamilyJob, family } from './mining-family.ts';
import { isHex, listOf } from './shape.ts';

const HASHES_PER_UNIT = 2 ** 32;

export const decred = family({
  id: 'decred',
  title: 'Decred Stratum',
  reference: 'NiceHash Decred, haste 1.0 (Stratum of gominer), docs/reference/protocols.md 1.16',
  checked: '2026-11',
  serves: 'Decred',
  algorithm: null,
  coin: 'DCR',
  detail: 'jobs of Decred',
  job: jobOf,
  // User, job, extranonce2 (12 bytes at most), time, nonce.
  share: form('user jobId=string hex0..64 hex8 nonce=hex8'),
  shareTells: 'possible',
  difficulty: HASHES_PER_UNIT,
});

/** A coinbase begins so: one input that spends nothing. */
const COINBASE = /^.{8}010{64}f{8}/i;

/** Job, previous hash, 100 bytes of header, stake version or nothing, no branches, version, bits or nothing, time, clean. */
const partsOf = form('jobId previous=hex64 header hex8|empty none hex8 hex8|empty hex8 bool', {
  header: (value) => (isHex(value, 200, 400) && !COINBASE.test(value) ? value : null),
  none: (value) => listOf(value)?.length === 0 || null,
});

function jobOf(params: unknown, { timeUs }: Call): FamilyJob | null {
  const job = partsOf(params);
  const algorithm = job === null ? null : algorithmOfCoin('DCR', timeUs);
  return job === null || algorithm === null
    ? job
    : { ...job, proven: { algorithm, detail: 'jobs of Decred, at this time' } };
}
