/**
 * One raw LZ4 block (lz4_Block_format.md of the LZ4 project) to bytes: sequences of literals and a match, no frame, no
 * size; the end of the input ends it. Every copy is bounded on both sides.
 *
 * Token: number of literals | length of the match less 4; 15 goes on in the bytes that follow, up to the first below 255.
 */
import { copyLiterals, copyMatch } from '../copies.ts';

/** Where the length ends that goes on in further bytes, and what it is. */
let at: usize = 0;

function lengthen(length: usize, to: usize): usize {
  let sum = length;
  let more: u32 = 255;
  while (more === 255 && at < to) {
    more = load<u8>(at++);
    sum += more;
  }
  return more === 255 ? usize.MAX_VALUE : sum;
}

/**
 * Decodes [from, to) to [target, limit), where matches may reach back to `history`; returns how many bytes it made, -1
 * if the block is broken.
 */
export function decodeLz4(from: usize, to: usize, history: usize, target: usize, limit: usize): i32 {
  let out = target;
  at = from;
  while (at < to) {
    const token = load<u8>(at++);
    let length = <usize>(token >> 4);
    if (length === 15) length = lengthen(length, to);
    if (length > to - at || length > limit - out) return -1;
    copyLiterals(out, at, length);
    at += length;
    out += length;
    // Only the last sequence has no match.
    if (at === to) return <i32>(out - target);
    if (to - at < 2) return -1;
    const distance = <usize>load<u16>(at);
    at += 2;
    length = <usize>(token & 15);
    if (length === 15) length = lengthen(length, to);
    if (length === usize.MAX_VALUE) return -1;
    length += 4;
    if (distance === 0 || distance > out - history || length > limit - out) return -1;
    copyMatch(out, distance, length);
    out += length;
  }
  // A block ends with literals.
  return -1;
}
