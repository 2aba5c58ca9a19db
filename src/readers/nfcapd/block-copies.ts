/** What decoders of LZ77 have in common, as programs for wasm.ts: literals, and matches with what was made before. */
import * as w from '../../wasm.ts';

/**
 * Copies are made sixteen bytes at a time and go beyond the end of what they make, and read beyond the end of what is
 * there, by less than this. It must be room of nobody.
 */
export const OVERRUN = 64;

/** Says that the block is broken. */
export const fail = w.giveBack(-1);

/** Where a decoder reads and writes. */
export interface Places {
  readonly at: w.Local;
  /** End of what is read. */
  readonly to: w.Local;
  readonly target: w.Local;
  readonly out: w.Local;
  /** End of the room for what is made. */
  readonly limit: w.Local;
}

/** Copies `length` bytes of the source. */
export function copyLiterals({ at, to, out, limit }: Places, length: w.Local): w.Code {
  return [
    w.when(w.or(w.more(length, w.subtract(to, at)), w.more(length, w.subtract(limit, out))), fail),
    w.whether(w.lessOrEqual(length, 16), [w.copySixteen(out, at)], [w.copyBytes(out, at, length)]),
    at.add(length),
    out.add(length),
  ];
}

/** Copies `length` bytes from `distance` back, which may overlap what they make. Needs two variables more. */
export function copyMatch(
  { target, out, limit }: Places,
  length: w.Local,
  distance: w.Local,
  [from, end]: readonly [w.Local, w.Local],
): w.Code {
  return [
    w.when(w.equal(distance, 0), fail),
    w.when(w.or(w.more(distance, w.subtract(out, target)), w.more(length, w.subtract(limit, out))), fail),
    end.set(w.add(out, length)),
    from.set(w.subtract(out, distance)),
    // A pattern of fewer than sixteen bytes is laid down behind itself until there are so many.
    w.loopWhile(
      w.less(distance, 16),
      w.copySixteen(out, from),
      out.add(distance),
      distance.set(w.subtract(out, from)),
    ),
    w.loopAsLongAs([w.copySixteen(out, from), out.add(16), from.add(16)], w.less(out, end)),
    out.set(end),
  ];
}
