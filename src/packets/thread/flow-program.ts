/**
 * HOT. The rows that most slots are made of, as WebAssembly (wasm.ts): TCP of a flow that is known, is no candidate and
 * whose payload asks for no look. It counts them as Tap.segment does, at full speed from the first row on, where V8 would
 * learn for a quarter million of them. It ends at any other row: no packet is counted otherwise than the tap would.
 */
import * as w from '../../wasm.ts';
import {
  CANDIDATE,
  EARLY,
  FIN_0,
  FIN_1,
  type FlowColumns,
  type FlowTable,
  ISN_0_KNOWN,
  ISN_1_KNOWN,
  PROBING,
  RST_SEEN,
  SYN_ACK_SEEN,
  SYN_SEEN,
  UNWATCHED,
} from '../flow-table.ts';
import { TCP } from '../packet.ts';
import { ACK, BRACE, FIN, LETTER_P, MAX_STRIKES, RST, SYN, WATCH_AFTER_US } from '../tap.ts';
import { COUNTS, HIGHER, ROW_WORDS, type SharedSlots, WIDE } from './slots.ts';

const ROW_BYTES = 4 * ROW_WORDS;

export class FlowProgram {
  readonly #run: (...numbers: number[]) => number;
  readonly #columns: FlowColumns;
  /** Time up to which rows are taken, us. */
  readonly #until: Float64Array;

  /** Null where the slots have no memory for it. */
  static of(slots: SharedSlots): FlowProgram | null {
    return slots.program === null ? null : new FlowProgram(slots.program);
  }

  private constructor({ memory, columns, until }: NonNullable<SharedSlots['program']>) {
    this.#columns = columns;
    this.#until = until;
    this.#run = w.instantiate(program(columns, until.byteOffset), memory);
  }

  /** Flows are those of this table from now on; false where it has no room for them. Once. */
  follow(flows: FlowTable): boolean {
    return flows.settleIn(this.#columns);
  }

  /** Takes rows of a slot from one word on up to another, none later than `untilUs`; returns the word where it ended. */
  run(rows: Int32Array, from: number, to: number, untilUs: number): number {
    this.#until[0] = untilUs;
    const at = rows.byteOffset;
    return (this.#run(at + 4 * from, at + 4 * to) - at) >> 2;
  }
}

/** Takes rows from `at` to `to`; gives back where it ended. */
function program(columns: FlowColumns, untilAt: number): w.Program {
  return { parameters: 2, variables: 11, body: (...locals) => body(columns, untilAt, locals) };
}

function body(columns: FlowColumns, untilAt: number, locals: readonly w.Local[]): w.Code {
  const [at, to, bits, flow, half, four, eight, lane, state, seen, payload, opening, place] = locals;
  const { byteOffset: stateAt } = columns.state;
  const { byteOffset: seenAt } = columns.seen;
  const timeUs = w.doubleAt(at);
  const has = (mask: number): w.Code => w.and(bits, mask);
  /** Ends at the row in hand, of which nothing was done. */
  const leave = w.giveBack(at);
  /** What is of lane 0 or 1. */
  const byLane = (of0: number, of1: number): w.Code => w.choose(lane.value, of1, of0);
  const pushesAt = w.add(four, byLane(columns.pushes0.byteOffset, columns.pushes1.byteOffset));

  const find = [
    bits.set(w.fourAt(at, 12)),
    w.when(w.different(w.and(w.shiftRight(bits, 8), 0xff), TCP), leave),
    w.when(w.equal(has(SYN | ACK), SYN), leave),
    flow.set(w.fourAt(w.shiftLeft(w.fourAt(at, 16), 2), columns.ofKey.byteOffset)),
    w.when(w.equal(flow, 0), leave),
    flow.add(-1),
    state.set(w.byteAt(flow, stateAt)),
    w.when(w.or(w.equal(state, CANDIDATE), w.lessDouble(w.doubleAt(untilAt), timeUs)), leave),
    half.set(w.shiftLeft(flow, 1)),
    four.set(w.shiftLeft(flow, 2)),
    eight.set(w.shiftLeft(flow, 3)),
    lane.set(w.exclusiveOr(w.byteAt(flow, columns.flipped.byteOffset), w.different(has(HIGHER), 0))),
    seen.set(w.wordAt(half, seenAt)),
    payload.set(w.fourAt(at, 32)),
  ];

  // Tap.looksOpen, as far as it needs no look
  const look = [
    opening.set(w.fourAt(at, 56)),
    w.when(w.equal(state, PROBING), w.when(w.or(w.equal(w.fourAt(pushesAt), 0), w.and(seen, EARLY)), leave)),
    w.when(
      w.or(w.equal(opening, BRACE), w.equal(opening, LETTER_P)),
      w.when(w.less(w.byteAt(flow, columns.strikes.byteOffset), MAX_STRIKES), leave),
    ),
  ];
  // Whether the flow is watched, or may be from now on
  const watch = w.when(
    has(COUNTS),
    w.when(w.fourAt(four, columns.slot.byteOffset), leave),
    w.when(
      w.different(state, UNWATCHED),
      w.when(
        w.lessDouble(
          w.doubleOfFour(WATCH_AFTER_US),
          w.subtractDouble(timeUs, w.doubleAt(eight, columns.firstUs.byteOffset)),
        ),
        leave,
      ),
      w.when(w.equal(w.and(seen, SYN_SEEN | SYN_ACK_SEEN | EARLY), 0), leave),
    ),
  );
  const hasPayload = w.moreSigned(payload, 0);

  const addDouble = (of0: number, of1: number, value: w.Code): w.Code => [
    place.set(w.add(eight, byLane(of0, of1))),
    w.storeDouble(place, 0, w.addDouble(w.doubleAt(place), value)),
  ];
  // Tap.tcp
  const count = [
    w.when(
      has(COUNTS),
      addDouble(columns.bytes0.byteOffset, columns.bytes1.byteOffset, w.doubleOfFour(w.fourAt(at, 20))),
      addDouble(columns.packets0.byteOffset, columns.packets1.byteOffset, w.doubleOfFour(1)),
    ),
    w.whether(
      w.lessDouble(w.doubleAt(eight, columns.lastUs.byteOffset), timeUs),
      [w.storeDouble(eight, columns.lastUs.byteOffset, timeUs)],
      [
        w.when(
          w.lessDouble(timeUs, w.doubleAt(eight, columns.firstUs.byteOffset)),
          w.storeDouble(eight, columns.firstUs.byteOffset, timeUs),
        ),
      ],
    ),
    w.when(hasPayload, place.set(pushesAt), w.storeFour(place, 0, w.add(w.fourAt(place), 1))),
    w.when(
      has(SYN | FIN | RST),
      // Tap.synchronise, of an answer
      w.when(
        has(SYN),
        place.set(w.add(four, byLane(columns.isn0.byteOffset, columns.isn1.byteOffset))),
        w.storeFour(place, 0, w.fourAt(at, 40)),
        seen.set(w.or(seen, w.or(byLane(ISN_0_KNOWN, ISN_1_KNOWN), SYN_ACK_SEEN))),
      ),
      // Tap.finish, of what is no candidate
      w.when(has(FIN), seen.set(w.or(seen, byLane(FIN_0, FIN_1)))),
      w.when(has(RST), seen.set(w.or(seen, RST_SEEN))),
      w.storeWord(half, seenAt, seen),
    ),
    at.add(ROW_BYTES),
    w.when(has(WIDE), at.add(ROW_BYTES)),
  ];

  return [w.loopWhile(w.less(at, to), find, w.when(hasPayload, look, watch), count), leave];
}
