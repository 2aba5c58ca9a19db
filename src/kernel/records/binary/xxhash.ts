/** xxHash of 32 bits with seed 0 (xxhash_spec.md of the xxHash project, 0.1.1), piece by piece: the checksum of LZ4. */
import { HASHES_AT } from '../memory.ts';

const PRIME_1: u32 = 0x9e3779b1;
const PRIME_2: u32 = 0x85ebca77;
const PRIME_3: u32 = 0xc2b2ae3d;
const PRIME_4: u32 = 0x27d4eb2f;
const PRIME_5: u32 = 0x165667b1;
const STRIPE: usize = 16;

/** What was added to one hash; behind it lie the bytes that do not fill a stripe yet. */
@unmanaged
class Hash {
  lane1: u32;
  lane2: u32;
  lane3: u32;
  lane4: u32;
  length: usize;
  restBytes: usize;
}

function hashOf(which: usize): Hash {
  return changetype<Hash>(HASHES_AT + which * (offsetof<Hash>() + STRIPE));
}

function restOf(hash: Hash): usize {
  return changetype<usize>(hash) + offsetof<Hash>();
}

function round(direction: u32, word: u32): u32 {
  return rotl<u32>(direction + word * PRIME_2, 13) * PRIME_1;
}

function addStripes(hash: Hash, from: usize, to: usize): void {
  let lane1 = hash.lane1;
  let lane2 = hash.lane2;
  let lane3 = hash.lane3;
  let lane4 = hash.lane4;
  for (let at = from; at < to; at += STRIPE) {
    lane1 = round(lane1, load<u32>(at));
    lane2 = round(lane2, load<u32>(at + 4));
    lane3 = round(lane3, load<u32>(at + 8));
    lane4 = round(lane4, load<u32>(at + 12));
  }
  hash.lane1 = lane1;
  hash.lane2 = lane2;
  hash.lane3 = lane3;
  hash.lane4 = lane4;
}

/** Begins one of two hashes, 0 or 1. */
export function beginHash(which: usize): void {
  const hash = hashOf(which);
  hash.lane1 = PRIME_1 + PRIME_2;
  hash.lane2 = PRIME_2;
  hash.lane3 = 0;
  hash.lane4 = 0 - PRIME_1;
  hash.length = 0;
  hash.restBytes = 0;
}

/** Adds the bytes in [from, to). */
export function addToHash(which: usize, from: usize, to: usize): void {
  const hash = hashOf(which);
  const rest = restOf(hash);
  let at = from;
  hash.length += to - from;
  if (hash.restBytes > 0) {
    const more = min(STRIPE - hash.restBytes, to - from);
    memory.copy(rest + hash.restBytes, at, more);
    at += more;
    hash.restBytes += more;
    if (hash.restBytes < STRIPE) return;
    addStripes(hash, rest, rest + STRIPE);
  }
  const end = at + ((to - at) & ~(STRIPE - 1));
  addStripes(hash, at, end);
  hash.restBytes = to - end;
  memory.copy(rest, end, hash.restBytes);
}

/** The hash of all that was added. */
export function endHash(which: usize): u32 {
  const hash = hashOf(which);
  let sum = PRIME_5;
  if (hash.length >= STRIPE)
    sum = rotl(hash.lane1, 1) + rotl(hash.lane2, 7) + rotl(hash.lane3, 12) + rotl(hash.lane4, 18);
  // The length counts modulo 2^32.
  sum += <u32>hash.length;
  let at = restOf(hash);
  const end = at + hash.restBytes;
  for (; at + 4 <= end; at += 4) sum = rotl<u32>(sum + load<u32>(at) * PRIME_3, 17) * PRIME_4;
  for (; at < end; at++) sum = rotl<u32>(sum + <u32>load<u8>(at) * PRIME_5, 11) * PRIME_1;
  sum = (sum ^ (sum >> 15)) * PRIME_2;
  sum = (sum ^ (sum >> 13)) * PRIME_3;
  return sum ^ (sum >> 16);
}
