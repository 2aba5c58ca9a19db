/**
 * SipHash-1-3 (Aumasson and Bernstein, 2012) of the two ends of a connection under a secret key: who does not know the key
 * cannot aim connections at one place of a table. What is hashed are the 36 bytes of both addresses and both ports.
 */

/** Bytes of the key in a kernel's memory, which its driver draws at random. */
const KEY_BYTES: u32 = 16;
/** Entries that one may meet on the way to its place, in a table at most half full: by chance never more than some 100. */
export const MOST_PROBES: u32 = 512;

const ENDS_BYTES: u64 = 36;
const BLOCKS = 4;
/** One round a block and one for what is left behind them, then three for the end: their word is 0, which changes nothing. */
const ROUNDS = BLOCKS + 1 + 3;

/** The lower half of the hash. Each address has 16 bytes of memory. */
export function hashOfEnds(keyAt: usize, low: usize, high: usize, ports: u32): u32 {
  const key0 = load<u64>(keyAt);
  const key1 = load<u64>(keyAt + 8);
  let v0 = key0 ^ 0x736f6d6570736575;
  let v1 = key1 ^ 0x646f72616e646f6d;
  let v2 = key0 ^ 0x6c7967656e657261;
  let v3 = key1 ^ 0x7465646279746573;
  for (let i = 0; i < ROUNDS; i++) {
    let word: u64 = 0;
    if (i < BLOCKS) word = load<u64>(i < 2 ? low + (i << 3) : high + ((i - 2) << 3));
    else if (i === BLOCKS) word = (ENDS_BYTES << 56) | <u64>ports;
    v3 ^= word;
    v0 += v1;
    v2 += v3;
    v1 = rotl<u64>(v1, 13) ^ v0;
    v3 = rotl<u64>(v3, 16) ^ v2;
    v0 = rotl<u64>(v0, 32) + v3;
    v2 += v1;
    v3 = rotl<u64>(v3, 21) ^ v0;
    v1 = rotl<u64>(v1, 17) ^ v2;
    v2 = rotl<u64>(v2, 32);
    v0 ^= word;
    if (i === BLOCKS) v2 ^= 0xff;
  }
  return <u32>(v0 ^ v1 ^ v2 ^ v3);
}

/** Makes another key of this one. */
export function changeKey(keyAt: usize): void {
  for (let i: u32 = 0; i < KEY_BYTES; i += 4) store<u32>(keyAt + i, hashOfEnds(keyAt, keyAt, keyAt, i));
}
