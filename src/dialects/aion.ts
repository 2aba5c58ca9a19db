/**
 * Aion's Stratum (Equihash 210,9; docs/reference/protocols.md 1.16): a job is [job, clean, target, header hash], and a share hands
 * in a solution of 1408 bytes. Work is counted in solutions.
 */
import { form, target256 } from './form.ts';
import { family } from './mining-family.ts';

export const aion = family({
  id: 'aion',
  title: 'Aion Stratum',
  reference: 'aion wiki, docs/reference/protocols.md 1.16',
  serves: 'Aion',
  algorithm: 'equihash210_9',
  coin: 'AION',
  detail: 'jobs of Aion',
  job: form('jobId flag hashes=target hex64', {
    flag: (value) => typeof value === 'boolean' || value === 'true' || value === 'false' || null,
  }),
  // Worker, job, time, nonce, and the solution: 2^9 numbers of 22 bits with their length in front.
  share: form('user jobId=string hex2..16 nonce=hex2..64 solution', { solution: /^fd8005[0-9a-f]{2816}$/i }),
  shareTells: 'certain',
  target: target256,
});
