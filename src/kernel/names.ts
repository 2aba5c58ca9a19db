/**
 * "Certainly no name of ours", told in place: two bits for the hash of each name that concerns somebody, and for a host name
 * the hash of each of its suffixes, computed from the last byte backwards. A hit only says maybe: with the 3,500 names of the
 * catalogue of one other name in 500.
 */
import { NAME_BITS } from './name-bits.ts';

export const DOT: u32 = 0x2e;
export const SEED: u32 = 0x811c9dc5;
const PRIME: u32 = 0x01000193;

/** Letters count in lower case; that a few signs then count as others only adds to the hits. */
export function step(hash: u32, byte: u32): u32 {
  return (hash ^ (byte | 0x20)) * PRIME;
}

export function has(bitsAt: usize, hash: u32): bool {
  const mixed = hash ^ (hash >>> 15);
  return hasBit(bitsAt, mixed) && hasBit(bitsAt, secondOf(mixed));
}

function hasBit(bitsAt: usize, bit: u32): bool {
  return (load<u8>(bitsAt + ((bit & (NAME_BITS - 1)) >>> 3)) & (1 << (bit & 7))) !== 0;
}

function addBit(bitsAt: usize, bit: u32): void {
  const place = bitsAt + ((bit & (NAME_BITS - 1)) >>> 3);
  const mask: u32 = 1 << (bit & 7);
  store<u8>(place, <u8>(load<u8>(place) | mask));
}

function secondOf(mixed: u32): u32 {
  return (mixed * 0x9e3779b1) >>> 14;
}

/** From now on this name, in memory [from, to), and all below it may be held. */
export function addName(bitsAt: usize, from: usize, to: usize): void {
  let hash = SEED;
  for (let at = to; at > from; at--) hash = step(hash, load<u8>(at - 1));
  const mixed = hash ^ (hash >>> 15);
  addBit(bitsAt, mixed);
  addBit(bitsAt, secondOf(mixed));
}

/** The host name in memory [from, to). */
export function mayHold(bitsAt: usize, from: usize, to: usize): bool {
  let hash = SEED;
  let at = to;
  if (at > from && load<u8>(at - 1) === DOT) at--; // the root
  for (; at > from; at--) {
    const byte = <u32>load<u8>(at - 1);
    if (byte === DOT && has(bitsAt, hash)) return true;
    hash = step(hash, byte);
  }
  return has(bitsAt, hash);
}
