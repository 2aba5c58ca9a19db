/** The compressions of nfcapd blocks: no block says how large it was, so all end in one buffer of nfdump's own size. */
import type { RecordsKernel } from '../../rows/records-kernel.ts';
import { AT, BLOCK_LIMIT } from '../../schema/records-memory.ts';
import { Bzip2 } from '../../sources/bzip2-blocks.ts';
import { decodeZstd } from '../../sources/zstd.ts';

/** Decodes bytes [from, to) of the kernel's memory to where plain blocks lie; returns how many it made, -1 if it is broken. */
export type BlockDecoder = (from: number, to: number) => number;

/** Decoders by the number that layout 2 gives them, 1 to 4. */
export function blockDecoder(compression: number, { calls, bytes }: RecordsKernel): BlockDecoder {
  const target = AT.plain;
  const limit = target + BLOCK_LIMIT;
  if (compression === 1) return (from, to) => calls.decodeLzo(from, to, target, limit);
  if (compression === 3) return (from, to) => calls.decodeLz4(from, to, target, target, limit);
  const plain = bytes.subarray(target, limit);
  if (compression === 2) {
    const bzip2 = new Bzip2();
    return (from, to) => bzip2.decode(bytes, from, to, plain);
  }
  return (from, to) => decodeZstd(bytes.subarray(from, to), plain);
}
