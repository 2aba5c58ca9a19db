/**
 * Pieces of the kernel's memory, each declared once: the fields of a struct, and the regions in which structs lie. The build
 * makes the classes and places of AssemblyScript from them (assembly.ts), TypeScript reads and writes them by name (view.ts).
 */

const BYTES = {
  f64: 8,
  f32: 4,
  i32: 4,
  u32: 4,
  usize: 4,
  u16: 2,
  u8: 1,
  bool: 1,
  bits: 0,
  address: 16,
} as const;

export type FieldType = keyof typeof BYTES;

/**
 * Name, type, what it holds while nothing is said, what it means with its unit. An `address` is four words, the name with 0 to
 * 3 behind it, IPv4 as ::ffff:a.b.c.d. `bits` are a part of the word before them: the lowest, and how many.
 */
export type Field = readonly [
  name: string,
  type: FieldType,
  none: number,
  meaning: string,
  bits?: readonly [lowest: number, count: number],
];

type NameOf<F> = F extends readonly [infer Name extends string, 'address', ...unknown[]]
  ? `${Name}${0 | 1 | 2 | 3}`
  : F extends readonly [infer Name extends string, ...unknown[]]
    ? Name
    : never;

/** A field with its place. */
export interface Place {
  readonly name: string;
  readonly type: Exclude<FieldType, 'address'>;
  /** Bytes from the beginning of the struct. */
  readonly at: number;
  readonly none: number;
  readonly meaning: string;
  readonly bits: readonly [lowest: number, count: number];
}

export interface Struct<Name extends string = string> {
  /** Of its class. */
  readonly name: string;
  readonly base: Struct | null;
  /** Those of the base before its own. */
  readonly places: readonly Place[];
  /** Its own addresses. */
  readonly addresses: readonly string[];
  readonly bytes: number;
  /** Bytes from the beginning to each field. */
  readonly at: Readonly<Record<Name, number>>;
}

/** A struct of these fields, behind those of `base`. Fields lie where AssemblyScript puts them: in order, each aligned. */
export function struct<const Fields extends readonly Field[], Base extends string = never>(
  name: string,
  fields: Fields,
  base: Struct<Base> | null = null,
): Struct<NameOf<Fields[number]> | Base> {
  const places = [...(base?.places ?? [])];
  let end = base?.bytes ?? 0;
  for (const [field, type, none, meaning, bits = [0, 32] as const] of fields) {
    const words = type === 'address' ? [0, 1, 2, 3].map((word) => `${field}${word}`) : [field];
    for (const each of words) {
      const word = type === 'address' ? 'i32' : type;
      const bytes = BYTES[word];
      // Bits lie in the word that ends here.
      const at = bytes === 0 ? end - 4 : Math.ceil(end / bytes) * bytes;
      places.push({ name: each, type: word, at, none, meaning, bits });
      end = Math.max(end, at + bytes);
    }
  }
  const at = Object.fromEntries(places.map((place) => [place.name, place.at]));
  const addresses = fields.filter(([, type]) => type === 'address').map(([field]) => field);
  return {
    name,
    base,
    places,
    addresses,
    bytes: end,
    at: at as Record<NameOf<Fields[number]> | Base, number>,
  };
}

/** So many bytes, a struct, or so many pieces of either kind. */
type Region = number | Struct | readonly [piece: number | Struct, count: number];

export interface MemoryMap<Name extends string = string> {
  readonly regions: Readonly<Record<Name, Region>>;
  /** Where each region begins, and how long it is. */
  readonly at: Readonly<Record<Name, number>>;
  readonly bytes: Readonly<Record<Name, number>>;
}

/** Bytes that may be read and written behind a region, as copies are made sixteen bytes at a time. */
const SLACK = 64;
/** Where cache lines begin. */
const ALIGNED = 64;

/** Regions one behind the other. */
export function memoryMap<Name extends string>(
  begin: number,
  regions: Record<Name, Region>,
): MemoryMap<Name> {
  const names = Object.keys(regions) as Name[];
  const bytes = Object.fromEntries(names.map((name) => [name, bytesOf(regions[name])])) as Record<
    Name,
    number
  >;
  let end = begin;
  const at = Object.fromEntries(
    names.map((name) => {
      const from = Math.ceil(end / ALIGNED) * ALIGNED;
      end = from + bytes[name] + SLACK;
      return [name, from];
    }),
  ) as Record<Name, number>;
  return { regions, at, bytes };
}

function bytesOf(region: Region): number {
  if (typeof region === 'number') return region;
  return 'bytes' in region ? region.bytes : bytesOf(region[0]) * region[1];
}
