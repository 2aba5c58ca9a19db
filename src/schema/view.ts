/** HOT. Structs in a kernel's memory, read and written by the names of their fields. */
import type { FieldType, Place, Struct } from './struct.ts';

/** A memory as numbers of each type. */
export class Arrays {
  readonly f64: Float64Array;
  readonly f32: Float32Array;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
  readonly u16: Uint16Array;
  readonly u8: Uint8Array;
  /** For what is not aligned. */
  readonly view: DataView;

  constructor(buffer: ArrayBufferLike) {
    this.f64 = new Float64Array(buffer);
    this.f32 = new Float32Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.u16 = new Uint16Array(buffer);
    this.u8 = new Uint8Array(buffer);
    this.view = new DataView(buffer);
  }
}

/** A struct that lies at `at` of the memory; both may change. */
class AnyView {
  constructor(
    public memory: Arrays,
    public at: number,
  ) {}

  /** Makes it say nothing. */
  clear(): void {
    this.memory.u8.set(this.blank, this.at);
  }

  /** Its bytes while nothing is said. */
  get blank(): Uint8Array {
    return NOTHING;
  }
}

const NOTHING = new Uint8Array(0);

export type View<Name extends string = string> = AnyView & Record<Name, number>;

interface Accessor {
  get(this: AnyView): number;
  set(this: AnyView, value: number): void;
}

/** One for each type, so that the machine knows which array each reads. */
const ACCESSORS: Readonly<Record<Exclude<FieldType, 'address'>, (place: Omit<Place, 'none'>) => Accessor>> = {
  f64: ({ at }) => ({
    get() {
      return this.memory.f64[(this.at + at) >> 3];
    },
    set(value) {
      this.memory.f64[(this.at + at) >> 3] = value;
    },
  }),
  f32: ({ at }) => ({
    get() {
      return this.memory.f32[(this.at + at) >> 2];
    },
    set(value) {
      this.memory.f32[(this.at + at) >> 2] = value;
    },
  }),
  i32: ({ at }) => ({
    get() {
      return this.memory.i32[(this.at + at) >> 2];
    },
    set(value) {
      this.memory.i32[(this.at + at) >> 2] = value;
    },
  }),
  u32: ({ at }) => ({
    get() {
      return this.memory.u32[(this.at + at) >> 2];
    },
    set(value) {
      this.memory.u32[(this.at + at) >> 2] = value;
    },
  }),
  usize: (place) => ACCESSORS.u32(place),
  bool: (place) => ACCESSORS.u8(place),
  u16: ({ at }) => ({
    get() {
      return this.memory.u16[(this.at + at) >> 1];
    },
    set(value) {
      this.memory.u16[(this.at + at) >> 1] = value;
    },
  }),
  u8: ({ at }) => ({
    get() {
      return this.memory.u8[this.at + at];
    },
    set(value) {
      this.memory.u8[this.at + at] = value;
    },
  }),
  bits: ({ at, bits: [lowest, count] }) => {
    const mask = ((1 << count) - 1) << lowest;
    return {
      get() {
        return (this.memory.i32[(this.at + at) >> 2] & mask) >>> lowest;
      },
      set(value) {
        const word = (this.at + at) >> 2;
        this.memory.i32[word] = (this.memory.i32[word] & ~mask) | ((value << lowest) & mask);
      },
    };
  },
};

const classes = new Map<Struct, typeof AnyView>();

/** A view of a struct. */
export function viewOf<Name extends string>(struct: Struct<Name>, memory: Arrays, at = 0): View<Name> {
  let known = classes.get(struct);
  if (known === undefined) {
    const blank = new Uint8Array(Math.ceil(struct.bytes / 8) * 8);
    known = class extends AnyView {
      override get blank(): Uint8Array {
        return blank;
      }
    };
    const empty = new known(new Arrays(blank.buffer), 0);
    for (const { none, ...place } of struct.places) {
      if (place.name in empty) throw new Error(`${struct.name}.${place.name} is a name of the view itself`);
      Object.defineProperty(known.prototype, place.name, ACCESSORS[place.type](place));
      if (place.type !== 'bits') Reflect.set(empty, place.name, none);
    }
    classes.set(struct, known);
  }
  return new known(memory, at) as View<Name>;
}
