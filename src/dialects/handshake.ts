/**
 * Handshake's Stratum (docs/reference/protocols.md 1.16): Stratum v1 with three roots more in the job, which makes twelve parts.
 * What difficulty 1 is worth in hashes no source states, so work stays in units.
 */
import { form } from './form.ts';
import { family } from './mining-family.ts';

export const handshake = family({
  id: 'handshake',
  title: 'Handshake Stratum',
  reference: 'hstratum specification, docs/reference/protocols.md 1.16',
  serves: 'Handshake',
  algorithm: 'hns',
  coin: 'HNS',
  detail: 'jobs of Handshake',
  // Job, previous hash, coinbase halves, branches, tree, filter and reserved roots, version, bits, time, clean.
  job: form('jobId hex64 hex0..40000 hex0..40000 hex64[] hex64 hex64 hex64 hex8 hex8 hex8 bool'),
  // User, job, extranonce2, time, nonce, and perhaps the mask.
  share: form('user jobId=string hex0..48 hex8 nonce=hex8 hex64?'),
  shareTells: 'possible',
  difficulty: 'units',
});
