/**
 * HOT. JSON objects that only differ in their values, as nearly all objects of a log do: of one that was read in full the
 * texts between its values are kept, its shape, and the next is held against it sixteen bytes at a time (WebAssembly,
 * wasm.ts). Where it fits, its values lie where they lay; where it does not, or a text holds escapes, the object is read
 * in full (json-fields.ts). Few shapes are kept, the one met last is tried first.
 */
import * as w from '../../wasm.ts';
import { ROOM_BYTES, type Room } from '../tables/room.ts';

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** Shapes that are kept, and those that are ever learned. */
const SHAPES = 8;
const MOST_LEARNED = 64;
/** Objects that may have failed more than have fitted before nothing is tried any more. */
const PATIENCE = 1024;

/** What comes behind a text of a shape: a value in quotes, one without, or nothing, for the object ends. */
const TEXT = 0;
const BARE = 1;
const END = 2;
// Before the text stands its length, what comes behind it, and the place of the value.
const PART_BYTES = 16;

// The room: starts, ends and kinds of values by place, the last being that of values nobody asked for; then shapes.
const MOST_PLACES = 128;
const STARTS = 0;
const ENDS = 4 * MOST_PLACES;
const KINDS = 8 * MOST_PLACES;
const FIRST_SHAPE = 9 * MOST_PLACES;
const SHAPE_BYTES = (ROOM_BYTES - FIRST_SHAPE) / SHAPES;

/** What values are, by the numbers of json-fields.ts. */
export interface Kinds {
  readonly absent: number;
  readonly text: number;
  readonly number: number;
  readonly true: number;
  readonly false: number;
}

/** By the lower and by the upper half of a byte: both have a bit in common where numbers and words of JSON hold it. */
const LOWER = [2, 10, 18, 18, 18, 30, 10, 2, 2, 2, 0, 1, 8, 1, 9, 0];
const UPPER = [0, 0, 1, 2, 4, 0, 8, 16, 0, 0, 0, 0, 0, 0, 0, 0];

export class ObjectShapes {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly kinds: Uint8Array;
  readonly buffer: SharedArrayBuffer;
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #places: number;
  readonly #first: number;
  readonly #run: (...numbers: number[]) => number;
  /** Where shapes begin, the one met last first. */
  readonly #shapes: number[] = [];
  #learned = 0;
  #patience = PATIENCE;

  /** For so many values. */
  constructor({ memory, at }: Room, places: number, kinds: Kinds) {
    const { buffer } = memory;
    this.buffer = buffer;
    this.#places = places;
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Int32Array(buffer, 0, (at + ROOM_BYTES) / 4);
    this.starts = new Int32Array(buffer, at + STARTS, places);
    this.ends = new Int32Array(buffer, at + ENDS, places);
    this.kinds = new Uint8Array(buffer, at + KINDS, places);
    this.#first = at + FIRST_SHAPE;
    this.#run = w.instantiate(shapeProgram(at, places, kinds), memory);
  }

  /** False of more values than there is room for. */
  static canHold(places: number): boolean {
    return places < MOST_PLACES;
  }

  /** Reads the object at `at`; returns the offset behind it, or 0 where it fits no shape. */
  scan(at: number, to: number): number {
    const shapes = this.#shapes;
    for (let i = 0; i < shapes.length; i++) {
      const shape = shapes[i];
      const end = this.#run(at, to, shape);
      if (end === 0 || end > to) continue;
      for (let behind = i; behind > 0; behind--) shapes[behind] = shapes[behind - 1];
      shapes[0] = shape;
      if (this.#patience < PATIENCE) this.#patience++;
      return end;
    }
    this.#patience--;
    return 0;
  }

  /** False once trying is not worth the while. */
  get isHopeful(): boolean {
    return this.#patience > 0;
  }

  /** True where an object that did not fit is to be learned. */
  get isCurious(): boolean {
    return this.#learned < MOST_LEARNED;
  }

  /** Keeps the shape of the object in [at, end), which was read in full: `starts` are -1 but for what it holds. */
  learn(at: number, end: number): void {
    this.#learned++;
    const isFull = this.#shapes.length === SHAPES;
    const shape = isFull ? this.#shapes[SHAPES - 1] : this.#first + this.#shapes.length * SHAPE_BYTES;
    if (isFull) this.#shapes.pop();
    if (this.#write(at, end, shape)) this.#shapes.unshift(shape);
    else if (isFull) {
      // Nothing begins like what is left there.
      this.#words[shape / 4] = 1;
      this.#bytes[shape + PART_BYTES] = 0;
      this.#shapes.push(shape);
    }
  }

  /** Writes the shape; false where objects like this one have none. */
  #write(from: number, end: number, shape: number): boolean {
    const bytes = this.#bytes;
    const places = new Map<number, number>();
    for (const [place, start] of this.starts.entries()) if (start >= 0) places.set(start, place);
    let part = shape;
    let text = from;
    const add = (to: number, kind: number, place: number): boolean => {
      const length = to - text;
      const next = part + PART_BYTES + ((length + 15) & ~15);
      if (next > shape + SHAPE_BYTES) return false;
      this.#words.set([length, kind, place], part / 4);
      bytes.copyWithin(part + PART_BYTES, text, to);
      part = next;
      return true;
    };
    const placeOf = (start: number): number => {
      const place = places.get(start) ?? this.#places;
      places.delete(start);
      return place;
    };
    for (let at = from; at < end; ) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        const close = bytes.indexOf(QUOTE, at + 1);
        if (bytes.subarray(at, close).includes(BACKSLASH)) return false;
        if (!isKey(bytes, close + 1)) {
          if (!add(at + 1, TEXT, placeOf(at + 1))) return false;
          text = close;
        }
        at = close + 1;
      } else if (isBare(byte)) {
        if (!add(at, BARE, placeOf(at))) return false;
        while (isBare(bytes[at])) at++;
        text = at;
      } else at++;
    }
    // An array or object that is asked for has no shape of its own.
    return places.size === 0 && add(end, END, 0);
  }
}

/** True where a colon comes next. */
function isKey(bytes: Uint8Array, from: number): boolean {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x09 || bytes[at] === 0x0a || bytes[at] === 0x0d) at++;
  return bytes[at] === COLON;
}

function isBare(byte: number): boolean {
  return (LOWER[byte & 15] & UPPER[byte >> 4]) !== 0;
}

/** Holds the object at `at` against a shape: gives back the offset behind it, or 0. */
function shapeProgram(room: number, places: number, kinds: Kinds): w.Program {
  return {
    parameters: 3,
    variables: 5,
    wides: 0,
    vectors: 6,
    body: (at, to, part, ...variables) => {
      const [text, length, start, bits, kind, bytes, lower, upper, quotes, slashes, blanks] = variables;
      const leave = w.giveBack(0);
      /** Bits of the bytes that end what is passed: sets `bits`, and goes on until there are some. */
      const pass = (enders: w.Vector): w.Code =>
        w.loopAsLongAs(
          [
            w.when(w.more(at, to), leave),
            bytes.set(w.sixteenAt(at)),
            bits.set(w.highestBits(enders)),
            w.whether(bits.value, [at.add(w.zerosBelow(bits))], [at.add(16)]),
          ],
          w.equal(bits, 0),
        );
      const place = w.fourAt(part, 8);
      const put = [
        w.storeFour(w.add(room, w.shiftLeft(place, 2)), STARTS, start),
        w.storeFour(w.add(room, w.shiftLeft(place, 2)), ENDS, at),
        w.storeByte(w.add(room, place), KINDS, kind),
      ];
      return [
        lower.set(w.sixteenOf(LOWER)),
        upper.set(w.sixteenOf(UPPER)),
        quotes.set(w.sixteenTimes(QUOTE)),
        slashes.set(w.sixteenTimes(BACKSLASH)),
        blanks.set(w.sixteenTimes(0x20)),
        Array.from({ length: Math.ceil((places + 1) / 16) }, (_, sixteen) =>
          w.storeSixteen(room + KINDS + 16 * sixteen, w.sixteenTimes(kinds.absent)),
        ),
        w.loopAsLongAs(
          [
            length.set(w.fourAt(part)),
            text.set(w.add(part, PART_BYTES)),
            w.loopWhile(
              w.more(length, 16),
              w.when(
                w.different(w.highestBits(w.equalBytes(w.sixteenAt(at), w.sixteenAt(text))), 0xffff),
                leave,
              ),
              at.add(16),
              text.add(16),
              length.set(w.subtract(length, 16)),
            ),
            bits.set(w.subtract(w.shiftLeft(1, length), 1)),
            w.when(
              w.different(w.and(w.highestBits(w.equalBytes(w.sixteenAt(at), w.sixteenAt(text))), bits), bits),
              leave,
            ),
            at.add(length),
            start.set(at),
            w.whether(
              w.equal(w.fourAt(part, 4), TEXT),
              [
                pass(
                  w.orBytes(
                    w.orBytes(w.equalBytes(bytes, quotes), w.equalBytes(bytes, slashes)),
                    w.lessBytes(bytes, blanks),
                  ),
                ),
                w.when(w.different(w.byteAt(at), QUOTE), leave),
                kind.set(kinds.text),
              ],
              [
                w.when(w.equal(w.fourAt(part, 4), END), w.giveBack(at)),
                pass(
                  w.equalBytes(
                    w.andBytes(
                      w.chosenBytes(lower, w.andBytes(bytes, w.sixteenTimes(15))),
                      w.chosenBytes(upper, w.shiftBytesRight(bytes, 4)),
                    ),
                    w.sixteenTimes(0),
                  ),
                ),
                w.when(w.equal(at, start), leave),
                length.set(w.byteAt(start)),
                kind.set(kinds.number),
                w.when(w.equal(length, 0x74), kind.set(kinds.true)),
                w.when(w.equal(length, 0x66), kind.set(kinds.false)),
                w.when(w.equal(length, 0x6e), kind.set(kinds.absent)),
              ],
            ),
            put,
            part.set(w.add(text, 16)),
          ],
          w.lessOrEqual(at, to),
        ),
        leave,
      ];
    },
  };
}
