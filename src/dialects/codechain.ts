/**
 * CodeChain's Stratum (CodeChain specification, Stratum; docs/reference/protocols.md 1.16): a job is [hash, target], the target a
 * number as text, and a share submits the hash with a list of seals. What the target is worth depends on the chain's
 * engine, which nobody says, so that work is counted and not priced.
 */
import { wordOf } from '../json.ts';
import { form } from './form.ts';
import { family } from './mining-family.ts';
import { isHex, listOf } from './shape.ts';

export const codechain = family({
  id: 'codechain',
  title: 'CodeChain Stratum',
  reference: 'CodeChain specification, docs/reference/protocols.md 1.16',
  serves: 'CodeChain and chains made with it',
  algorithm: null,
  detail: 'jobs of CodeChain',
  job: form('jobId=0xhex64 number', { number: /^\s*(?:0x[0-9a-f]{1,64}|\d{1,78})\s*$/i }),
  // Hash of the job, seals. The account is that of the connection.
  share: form('jobId=0xhex64 seals', { seals: sealsOf }),
  shareTells: 'certain',
});

const MOST_SEALS = 8;
const MOST_SEAL_DIGITS = 4096;

function sealsOf(value: unknown): unknown {
  const seals = listOf(value) ?? [];
  if (seals.length === 0 || seals.length > MOST_SEALS) return null;
  return seals.every((seal) => isHex(wordOf(seal).replace(/^0x/, ''), 2, MOST_SEAL_DIGITS)) || null;
}
