/**
 * The forms of job and share that travel in CryptoNote's envelope (login, job, submit): XMRig's, with a blob and a target
 * of 4 or 8 bytes (docs/reference/protocols.md 1.6); YadaCoin's, whose target is a plain number behind `0x` (its core/job.py); Tari's
 * on SHA3x, whose blob is a hash of 32 bytes (graxil; LuckyPool adds `xn`), and on C29, whose share is a cycle of 42 edges
 * (MoneroOcean's nodejs-pool); and that of Tari's own miner, whose blob is base64 and whose target is a decimal
 * difficulty (minotari_miner). Left out: the order in which each pool writes the members.
 */
import { canonicalAlgorithm } from '../evidence/algorithm.ts';
import { cryptonoteTarget, difficultiesOfResult, hashesFromDifficulty } from '../evidence/target.ts';
import type { JsonObject } from '../framing/message.ts';
import { CYCLE, isCycle, isHex, jobIdOf, textOf } from './shape.ts';
import type { SharePart } from './sink.ts';

export interface CryptonoteJob {
  readonly jobId: string;
  /** Expected hashes of a share; null if the target is none. */
  readonly hashes: number | null;
  /** Hex; null in self-select mode and in the form of Tari's own miner. */
  readonly blob: string | null;
  readonly algorithm: string | null;
  /** The one coin of this form; null if there are several. */
  readonly coin: string | null;
  readonly height: number | null;
}

/** Coins by algorithms that no other coin has. */
const COINS: Readonly<Record<string, string>> = {
  sha3x: 'XTM',
  'rx/yada': 'YDA',
  'rx/wow': 'WOW',
  'rx/arq': 'ARQ',
};

/** A job of KawPow under XMRig: its blob is the header hash and a nonce of 8 bytes (docs/reference/protocols.md 1.6). */
export function isKawpow(algorithm: string | null): boolean {
  return algorithm !== null && /^kawpow(\/|$)/.test(algorithm);
}

/** True if the blob of a job of this algorithm is laid out as Monero's. */
export function hasMonerosBlob(algorithm: string | null): boolean {
  return !isKawpow(algorithm) && (algorithm === null || !isTaris(algorithm));
}

/** Tari's algorithms hash 32 bytes of the pool's and a nonce of 8. */
function isTaris(algorithm: string): boolean {
  return algorithm === 'sha3x' || /^c(uckaroo)?29/.test(algorithm);
}

/** Fewest digits of a blob: 43 bytes of Monero's layout, 40 of KawPow's, 32 of Tari's. */
function leastDigits(algorithm: string | null): number {
  if (isKawpow(algorithm)) return 80;
  return algorithm !== null && isTaris(algorithm) ? 64 : 86;
}

/** A job in one of the forms, or null. One that names no algorithm has the form of the only one that the miner offers. */
export function jobOf(job: JsonObject | null, only: string | null = null): CryptonoteJob | null {
  const jobId = jobIdOf(job?.job_id);
  if (job === null || jobId === null) return null;
  const algorithm = textOf(job.algo)?.toLowerCase() ?? null;
  const height = typeof job.height === 'number' && Number.isSafeInteger(job.height) ? job.height : null;
  const form = algorithm ?? only;
  const own = tariMinerJob(job, height);
  if (own !== null) return { jobId, ...own };
  if (!isHex(job.target, 4, 16) && !isPrefixed(job.target)) return null;
  const blob = isHex(job.blob, leastDigits(form), 2048) ? job.blob : null;
  const isSelfSelect = textOf(job.pool_wallet) !== null && typeof job.extra_nonce === 'string';
  if (blob === null && !isSelfSelect) return null;
  const hashes = cryptonoteTarget(job.target, form)?.hashes ?? null;
  return {
    jobId,
    hashes,
    blob,
    algorithm,
    coin: coinOf(job, algorithm ?? (form !== null && isTaris(form) ? form : null)),
    height,
  };
}

function isPrefixed(target: unknown): boolean {
  return typeof target === 'string' && /^0x[0-9a-fA-F]{1,16}$/.test(target);
}

function coinOf(job: JsonObject, algorithm: string | null): string | null {
  const id = algorithm === null ? null : (canonicalAlgorithm(algorithm) ?? algorithm);
  if (id === null) return null;
  // Others of the family say another variant, and have nonces of 4 bytes.
  if (id === 'cuckaroo29') return job.proofsize === CYCLE && job.noncebytes === 8 ? 'XTM' : null;
  return Object.hasOwn(COINS, id) ? COINS[id] : null;
}

/** Height, difficulty as a decimal, and the mining hash as base64 of 32 bytes. */
function tariMinerJob(job: JsonObject, height: number | null): Omit<CryptonoteJob, 'jobId'> | null {
  const hashes = typeof job.target === 'string' ? hashesFromDifficulty(job.target) : null;
  const isBlob = typeof job.blob === 'string' && /^[A-Za-z0-9+/]{43}=$/.test(job.blob);
  if (height === null || hashes === null || !isBlob) return null;
  return { hashes, blob: null, algorithm: 'sha3x', coin: 'XTM', height };
}

/**
 * A share: a job, a nonce, and the hash that it was found by or the cycle of edges. The nonce is null if it came as a number,
 * of which JSON keeps no more than the first digits.
 */
export function shareOf(params: JsonObject | null): SharePart | null {
  const jobId = jobIdOf(params?.job_id);
  if (params === null || jobId === null) return null;
  const nonce = nonceOf(params);
  // Tari's own miner sends the nonce as a number, and the hash under another name.
  const isNumber = nonce === null && typeof params.nonce === 'number';
  if (nonce === null && !isNumber) return null;
  const hash = isNumber ? params.hash : params.result;
  const reaches = Math.max(
    difficultiesOfResult(hash),
    isNumber ? 0 : difficultiesOfResult(params.commitment),
  );
  if (reaches > 0) return { jobId, nonce, reaches, hash: textOf(hash) };
  return !isNumber && isCycle(params.pow) ? { jobId, nonce } : null;
}

/** Eight digits of nonce; sixteen if the algorithm has a 64-bit one. */
export function nonceOf(params: JsonObject | null): string | null {
  const nonce = params?.nonce;
  return isHex(nonce, 8) || isHex(nonce, 16) ? nonce : null;
}
