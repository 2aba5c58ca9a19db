/** What a file holds unpacked, as a hash: a copy, renamed or compressed meanwhile, has the same. */
import { createHash } from 'node:crypto';
import type { SourceRef } from './byte-source.ts';

const READ_BYTES = 1 << 20;

/** SHA-256 in hex. Bytes that cannot be unpacked end it. */
export async function contentHash(ref: SourceRef): Promise<string> {
  const source = await ref.open();
  try {
    const hash = createHash('sha256');
    const buffer = new Uint8Array(READ_BYTES);
    for (let count = await source.fill(buffer); count > 0; count = await source.fill(buffer)) {
      hash.update(buffer.subarray(0, count));
    }
    return hash.digest('hex');
  } finally {
    await source.close();
  }
}
