/**
 * Kadena's Stratum (docs/reference/protocols.md 1.16): a job is the whole header of 286 bytes, less the nonce at its end, and
 * `set_target` carries the target of a share in the header's byte order or the usual one. Jobs come once a second and
 * more often. The nonce has eight bytes, of which the pool takes the first.
 */
import { hashesFromTarget256, hashesFromTarget256LittleEndian } from '../evidence/target.ts';
import { form } from './form.ts';
import { family, ofNonceOf } from './mining-family.ts';
import { isHex } from './shape.ts';

export const kadena = family({
  id: 'kadena',
  title: 'Kadena Stratum',
  reference: 'NiceHash Kadena, chainweb, docs/reference/protocols.md 1.16',
  serves: 'Kadena',
  algorithm: 'blake2s-kadena',
  coin: 'KDA',
  detail: 'jobs of Kadena',
  // Job, the header with or without nonce and whatever a chain adds to it, clean.
  job: form('jobId hex540..700 bool'),
  // User, job, rest of the nonce.
  share: form('user jobId=string nonce=hex2..16'),
  shareTells: 'possible',
  subscription: ofNonceOf(8),
  target,
});

/** The end that is zero is the most significant one. */
function target(value: unknown): number | null {
  if (!isHex(value, 64)) return null;
  const isLittleEndian = value.endsWith('00') && !value.startsWith('00');
  return isLittleEndian ? hashesFromTarget256LittleEndian(value) : hashesFromTarget256(value);
}
