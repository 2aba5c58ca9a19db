/**
 * Objects as bytes and back: everything that can be reached from some roots, with who refers to whom, as it was. Plain
 * objects, arrays, maps, sets, buffers and instances of the classes in `classes.ts` are written down; functions are
 * refused. What every run has anyway, such as lists and dialects, is written as its name (`Fixed`).
 *
 * An image is blocks of cells, which V8 writes (node:v8; a later V8 reads them too). It never follows objects into each
 * other, however deep they lie: a cell holds the number of an object, in the order in which they were found.
 */
import { DefaultDeserializer, DefaultSerializer } from 'node:v8';

/** What is known to every run by a name, and is not written down. */
type Fixed = ReadonlyMap<object, string>;
/** Classes by the names under which they are written. */
export type ClassList = ReadonlyMap<string, { readonly prototype: object }>;

/** What objects are alike. */
interface Shape {
  readonly kind:
    | ('plain' | 'bare' | 'instance')
    | ('value' | 'list' | 'map' | 'set')
    | ('buffer' | 'view' | 'fixed');
  /** Class of an instance or a view, or name of what is fixed. */
  readonly name: string;
  /** Names of fields. */
  readonly keys: readonly string[];
}

/** Some of the objects, one behind the other. */
interface Block {
  /** Shapes that come here for the first time. */
  readonly shapes: readonly Shape[];
  /** Of each object: the number of its shape, and the place behind its last cell. */
  readonly kinds: Uint32Array;
  readonly ends: Uint32Array;
  readonly cells: readonly unknown[];
  /** 1 for a cell that is the number of an object. */
  readonly isReference: Uint8Array;
}

const BLOCK_CELLS = 1 << 16;
const VIEWS = new Map(
  [Uint8Array, Uint16Array, Int16Array, Uint32Array, Int32Array, Float64Array].map((View) => [
    View.name,
    View,
  ]),
);

/** The bytes of all that the roots reach. Throws if that holds a closure or an instance of an unknown class. */
export function writeImage(roots: object, classes: ClassList, fixed: Fixed): Buffer {
  return new Writer(classes, fixed).write(roots);
}

class Writer {
  private readonly nameOf: ReadonlyMap<object, string>;
  private readonly found: unknown[] = [];
  private readonly numbers = new Map<unknown, number>();
  private readonly shapeNumbers = new Map<string, number>();
  private shapes: Shape[] = [];
  private cells: unknown[] = [];
  private isReference: number[] = [];

  constructor(
    classes: ClassList,
    private readonly fixed: Fixed,
  ) {
    this.nameOf = new Map([...classes].map(([name, { prototype }]) => [prototype, name]));
  }

  write(roots: object): Buffer {
    const serializer = new DefaultSerializer();
    serializer.writeHeader();
    this.numberOf(roots);
    for (let next = 0; next < this.found.length; ) {
      const [kinds, ends]: number[][] = [[], []];
      for (; next < this.found.length && this.cells.length < BLOCK_CELLS; next++) {
        kinds.push(this.describe(this.found[next]));
        ends.push(this.cells.length);
      }
      const { shapes, cells } = this;
      const numbers = { kinds: Uint32Array.from(kinds), ends: Uint32Array.from(ends) };
      const block: Block = { shapes, cells, ...numbers, isReference: Uint8Array.from(this.isReference) };
      serializer.writeValue(block);
      [this.shapes, this.cells, this.isReference] = [[], [], []];
    }
    serializer.writeValue(null);
    return serializer.releaseBuffer();
  }

  private numberOf(one: unknown): number {
    const known = this.numbers.get(one);
    if (known !== undefined) return known;
    // What another is made of comes before it.
    if (ArrayBuffer.isView(one) && !Buffer.isBuffer(one)) this.numberOf(one.buffer);
    const number = this.found.push(one) - 1;
    this.numbers.set(one, number);
    return number;
  }

  private add(value: unknown): void {
    this.cells.push(value);
    this.isReference.push(0);
  }

  private value(value: unknown): void {
    if (typeof value === 'number' || typeof value === 'boolean' || value == null) this.add(value);
    else {
      this.cells.push(this.numberOf(value));
      this.isReference.push(1);
    }
  }

  private shape(kind: Shape['kind'], name = '', keys: readonly string[] = []): number {
    // Keys of plain objects may be anybody's.
    const told = `${kind} ${name} ${name === '' ? JSON.stringify(keys) : keys.join()}`;
    const known = this.shapeNumbers.get(told);
    if (known !== undefined) return known;
    this.shapes.push({ kind, name, keys });
    this.shapeNumbers.set(told, this.shapeNumbers.size);
    return this.shapeNumbers.size - 1;
  }

  /** Writes the cells of an object; returns its shape. */
  private describe(one: unknown): number {
    if (typeof one === 'string' || typeof one === 'bigint' || one instanceof ArrayBuffer) {
      this.add(one);
      return this.shape('value');
    }
    const name = this.fixed.get(one as object);
    if (name !== undefined) return this.shape('fixed', name);
    if (Array.isArray(one)) {
      for (let i = 0; i < one.length; i++) this.value(one[i]);
      return this.shape('list');
    }
    if (one instanceof Map) {
      for (const [key, value] of one) {
        this.value(key);
        this.value(value);
      }
      return this.shape('map');
    }
    if (one instanceof Set) {
      for (const each of one) this.value(each);
      return this.shape('set');
    }
    if (ArrayBuffer.isView(one)) return this.describeView(one as Uint8Array);
    return typeof one === 'object' ? this.describeFields(one as object) : refuse(one);
  }

  private describeView(one: Uint8Array): number {
    if (Buffer.isBuffer(one)) {
      // It may lie in a pool that holds others' bytes, too.
      this.add(Uint8Array.from(one).buffer);
      return this.shape('buffer');
    }
    if (!VIEWS.has(one.constructor.name)) refuse(one.constructor);
    this.value(one.buffer);
    this.add(one.byteOffset);
    this.add(one.length);
    return this.shape('view', one.constructor.name);
  }

  private describeFields(one: object): number {
    const keys = Object.keys(one);
    for (const key of keys) this.value((one as Record<string, unknown>)[key]);
    const prototype = Object.getPrototypeOf(one);
    if (prototype === null) return this.shape('bare', '', keys);
    if (prototype === Object.prototype) return this.shape('plain', '', keys);
    return this.shape('instance', this.nameOf.get(prototype) ?? refuse(prototype.constructor), keys);
  }
}

function refuse(what: unknown): never {
  throw new Error(`a state cannot keep ${String(what).slice(0, 80)}`);
}

/**
 * The roots of an image, made again. Objects of `into` are not made: they get the fields that were written for the fixed
 * name. Throws if the bytes are no image of these classes.
 */
export function readImage(
  bytes: Buffer,
  classes: ClassList,
  fixed: ReadonlyMap<string, object>,
  into: ReadonlyMap<string, object> = new Map(),
): object {
  const deserializer = new DefaultDeserializer(bytes);
  deserializer.readHeader();
  const blocks: Block[] = [];
  for (let block = deserializer.readValue(); block !== null; block = deserializer.readValue())
    blocks.push(block);
  const shapes = blocks.flatMap((block) => block.shapes);
  const made: unknown[] = [];
  const newOne = ({ kind, name }: Shape, cells: readonly unknown[], at: number): unknown => {
    if (kind === 'value') return cells[at];
    if (kind === 'list') return [];
    if (kind === 'map') return new Map();
    if (kind === 'set') return new Set();
    if (kind === 'plain') return {};
    if (kind === 'bare') return Object.create(null);
    if (kind === 'fixed') return fixed.get(name) ?? unknown(name);
    if (kind === 'buffer') return Buffer.from(cells[at] as ArrayBuffer);
    if (kind === 'instance')
      return into.get(name) ?? Object.create((classes.get(name) ?? unknown(name)).prototype);
    const View = VIEWS.get(name) ?? unknown(name);
    return new View(
      made[cells[at] as number] as ArrayBuffer,
      cells[at + 1] as number,
      cells[at + 2] as number,
    );
  };
  for (const { kinds, ends, cells } of blocks)
    for (let i = 0; i < kinds.length; i++) made.push(newOne(shapes[kinds[i]], cells, ends[i - 1] ?? 0));
  let number = 0;
  for (const { kinds, ends, cells, isReference } of blocks) {
    const value = (at: number): unknown => (isReference[at] === 1 ? made[cells[at] as number] : cells[at]);
    for (let i = 0; i < kinds.length; i++)
      fill(made[number++], shapes[kinds[i]], ends[i - 1] ?? 0, ends[i], value);
  }
  return made[0] as object;
}

function fill(
  one: unknown,
  { kind, keys }: Shape,
  from: number,
  to: number,
  value: (at: number) => unknown,
): void {
  if (kind === 'list') for (let at = from; at < to; at++) (one as unknown[]).push(value(at));
  else if (kind === 'set') for (let at = from; at < to; at++) (one as Set<unknown>).add(value(at));
  else if (kind === 'map')
    for (let at = from; at < to; at += 2) (one as Map<unknown, unknown>).set(value(at), value(at + 1));
  else
    for (let i = 0; i < keys.length; i++) {
      const [key, held] = [keys[i], value(from + i)];
      // Assigned, it would be the prototype.
      if (key === '__proto__') Object.defineProperty(one, key, { ...ORDINARY, value: held });
      else (one as Record<string, unknown>)[key] = held;
    }
}

const ORDINARY = { writable: true, enumerable: true, configurable: true };

function unknown(what: string): never {
  throw new Error(`the state holds something that this program does not know: ${what}`);
}
