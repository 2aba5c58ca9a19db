/**
 * "Certainly no name of ours", told in place: a bit for the hash of each name that concerns somebody, and for a host name
 * the hash of each of its suffixes, computed from the last byte backwards. A hit only says maybe.
 */
import { NAME_BITS, NAME_BITS_AT } from './memory.ts';

export const DOT: u32 = 0x2e;
export const SEED: u32 = 0x811c9dc5;
const PRIME: u32 = 0x01000193;

/** Letters count in lower case; that a few signs then count as others only adds to the hits. */
export function step(hash: u32, byte: u32): u32 {
  return (hash ^ (byte | 0x20)) * PRIME;
}

export function has(hash: u32): bool {
  const mixed = hash ^ (hash >>> 15);
  return (load<u8>(NAME_BITS_AT + ((mixed & (NAME_BITS - 1)) >>> 3)) & (1 << (mixed & 7))) !== 0;
}

/** From now on this name, in memory [from, to), and all below it may be held. */
export function addName(from: u32, to: u32): void {
  let hash = SEED;
  for (let at = to; at > from; at--) hash = step(hash, load<u8>(at - 1));
  const mixed = hash ^ (hash >>> 15);
  const place = NAME_BITS_AT + ((mixed & (NAME_BITS - 1)) >>> 3);
  const bit: u32 = 1 << (mixed & 7);
  store<u8>(place, <u8>(load<u8>(place) | bit));
}

/** The host name in memory [from, to). */
export function mayHold(from: u32, to: u32): bool {
  let hash = SEED;
  let at = to;
  if (at > from && load<u8>(at - 1) === DOT) at--; // the root
  for (; at > from; at--) {
    const byte = <u32>load<u8>(at - 1);
    if (byte === DOT && has(hash)) return true;
    hash = step(hash, byte);
  }
  return has(hash);
}
