/**
 * Compares a counter's rate with the number of shares. If there are far fewer than so many hashes would find, it did not
 * count hashes. If there are more than they can find, some devices were not distinguished.
 */
import type { CounterShare } from './counter-input.ts';

/** Hashes that shares do not show (refused, submitted elsewhere), as a factor. */
const UNSHOWN = 4;
/** ln likelihood by which a number of shares is beyond chance. */
const LOG_CHANCE = Math.log(20);

/** What the shares of a span stand for, also of those without a place in it; null if one cannot be priced. */
export function worksWithin(shares: readonly CounterShare[], fromUs: number, toUs: number): number[] | null {
  const works: number[] = [];
  for (const { timeUs, workHashes } of shares) {
    if (!(timeUs >= fromUs && timeUs <= toUs)) continue;
    if (workHashes === null || !(workHashes > 0)) return null;
    works.push(workHashes);
  }
  return works;
}

/**
 * Whether the shares say that a rate between `low` and `high` (hashes a second) is far too high, or too low; null if
 * neither.
 */
export function besideShares(
  shares: readonly CounterShare[],
  low: number,
  high: number,
): 'too-high' | 'too-low' | null {
  const fromUs = shares[0]?.timeUs ?? 0;
  const toUs = shares.at(-1)?.timeUs ?? 0;
  // The time before the first share is nobody's.
  const works = worksWithin(shares, fromUs, toUs)?.slice(1) ?? [];
  let work = 0;
  let squares = 0;
  for (const one of works) {
    work += one;
    squares += one ** 2;
  }
  const seconds = (toUs - fromUs) / 1e6;
  if (!(work > 0) || !(seconds > 0)) return null;
  // Of shares of unlike difficulty, as many of one that scatter alike.
  const count = work ** 2 / squares;
  const isFar = (expected: number): boolean =>
    count * Math.log(count / expected) - (count - expected) > LOG_CHANCE;
  const least = (count * low * seconds) / work / UNSHOWN;
  const most = (count * high * seconds) / work;
  if (least > count && isFar(least)) return 'too-high';
  return most < count && isFar(most) ? 'too-low' : null;
}
