/**
 * How much compressed bytes may unpack to. Two kilobytes of bzip2 can hold gigabytes of zeros. The limit is a count and
 * no clock, so that the same file always gives the same audit; as output is bounded, so is the time.
 */

import { limits } from '../limits.ts';

/** True if `unpacked` bytes are more than `stored` bytes may hold. */
export function isBomb(unpacked: number, stored: number): boolean {
  const most = limits['unpack-free'] + stored * limits['unpack-ratio'];
  return unpacked > Math.min(most, limits['unpack-total']);
}
