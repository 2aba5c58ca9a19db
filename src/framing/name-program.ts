/**
 * `mayConcern` (dns.ts) as instructions of WebAssembly (wasm.ts), for the loop that reads packets: most messages of DNS
 * concern nobody, and whoever tells so first spares the others. It knows the bits of a gate alone and not its set, so that
 * it says maybe a little more often.
 */
import * as w from '../wasm.ts';
import { HEADER_BYTES, MAX_ANSWERS, TYPE_CNAME } from './dns.ts';
import { BITS, DOT, MAX_LABELS, PRIME, SEED } from './name-gate.ts';

/** Where in memory the bits of a gate lie, and room for the labels of a name. */
export interface NameRoom {
  readonly bitsAt: number;
  readonly labelsAt: number;
}

/** Bytes that the room for labels has. */
export const LABELS_BYTES = 4 * MAX_LABELS;
/** Variables that the instructions use up. */
export const LOCALS = 14;

const RECORD_BYTES = 10;

/** Instructions that set `may` to 1 where the message in [from, to) may concern somebody, else to 0. */
export function mayConcernCode(
  { bitsAt, labelsAt }: NameRoom,
  [from, to, may]: readonly [from: w.Local, to: w.Local, may: w.Local],
  locals: readonly w.Local[],
): w.Code {
  const [at, limit, length, labels, jumped, goes, end, hash, start, byte, record, left, target, isDone] =
    locals;
  const twoAt = (address: w.Local, offset: number): w.Code =>
    w.or(w.shiftLeft(w.byteAt(address, offset), 8), w.byteAt(address, offset + 1));
  const label = w.add(w.shiftLeft(labels, 2), labelsAt);
  const stop = goes.set(0);
  /** The name breaks the rules: nobody holds it. */
  const giveUp = [stop, labels.set(0)];
  const isHeld = w.and(
    w.shiftRight(
      w.fourAt(w.shiftLeft(w.and(w.shiftRight(hash, 5), BITS / 32 - 1), 2), bitsAt),
      w.and(hash, 31),
    ),
    1,
  );
  const step = (value: w.Value): w.Code =>
    hash.set(w.multiply(w.exclusiveOr(hash, w.or(value, 0x20)), PRIME));

  // NameGate.mayHoldDns: the labels forwards, then their bytes from the last one on
  const root = [w.when(w.equal(jumped, 0), end.set(w.add(at, 1))), stop];
  const pointer = [
    w.whether(w.moreOrEqual(w.add(at, 1), to), giveUp, [
      target.set(w.add(from, w.or(w.shiftLeft(w.and(length, 0x3f), 8), w.byteAt(at, 1)))),
      w.when(w.equal(jumped, 0), end.set(w.add(at, 2))),
      w.whether(w.moreOrEqual(target, limit), giveUp, [jumped.set(1), limit.set(target), at.set(target)]),
    ]),
  ];
  const plain = [
    w.whether(w.or(w.more(length, 0x3f), w.more(w.add(w.add(at, 1), length), to)), giveUp, [
      w.storeFour(label, 0, at),
      labels.add(1),
      at.set(w.add(w.add(at, 1), length)),
    ]),
  ];
  /** Of the name that begins at `at`; leaves its end in `end`. */
  const hold = [
    limit.set(at),
    end.set(to),
    [labels, jumped].map((local) => local.set(0)),
    goes.set(1),
    w.loopWhile(
      goes.value,
      w.whether(w.or(w.moreOrEqual(at, to), w.equal(labels, MAX_LABELS)), giveUp, [
        length.set(w.byteAt(at)),
        w.whether(w.equal(length, 0), root, [w.whether(w.moreOrEqual(length, 0xc0), pointer, plain)]),
      ]),
    ),
    hash.set(SEED),
    w.loopWhile(
      w.and(w.different(labels, 0), w.equal(may, 0)),
      labels.add(-1),
      start.set(w.fourAt(label)),
      byte.set(w.add(start, w.byteAt(start))),
      w.loopWhile(w.more(byte, start), step(w.byteAt(byte)), byte.add(-1)),
      may.set(isHeld),
      step(DOT),
    ),
  ];
  // endOfDnsName, of the name that begins at `record`
  const skip = [
    [labels, jumped].map((local) => local.set(0)),
    goes.set(1),
    w.loopWhile(
      goes.value,
      w.whether(
        w.or(w.moreOrEqual(record, to), w.equal(labels, MAX_LABELS)),
        [record.set(to), stop],
        [
          labels.add(1),
          length.set(w.byteAt(record)),
          w.whether(
            w.equal(length, 0),
            [record.add(1), stop],
            [
              w.whether(
                w.moreOrEqual(length, 0xc0),
                [w.whether(w.less(w.add(record, 1), to), [record.add(2)], [record.set(to)]), stop],
                [
                  w.whether(
                    w.or(w.more(length, 0x3f), w.more(w.add(w.add(record, 1), length), to)),
                    [record.set(to), stop],
                    [record.set(w.add(w.add(record, 1), length))],
                  ),
                ],
              ),
            ],
          ),
        ],
      ),
    ),
  ];
  const answers = [
    record.set(w.add(end, 4)),
    left.set(twoAt(from, 6)),
    w.when(w.more(left, MAX_ANSWERS), left.set(MAX_ANSWERS)),
    isDone.set(0),
    w.loopWhile(
      w.and(w.and(w.different(left, 0), w.less(record, to)), w.equal(w.or(may, isDone), 0)),
      left.add(-1),
      skip,
      w.whether(
        w.more(w.add(record, RECORD_BYTES), to),
        [isDone.set(1)],
        [
          w.when(w.equal(twoAt(record, 0), TYPE_CNAME), at.set(w.add(record, RECORD_BYTES)), hold),
          record.set(w.add(w.add(record, RECORD_BYTES), twoAt(record, 8))),
        ],
      ),
    ),
  ];
  return [
    may.set(0),
    w.when(
      w.moreOrEqual(w.subtract(to, from), HEADER_BYTES + 5),
      at.set(w.add(from, HEADER_BYTES)),
      hold,
      w.when(w.and(w.equal(may, 0), w.different(w.and(w.byteAt(from, 2), 0x80), 0)), answers),
    ),
  ];
}
