/**
 * CodeChain's Stratum (CodeChain specification, Stratum; docs/protocols.md 1.16): a job is [hash, target], the target a
 * number as text, and a share submits the hash with a list of seals. What the target is worth depends on the chain's
 * engine, which nobody says, so that work is counted and not priced.
 */
import type { Call } from '../framing/message.ts';
import type { Dialect } from './dialect.ts';
import { type FamilyJob, type FamilyShare, family } from './mining-family.ts';
import { hexDigits, isHex, listOf, textOf } from './shape.ts';

const MOST_SEALS = 8;
const MOST_SEAL_DIGITS = 4096;

export const codechain: Dialect = {
  id: 'codechain',
  title: 'CodeChain Stratum',
  reference: 'CodeChain specification, docs/protocols.md 1.16',
  serves: 'CodeChain and chains made with it',
  ...family({
    algorithm: null,
    detail: 'jobs of CodeChain',
    jobs: jobsOf,
    share: shareOf,
    shareTells: 'certain',
  }),
};

function jobsOf(call: Call): readonly FamilyJob[] {
  const [hash, target, ...rest] = listOf(call.params) ?? [];
  const jobId = hexDigits(hash, 64);
  const text = textOf(target);
  const isTarget = text !== null && /^(?:0x[0-9a-f]{1,64}|\d{1,78})$/i.test(text);
  return jobId === null || !isTarget || rest.length > 0 ? [] : [{ jobId, hashes: null }];
}

/** Hash of the job, seals. The account is that of the connection. */
function shareOf(call: Call): FamilyShare | null {
  const [hash, sealed, ...rest] = listOf(call.params) ?? [];
  const jobId = hexDigits(hash, 64);
  const seals = listOf(sealed) ?? [];
  const areSeals = seals.every(
    (seal) => typeof seal === 'string' && isHex(seal.replace(/^0x/, ''), 2, MOST_SEAL_DIGITS),
  );
  if (jobId === null || rest.length > 0 || seals.length === 0 || seals.length > MOST_SEALS || !areSeals) {
    return null;
  }
  return { jobId, user: null, nonce: null };
}
