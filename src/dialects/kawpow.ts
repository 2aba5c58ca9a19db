/**
 * The Stratum of the ProgPow family (KawPow, FiroPow and relatives; docs/protocols.md 1.11): a job of seven parts that
 * carries its target, and shares with nonce, header and mix digest. Which member of the family it is follows from the
 * job: its seed is a chain of Keccak hashes as long as the height has epochs, and each member has epochs of its own.
 */

import { keccak_256 } from '@noble/hashes/sha3';
import { identifyAccount } from '../evidence/account.ts';
import { hashesFromTarget256 } from '../evidence/target.ts';
import type { Call } from '../framing/message.ts';
import type { Dialect } from './dialect.ts';
import { type FamilyJob, type FamilyShare, family } from './mining-family.ts';
import { hexDigits, isHex, jobIdOf, listOf, stringsOf } from './shape.ts';

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

export const kawpow: Dialect = {
  id: 'kawpow',
  title: 'KawPow and ProgPow Stratum',
  reference: 'kawpowminer, NiceHash KawPow, docs/protocols.md 1.11',
  serves: 'Ravencoin, Clore, Neurai, Firo and other coins of the ProgPow family',
  ...family({
    algorithm: 'progpow',
    isFamily: true,
    algorithmOf: algorithmOfAccount,
    detail: 'jobs of the ProgPow family',
    jobs: jobsOf,
    share: shareOf,
    // Ethash miners of the classic form submit the same.
    shareTells: 'possible',
    target: (value) => (isHex(value, 64) ? hashesFromTarget256(value) : null),
  }),
};

/** Of the coins whose addresses tell them apart, those that are mined with a relative of KawPow. */
const PROGPOW_FORKS: ReadonlySet<string> = new Set(['firopow', 'evrprogpow', 'progpow_zano', 'progpow_sero']);

function algorithmOfAccount(account: string, timeUs: number): string | null {
  const algorithm = identifyAccount(account, timeUs)?.algorithm ?? null;
  return algorithm !== null && PROGPOW_FORKS.has(algorithm) ? algorithm : null;
}

/** Job, header hash, seed hash, target, clean, height as a number, bits. */
function jobsOf(call: Call): readonly FamilyJob[] {
  const list = listOf(call.params);
  const jobId = jobIdOf(list?.[0]);
  if (list?.length !== 7 || jobId === null) return [];
  const [, header, seed, target, clean, height, bits] = list;
  const seedDigits = hexDigits(seed, 64, true);
  const targetDigits = hexDigits(target, 64, true);
  if (hexDigits(header, 64, true) === null || seedDigits === null || targetDigits === null) return [];
  if (typeof clean !== 'boolean' || hexDigits(bits, 8, true) === null) return [];
  if (typeof height !== 'number' || !Number.isSafeInteger(height) || height < 0) return [];
  const hashes = hashesFromTarget256(targetDigits);
  const algorithm = algorithmOf(seedDigits, height);
  const proven =
    algorithm === null ? undefined : { algorithm, detail: 'seed and height of the job: length of an epoch' };
  return hashes === null ? [] : [{ jobId, hashes, previous: `height ${height}`, proven }];
}

/** User, job, nonce, header hash, mix digest. */
function shareOf(call: Call): FamilyShare | null {
  const list = stringsOf(call.params, 5, 5);
  if (list === null) return null;
  const [user, jobId, nonce, header, mix] = list;
  const digits = hexDigits(nonce, 16, true);
  if (digits === null || hexDigits(header, 64, true) === null || hexDigits(mix, 64, true) === null)
    return null;
  return { user, jobId, nonce: digits };
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
