/**
 * Pearl's Stratum (pearl/v1, spoken by AlphaPool, Kryptex and HeroMiners in 2026): a puzzle that the pool asks for before
 * the login, the parameters of the matrix product, and jobs of seven parts or as an object, whose shares submit the
 * proof as base64. Work depends on the parameters, and pools weigh it each their own way: shares are counted, and no rate
 * is made of them.
 */
import { form, oneOf } from './form.ts';
import { REQUEST, SERVICE } from './grammar.ts';
import { family } from './mining-family.ts';
import { isHex, listOf, objectOf } from './shape.ts';

const KINDS = {
  header: (value: unknown) => isHex(value, 152) || /^(?=.{100,104}$)(?:.{4})*$/.test(base64(value)) || null,
  // Fewest letters of a proof: some rows and columns of a large matrix, and the paths of their hashes.
  proof: (value: unknown) => base64(value).length >= 256 || null,
};

export const pearl = family({
  id: 'pearl',
  title: 'Pearl Stratum',
  reference: 'pearl/v1 of AlphaPool: open clients of alpha-miner’s protocol (2026)',
  checked: '2026-11',
  unpriced: 'work depends on the matrix, and pools weigh it each their own way',
  serves: 'Pearl',
  algorithm: 'pearlhash',
  coin: 'PRL',
  detail: 'jobs of Pearl',
  // Job, seed, header that the miner completes, height, time, bits, clean; or an object with the job and its header.
  job: oneOf(
    form('job_id:jobId header:header', KINDS),
    form('job_id:jobId incomplete_header_bytes:header', KINDS),
    form('jobId hex64 hex152 signed hex8 hex8 bool'),
  ),
  // User, job, proof; or an object with job and proof.
  share: oneOf(form('user=anyText jobId proof ...', KINDS), form('job_id:jobId plain_proof:proof', KINDS)),
  shareTells: 'certain',
  rows: {
    'pearl.challenge': { certain: form('seed:hex64 difficulty:number'), read: SERVICE },
    'pearl.challenge_response': { certain: form('seed:hex64 nonce:hex2..64'), read: REQUEST },
    'pearl.set_mining_params': {
      certain: (params) => SIZES(objectOf(listOf(params)?.[0]) ?? params),
      read: SERVICE,
    },
    'mining.configure': { certain: (params) => listOf(listOf(params)?.[0])?.includes('pearl/v1') },
  },
});

/** Of a matrix product. */
const SIZES = form('m:number n:number k:number');

/** The text, if it is base64; else ''. */
function base64(value: unknown): string {
  return typeof value === 'string' && value.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(value)
    ? value
    : '';
}
