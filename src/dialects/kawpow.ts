/**
 * The Stratum of the ProgPow family (KawPow, FiroPow and relatives; docs/reference/protocols.md 1.11): a job of seven parts that
 * carries its target, and shares with nonce, header and mix digest. Which member of the family it is follows from the
 * job: its seed is a chain of Keccak hashes as long as the height has epochs, and each member has epochs of its own.
 */
import { keccak_256 } from '@noble/hashes/sha3';
import { identifyAccount } from '../evidence/account.ts';
import { form, target256 } from './form.ts';
import { type FamilyJob, family } from './mining-family.ts';
import { hexDigits, listOf } from './shape.ts';

/** Blocks of an epoch by algorithm, from the programs of each. */
const EPOCHS: readonly (readonly [blocks: number, algorithm: string])[] = [
  [7500, 'kawpow'],
  [1300, 'firopow'],
  [12_000, 'evrprogpow'],
  [30_000, 'progpow'],
];
/** Epochs that are followed: hashing them takes some ms. */
const EPOCH_LIMIT = 4096;
/** Below this epoch the lengths are not apart yet. */
const EPOCH_LEAST = 8;

export const kawpow = family({
  id: 'kawpow',
  title: 'KawPow and ProgPow Stratum',
  reference: 'kawpowminer, NiceHash KawPow, docs/reference/protocols.md 1.11',
  serves: 'Ravencoin, Clore, Neurai, Firo and other coins of the ProgPow family',
  algorithm: 'progpow',
  isFamily: true,
  algorithmOf: algorithmOfAccount,
  detail: 'jobs of the ProgPow family',
  job: jobOf,
  // User, job, nonce, header hash, mix digest. Ethash miners of the classic form submit the same.
  share: form('user jobId=string nonce=[0x]hex16 [0x]hex64 [0x]hex64'),
  shareTells: 'possible',
  target: target256,
});

/** Of the coins whose addresses tell them apart, those that are mined with a relative of KawPow. */
const PROGPOW_FORKS: ReadonlySet<string> = new Set(['firopow', 'evrprogpow', 'progpow_zano', 'progpow_sero']);

function algorithmOfAccount(account: string, timeUs: number): string | null {
  const algorithm = identifyAccount(account, timeUs)?.algorithm ?? null;
  return algorithm !== null && PROGPOW_FORKS.has(algorithm) ? algorithm : null;
}

/** Job, header hash, seed hash, target, clean, height as a number, bits. */
const partsOf = form('jobId [0x]hex64 [0x]hex64 hashes=target bool int [0x]hex8', {
  target: (value) => target256(hexDigits(value, 64, true)),
});

function jobOf(params: unknown): FamilyJob | null {
  const job = partsOf(params);
  const [, , seed, , , height] = listOf(params) ?? [];
  if (job === null) return null;
  const algorithm = algorithmOf(hexDigits(seed, 64, true) ?? '', Number(height));
  const detail = 'seed and height of the job: length of an epoch';
  return {
    ...job,
    previous: `height ${height}`,
    proven: algorithm === null ? undefined : { algorithm, detail },
  };
}

/** Seeds in the order of their epochs, as far as they were needed; shared, because they never change. */
const SEEDS = ['0'.repeat(64)];
const EPOCH_OF_SEED = new Map([[SEEDS[0], 0]]);
let chain = new Uint8Array(32);

function algorithmOf(seed: string, height: number): string | null {
  const most = Math.floor(height / EPOCHS[1][0]);
  while (!EPOCH_OF_SEED.has(seed) && SEEDS.length <= Math.min(most, EPOCH_LIMIT)) {
    chain = Uint8Array.from(keccak_256(chain));
    const digits = Buffer.from(chain).toString('hex');
    EPOCH_OF_SEED.set(digits, SEEDS.length);
    SEEDS.push(digits);
  }
  const epoch = EPOCH_OF_SEED.get(seed) ?? 0;
  if (epoch < EPOCH_LEAST) return null;
  return EPOCHS.find(([blocks]) => Math.floor(height / blocks) === epoch)?.[1] ?? null;
}
