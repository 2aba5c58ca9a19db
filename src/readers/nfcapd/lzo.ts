/**
 * HOT. One raw LZO1X stream (Linux kernel, Documentation/staging/lzo.rst; written by nfdump's LZO1X-1) to bytes. It
 * ends with its own marker; every copy is bounded on both sides. Left out: the run-length extension of version 1,
 * which only the kernel writes. A program for wasm.ts, which is called as that of lz4.ts.
 */
import * as w from '../../wasm.ts';
import { copyLiterals, copyMatch, fail } from './block-copies.ts';

/** State after a run of four literals or more: the next short opcode means a match of three. */
const AFTER_RUN = 4;
/** Distance of the marker of the end, which no match has. */
const END = 16_384;

export const LZO: w.Program = { parameters: 4, variables: 8, body };

function body(at: w.Local, to: w.Local, target: w.Local, limit: w.Local, ...variables: w.Local[]): w.Code {
  const [out, code, state, literals, length, distance, one, other] = variables;
  const places = { at, to, target, out, limit };
  const byte = [w.when(w.equal(at, to), fail), code.set(w.byteAt(at)), at.add(1)];
  /** A length of 0 stands for `base` and what the bytes that follow add: 255 for each that is 0, and the first other. */
  const lengthen = (base: w.Value): w.Code =>
    w.when(
      w.equal(length, 0),
      length.set(base),
      w.loopWhile(w.and(w.less(at, to), w.equal(w.byteAt(at), 0)), length.add(255), at.add(1)),
      w.when(w.equal(at, to), fail),
      length.add(w.byteAt(at)),
      at.add(1),
    );
  const mask = one;
  const word = other;

  const nearMatch = [
    w.when(w.equal(at, to), fail),
    length.set(w.add(w.shiftRight(code, 5), 1)),
    distance.set(w.add(w.shiftLeft(w.byteAt(at), 3), w.add(w.and(w.shiftRight(code, 2), 7), 1))),
    at.add(1),
    literals.set(w.and(code, 3)),
  ];
  const farMatch = [
    mask.set(7),
    w.when(w.moreOrEqual(code, 32), mask.set(31)),
    length.set(w.and(code, mask)),
    lengthen(mask),
    length.add(2),
    w.when(w.less(w.subtract(to, at), 2), fail),
    word.set(w.wordAt(at)),
    at.add(2),
    literals.set(w.and(word, 3)),
    distance.set(w.shiftRight(word, 2)),
    w.whether(
      w.moreOrEqual(code, 32),
      [distance.add(1)],
      [
        distance.add(w.add(END, w.shiftLeft(w.and(code, 8), 11))),
        w.when(w.equal(distance, END), w.giveBack(w.subtract(out, target))),
      ],
    ),
  ];
  const shortMatch = [
    w.when(w.equal(at, to), fail),
    distance.set(w.add(w.shiftLeft(w.byteAt(at), 2), w.add(w.shiftRight(code, 2), 1))),
    at.add(1),
    length.set(2),
    w.when(w.equal(state, AFTER_RUN), distance.add(2048), length.set(3)),
    literals.set(w.and(code, 3)),
  ];
  const run = [
    length.set(code),
    lengthen(15),
    length.add(3),
    copyLiterals(places, length),
    state.set(AFTER_RUN),
    distance.set(0),
  ];

  return [
    out.set(target),
    // The first byte may be a run of literals of its own.
    w.when(
      w.and(w.less(at, to), w.more(w.byteAt(at), 17)),
      length.set(w.subtract(w.byteAt(at), 17)),
      at.add(1),
      state.set(length),
      w.when(w.more(length, AFTER_RUN), state.set(AFTER_RUN)),
      copyLiterals(places, length),
    ),
    w.loopWhile(
      w.less(at, to),
      byte,
      w.whether(w.moreOrEqual(code, 64), nearMatch, [
        w.whether(w.moreOrEqual(code, 16), farMatch, [w.whether(w.equal(state, 0), run, shortMatch)]),
      ]),
      // A run has no match.
      w.when(
        w.more(distance, 0),
        copyMatch(places, length, distance, [one, other]),
        copyLiterals(places, literals),
        state.set(literals),
      ),
    ),
    // Without its end marker a stream is cut.
    fail,
  ];
}
