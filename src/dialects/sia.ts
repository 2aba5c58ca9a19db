/**
 * Sia's Stratum (docs/reference/protocols.md 1.16): the nine parts of Stratum v1 with a time of eight bytes, and shares whose time
 * and nonce have eight as well. What difficulty 1 is worth no source states, so work stays in units. Left out: the
 * node's own `/miner/header`, which is binary.
 */
import { form } from './form.ts';
import { family } from './mining-family.ts';

export const sia = family({
  id: 'sia',
  title: 'Sia Stratum',
  reference: 'docs/reference/protocols.md 1.16',
  serves: 'Siacoin',
  algorithm: 'blake2b',
  coin: 'SC',
  detail: 'jobs of Sia: a time of eight bytes',
  // Job, previous hash, coinbase halves, branches, version or nothing, bits, time, clean.
  job: form('jobId hex64 hex0..40000 hex0..40000 hex64[] hex8|empty hex8 hex16 bool'),
  // User, job, extranonce2, time, nonce.
  share: form('user jobId=string hex0..32 hex16 nonce=hex16'),
  shareTells: 'certain',
  difficulty: 'units',
});
