/**
 * Memory for what waits: fragments, segments, messages whose end has not come. Blocks have sizes of powers of two; free ones
 * hang in a list for each size, and a larger one is halved if there is none. Who takes a block has a limit of its own; if all
 * of them together want more than there is, they get none, and count what they cannot keep.
 */

import { HEAP_LISTS_AT } from './memory.ts';

const LEAST_BITS: u32 = 6;
const MOST_BITS: u32 = 30;

/** Nothing above was ever in use. */
export let heapTop: u32 = 0;
let heapEnd: u32 = 0;

export function beginHeap(from: u32, to: u32): void {
  heapTop = from;
  heapEnd = to;
}

function bitsFor(bytes: u32): u32 {
  return max(LEAST_BITS, 32 - clz<u32>(max(bytes, 1) - 1));
}

function listOf(bits: u32): usize {
  return HEAP_LISTS_AT + (bits << 2);
}

/** Bytes that a block for so many has. */
export function roomFor(bytes: u32): u32 {
  return 1 << bitsFor(bytes);
}

/** A block, with whatever was in it; 0 if there is no room. */
export function allocate(bytes: u32): u32 {
  const bits = bitsFor(bytes);
  if (bits > MOST_BITS) return 0;
  const free = take(bits);
  if (free !== 0) return free;
  if (heapEnd - heapTop >= 1 << bits) {
    heapTop += 1 << bits;
    return heapTop - (1 << bits);
  }
  for (let larger = bits + 1; larger <= MOST_BITS; larger++) {
    const block = take(larger);
    if (block === 0) continue;
    for (let half = larger - 1; half >= bits; half--) put(block + (1 << half), half);
    return block;
  }
  return 0;
}

/** Gives back a block that was taken for so many bytes. */
export function release(block: u32, bytes: u32): void {
  put(block, bitsFor(bytes));
}

function take(bits: u32): u32 {
  const block = load<u32>(listOf(bits));
  if (block !== 0) store<u32>(listOf(bits), load<u32>(block));
  return block;
}

function put(block: u32, bits: u32): void {
  store<u32>(block, load<u32>(listOf(bits)));
  store<u32>(listOf(bits), block);
}
