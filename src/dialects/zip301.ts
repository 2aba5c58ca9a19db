/**
 * ZIP 301, Stratum for Equihash (docs/reference/protocols.md 1.12): jobs of eight parts (ten with algorithm and personalisation),
 * `mining.set_target` in place of a difficulty, and submits that carry the whole solution. Work is counted in
 * solutions; the length of a solution tells the parameters. Verus speaks it too, with a ninth part of the job, the
 * template of what takes the solution's place; its work is counted in hashes.
 */
import { canonicalAlgorithm } from '../evidence/algorithm.ts';
import { wordOf } from '../json.ts';
import { form, oneOf, target256 } from './form.ts';
import { type FamilyJob, type FamilyShare, family } from './mining-family.ts';
import { isHex, listOf, portOf, stringsOf } from './shape.ts';

/**
 * Solutions in hex with their compactSize length in front: 2^k numbers of n/(k+1)+1 bits, so 1344 bytes for 200,9,
 * 400 for 192,7, 100 for 144,5 and 52 for 125,4.
 */
const SOLUTIONS: readonly { readonly digits: number; readonly prefix: string; readonly algorithm: string }[] =
  [
    { digits: 2694, prefix: 'fd4005', algorithm: 'equihash' },
    { digits: 806, prefix: 'fd9001', algorithm: 'equihash192_7' },
    { digits: 202, prefix: '64', algorithm: 'equihash144_5' },
    { digits: 106, prefix: '34', algorithm: 'equihash125_4' },
  ];

/** What Verus has for a solution begins with its version and flags, 32 bits with the least significant byte first. */
const VERUS_VERSION = /^0[1-9a-f]000[01]00/i;

const jobForm = oneOf(
  // Job, version, previous hash, merkle root, reserved hash, time, bits, clean; then perhaps algorithm and person, or
  // Verus’s template.
  form('jobId hex8 previous=hex64 hex64 hex64 hex8 hex8 bool'),
  form('jobId hex8 previous=hex64 hex64 hex64 hex8 hex8 bool template', {
    template: (value) => (isHex(value, 8, 2688) && VERUS_VERSION.test(value)) || null,
  }),
  form('jobId hex8 previous=hex64 hex64 hex64 hex8 hex8 bool string string'),
);
/** Worker, job, time, the miner's part of the 32-byte nonce, solution. */
const shareForm = form('user jobId=string hex8 nonce=hex2..64 string');

export const zip301 = family({
  id: 'zip301',
  title: 'ZIP 301 (Equihash Stratum)',
  reference: 'ZIP 301, docs/reference/protocols.md 1.12',
  serves: 'Zcash, Flux, Bitcoin Gold, Komodo and other Equihash coins; Verus',
  algorithm: 'equihash',
  isFamily: true,
  detail: 'jobs of ZIP 301',
  job: jobOf,
  share: shareOf,
  shareTells: 'certain',
  target: target256,
  rows: {
    'mining.set_target': { possible: form('target') },
    'mining.suggest_target': { possible: form('target') },
    'mining.subscribe': { possible: form('any any string port', { port: (value) => portOf(value) || null }) },
    'mining.authorize': { possible: (params) => stringsOf(params, 1, 2) },
    'mining.extranonce.subscribe': { possible: listOf },
    'client.reconnect': { possible: listOf },
  },
});

function jobOf(params: unknown): FamilyJob | null {
  const job = jobForm(params);
  const list = listOf(params) ?? [];
  // "144_5": the pool says the parameters itself.
  const named = /^(\d{2,3})_(\d{1,2})$/.exec(wordOf(list[8]));
  if (job === null || (named === null && list.length !== 9)) return job;
  const algorithm = named === null ? 'verushash' : (canonicalAlgorithm(named[0]) ?? `equihash${named[0]}`);
  const what = named === null ? 'template of Verus' : 'parameters';
  return { ...job, proven: { algorithm, detail: `${what} in mining.notify` } };
}

function shareOf(params: unknown): FamilyShare | null {
  const share = shareForm(params);
  const solution = wordOf(listOf(params)?.[4]);
  const found = SOLUTIONS.find(
    ({ digits, prefix }) => isHex(solution, digits) && solution.toLowerCase().startsWith(prefix),
  );
  if (share === null || found === undefined) return null;
  const { algorithm, prefix } = found;
  return algorithm === 'equihash' && VERUS_VERSION.test(solution.slice(prefix.length))
    ? { ...share, proven: { algorithm: 'verushash', detail: 'version of Verus in the share' } }
    : { ...share, proven: { algorithm, detail: 'length of the solution' } };
}
