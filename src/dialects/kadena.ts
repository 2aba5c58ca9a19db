/**
 * Kadena's Stratum (docs/protocols.md 1.16): a job is the whole header of 286 bytes, less the nonce at its end, and
 * `set_target` carries the target of a share in the header's byte order or the usual one. Jobs come once a second and
 * more often. The nonce has eight bytes, of which the pool takes the first.
 */
import { hashesFromTarget256, hashesFromTarget256LittleEndian } from '../evidence/target.ts';
import type { Call } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { type FamilyJob, type FamilyShare, family } from './mining-family.ts';
import { isHex, jobIdOf, listOf, stringsOf } from './shape.ts';

const NONCE_BYTES = 8;
/** Digits of the header, with or without nonce and whatever a chain adds to it. */
const HEADER_LEAST = 540;
const HEADER_MOST = 700;

export const kadena: Dialect = {
  id: 'kadena',
  title: 'Kadena Stratum',
  reference: 'NiceHash Kadena, chainweb, docs/protocols.md 1.16',
  serves: 'Kadena',
  ...family({
    algorithm: 'blake2s-kadena',
    coin: 'KDA',
    detail: 'jobs of Kadena',
    jobs: jobsOf,
    share: shareOf,
    shareTells: 'possible',
    subscription,
    target,
  }),
};

/** `[null, prefix of the nonce, rest of it]`: eight bytes together. */
function subscription(result: unknown): Recognition {
  const list = listOf(result);
  if (list?.length !== 3 || list[0] !== null || typeof list[2] !== 'number' || !isHex(list[1], 2, 14)) {
    return 'foreign';
  }
  return list[1].length / 2 + list[2] === NONCE_BYTES ? 'possible' : 'foreign';
}

/** Job, header, clean. */
function jobsOf(call: Call): readonly FamilyJob[] {
  const list = listOf(call.params);
  const jobId = jobIdOf(list?.[0]);
  if (list?.length !== 3 || jobId === null || typeof list[2] !== 'boolean') return [];
  return isHex(list[1], HEADER_LEAST, HEADER_MOST) ? [{ jobId, hashes: null }] : [];
}

/** The end that is zero is the most significant one. */
function target(value: unknown): number | null {
  if (!isHex(value, 64)) return null;
  const isLittleEndian = value.endsWith('00') && !value.startsWith('00');
  return isLittleEndian ? hashesFromTarget256LittleEndian(value) : hashesFromTarget256(value);
}

/** User, job, rest of the nonce. */
function shareOf(call: Call): FamilyShare | null {
  const list = stringsOf(call.params, 3, 3);
  return list === null || !isHex(list[2], 2, 16) ? null : { user: list[0], jobId: list[1], nonce: list[2] };
}
