/**
 * Objects as bytes and back: everything that can be reached from some roots, with who refers to whom, as it was. Plain
 * objects, arrays, maps, sets, buffers and instances of the classes in `classes.ts` are written down; closures cannot be
 * (see bound.ts). What every run has anyway, such as lists and dialects, is written as its name (`Fixed`).
 *
 * An image is three parts behind their lengths: texts, what each object is, and what it holds. A number is a LEB128 varint;
 * objects have numbers in the order in which they were found.
 */
import { bindingOf, bound } from '../bound.ts';

/** What is known to every run by a name, and is not written down. */
type Fixed = ReadonlyMap<object, string>;
/** Classes by the names under which they are written. */
export type ClassList = ReadonlyMap<string, { readonly prototype: object }>;

const UNDEFINED = 0;
const NULL = 1;
const FALSE = 2;
const TRUE = 3;
const INTEGER = 4;
const NEGATIVE = 5;
const DOUBLE = 6;
const TEXT = 7;
const BIG = 8;
const REFERENCE = 9;

const PLAIN = 0;
const BARE = 1; // an object without prototype
const ARRAY = 2;
const MAP = 3;
const SET = 4;
const INSTANCE = 5;
const BUFFER = 6;
const VIEW = 7;
const FIXED = 8;
const BOUND = 9;

const VIEWS = {
  Uint8Array,
  Uint8ClampedArray,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
  Buffer,
} as const;
type View = Uint8Array | DataView;

const CHUNK_BYTES = 1 << 20;

/** Bytes that grow, in pieces. */
class Pieces {
  readonly done: Buffer[] = [];
  bytes = 0;
  private piece = Buffer.allocUnsafe(CHUNK_BYTES);
  private at = 0;

  private room(count: number): void {
    if (this.at + count <= this.piece.length) return;
    this.done.push(this.piece.subarray(0, this.at));
    this.piece = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, count));
    this.at = 0;
  }

  byte(value: number): void {
    this.room(1);
    this.piece[this.at++] = value;
    this.bytes++;
  }

  number(value: number): void {
    this.room(8);
    let rest = value;
    const from = this.at;
    while (rest >= 0x80) {
      this.piece[this.at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.piece[this.at++] = rest;
    this.bytes += this.at - from;
  }

  double(value: number): void {
    this.room(8);
    this.piece.writeDoubleLE(value, this.at);
    this.at += 8;
    this.bytes += 8;
  }

  all(bytes: Uint8Array): void {
    this.room(bytes.length);
    this.piece.set(bytes, this.at);
    this.at += bytes.length;
    this.bytes += bytes.length;
  }

  text(value: string): void {
    const bytes = Buffer.from(value, 'utf16le');
    this.number(bytes.length);
    this.all(bytes);
  }

  end(): readonly Buffer[] {
    return [...this.done, this.piece.subarray(0, this.at)];
  }
}

/** The bytes of all that the roots reach. Throws if that holds a closure or an instance of an unknown class. */
export function writeImage(roots: object, classes: ClassList, fixed: Fixed): readonly Buffer[] {
  return new Writer(classes, fixed).write(roots);
}

class Writer {
  private readonly nameOf: ReadonlyMap<object, string>;
  private readonly fixed: Fixed;
  private readonly numbers = new Map<object, number>();
  private readonly found: object[] = [];
  private readonly texts = new Map<string, number>();
  private readonly textBytes = new Pieces();
  private readonly kinds = new Pieces();
  private readonly contents = new Pieces();

  constructor(classes: ClassList, fixed: Fixed) {
    this.nameOf = new Map([...classes].map(([name, { prototype }]) => [prototype, name]));
    this.fixed = fixed;
  }

  write(roots: object): readonly Buffer[] {
    this.numberOf(roots);
    for (let next = 0; next < this.found.length; next++) this.describe(this.found[next]);
    const head = new Pieces();
    for (const count of [this.texts.size, this.found.length]) head.number(count);
    for (const part of [this.textBytes, this.kinds, this.contents]) head.number(part.bytes);
    return [head, this.textBytes, this.kinds, this.contents].flatMap((part) => part.end());
  }

  private numberOf(one: object): number {
    const known = this.numbers.get(one);
    if (known !== undefined) return known;
    const number = this.found.length;
    this.numbers.set(one, number);
    this.found.push(one);
    return number;
  }

  private textNumber(text: string): number {
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    const number = this.texts.size;
    this.texts.set(text, number);
    this.textBytes.text(text);
    return number;
  }

  private kind(kind: number, ...numbers: readonly number[]): void {
    this.kinds.byte(kind);
    for (const number of numbers) this.kinds.number(number);
  }

  private describe(one: object): void {
    const name = this.fixed.get(one);
    if (name !== undefined) this.kind(FIXED, this.textNumber(name));
    else if (typeof one === 'function') this.describeFunction(one);
    else if (Array.isArray(one)) {
      this.kind(ARRAY, one.length);
      for (let i = 0; i < one.length; i++) this.value(one[i]);
    } else if (one instanceof Map) {
      this.kind(MAP, one.size);
      for (const [key, value] of one) {
        this.value(key);
        this.value(value);
      }
    } else if (one instanceof Set) {
      this.kind(SET, one.size);
      for (const value of one) this.value(value);
    } else if (ArrayBuffer.isView(one)) this.describeView(one);
    else if (one instanceof ArrayBuffer) {
      this.kind(BUFFER, one.byteLength);
      this.contents.all(new Uint8Array(one));
    } else this.describeFields(one);
  }

  private describeFunction(one: object): void {
    const binding = bindingOf(one);
    if (binding === undefined)
      throw new Error(`a state cannot keep the function ${String(one).slice(0, 80)}`);
    this.kind(BOUND, this.numberOf(binding.owner), this.textNumber(binding.method));
  }

  private describeView(one: ArrayBufferView): void {
    const type = Buffer.isBuffer(one) ? 'Buffer' : one.constructor.name;
    const length = one instanceof DataView ? one.byteLength : (one as Uint8Array).length;
    const { buffer } = one;
    // Small buffers lie in a pool that holds others' bytes, too.
    if (Buffer.isBuffer(one) && buffer.byteLength > one.byteLength && !this.fixed.has(buffer)) {
      this.kind(VIEW, this.textNumber(type), this.numberOf(Uint8Array.from(one).buffer), 0, length);
    } else this.kind(VIEW, this.textNumber(type), this.numberOf(buffer), one.byteOffset, length);
  }

  private describeFields(one: object): void {
    const prototype = Object.getPrototypeOf(one);
    const keys = Object.keys(one);
    if (prototype === Object.prototype) this.kind(PLAIN, keys.length);
    else if (prototype === null) this.kind(BARE, keys.length);
    else {
      const name = this.nameOf.get(prototype);
      if (name === undefined)
        throw new Error(`a state does not know the class ${prototype.constructor?.name}`);
      this.kind(INSTANCE, this.textNumber(name), keys.length);
    }
    const fields = one as Record<string, unknown>;
    for (const key of keys) {
      this.contents.number(this.textNumber(key));
      this.value(fields[key]);
    }
  }

  private value(value: unknown): void {
    const { contents } = this;
    switch (typeof value) {
      case 'undefined':
        contents.byte(UNDEFINED);
        return;
      case 'boolean':
        contents.byte(value ? TRUE : FALSE);
        return;
      case 'number':
        if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
          contents.byte(value < 0 ? NEGATIVE : INTEGER);
          contents.number(Math.abs(value));
        } else {
          contents.byte(DOUBLE);
          contents.double(value);
        }
        return;
      case 'string':
        contents.byte(TEXT);
        contents.number(this.textNumber(value));
        return;
      case 'bigint':
        contents.byte(BIG);
        contents.number(this.textNumber(String(value)));
        return;
      case 'symbol':
        throw new Error('a state cannot keep a symbol');
    }
    if (value === null) {
      contents.byte(NULL);
      return;
    }
    contents.byte(REFERENCE);
    contents.number(this.numberOf(value as object));
  }
}

/**
 * The roots of an image, made again. Objects of `into` are not made: they get the fields that were written for the fixed
 * name. Throws if the bytes are not image of these classes.
 */
export function readImage(
  bytes: Buffer,
  classes: ClassList,
  fixed: ReadonlyMap<string, object>,
  into: ReadonlyMap<string, object> = new Map(),
): object {
  return new Reader(bytes, classes, fixed, into).read();
}

type Kind = readonly [kind: number, first: number, second: number, third: number, fourth: number];

const NUMBERS_OF = [1, 1, 1, 1, 1, 2, 1, 4, 1, 2];

class Reader {
  private readonly bytes: Buffer;
  private readonly classes: ClassList;
  private readonly fixed: ReadonlyMap<string, object>;
  private readonly into: ReadonlyMap<string, object>;
  private at = 0;
  private readonly texts: string[] = [];
  private readonly kinds: Kind[] = [];
  private readonly made: object[] = [];

  constructor(
    bytes: Buffer,
    classes: ClassList,
    fixed: ReadonlyMap<string, object>,
    into: ReadonlyMap<string, object>,
  ) {
    this.bytes = bytes;
    this.classes = classes;
    this.fixed = fixed;
    this.into = into;
  }

  read(): object {
    const [texts, count] = [this.number(), this.number()];
    for (let part = 0; part < 3; part++) this.number();
    for (let i = 0; i < texts; i++) {
      const length = this.number();
      this.texts.push(this.bytes.toString('utf16le', this.at, this.at + length));
      this.at += length;
    }
    for (let i = 0; i < count; i++) {
      const kind = this.bytes[this.at++];
      const numbers = [0, 0, 0, 0];
      for (let n = 0; n < NUMBERS_OF[kind]; n++) numbers[n] = this.number();
      this.kinds.push([kind, numbers[0], numbers[1], numbers[2], numbers[3]]);
    }
    for (let i = 0; i < count; i++) this.make(i);
    for (let i = 0; i < count; i++) this.fill(i);
    return this.made[0];
  }

  private number(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.bytes[this.at++];
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  }

  private make(number: number): object {
    const known = this.made[number];
    if (known !== undefined) return known;
    const one = this.newOne(this.kinds[number]);
    this.made[number] = one;
    return one;
  }

  private newOne([kind, first, second, third, fourth]: Kind): object {
    switch (kind) {
      case PLAIN:
        return {};
      case BARE:
        return Object.create(null);
      case ARRAY:
        return [];
      case MAP:
        return new Map();
      case SET:
        return new Set();
      case BUFFER:
        return new ArrayBuffer(first);
      case VIEW:
        return viewOn(
          this.texts[first] as keyof typeof VIEWS,
          this.make(second) as ArrayBuffer,
          third,
          fourth,
        );
      case BOUND: {
        const owner = this.make(first);
        return bound(owner, (owner as Record<string, () => unknown>)[this.texts[second]]);
      }
      case FIXED:
        return this.fixed.get(this.texts[first]) ?? unknown(this.texts[first]);
      case INSTANCE: {
        const name = this.texts[first];
        const { prototype } = this.classes.get(name) ?? unknown(name);
        return this.into.get(name) ?? Object.create(prototype);
      }
      default:
        return unknown(`kind ${kind}`);
    }
  }

  private fill(number: number): void {
    const [kind, first, second] = this.kinds[number];
    const one = this.made[number];
    if (kind === ARRAY) {
      const list = one as unknown[];
      for (let i = 0; i < first; i++) list.push(this.value());
    } else if (kind === MAP) {
      for (let i = 0; i < first; i++) {
        const key = this.value();
        (one as Map<unknown, unknown>).set(key, this.value());
      }
    } else if (kind === SET) {
      for (let i = 0; i < first; i++) (one as Set<unknown>).add(this.value());
    } else if (kind === BUFFER) {
      new Uint8Array(one as ArrayBuffer).set(this.bytes.subarray(this.at, this.at + first));
      this.at += first;
    } else if (kind === PLAIN || kind === BARE || kind === INSTANCE) {
      const fields = one as Record<string, unknown>;
      for (let i = 0; i < (kind === INSTANCE ? second : first); i++) {
        const key = this.texts[this.number()];
        const value = this.value();
        if (key === '__proto__') Object.defineProperty(fields, key, { value, ...ORDINARY });
        else fields[key] = value;
      }
    }
  }

  private value(): unknown {
    const tag = this.bytes[this.at++];
    switch (tag) {
      case UNDEFINED:
        return undefined;
      case NULL:
        return null;
      case FALSE:
        return false;
      case TRUE:
        return true;
      case INTEGER:
        return this.number();
      case NEGATIVE:
        return -this.number();
      case DOUBLE:
        this.at += 8;
        return this.bytes.readDoubleLE(this.at - 8);
      case TEXT:
        return this.texts[this.number()];
      case BIG:
        return BigInt(this.texts[this.number()]);
      case REFERENCE:
        return this.made[this.number()];
      default:
        return unknown(`value ${tag}`);
    }
  }
}

const ORDINARY = { writable: true, enumerable: true, configurable: true };

function viewOn(type: keyof typeof VIEWS, buffer: ArrayBuffer, offset: number, length: number): View {
  if (type === 'Buffer') return Buffer.from(buffer, offset, length);
  const Type = VIEWS[type] as new (buffer: ArrayBuffer, offset: number, length: number) => View;
  return new Type(buffer, offset, length);
}

function unknown(what: string): never {
  throw new Error(`the state holds something that this program does not know: ${what}`);
}
