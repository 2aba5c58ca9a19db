/**
 * How much compressed bytes may unpack to. Two kilobytes of bzip2 can hold gigabytes of zeros. The limit is a count and
 * no clock, so that the same file always gives the same audit; as output is bounded, so is the time.
 */

/** Bytes that any input may unpack to, however small it is. */
export const FREE_BYTES = 32 * 1024 * 1024;
/** Bytes more for each stored byte. Logs and captures reach 10 to 100, and gzip cannot pass 1,032. */
export const MOST_A_BYTE = 250;

/** True if `unpacked` bytes are more than `stored` bytes may hold. */
export function isBomb(unpacked: number, stored: number): boolean {
  return unpacked > FREE_BYTES + stored * MOST_A_BYTE;
}
