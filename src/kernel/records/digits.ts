/** Digits of a decimal number, eight at a time: what a loop over them would do in as many steps. */

const ZEROS: u64 = 0x3030303030303030;
const HIGHEST_BITS: u64 = 0x8080808080808080;

/** How many digits stand at a place, 8 at most. Eight bytes are read. */
export function digitsAt(at: usize): u32 {
  const values = load<u64>(at) ^ ZEROS;
  const others = ((values + 0x7676767676767676) | values) & HIGHEST_BITS;
  return others === 0 ? 8 : <u32>ctz(others) >> 3;
}

/** The number that so many digits make, 1 to 8; those that are missing are zeros in front. */
export function numberAt(at: usize, digits: u32): u64 {
  const missing: u64 = 64 - (digits << 3);
  let values = (load<u64>(at) ^ ZEROS) << missing;
  // Pairs, fours, eight.
  values = ((values * 2561) >> 8) & 0x00ff00ff00ff00ff;
  values = ((values * 6_553_601) >> 16) & 0x0000ffff0000ffff;
  return (values * 42_949_672_960_001) >> 32;
}
