/**
 * A small assembler of WebAssembly (core specification 2.0, section 5), for the few loops that copy or compare bytes: it
 * has loads and stores of sixteen bytes at any place, and numbers of 64 bits, which JavaScript has not. Programs are
 * written as TypeScript values. A function takes 32-bit numbers and returns one; all share one memory, which it is given.
 */
import { fail } from './errors.ts';

/** Instructions, in any nesting: a program is put together without copying its parts. */
export type Code = readonly (number | Code)[];
/** What gives a number: a variable, a constant, or instructions. */
export type Value = Local | number | Code;
/** The same of 64 bits. */
export type Wide = Local | bigint | Code;
/** What gives sixteen bytes. */
export type Vector = Local | Code;
/** What gives a double: a number is a constant. */
export type Double = Local | number | Code;

/** A variable or parameter of a function. */
export class Local {
  readonly #index: number;

  constructor(index: number) {
    this.#index = index;
  }

  get value(): Code {
    return [0x20, this.#index]; // local.get
  }

  set(value: Value | Wide | Vector): Code {
    return [codeOf(value), 0x21, this.#index]; // local.set
  }

  /** Sets it to itself and so much. */
  add(value: Value): Code {
    return this.set(add(this, value));
  }
}

function codeOf(value: Value | Wide | Vector): Code {
  if (value instanceof Local) return value.value;
  if (typeof value === 'bigint') return [0x42, signedWide(value)]; // i64.const
  return typeof value === 'number' ? [0x41, signed(value)] : value; // i32.const
}

function operation(opcode: number): (a: Value, b: Value) => Code {
  return (a, b) => [codeOf(a), codeOf(b), opcode];
}

function wideOperation(opcode: number): (a: Wide, b: Wide) => Code {
  return (a, b) => [codeOf(a), codeOf(b), opcode];
}

function doubleOperation(opcode: number): (a: Double, b: Double) => Code {
  return (a, b) => [double(a), double(b), opcode];
}

function vectorOperation(opcode: number): (a: Vector, b: Vector) => Code {
  return (a, b) => [codeOf(a), codeOf(b), 0xfd, opcode];
}

// Of i32; numbers are without sign.
export const add = operation(0x6a);
export const subtract = operation(0x6b);
export const multiply = operation(0x6c);
export const and = operation(0x71);
export const or = operation(0x72);
export const exclusiveOr = operation(0x73);
export const shiftLeft = operation(0x74);
export const shiftRight = operation(0x76);
export const equal = operation(0x46);
export const different = operation(0x47);
export const less = operation(0x49);
export const more = operation(0x4b);
export const lessOrEqual = operation(0x4d);
export const moreOrEqual = operation(0x4f);
/** Of numbers with a sign. */
export const moreSigned = operation(0x4a);

/** Bits below the lowest one that is set. */
export const zerosBelow = (value: Value): Code => [codeOf(value), 0x68]; // i32.ctz

// Of i64.
export const addWide = wideOperation(0x7c);
export const multiplyWide = wideOperation(0x7e);
export const divideWide = wideOperation(0x80);
export const andWide = wideOperation(0x83);
export const orWide = wideOperation(0x84);
export const subtractWide = wideOperation(0x7d);
export const lessWide = wideOperation(0x54);
export const moreWide = wideOperation(0x56);
export const moreOrEqualWide = wideOperation(0x5a);
export const exclusiveOrWide = wideOperation(0x85);
/** By so many bits, of which the lowest six count. */
export const shiftWideLeft = wideOperation(0x86);
export const shiftWideRight = wideOperation(0x88);
export const isZeroWide = (value: Wide): Code => [codeOf(value), 0x50]; // i64.eqz
export const zerosBelowWide = (value: Wide): Code => [codeOf(value), 0x7a]; // i64.ctz
export const widen = (value: Value): Code => [codeOf(value), 0xad]; // i64.extend_i32_u
/** The lower 32 bits. */
export const narrow = (value: Wide): Code => [codeOf(value), 0xa7]; // i32.wrap_i64

// Of doubles.
export const double = (value: Double): Code => {
  if (typeof value === 'number') return [0x44, [...new Uint8Array(Float64Array.of(value).buffer)]]; // f64.const
  return value instanceof Local ? value.value : value;
};
export const doubleOf = (value: Wide): Code => [codeOf(value), 0xb9]; // f64.convert_i64_s
export const doubleOfFour = (value: Value): Code => [codeOf(value), 0xb8]; // f64.convert_i32_u
export const addDouble = doubleOperation(0xa0);
export const subtractDouble = doubleOperation(0xa1);
export const multiplyDouble = doubleOperation(0xa2);
export const divideDouble = doubleOperation(0xa3);
export const lessDouble = doubleOperation(0x63);
export const lessOrEqualDouble = doubleOperation(0x65);
export const moreOrEqualDouble = doubleOperation(0x66);
export const leastDouble = doubleOperation(0xa4);
export const mostDouble = doubleOperation(0xa5);
export const rootOf = (value: Double): Code => [double(value), 0x9f]; // f64.sqrt
export const floorOf = (value: Double): Code => [double(value), 0x9c]; // f64.floor
export const absoluteOf = (value: Double): Code => [double(value), 0x99]; // f64.abs
export const isNumber = (value: Local): Code => [value.value, value.value, 0x61]; // f64.eq: NaN is not itself

// Of sixteen bytes.
export const sixteenAt = (address: Value, offset = 0): Code => [
  [codeOf(address), 0xfd, 0x00, 0], // v128.load
  unsigned(offset),
];
export const sixteenOf = (bytes: Code): Code => [0xfd, 0x0c, bytes]; // v128.const
export const storeSixteen = (address: Value, value: Vector): Code => [
  [codeOf(address), codeOf(value), 0xfd, 0x0b, 0, 0], // v128.store
];
/** The byte sixteen times. */
export const sixteenTimes = (byte: Value): Code => [codeOf(byte), 0xfd, 0x0f]; // i8x16.splat
export const equalBytes = vectorOperation(0x23);
/** Of bytes without sign. */
export const lessBytes = vectorOperation(0x26);
export const andBytes = vectorOperation(0x4e);
export const orBytes = vectorOperation(0x50);
/** Of the first sixteen bytes those that the others number; 0 where they number none. */
export const chosenBytes = vectorOperation(0x0e);
/** Each byte, without sign, by so many bits. */
export const shiftBytesRight = (value: Vector, bits: Value): Code => [
  [codeOf(value), codeOf(bits), 0xfd, 0x6d], // i8x16.shr_u
];
/** One of its four numbers of 32 bits. */
export const fourOf = (value: Vector, lane: number): Code => [codeOf(value), 0xfd, 0x1b, lane]; // i32x4.extract_lane
/** The highest bit of each byte; that of the first is the lowest. */
export const highestBits = (value: Vector): Code => [codeOf(value), 0xfd, 0x64]; // i8x16.bitmask

const loadOf =
  (opcode: number) =>
  (address: Value, offset = 0): Code => [codeOf(address), opcode, 0, unsigned(offset)];
/** The byte, the two, four or eight bytes in little endian, at an address and so many bytes behind it. */
export const byteAt = loadOf(0x2d); // i32.load8_u
export const wordAt = loadOf(0x2f); // i32.load16_u
export const fourAt = loadOf(0x28); // i32.load
export const eightAt = loadOf(0x29); // i64.load
export const doubleAt = loadOf(0x2b); // f64.load
/** Stores a number of 32 bits, one of 64 bits, or a double, so many bytes behind an address. */
export const storeFour = (address: Value, offset: number, value: Value): Code => [
  [codeOf(address), codeOf(value), 0x36, 0], // i32.store
  unsigned(offset),
];
export const storeByte = (address: Value, offset: number, value: Value): Code => [
  [codeOf(address), codeOf(value), 0x3a, 0], // i32.store8
  unsigned(offset),
];
export const storeWord = (address: Value, offset: number, value: Value): Code => [
  [codeOf(address), codeOf(value), 0x3b, 0], // i32.store16
  unsigned(offset),
];
export const storeEight = (address: Value, offset: number, value: Wide): Code => [
  [codeOf(address), codeOf(value), 0x37, 0], // i64.store
  unsigned(offset),
];
export const storeDouble = (address: Value, offset: number, value: Double): Code => [
  [codeOf(address), double(value), 0x39, 0], // f64.store
  unsigned(offset),
];
/** Copies sixteen bytes, read all at once. */
export const copySixteen = (to: Value, from: Value): Code => [
  codeOf(to),
  codeOf(from),
  [0xfd, 0x00, 0, 0], // v128.load
  [0xfd, 0x0b, 0, 0], // v128.store
];
/** Copies so many bytes. */
export const copyBytes = (to: Value, from: Value, count: Value): Code => [
  codeOf(to),
  codeOf(from),
  codeOf(count),
  [0xfc, 10, 0, 0], // memory.copy
];

/** The first where the condition holds, else the second, both of one type; without a jump. */
export const choose = (condition: Code, first: Value | Wide, second: Value | Wide): Code => [
  [codeOf(first), codeOf(second), condition, 0x1b], // select
];
/** The first number where the condition holds, else the second; the other is not worked out. */
export const whichever = (condition: Code, first: Value, second: Value): Code => [
  [condition, 0x04, 0x7f], // if, with an i32
  codeOf(first),
  0x05, // else
  codeOf(second),
  0x0b,
];
export const giveBack = (value: Value): Code => [codeOf(value), 0x0f]; // return
export const when = (condition: Code, ...then: readonly Code[]): Code => [
  [condition, 0x04, 0x40], // if
  then,
  0x0b, // end
];
export const whether = (condition: Code, then: readonly Code[], otherwise: readonly Code[]): Code => [
  [condition, 0x04, 0x40],
  then,
  0x05, // else
  otherwise,
  0x0b,
];
/** A loop that begins with its condition: out of the block where it does not hold. */
export const loopWhile = (condition: Code, ...body: readonly Code[]): Code => [
  [0x02, 0x40, 0x03, 0x40], // block, loop
  [condition, 0x45, 0x0d, 1], // i32.eqz, br_if out of the block
  body,
  [0x0c, 0, 0x0b, 0x0b], // br to the loop's beginning, end, end
];
/** A loop that ends with its condition. */
export const loopAsLongAs = (body: readonly Code[], condition: Code): Code => [
  [0x03, 0x40], // loop
  body,
  [condition, 0x0d, 0, 0x0b], // br_if to its beginning, end
];

/** A function: so many parameters and further variables, 64 together at most, and its instructions. */
export interface Program {
  readonly parameters: number;
  readonly variables: number;
  /** Further variables of 64 bits, behind these of sixteen bytes, and behind these doubles. */
  readonly wides?: number;
  readonly vectors?: number;
  readonly doubles?: number;
  /** The last of its instructions gives a number back. */
  readonly body: (...locals: Local[]) => Code;
}

// Sections of a module, and the kind of its memory.
const TYPES = 1;
const IMPORTS = 2;
const FUNCTIONS = 3;
const EXPORTS = 7;
const CODE = 10;
const SHARED = 3;
const PAGE_BYTES = 65_536;
const MOST_PAGES = 4096;

/** Memory that threads may share. The types of Node.js do not know it. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
}

declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly of: { readonly memory: SharedMemory } },
  ) => { readonly exports: { readonly run: (...numbers: number[]) => number } };
  readonly Memory: new (size: { initial: number; maximum: number; shared: true }) => SharedMemory;
};

/** Memory of so many bytes or somewhat more, 256 MiB at most; bytes are zero and take no room before they are written. */
export function allocate(bytes: number): SharedMemory {
  const initial = Math.ceil(bytes / PAGE_BYTES);
  try {
    return new WebAssembly.Memory({ initial, maximum: MOST_PAGES, shared: true });
  } catch (cause) {
    // V8 keeps 8 GiB of addresses free behind a memory in place of testing each access.
    return fail('INPUT_UNREADABLE', 'packed blocks of nfcapd files need 10 GB of addresses', {
      hint: 'Raise the limit of virtual memory (ulimit -v); little of it is used.',
      cause,
    });
  }
}

/** The function of a program, assembled or not, on this memory. */
export function instantiate(
  program: Program | Uint8Array,
  memory: SharedMemory,
): (...numbers: number[]) => number {
  const module = new WebAssembly.Module(program instanceof Uint8Array ? program : assemble(program));
  return new WebAssembly.Instance(module, { of: { memory } }).exports.run;
}

/** A module with this one function. */
export function assemble(program: Program): Uint8Array {
  const { parameters, variables, wides = 0, vectors = 0, doubles = 0, body } = program;
  const i32 = 0x7f;
  const i64 = 0x7e;
  const v128 = 0x7b;
  const f64 = 0x7c;
  const count = parameters + variables + wides + vectors + doubles;
  const locals = Array.from({ length: count }, (_, index) => new Local(index));
  // Behind the last `return` comes `unreachable`.
  const kinds = [4, variables, i32, wides, i64, vectors, v128, doubles, f64];
  const code = flat([kinds, body(...locals), 0x00, 0x0b]);
  const sections = [
    section(TYPES, [1, 0x60, parameters, new Array<number>(parameters).fill(i32), 1, i32]),
    section(IMPORTS, [1, name('of'), name('memory'), 2, SHARED, 0, unsigned(MOST_PAGES)]),
    section(FUNCTIONS, [1, 0]),
    section(EXPORTS, [1, name('run'), 0, 0]),
    section(CODE, [1, unsigned(code.length), code]),
  ];
  return new Uint8Array(flat([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, sections]));
}

function section(id: number, content: Code): Code {
  const bytes = flat(content);
  return [id, unsigned(bytes.length), bytes];
}

/** The numbers alone, in their order, behind those that are there. */
function flat(code: Code, numbers: number[] = []): number[] {
  for (const part of code) {
    if (typeof part === 'number') numbers.push(part);
    else flat(part, numbers);
  }
  return numbers;
}

function name(text: string): Code {
  return [text.length, ...Buffer.from(text)];
}

/** LEB128: seven bits a byte, the lowest first. */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signedWide(value: bigint): Code {
  const bits = Number(value & 0x7fn);
  const rest = BigInt.asIntN(64, value) >> 7n;
  const isLast = (rest === 0n && (bits & 0x40) === 0) || (rest === -1n && (bits & 0x40) !== 0);
  return isLast ? [bits] : [bits | 0x80, ...signedWide(rest)];
}

function signed(value: number): Code {
  const bits = value & 0x7f;
  const rest = value >> 7;
  const isLast = (rest === 0 && (bits & 0x40) === 0) || (rest === -1 && (bits & 0x40) !== 0);
  return isLast ? [bits] : [bits | 0x80, ...signed(rest)];
}
