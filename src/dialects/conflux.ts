/**
 * Conflux's Stratum (Octopus, docs/protocols.md 1.16): a node's job is [job, hash, boundary], a pool's has the height in
 * second place; every part is 0x hex. Answers are ["true"] or ["false", words].
 */
import { hashesFromTarget256 } from '../evidence/target.ts';
import type { Call } from '../framing/message.ts';
import type { Dialect } from './dialect.ts';
import { type FamilyJob, type FamilyShare, family } from './mining-family.ts';
import { boundaryDigits, hexDigits, jobIdOf, listOf, stringsOf } from './shape.ts';

export const conflux: Dialect = {
  id: 'conflux',
  title: 'Conflux Stratum',
  reference: 'conflux-doc stratum, NiceHash Octopus, docs/protocols.md 1.16',
  serves: 'Conflux',
  ...family({
    algorithm: 'octopus',
    coin: 'CFX',
    detail: 'jobs of Conflux',
    jobs: jobsOf,
    share: shareOf,
    shareTells: 'certain',
  }),
};

function jobsOf(call: Call): readonly FamilyJob[] {
  const list = listOf(call.params);
  const jobId = jobIdOf(list?.[0]);
  if (list === null || jobId === null || list.length < 3 || list.length > 4) return [];
  if (list.length === 4 && !/^\d{1,12}$/.test(String(list[1]))) return [];
  const [hash, boundary] = list.slice(-2);
  if (hexDigits(hash, 64) === null) return [];
  const digits = boundaryDigits(boundary);
  const hashes = digits === null ? null : hashesFromTarget256(digits);
  return hashes === null ? [] : [{ jobId, hashes }];
}

/** Worker, job, nonce, hash of the job. */
function shareOf(call: Call): FamilyShare | null {
  const list = stringsOf(call.params, 4, 4);
  const nonce = /^0x([0-9a-fA-F]{1,64})$/.exec(list?.[2] ?? '')?.[1];
  if (list === null || nonce === undefined || hexDigits(list[3], 64) === null) return null;
  return { user: list[0], jobId: list[1], nonce };
}
