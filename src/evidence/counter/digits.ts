/**
 * Nonce digits and ages of shares, checked: digits come from the wire, times may be missing or out of order.
 */
import type { CounterShare } from './counter-input.ts';

/** Shares with what is read off each of them, a column each. */
export interface ReadShares {
  readonly shares: readonly CounterShare[];
  /** Nonces of four bytes, the first one the highest; NaN for others. */
  readonly nonces: Float64Array;
  /** Seconds between the miner's getting the job and its sending the share; NaN if the job is unknown. */
  readonly ages: Float64Array;
  /** Shares that have both an age and a nonce, of whatever length. */
  readonly used: number;
}

export function readShares(shares: readonly CounterShare[], roundTripUs: number | null): ReadShares {
  const nonces = new Float64Array(shares.length).fill(Number.NaN);
  const ages = new Float64Array(shares.length);
  let used = 0;
  for (let index = 0; index < shares.length; index++) {
    const { jobIndex, jobTimeUs, timeUs, nonce } = shares[index];
    const isKnown = jobTimeUs !== null && jobIndex >= 0 && Number.isFinite(timeUs - jobTimeUs);
    ages[index] = isKnown ? (timeUs - jobTimeUs - (roundTripUs ?? 0)) / 1e6 : Number.NaN;
    const digits = digitsOf(nonce);
    if (digits?.length === 8) nonces[index] = Number.parseInt(digits, 16);
    if (isKnown && digits !== null) used++;
  }
  return { shares, nonces, ages, used };
}

/** The digits of a nonce in lower case without 0x, of even number and at most 64; null if it is none. */
function digitsOf(nonce: string): string | null {
  const bare = nonce.startsWith('0x') || nonce.startsWith('0X') ? nonce.slice(2) : nonce;
  // Counting them in the pattern would unroll it 64 times, for every scan anew.
  if (bare.length < 2 || bare.length > 64 || !/^[0-9a-f]+$/i.test(bare)) return null;
  return bare.length % 2 === 0 ? bare.toLowerCase() : `0${bare.toLowerCase()}`;
}

/** The bytes of hex digits, last first. */
export function reverseBytes(digits: string): string {
  let reversed = '';
  for (let at = digits.length - 2; at >= 0; at -= 2) reversed += digits.slice(at, at + 2);
  return reversed;
}
