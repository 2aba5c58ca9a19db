/** What a file holds unpacked, as a hash: a copy, renamed or compressed meanwhile, has the same. */
import { createHash } from 'node:crypto';
import type { SourceRef } from './byte-source.ts';

const READ_BYTES = 1 << 20;

/** SHA-256 in hex. Bytes that cannot be unpacked end it. Null if nothing could be read: such files are not alike. */
export async function contentHash(ref: SourceRef): Promise<string | null> {
  const { whole, bytes } = await contentHashes(ref, []);
  return bytes === 0 ? null : whole;
}

/**
 * SHA-256 of all bytes, and of the first ones: of as many as each of `places` says, if there are so many. `isUnpacked`: they
 * were compressed, and unpacked to their end.
 */
export async function contentHashes(
  ref: SourceRef,
  places: readonly number[],
): Promise<{
  readonly whole: string;
  readonly bytes: number;
  readonly at: ReadonlyMap<number, string>;
  readonly isUnpacked: boolean;
}> {
  const source = await ref.open();
  try {
    const hash = createHash('sha256');
    const buffer = new Uint8Array(READ_BYTES);
    const wanted = [...new Set(places)].sort((a, b) => a - b);
    const at = new Map<number, string>();
    let bytes = 0;
    for (;;) {
      while (wanted[0] === bytes) {
        at.set(bytes, hash.copy().digest('hex'));
        wanted.shift();
      }
      const most = Math.min(buffer.length, (wanted[0] ?? Number.POSITIVE_INFINITY) - bytes);
      const count = await source.fill(buffer.subarray(0, most));
      if (count === 0) {
        const isUnpacked = source.compression.length > 0 && source.damage === null;
        return { whole: hash.digest('hex'), bytes, at, isUnpacked };
      }
      hash.update(buffer.subarray(0, count));
      bytes += count;
    }
  } finally {
    await source.close();
  }
}
