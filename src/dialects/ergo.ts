/**
 * Ergo's Stratum (Autolykos 2, docs/reference/protocols.md 1.15): Stratum v1's handshake, and a job of nine parts whose seventh is
 * the target as a decimal. `set_difficulty` multiplies that target in ErgoStratumServer and MoneroOcean; miningcore sends
 * the expected hashes of a share instead. The product of the two readings is the work of the job's target, and the
 * smaller one is less than any machine would submit, so the larger one is meant. Also the older form of four parts with
 * `set_target`.
 */
import { hashesFromTargetDecimal } from '../evidence/target.ts';
import { form, oneOf, target256 } from './form.ts';
import { family } from './mining-family.ts';

export const ergo = family({
  id: 'ergo',
  title: 'Ergo Stratum',
  reference:
    'ErgoStratumServer lib/stratum.js, miningcore, leifjacky’s demo, docs/reference/protocols.md 1.15',
  checked: '2026-11',
  serves: 'Ergo',
  algorithm: 'autolykos2',
  coin: 'ERG',
  detail: 'jobs of Ergo',
  // Job, height, message, two empty parts, version, target, an empty part, clean; of old job, message, height, clean.
  job: oneOf(
    form('jobId previous=height hex64 empty empty version hashes=decimal empty bool', {
      height: (value) => (Number.isSafeInteger(value) && Number(value) >= 0 ? `height ${value}` : null),
      version: (value) => typeof value === 'number' || typeof value === 'string' || null,
      decimal: hashesFromTargetDecimal,
    }),
    form('jobId hex64 int bool'),
  ),
  // User, job, the miner's part of the nonce; behind it perhaps time and the whole nonce, as in Stratum v1.
  share: oneOf(
    form('user jobId=string nonce=hex2..16'),
    form('user jobId=string hex2..16 string nonce=hex2..16'),
  ),
  shareTells: 'possible',
  scaled,
  target: target256,
});

function scaled(jobHashes: number, units: number): number {
  const multiplied = jobHashes / units;
  if (multiplied >= units) return multiplied;
  // Near the difficulty the target is the share's own, and exact.
  return jobHashes <= 2 * units ? jobHashes : units;
}
