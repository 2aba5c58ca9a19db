/**
 * One raw LZO1X stream (Linux kernel, Documentation/staging/lzo.rst; written by nfdump's LZO1X-1) to bytes. It ends with
 * its own marker; every copy is bounded on both sides. Left out: the run-length extension of version 1, which only the
 * kernel of Linux writes.
 */
import { copyLiterals, copyMatch } from '../copies.ts';

/** State after a run of four literals or more: the next short opcode means a match of three. */
const AFTER_RUN: u32 = 4;
/** Distance of the marker of the end, which no match has. */
const END: usize = 16_384;
const BROKEN: usize = usize.MAX_VALUE;

let at: usize = 0;

/** A length of 0 stands for `base` and what follows: 255 for each byte that is 0, and the first other. */
function lengthen(length: usize, base: usize, to: usize): usize {
  if (length !== 0) return length;
  let sum = base;
  while (at < to && load<u8>(at) === 0) {
    sum += 255;
    at++;
  }
  return at < to ? sum + load<u8>(at++) : BROKEN;
}

/** Decodes [from, to) to [target, limit); returns how many bytes it made, -1 if the stream is broken. */
export function decodeLzo(from: usize, to: usize, target: usize, limit: usize): i32 {
  let out = target;
  let state: u32 = 0;
  at = from;
  // The first byte may be a run of literals of its own.
  if (at < to && load<u8>(at) > 17) {
    const length = <usize>load<u8>(at++) - 17;
    if (length > to - at || length > limit - out) return -1;
    copyLiterals(out, at, length);
    at += length;
    out += length;
    state = min(<u32>length, AFTER_RUN);
  }
  while (at < to) {
    const code = <u32>load<u8>(at++);
    let length: usize;
    let distance: usize;
    let literals: u32;
    if (code >= 64) {
      if (at === to) return -1;
      length = (code >> 5) + 1;
      distance = ((<usize>load<u8>(at++)) << 3) + ((code >> 2) & 7) + 1;
      literals = code & 3;
    } else if (code >= 16) {
      const mask: u32 = code >= 32 ? 31 : 7;
      length = lengthen(code & mask, mask, to);
      if (length === BROKEN || to - at < 2) return -1;
      length += 2;
      const word = <u32>load<u16>(at);
      at += 2;
      literals = word & 3;
      distance = word >> 2;
      if (code >= 32) distance += 1;
      else {
        distance += END + ((code & 8) << 11);
        if (distance === END) return <i32>(out - target);
      }
    } else if (state === 0) {
      length = lengthen(code, 15, to);
      if (length === BROKEN) return -1;
      length += 3;
      if (length > to - at || length > limit - out) return -1;
      copyLiterals(out, at, length);
      at += length;
      out += length;
      state = AFTER_RUN;
      continue;
    } else {
      if (at === to) return -1;
      distance = ((<usize>load<u8>(at++)) << 2) + (code >> 2) + 1;
      length = 2;
      if (state === AFTER_RUN) {
        distance += 2048;
        length = 3;
      }
      literals = code & 3;
    }
    if (distance > out - target || length > limit - out) return -1;
    copyMatch(out, distance, length);
    out += length;
    if (literals > to - at || literals > limit - out) return -1;
    copyLiterals(out, at, literals);
    at += literals;
    out += literals;
    state = literals;
  }
  // Without its end marker a stream is cut.
  return -1;
}
