/** The compressions of nfcapd blocks: no block says how large it was, so all end in one buffer of nfdump's own size. */
import { Bzip2 } from '../sources/bzip2-blocks.ts';
import { decodeLz4 } from './lz4.ts';
import { decodeLzo } from './lzo.ts';
import { Zstd } from './zstd.ts';

/** nfdump's buffer; no block is larger, compressed or not. */
export const BLOCK_LIMIT = 5 * 1024 * 1024;

/** Decodes source[from, to) into `target`; returns the bytes produced, -1 where the block is broken. */
export type BlockDecoder = (source: Uint8Array, from: number, to: number, target: Uint8Array) => number;

/** Decoders by the number that layout 2 gives them; 0 is uncompressed. */
export function blockDecoder(compression: number): BlockDecoder | null {
  switch (compression) {
    case 1:
      return decodeLzo;
    case 2: {
      const bzip2 = new Bzip2();
      return (source, from, to, target) => bzip2.decode(source, from, to, target);
    }
    case 3:
      return decodeLz4;
    case 4: {
      const zstd = new Zstd();
      return (source, from, to, target) => zstd.decode(source, from, to, target);
    }
    default:
      return null;
  }
}
