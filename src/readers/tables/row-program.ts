/**
 * HOT. Rows of a table as WebAssembly (wasm.ts), made for one layout: where cells end is told 64 bytes at a time, and
 * what a column holds becomes numbers without a loop over its digits. It knows what most rows are made of (whole
 * numbers, IPv4, seconds since 1970, words) and ends at a row that holds anything else, which TableReader then reads: no
 * row is read otherwise than it would read it.
 */
import * as w from '../../wasm.ts';
import { FLAG_LETTERS, HISTORY_FLAGS } from './count-cell.ts';
import * as Column from './roles.ts';
import type { Room } from './room.ts';

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;

/** How a table is cut into cells, and what its columns mean. */
export interface RowLayout {
  /** One byte. */
  readonly delimiter: number;
  readonly isQuoted: boolean;
  /** Up to the last column that means something. */
  readonly roles: Uint8Array;
  /** Bytes that begin lines which are no rows of numbers. */
  readonly others: readonly number[];
  /** What a record says of sampling where its row says nothing. */
  readonly samplingInterval: number;
}

/** Bytes whose cells are marked at once; with their marks and the rows they stay in the innermost cache. */
export const SLICE_BYTES = 16 * 1024;

// A row of numbers. Words: where the line begins | columns that said something, by their roles | IPv4 addresses and ports
// | protocol | TCP flags | the exporter's hash and where its text lies | the beginnings of action and status | history.
export const LINE = 0;
export const GOT = 1;
export const SOURCE = 2;
export const DESTINATION = 3;
export const PACKET_SOURCE = 4;
export const PACKET_DESTINATION = 5;
export const SOURCE_PORT = 6;
export const DESTINATION_PORT = 7;
export const PROTOCOL = 8;
export const TCP_FLAGS = 9;
export const REVERSE_TCP_FLAGS = 10;
export const EXPORTER = 11;
export const EXPORTER_FROM = 12;
export const EXPORTER_TO = 13;
export const ACTION = 14;
export const STATUS = 15;
/** Flags of the originator, those of the responder << 8, and whether sides were swapped << 16. */
export const HISTORY = 16;
// Doubles, behind a word that is not used.
export const START = 9;
export const END = 10;
export const DURATION = 11;
export const PACKETS = 12;
export const BYTES = 13;
export const REVERSE_PACKETS = 14;
export const REVERSE_BYTES = 15;
export const SAMPLING = 16;
export const PAYLOAD = 17;
export const REVERSE_PAYLOAD = 18;
export const TOTAL_PACKETS = 19;
export const TOTAL_BYTES = 20;
export const ROW_DOUBLES = 21;
export const ROW_WORDS = 2 * ROW_DOUBLES;
const ROW_BYTES = 8 * ROW_DOUBLES;

// Room for it: the line that it ended at, tables of letters, marks, and rows.
const LETTERS = 64;
const TABLE_BYTES = 256 * 4;
const MARKS = LETTERS + 2 * TABLE_BYTES;
const ROWS = MARKS + SLICE_BYTES / 8 + 64;
/** Rows that come out at once. */
export const MOST_ROWS = 64;

/** Of a table of letters: what may not stand in the cell. */
const NO_LETTER = 1 << 24;
const FLIP = 0x5e;

/** Which words and doubles belong to a role; what stands there where a row says nothing. */
const WORDS: ReadonlyMap<Column.Role, readonly [place: number, nothing: number]> = new Map([
  [Column.SOURCE, [SOURCE, 0]],
  [Column.DESTINATION, [DESTINATION, 0]],
  [Column.PACKET_SOURCE, [PACKET_SOURCE, 0]],
  [Column.PACKET_DESTINATION, [PACKET_DESTINATION, 0]],
  [Column.SOURCE_PORT, [SOURCE_PORT, 0]],
  [Column.DESTINATION_PORT, [DESTINATION_PORT, 0]],
  [Column.PROTOCOL, [PROTOCOL, 0]],
  [Column.TCP_FLAGS, [TCP_FLAGS, -1]],
  [Column.REVERSE_TCP_FLAGS, [REVERSE_TCP_FLAGS, -1]],
  [Column.EXPORTER, [EXPORTER, 0]],
  [Column.ACTION, [ACTION, 0]],
  [Column.STATUS, [STATUS, 0]],
  [Column.HISTORY, [HISTORY, 0]],
]);
const DOUBLES: ReadonlyMap<Column.Role, readonly [place: number, nothing: number]> = new Map([
  [Column.START, [START, Number.NaN]],
  [Column.END, [END, Number.NaN]],
  [Column.DURATION, [DURATION, 0]],
  [Column.PACKETS, [PACKETS, 0]],
  [Column.BYTES, [BYTES, 0]],
  [Column.REVERSE_PACKETS, [REVERSE_PACKETS, -1]],
  [Column.REVERSE_BYTES, [REVERSE_BYTES, -1]],
  [Column.SAMPLING, [SAMPLING, 0]],
  [Column.PAYLOAD, [PAYLOAD, 0]],
  [Column.REVERSE_PAYLOAD, [REVERSE_PAYLOAD, 0]],
  [Column.TOTAL_PACKETS, [TOTAL_PACKETS, 0]],
  [Column.TOTAL_BYTES, [TOTAL_BYTES, 0]],
]);

/** Reads rows of one layout out of the memory. */
export class RowProgram {
  readonly words: Int32Array;
  readonly numbers: Float64Array;
  readonly #state: Int32Array;
  readonly #mark: (...numbers: number[]) => number;
  readonly #read: (...numbers: number[]) => number;
  /** Bytes that are marked. */
  #from = 0;
  #to = 0;

  constructor(layout: RowLayout, { memory, at }: Room) {
    const { buffer } = memory;
    this.words = new Int32Array(buffer, at + ROWS, MOST_ROWS * ROW_WORDS);
    this.numbers = new Float64Array(buffer, at + ROWS, MOST_ROWS * ROW_DOUBLES);
    this.#state = new Int32Array(buffer, at, 1);
    this.#mark = w.instantiate(markProgram(layout, at), memory);
    this.#read = w.instantiate(rowProgram(layout, at), memory);
    const letters = new Int32Array(buffer, at + LETTERS, 2 * 256);
    for (let byte = 0; byte < 256; byte++) {
      letters[byte] = historyOf(byte);
      letters[256 + byte] = FLAG_LETTERS[byte] === 0 ? NO_LETTER : FLAG_LETTERS[byte] & 0xff;
    }
    for (let row = 0; row < MOST_ROWS; row++) {
      for (const [place, nothing] of WORDS.values()) this.words[row * ROW_WORDS + place] = nothing;
      for (const [place, nothing] of DOUBLES.values()) this.numbers[row * ROW_DOUBLES + place] = nothing;
      this.numbers[row * ROW_DOUBLES + SAMPLING] = layout.samplingInterval;
    }
  }

  /** Nothing is marked. */
  forget(): void {
    this.#to = 0;
  }

  /** Marks bytes[from, to), of whole lines, at most SLICE_BYTES. */
  mark(from: number, to: number): void {
    this.#mark(from & ~63, to);
    this.#from = from;
    this.#to = to;
  }

  /** True where `at` lies in what is marked. */
  hasMarked(at: number): boolean {
    return at >= this.#from && at < this.#to;
  }

  /** Reads rows from `at` on, which is marked: to the end of what is, as far as there is room, or up to another row. */
  read(at: number): number {
    return this.#read(at, this.#to, this.#from & ~63);
  }

  /** Where the last reading ended. */
  get at(): number {
    return this.#state[0];
  }
}

/** The program for a layout, or null where its columns are of kinds that it does not know. */
export function canRead({ roles }: Pick<RowLayout, 'roles'>): boolean {
  return roles.every((role) => role === Column.SKIP || WORDS.has(role) || DOUBLES.has(role));
}

function historyOf(byte: number): number {
  if (byte === FLIP) return 1 << 16;
  const lower = byte | 32;
  if (lower < 97 || lower > 122 || byte < 65) return NO_LETTER;
  return byte === lower ? HISTORY_FLAGS[lower] << 8 : HISTORY_FLAGS[lower];
}

/** Marks of [at, to), a bit each for delimiters, line ends and quotes that matter; at is a whole number of 64. */
function markProgram({ delimiter, isQuoted }: RowLayout, room: number): w.Program {
  return {
    parameters: 2,
    variables: 1,
    wides: 1,
    vectors: 4,
    body: (at, to, target, marks, delimiters, ends, quotes, bytes) => {
      const sixteen = (offset: number): w.Code => {
        const cuts = w.orBytes(w.equalBytes(bytes, delimiters), w.equalBytes(bytes, ends));
        return [
          bytes.set(w.sixteenAt(at, offset)),
          marks.set(
            w.orWide(
              marks,
              w.shiftWideLeft(
                w.widen(w.highestBits(isQuoted ? w.orBytes(cuts, w.equalBytes(bytes, quotes)) : cuts)),
                BigInt(offset),
              ),
            ),
          ),
        ];
      };
      return [
        target.set(room + MARKS),
        delimiters.set(w.sixteenTimes(delimiter)),
        ends.set(w.sixteenTimes(LF)),
        quotes.set(w.sixteenTimes(QUOTE)),
        w.loopWhile(
          w.less(at, to),
          marks.set(0n),
          ...[0, 16, 32, 48].map(sixteen),
          w.storeEight(target, 0, marks),
          target.add(8),
          at.add(64),
        ),
        w.giveBack(0),
      ];
    },
  };
}

/** Reads rows from `at` on until `end`; `base` is where the marks begin. Gives back how many. */
function rowProgram(layout: RowLayout, room: number): w.Program {
  return { parameters: 3, variables: 16, wides: 5, body: (...locals) => rowBody(layout, room, locals) };
}

function rowBody(layout: RowLayout, room: number, locals: readonly w.Local[]): w.Code {
  const [at, end, base, out, count, line, got, start, stop, length, here, markAt, ...others] = locals;
  const [one, two, word, flags, sum, bits, byte, marks, bad, value, high, low] = others;
  const { delimiter, roles } = layout;
  /** Ends at the line in hand. */
  const leave = w.giveBack(count);

  /** Sets [start, stop) to the next cell; `at` behind it. */
  const nextCell = [
    start.set(at),
    w.loopWhile(w.isZeroWide(marks), markAt.add(8), here.add(64), marks.set(w.eightAt(markAt))),
    stop.set(w.add(here, w.narrow(w.zerosBelowWide(marks)))),
    marks.set(w.andWide(marks, w.addWide(marks, -1n))),
    at.set(w.add(stop, 1)),
  ];

  /** Adds to `bad` what marks bytes that are no digits, where digits are the bytes' values. */
  const judge = (digits: w.Local): w.Code =>
    bad.set(w.orWide(bad, w.orWide(w.addWide(digits, 0x7676767676767676n), digits)));
  /** Eight values of digits, the first in the lowest byte, to the number that they make: pairs, fours, eight. */
  const combine = (digits: w.Local): w.Code => [
    digits.set(w.andWide(w.shiftWideRight(w.multiplyWide(digits, 2561n), 8n), 0x00ff00ff00ff00ffn)),
    digits.set(w.andWide(w.shiftWideRight(w.multiplyWide(digits, 6553601n), 16n), 0x0000ffff0000ffffn)),
    digits.set(w.shiftWideRight(w.multiplyWide(digits, 42949672960001n), 32n)),
  ];
  /** Sets `target` to the number of 1 to 8 digits at a place. Digits that are missing are zeros in front. */
  const digitsAt = (target: w.Local, place: w.Value, digits: w.Value): w.Code => [
    target.set(
      w.shiftWideLeft(
        w.exclusiveOrWide(w.eightAt(place), 0x3030303030303030n),
        w.widen(w.subtract(0, w.shiftLeft(digits, 3))),
      ),
    ),
    judge(target),
    combine(target),
  ];
  /** Sets `target` to millionths, of 1 to 6 digits at a place. Digits that are missing are zeros behind. */
  const millionthsAt = (target: w.Local, place: w.Value, digits: w.Value): w.Code => [
    target.set(
      w.andWide(
        w.exclusiveOrWide(w.eightAt(place), 0x3030303030303030n),
        w.addWide(w.shiftWideLeft(1n, w.widen(w.shiftLeft(digits, 3))), -1n),
      ),
    ),
    judge(target),
    target.set(w.shiftWideLeft(target, 16n)),
    combine(target),
  ];

  /** A cell that is empty or `-` says nothing. */
  const saysNothing = w.or(w.equal(length, 0), w.and(w.equal(length, 1), w.equal(w.byteAt(start), MINUS)));
  const storeWord = (role: Column.Role, code: w.Value): w.Code => {
    const [place] = WORDS.get(role) ?? [0];
    return w.storeFour(out, 4 * place, code);
  };
  const storeDouble = (role: Column.Role, code: w.Wide): w.Code => {
    const [place] = DOUBLES.get(role) ?? [0];
    return w.storeDouble(out, 8 * place, w.doubleOf(code));
  };
  const nothing = (role: Column.Role): w.Code => {
    const [place, number] = WORDS.get(role) ?? [0, 0];
    if (WORDS.has(role)) return w.storeFour(out, 4 * place, number);
    const [at64, double = 0] = DOUBLES.get(role) ?? [0];
    const known = role === Column.SAMPLING ? layout.samplingInterval : double;
    return w.storeEight(out, 8 * at64, bitsOf(known));
  };
  const gotIt = (role: Column.Role): w.Code => got.set(w.or(got, 1 << role));
  /** Bits of the first `length` bytes, at most 31. */
  const withinLength = w.subtract(w.shiftLeft(1, length), 1);
  const dots = w.or(
    w.and(w.highestBits(w.equalBytes(w.sixteenAt(start), w.sixteenTimes(DOT))), withinLength),
    w.shiftLeft(1, length),
  );
  const dropLowest = bits.set(w.and(bits, w.subtract(bits, 1)));

  const address = (role: Column.Role): w.Code => {
    const octet = [
      two.set(w.zerosBelow(bits)),
      dropLowest,
      byte.set(w.subtract(two, one)), // digits
      sum.set(
        w.shiftLeft(
          w.exclusiveOr(w.fourAt(w.add(start, one)), 0x30303030),
          w.subtract(0, w.shiftLeft(byte, 3)),
        ),
      ),
      // One to three digits, and values up to 255.
      flags.set(w.or(flags, w.and(w.subtract(byte, 1), -4))),
      flags.set(w.or(flags, w.equal(byte, 4))),
      bad.set(w.orWide(bad, w.widen(w.or(w.add(sum, 0x76767676), sum)))),
      sum.set(
        w.add(
          w.shiftRight(sum, 24),
          w.add(
            w.multiply(w.and(w.shiftRight(sum, 16), 255), 10),
            w.multiply(w.and(w.shiftRight(sum, 8), 255), 100),
          ),
        ),
      ),
      flags.set(w.or(flags, w.and(sum, -256))),
      word.set(w.or(w.shiftLeft(word, 8), sum)),
      one.set(w.add(two, 1)),
    ];
    return [
      w.when(w.more(w.subtract(length, 7), 8), leave),
      bits.set(dots),
      one.set(0),
      word.set(0),
      flags.set(0),
      ...[octet, octet, octet, octet],
      w.when(w.or(flags, bits), leave),
      storeWord(role, word),
      gotIt(role),
    ];
  };

  const counter = (role: Column.Role): w.Code => [
    w.whether(
      w.lessOrEqual(length, 8),
      [digitsAt(value, start, length)],
      [
        w.when(w.more(length, 15), leave),
        digitsAt(high, start, w.subtract(length, 8)),
        digitsAt(value, w.subtract(stop, 8), 8),
        value.set(w.addWide(w.multiplyWide(high, 100_000_000n), value)),
      ],
    ),
    storeDouble(role, value),
    gotIt(role),
  ];

  /** Up to eight digits. */
  const small = [w.when(w.more(length, 8), leave), digitsAt(value, start, length)];
  const port = (role: Column.Role): w.Code => [small, storeWord(role, w.narrow(value)), gotIt(role)];
  const isDigit = w.less(w.subtract(w.byteAt(start), ZERO), 10);

  const protocol = (role: Column.Role): w.Code => [
    w.whether(
      isDigit,
      [small, word.set(w.narrow(value)), w.when(w.more(word, 255), word.set(0))],
      [
        word.set(w.or(w.fourAt(start), 0x20202020)),
        w.whether(
          w.equal(length, 3),
          [
            word.set(w.and(word, 0xffffff)),
            w.whether(
              w.equal(word, littleEndian('tcp')),
              [word.set(6)],
              [w.when(w.different(word, littleEndian('udp')), leave), word.set(17)],
            ),
          ],
          [
            w.when(w.different(length, 4), leave),
            w.when(w.different(word, littleEndian('icmp')), leave),
            word.set(1),
          ],
        ),
      ],
    ),
    storeWord(role, word),
    gotIt(role),
  ];

  /** Sets `word` to what all letters of the cell stand for in a table. */
  const letters = (table: number): w.Code => [
    word.set(0),
    one.set(start),
    w.loopWhile(
      w.less(one, stop),
      word.set(w.or(word, w.fourAt(w.shiftLeft(w.byteAt(one), 2), room + LETTERS + table * TABLE_BYTES))),
      one.add(1),
    ),
    w.when(w.and(word, NO_LETTER), leave),
  ];

  /** Blanks may stand between flags: where they are delimiters, too, letters are not known to end. */
  const readsOn = FLAG_LETTERS[delimiter] !== 0;
  const tcpFlags = (role: Column.Role): w.Code => [
    w.whether(isDigit, [small, word.set(w.narrow(value))], [readsOn ? leave : letters(1)]),
    storeWord(role, w.and(word, 0xff)),
    gotIt(role),
  ];

  const time = (role: Column.Role): w.Code => {
    const seconds = [
      digitsAt(high, w.add(start, 8), 2),
      value.set(w.multiplyWide(w.addWide(w.multiplyWide(value, 100n), high), 1_000_000n)),
    ];
    return [
      // Up to the year 2128, so that microseconds are exact.
      w.when(w.moreOrEqual(w.subtract(w.byteAt(start), 0x31), 4), leave),
      w.when(w.less(length, 10), leave),
      digitsAt(value, start, 8),
      w.whether(w.equal(length, 10), seconds, [
        w.whether(
          w.equal(w.byteAt(start, 10), DOT),
          [
            ...seconds,
            one.set(w.subtract(length, 11)),
            w.when(w.moreOrEqual(w.subtract(one, 1), 6), leave),
            millionthsAt(low, w.add(start, 11), one),
            value.set(w.addWide(value, low)),
          ],
          [
            w.whether(
              w.equal(length, 13),
              [
                digitsAt(high, w.add(start, 8), 5),
                value.set(w.multiplyWide(w.addWide(w.multiplyWide(value, 100_000n), high), 1000n)),
              ],
              [
                // Nanoseconds: three digits more, which are dropped.
                w.when(w.equal(length, 19), digitsAt(low, w.add(start, 16), 3), length.set(16)),
                w.when(w.different(length, 16), leave),
                digitsAt(high, w.add(start, 8), 8),
                value.set(w.addWide(w.multiplyWide(value, 100_000_000n), high)),
              ],
            ),
          ],
        ),
      ]),
      storeDouble(role, value),
      gotIt(role),
    ];
  };

  const span = (role: Column.Role): w.Code => [
    w.when(w.more(length, 15), leave),
    one.set(w.zerosBelow(dots)),
    w.when(w.moreOrEqual(w.subtract(one, 1), 8), leave),
    digitsAt(value, start, one),
    value.set(w.multiplyWide(value, 1_000_000n)),
    w.when(
      w.different(one, length),
      two.set(w.subtract(w.subtract(length, one), 1)),
      w.when(w.moreOrEqual(w.subtract(two, 1), 6), leave),
      millionthsAt(low, w.add(w.add(start, one), 1), two),
      value.set(w.addWide(value, low)),
    ),
    storeDouble(role, value),
    gotIt(role),
  ];

  /** Up to 31 bytes without blanks, control bytes and quotes. */
  const isWord = [
    w.when(w.moreOrEqual(w.subtract(length, 1), 31), leave),
    bits.set(w.or(strangers(start, 0), w.shiftLeft(strangers(start, 16), 16))),
    w.when(w.and(bits, withinLength), leave),
  ];
  const first = (role: Column.Role): w.Code => [isWord, storeWord(role, w.fourAt(start)), gotIt(role)];

  /** Hashes as Ordinals does. */
  const exporter = (role: Column.Role): w.Code => [
    isWord,
    word.set(0x811c9dc5 | 0),
    one.set(start),
    w.loopWhile(
      w.lessOrEqual(w.add(one, 4), stop),
      word.set(w.multiply(w.exclusiveOr(word, w.fourAt(one)), 0x9e3779b1 | 0)),
      word.set(w.exclusiveOr(word, w.shiftRight(word, 15))),
      one.add(4),
    ),
    w.loopWhile(
      w.less(one, stop),
      word.set(w.multiply(w.exclusiveOr(word, w.byteAt(one)), 0x01000193)),
      one.add(1),
    ),
    storeWord(role, w.exclusiveOr(word, length)),
    w.storeFour(out, 4 * EXPORTER_FROM, start),
    w.storeFour(out, 4 * EXPORTER_TO, stop),
    gotIt(role),
  ];

  const history = (role: Column.Role): w.Code => [letters(0), storeWord(role, word), gotIt(role)];

  const cellOf = (role: Column.Role): w.Code => {
    const code = kindOf(role)(role);
    // Of these `-` is a text like others.
    if (role === Column.EXPORTER || role === Column.ACTION || role === Column.STATUS) return code;
    // No letters at all may say that nothing happened.
    const isFlags = role === Column.TCP_FLAGS || role === Column.REVERSE_TCP_FLAGS;
    const mayBeEmpty = !(role === Column.HISTORY || (isFlags && readsOn));
    return [
      ...(mayBeEmpty ? [] : w.when(w.equal(length, 0), leave)),
      ...w.whether(saysNothing, [nothing(role)], [code]),
    ];
  };
  function kindOf(role: Column.Role): (role: Column.Role) => w.Code {
    switch (role) {
      case Column.START:
      case Column.END:
        return time;
      case Column.DURATION:
        return span;
      case Column.SOURCE:
      case Column.DESTINATION:
      case Column.PACKET_SOURCE:
      case Column.PACKET_DESTINATION:
        return address;
      case Column.PROTOCOL:
        return protocol;
      case Column.TCP_FLAGS:
      case Column.REVERSE_TCP_FLAGS:
        return tcpFlags;
      case Column.ACTION:
      case Column.STATUS:
        return first;
      case Column.EXPORTER:
        return exporter;
      case Column.HISTORY:
        return history;
      case Column.SOURCE_PORT:
      case Column.DESTINATION_PORT:
        return port;
      default:
        return counter;
    }
  }

  const columns = Array.from(roles, (role, column) => {
    const isLast = column === roles.length - 1;
    const cell = role === Column.SKIP ? [] : [length.set(w.subtract(stop, start)), cellOf(role)];
    if (!isLast) return [nextCell, w.when(w.different(w.byteAt(stop), delimiter), leave), cell];
    return [
      nextCell,
      w.whether(
        w.equal(w.byteAt(stop), LF),
        // A line may end with CR LF.
        [
          w.when(
            w.and(w.more(stop, start), w.equal(w.byteAt(w.subtract(stop, 1)), CR)),
            stop.set(w.subtract(stop, 1)),
          ),
        ],
        [w.when(w.different(w.byteAt(stop), delimiter), leave)],
      ),
      cell,
    ];
  });
  /** Passes the columns that mean nothing, up to the line's end. */
  const toLineEnd = [
    stop.set(w.subtract(at, 1)),
    w.loopWhile(
      w.different(w.byteAt(stop), LF),
      w.when(w.different(w.byteAt(stop), delimiter), leave),
      nextCell,
    ),
  ];

  const isOther = layout.others.flatMap((other) => w.when(w.equal(byte, other), leave));
  return [
    out.set(room + ROWS),
    here.set(w.and(at, -64)),
    markAt.set(w.add(w.shiftRight(w.subtract(here, base), 3), room + MARKS)),
    marks.set(w.andWide(w.eightAt(markAt), w.shiftWideLeft(-1n, w.widen(at)))),
    w.loopWhile(
      w.and(w.less(at, end), w.less(count, MOST_ROWS)),
      w.storeFour(room, 0, at),
      line.set(at),
      byte.set(w.byteAt(at)),
      isOther,
      got.set(0),
      bad.set(0n),
      columns,
      toLineEnd,
      w.when(w.equal(w.isZeroWide(w.andWide(bad, 0x8080808080808080n)), 0), leave),
      w.storeFour(out, 4 * LINE, line),
      w.storeFour(out, 4 * GOT, got),
      out.add(ROW_BYTES),
      count.add(1),
    ),
    w.storeFour(room, 0, at),
    leave,
  ];
}

/** Bits of the bytes that may not stand in a word: blanks, control bytes, quotes. */
function strangers(at: w.Value, offset: number): w.Code {
  const bytes = w.sixteenAt(at, offset);
  return w.highestBits(
    w.orBytes(w.lessBytes(bytes, w.sixteenTimes(0x21)), w.equalBytes(bytes, w.sixteenTimes(QUOTE))),
  );
}

/** A double as its 64 bits. */
function bitsOf(number: number): bigint {
  return new BigInt64Array(Float64Array.of(number).buffer)[0];
}

function littleEndian(text: string): number {
  return Buffer.from(`${text}\0`).readInt32LE() & (text.length === 3 ? 0xffffff : -1);
}
