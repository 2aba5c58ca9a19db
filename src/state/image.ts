/**
 * Objects as bytes and back: everything that can be reached from some roots, with who refers to whom, as it was. Plain
 * objects, arrays, maps, sets, buffers and instances of classes are written down; functions are refused. What every run has anyway, such as lists and dialects, is written as its name (`Fixed`).
 *
 * An image is blocks of cells, which V8 writes (node:v8; a later V8 reads them too). It never follows objects into each
 * other, however deep they lie: a cell holds the number of an object, in the order in which they were found.
 */
import { DefaultDeserializer, DefaultSerializer } from 'node:v8';

/** What is known to every run by a name, and is not written down. */
type Fixed = ReadonlyMap<object, string>;
/** What a reader knows of the objects of an image. */
export interface Known {
  /** What makes a fresh instance of a class, by its name. */
  readonly makers: ReadonlyMap<string, () => object>;
  /** Classes of which no instance is read. */
  readonly leftOut: ReadonlySet<string>;
  readonly fixed: ReadonlyMap<string, object>;
}

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

/** The bytes of all that the roots reach. Throws if that holds a closure. */
export function writeImage(roots: object, fixed: Fixed): Buffer {
  return new Writer(fixed).write(roots);
}

class Writer {
  private readonly found: unknown[] = [];
  private readonly numbers = new Map<unknown, number>();
  private readonly shapeNumbers = new Map<string, number>();
  private shapes: Shape[] = [];
  private cells: unknown[] = [];
  private isReference: number[] = [];

  constructor(private readonly fixed: Fixed) {}

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
    return this.shape('instance', prototype.constructor.name, keys);
  }
}

function refuse(what: unknown): never {
  throw new Error(`a state cannot keep ${String(what).slice(0, 80)}`);
}

/** What an image holds that this program does not know, and fields of this program that the image has not. */
export interface Differences {
  /** 'Class' or 'Class.field'. */
  readonly dropped: ReadonlySet<string>;
  readonly added: ReadonlySet<string>;
}

/**
 * Reads an image into `roots`, which is as a fresh run has it. An instance that stands at the same place in the fresh run gets
 * the fields that were written, by name; others are made by the maker of their class first. What nobody can make is left out,
 * and so are fields that no longer exist. Throws if the bytes are no image.
 */
export function readImage(bytes: Buffer, roots: object, known: Known): Differences {
  return new Reader(bytes, known).read(roots);
}

const LEFT_OUT = Symbol('left out');
const HAS_FIELDS: ReadonlySet<Shape['kind']> = new Set(['plain', 'bare', 'instance']);

class Reader {
  private readonly dropped = new Set<string>();
  private readonly added = new Set<string>();
  private readonly shapes: Shape[] = [];
  /** Of each object: its shape, its block, and its cells there. */
  private readonly rows: { shape: Shape; block: Block; from: number; to: number }[] = [];
  private readonly made: unknown[] = [];

  constructor(
    bytes: Buffer,
    private readonly knows: Known,
  ) {
    const deserializer = new DefaultDeserializer(bytes);
    deserializer.readHeader();
    for (
      let block: Block | null = deserializer.readValue();
      block !== null;
      block = deserializer.readValue()
    ) {
      const { kinds, ends } = block;
      this.shapes.push(...block.shapes);
      for (let i = 0; i < kinds.length; i++)
        this.rows.push({ shape: this.shapes[kinds[i]], block, from: ends[i - 1] ?? 0, to: ends[i] });
    }
  }

  read(roots: object): Differences {
    this.made[0] = roots;
    for (let number = 0; number < this.rows.length; number++) this.fill(number);
    const { dropped, added } = this;
    return { dropped, added };
  }

  /** The value in a cell; `fresh` is what stands there in a fresh run. */
  private value({ cells, isReference }: Block, at: number, fresh?: unknown): unknown {
    return isReference[at] === 1 ? this.object(cells[at] as number, fresh) : cells[at];
  }

  private object(number: number, fresh: unknown): unknown {
    const known = this.made[number];
    if (known !== undefined) return known;
    const made = this.make(number, fresh);
    this.made[number] = made;
    return made;
  }

  private make(number: number, fresh: unknown): unknown {
    const { shape, block, from } = this.rows[number];
    const { kind, name, keys } = shape;
    const { cells } = block;
    if (kind === 'value') return cells[from];
    if (kind === 'list') return [];
    if (kind === 'map') return new Map();
    if (kind === 'set') return new Set();
    if (kind === 'bare') return Object.create(null);
    if (kind === 'plain')
      return keys.every((key) => Object.hasOwn(Object(fresh), key)) ? { ...Object(fresh) } : {};
    if (kind === 'fixed') return this.knows.fixed.get(name) ?? this.leaveOut(name);
    if (kind === 'buffer') return Buffer.from(cells[from] as ArrayBuffer);
    if (kind === 'instance') {
      if (this.knows.leftOut.has(name)) return LEFT_OUT;
      if (fresh?.constructor.name === name) return fresh;
      return this.knows.makers.get(name)?.() ?? this.leaveOut(name);
    }
    const View = VIEWS.get(name);
    if (View === undefined) return this.leaveOut(name);
    const [at, length] = [cells[from + 1] as number, cells[from + 2] as number];
    return new View(this.object(cells[from] as number, undefined) as ArrayBuffer, at, length);
  }

  private leaveOut(name: string): typeof LEFT_OUT {
    this.dropped.add(name);
    return LEFT_OUT;
  }

  private fill(number: number): void {
    const one = this.made[number];
    const { shape, block, from, to } = this.rows[number];
    if (one === undefined || one === LEFT_OUT) return;
    if (one instanceof Map)
      for (let at = from; at < to; at += 2) {
        const [key, held] = [this.value(block, at), this.value(block, at + 1)];
        if (key !== LEFT_OUT && held !== LEFT_OUT) one.set(key, held);
      }
    else if (shape.kind === 'list' || shape.kind === 'set')
      for (let at = from; at < to; at++) {
        const held = this.value(block, at);
        if (held === LEFT_OUT) continue;
        if (Array.isArray(one)) one.push(held);
        else (one as Set<unknown>).add(held);
      }
    else if (typeof one === 'object' && one !== null && HAS_FIELDS.has(shape.kind))
      this.fillFields(one, shape, block, from);
  }

  private fillFields(one: object, { kind, name, keys }: Shape, block: Block, from: number): void {
    // An instance without fields is one that nobody has made yet: it gets all that were written.
    const isInstance = kind === 'instance' && Object.keys(one).length > 0;
    for (const [i, key] of keys.entries()) {
      const isOwn = Object.hasOwn(one, key);
      if (isInstance && !isOwn) this.dropped.add(`${name}.${key}`);
      if (isInstance && !isOwn) continue;
      const held = this.value(block, from + i, isOwn ? Reflect.get(one, key) : undefined);
      if (held === LEFT_OUT) continue;
      if (isInstance && this.knows.leftOut.size > 0 && isOfAnotherKind(Reflect.get(one, key), held)) {
        this.dropped.add(`${name}.${key}`);
        continue;
      }
      // Assigned, it would be the prototype.
      if (key === '__proto__') Object.defineProperty(one, key, { ...ORDINARY, value: held });
      else Reflect.set(one, key, held);
    }
    if (!isInstance) return;
    const written = new Set(keys);
    for (const key of Object.keys(one)) if (!written.has(key)) this.added.add(`${name}.${key}`);
  }
}

/** True if another build keeps something else under the name of a field. Null stands for what is over, or not known. */
function isOfAnotherKind(fresh: unknown, stored: unknown): boolean {
  if (fresh === null || fresh === undefined) return false;
  const kindOf = (value: unknown): unknown =>
    typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : typeof value;
  const isOver =
    stored === null && typeof fresh === 'object' && !ORDINARY_KINDS.has(Object.getPrototypeOf(fresh));
  return !isOver && kindOf(fresh) !== kindOf(stored);
}

const ORDINARY_KINDS = new Set<unknown>([Object.prototype, Array.prototype, Map.prototype, Set.prototype]);
const ORDINARY = { writable: true, enumerable: true, configurable: true };
