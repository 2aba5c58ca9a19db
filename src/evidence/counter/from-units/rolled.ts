/**
 * The digits that a Stratum v1 miner chooses besides the nonce, as counters of units of work: extranonce2, written
 * either way; extranonce2 with the version bits as its lower digits (version rolling, BIP 310); the time, counted from
 * that of the job. Which of them counts, if any, is for the shares to say.
 */
import type { CounterShare } from '../counter-input.ts';
import { digitsOf, reverseBytes } from '../digits.ts';

/** One way of reading the digits: a value for each share, null if it has none. */
interface RolledCounter {
  readonly values: readonly (bigint | null)[];
  /** The time is also a clock on the wall: what runs at one count a second proves nothing. */
  readonly isTime: boolean;
  /** The part of the range of version bits in one count that shares show in use, 0 to 1, and its relative deviation. */
  readonly used: number;
  readonly usedDeviation: number;
}

/** Added to times less those of their jobs, so that the miner's clock may be behind. */
const LEEWAY_SECONDS = 1 << 20;

/** Shares that leave the rest of a range empty by chance less often than this show that it is not used. */
const LOG_EMPTY = Math.log(1000);
const WHOLE = { used: 1, usedDeviation: 0 };

/** All counters that the shares have digits for. */
export function rolledCounters(shares: readonly CounterShare[]): RolledCounter[] {
  const counters: RolledCounter[] = [];
  const mask = rolledBits(shares);
  const versions = shares.map(({ version }) => {
    const value = numberOf(version ?? null, false);
    return value === null ? null : Number(packed(value, mask));
  });
  const range = rangeOf(versions, 2 ** mask.length);
  const part = { used: range.size / 2 ** mask.length, usedDeviation: range.deviation };
  for (const isReversed of [false, true]) {
    const plain = shares.map(({ extraNonce2 }) => numberOf(extraNonce2 ?? null, isReversed));
    if (!plain.some((value) => value !== null)) continue;
    counters.push({ values: plain, isTime: false, ...part });
    if (mask.length < 2) continue;
    const values = plain.map((value, index) => {
      const version = versions[index] ?? null;
      return value === null || version === null
        ? null
        : value * BigInt(range.size) + BigInt(version - range.low);
    });
    counters.push({ values, isTime: false, ...WHOLE });
  }
  const times = shares.map(({ time, jobTimeUs }) => {
    const digits = numberOf(time ?? null, false);
    if (digits === null || jobTimeUs === null || digits >= 2n ** 32n) return null;
    const seconds = Number(digits) - Math.floor(jobTimeUs / 1e6) + LEEWAY_SECONDS;
    return Number.isFinite(seconds) && seconds >= 0 ? BigInt(seconds) : null;
  });
  if (times.some((value) => value !== null)) counters.push({ values: times, isTime: true, ...WHOLE });
  return counters;
}

function numberOf(text: string | null, isReversed: boolean): bigint | null {
  const digits = text === null ? null : digitsOf(text);
  return digits === null ? null : BigInt(`0x${isReversed ? reverseBytes(digits) : digits}`);
}

/**
 * The versions that a unit of work goes through: all that the bits allow, or those from the lowest to the highest that
 * shares show, where so many shares would not leave the others out by chance. Some miners take up new work before all
 * versions are through.
 */
function rangeOf(
  versions: readonly (number | null)[],
  whole: number,
): { readonly low: number; readonly size: number; readonly deviation: number } {
  let low = whole;
  let high = 0;
  let count = 0;
  for (const version of versions) {
    if (version === null) continue;
    low = Math.min(low, version);
    high = Math.max(high, version);
    count += 1;
  }
  // As far beyond the outermost as these lie apart on average.
  const size =
    count < 2 ? whole : Math.min(whole, Math.round(((high - low) * (count + 1)) / (count - 1)) + 1);
  if (count * Math.log(whole / size) < LOG_EMPTY) return { low: 0, size: whole, deviation: 0 };
  return { low, size, deviation: Math.SQRT2 / count };
}

/** The places of the version bits that differ between shares, lowest first; at most 32. */
function rolledBits(shares: readonly CounterShare[]): number[] {
  let first: bigint | null = null;
  let moved = 0n;
  for (const { version } of shares) {
    const value = numberOf(version ?? null, false);
    if (value === null || value >= 2n ** 32n) continue;
    first ??= value;
    moved |= value ^ first;
  }
  const places: number[] = [];
  for (let place = 0; place < 32; place += 1) if (((moved >> BigInt(place)) & 1n) === 1n) places.push(place);
  return places;
}

/** The bits at those places, side by side. */
function packed(version: bigint, places: readonly number[]): bigint {
  let value = 0n;
  for (const [at, place] of places.entries()) value |= ((version >> BigInt(place)) & 1n) << BigInt(at);
  return value;
}
