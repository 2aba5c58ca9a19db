/** "Certainly no address of ours": a bit for the hash of each address of a server that concerns somebody. */

import { Flow } from './flows.ts';
import { ADDRESS_BITS_AT, ADDRESS_BITS_BYTES, control } from './memory.ts';

const ADDRESS_BITS = ADDRESS_BITS_BYTES * 8;

/** The bit of an address. */
function bitOf(w0: u32, w1: u32, w2: u32, w3: u32): u32 {
  return (((w0 ^ w1 ^ w2 ^ w3) * 0x9e3779b1) >>> 16) & (ADDRESS_BITS - 1);
}

/** From now on flows with this address are told of when they end. */
export function addAddress(w0: u32, w1: u32, w2: u32, w3: u32): void {
  const bit = bitOf(w0, w1, w2, w3);
  const place = ADDRESS_BITS_AT + (bit >>> 3);
  const mask: u32 = 1 << (bit & 7);
  store<u8>(place, <u8>(load<u8>(place) | mask));
}

function mayHaveAddress(at: usize): bool {
  const bit = bitOf(load<u32>(at), load<u32>(at, 4), load<u32>(at, 8), load<u32>(at, 12));
  return (load<u8>(ADDRESS_BITS_AT + (bit >>> 3)) & (1 << (bit & 7))) !== 0;
}

/** One of its ends may be a pool's by its address. */
export function mayConcern(row: Flow): bool {
  return control.anyAddress !== 0 || mayHaveAddress(row.low) || mayHaveAddress(row.high);
}
