/**
 * Copies sixteen bytes at a time: of rows, and what decoders of LZ77 have in common, literals, and matches with what was made
 * before. Those of decoders may go up to SLACK bytes beyond their end, where nobody's bytes may lie.
 */

/** Copies `length` bytes, a multiple of 64: V8 has no copy of its own for shared memory, and calls one that is slow. */
export function copyBlocks(to: usize, from: usize, length: usize): void {
  for (let at: usize = 0; at < length; at += 64) {
    v128.store(to + at, v128.load(from + at));
    v128.store(to + at, v128.load(from + at, 16), 16);
    v128.store(to + at, v128.load(from + at, 32), 32);
    v128.store(to + at, v128.load(from + at, 48), 48);
  }
}

/** Copies `length` bytes. */
export function copyLiterals(to: usize, from: usize, length: usize): void {
  if (length <= 16) v128.store(to, v128.load(from));
  else memory.copy(to, from, length);
}

/** Copies `length` bytes from `distance` back, which may overlap what they make. */
export function copyMatch(to: usize, distance: usize, length: usize): void {
  const end = to + length;
  const from = to - distance;
  let at = to;
  // A pattern of fewer than sixteen bytes is laid down behind itself until there are so many.
  while (at - from < 16) {
    v128.store(at, v128.load(from));
    at += at - from;
  }
  const back = at - from;
  do {
    v128.store(at, v128.load(at - back));
    at += 16;
  } while (at < end);
}
