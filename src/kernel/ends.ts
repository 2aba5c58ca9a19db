/** Addresses of IP as rows have them: four words in host order, IPv4 as ::ffff:a.b.c.d. */

const MAPPED: u32 = 0xffff;

/** Writes an IPv4 address. All these are places in memory. */
export function putIpv4(at: usize, address: u32): void {
  v128.store(at, i32x4.replace_lane(i32x4(0, 0, MAPPED, 0), 3, address));
}

/** Writes an IPv6 address, whose sixteen bytes lie at `from` in network order. */
export function putIpv6(at: usize, from: usize): void {
  const bytes = v128.load(from);
  v128.store(at, i8x16.shuffle(bytes, bytes, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12));
}

export function copyAddress(at: usize, from: usize): void {
  v128.store(at, v128.load(from));
}

export function isSameAddress(at: usize, other: usize): bool {
  return !v128.any_true(v128.xor(v128.load(at), v128.load(other)));
}

/** True if one end sorts after the other: words of addresses as signed numbers, the last one first, then ports. */
export function sortsHigher(at: usize, port: u32, other: usize, otherPort: u32): bool {
  for (let word: i32 = 12; word >= 0; word -= 4) {
    const own = load<i32>(at + word);
    const theirs = load<i32>(other + word);
    if (own !== theirs) return own > theirs;
  }
  return port > otherPort;
}
