/**
 * Nonce digits and ages of shares, checked: digits come from the wire, times may be missing or out of order.
 */
import type { CounterShare } from './counter-input.ts';

/** Shares with what is read off each of them: several ways of counting ask for it. */
export interface ReadShares {
  readonly shares: readonly CounterShare[];
  readonly digits: readonly (string | null)[];
  readonly ages: readonly (number | null)[];
}

export function readShares(
  shares: readonly CounterShare[],
  input: { readonly roundTripUs: number | null },
): ReadShares {
  const digits: (string | null)[] = [];
  const ages: (number | null)[] = [];
  for (const share of shares) {
    digits.push(digitsOf(share.nonce));
    ages.push(ageOf(share, input));
  }
  return { shares, digits, ages };
}

/** Seconds between the miner's getting the job and its sending the share; null if the job is unknown. */
function ageOf(share: CounterShare, input: { readonly roundTripUs: number | null }): number | null {
  if (share.jobTimeUs === null || share.jobIndex < 0) return null;
  const age = (share.timeUs - share.jobTimeUs - (input.roundTripUs ?? 0)) / 1e6;
  return Number.isFinite(age) ? age : null;
}

/** The digits of a nonce in lower case without 0x, of even number and at most 64; null if it is none. */
export function digitsOf(nonce: string): string | null {
  const bare = nonce.startsWith('0x') || nonce.startsWith('0X') ? nonce.slice(2) : nonce;
  // Counting them in the pattern would unroll it 64 times, for every scan anew.
  if (bare.length < 2 || bare.length > 64 || !/^[0-9a-f]+$/i.test(bare)) return null;
  return bare.length % 2 === 0 ? bare.toLowerCase() : `0${bare.toLowerCase()}`;
}

/** The same bytes, last first, in hex. */
export function reverseBytes(digits: string): string {
  let reversed = '';
  for (let at = digits.length - 2; at >= 0; at -= 2) reversed += digits.slice(at, at + 2);
  return reversed;
}
