/** "Certainly no address of ours": a bit for the hash of each address of a server that concerns somebody. */

import { Flow } from './flows.ts';
import { ADDRESS_BITS_AT, ADDRESS_BITS_BYTES, control } from './memory.ts';

const ADDRESS_BITS = ADDRESS_BITS_BYTES * 8;

function addressHash(w0: u32, w1: u32, w2: u32, w3: u32): u32 {
  const hash = (w0 ^ w1 ^ w2 ^ w3) * 0x9e3779b1;
  return hash >>> 16;
}

/** From now on flows with this address are told of when they end. */
export function addAddress(w0: u32, w1: u32, w2: u32, w3: u32): void {
  const hash = addressHash(w0, w1, w2, w3) & (ADDRESS_BITS - 1);
  const place = ADDRESS_BITS_AT + (hash >>> 3);
  const bit: u32 = 1 << (hash & 7);
  store<u8>(place, <u8>(load<u8>(place) | bit));
}

function mayHaveAddress(w0: u32, w1: u32, w2: u32, w3: u32): bool {
  const hash = addressHash(w0, w1, w2, w3) & (ADDRESS_BITS - 1);
  return (load<u8>(ADDRESS_BITS_AT + (hash >>> 3)) & (1 << (hash & 7))) !== 0;
}

/** One of its ends may be a pool's by its address. */
export function mayConcern(row: Flow): bool {
  if (control.anyAddress !== 0) return true;
  return (
    mayHaveAddress(row.low0, row.low1, row.low2, row.low3) ||
    mayHaveAddress(row.high0, row.high1, row.high2, row.high3)
  );
}
