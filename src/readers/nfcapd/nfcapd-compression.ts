/** The compressions of nfcapd blocks: no block says how large it was, so all end in one buffer of nfdump's own size. */
import { Bzip2 } from '../../sources/bzip2-blocks.ts';
import { instantiate, type SharedMemory } from '../../wasm.ts';
import { OVERRUN } from './block-copies.ts';
import { LZ4 } from './lz4.ts';
import { LZO } from './lzo.ts';
import { Zstd } from './zstd.ts';

/** nfdump's buffer; no block is larger, compressed or not. */
export const BLOCK_LIMIT = 5 * 1024 * 1024;
/** Bytes from one block in memory to the next. */
export const BLOCK_ROOM = BLOCK_LIMIT + OVERRUN;

/**
 * Decodes [from, to) of its memory to [target, limit), less than OVERRUN bytes behind which may be overwritten; returns
 * the bytes produced, -1 where the block is broken.
 */
export type BlockDecoder = (from: number, to: number, target: number, limit: number) => number;

/** Decoders by the number that layout 2 gives them; 0 is uncompressed, and nothing stands for none else. */
export function blockDecoder(compression: number, memory: SharedMemory): BlockDecoder {
  switch (compression) {
    case 1:
      return instantiate(LZO, memory);
    case 3:
      return instantiate(LZ4, memory);
    default: {
      const decoder = compression === 2 ? new Bzip2() : new Zstd();
      const bytes = new Uint8Array(memory.buffer);
      return (from, to, target, limit) => decoder.decode(bytes, from, to, bytes.subarray(target, limit));
    }
  }
}
