/**
 * HOT. One raw LZ4 block (lz4_Block_format.md of the LZ4 project) to bytes: sequences of literals and a match, no
 * frame, no size; the end of the input ends it. Every copy is bounded on both sides. A program for wasm.ts: it decodes
 * [at, to) of its memory to [target, limit) and gives back how many bytes it made, -1 where the block is broken.
 */
import * as w from '../../wasm.ts';
import { copyLiterals, copyMatch, fail } from './block-copies.ts';

export const LZ4: w.Program = { parameters: 4, variables: 6, body };

function body(at: w.Local, to: w.Local, target: w.Local, limit: w.Local, ...variables: w.Local[]): w.Code {
  const [out, token, length, distance, one, other] = variables;
  const places = { at, to, target, out, limit };
  const more = one;
  /** A length of 15 in a token goes on in the bytes that follow, up to the first that is not 255. */
  const lengthen = w.when(
    w.equal(length, 15),
    more.set(255),
    w.loopWhile(
      w.equal(more, 255),
      w.when(w.equal(at, to), fail),
      more.set(w.byteAt(at)),
      at.add(1),
      length.add(more),
    ),
  );
  return [
    out.set(target),
    w.loopWhile(
      w.less(at, to),
      token.set(w.byteAt(at)),
      at.add(1),
      length.set(w.shiftRight(token, 4)),
      lengthen,
      copyLiterals(places, length),
      // Only the last sequence has no match.
      w.when(w.equal(at, to), w.giveBack(w.subtract(out, target))),
      w.when(w.less(w.subtract(to, at), 2), fail),
      distance.set(w.wordAt(at)),
      at.add(2),
      length.set(w.and(token, 15)),
      lengthen,
      length.add(4),
      copyMatch(places, length, distance, [one, other]),
    ),
    w.when(w.equal(out, target), fail),
    w.giveBack(w.subtract(out, target)),
  ];
}
