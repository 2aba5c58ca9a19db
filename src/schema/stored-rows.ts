/** Rows of a struct that another build has written: their fields are found by name. */
import type { Struct } from './struct.ts';

/** The fields of a stored row: name, type, and bytes from the beginning of the row. Parts of words are left out. */
export type StoredFields = readonly (readonly [name: string, type: string, at: number])[];

export function storedFields({ places }: Struct): StoredFields {
  return places.filter(({ type }) => type !== 'bits').map(({ name, type, at }) => [name, type, at]);
}

const READERS: Readonly<Record<string, (row: DataView, at: number) => number>> = {
  f64: (row, at) => row.getFloat64(at, true),
  f32: (row, at) => row.getFloat32(at, true),
  i32: (row, at) => row.getInt32(at, true),
  u32: (row, at) => row.getUint32(at, true),
  usize: (row, at) => row.getUint32(at, true),
  u16: (row, at) => row.getUint16(at, true),
  u8: (row, at) => row.getUint8(at),
  bool: (row, at) => row.getUint8(at),
};
const WRITERS: Readonly<Record<string, (row: DataView, at: number, value: number) => void>> = {
  f64: (row, at, value) => row.setFloat64(at, value, true),
  f32: (row, at, value) => row.setFloat32(at, value, true),
  i32: (row, at, value) => row.setInt32(at, value, true),
  u32: (row, at, value) => row.setUint32(at, value, true),
  usize: (row, at, value) => row.setUint32(at, value, true),
  u16: (row, at, value) => row.setUint16(at, value, true),
  u8: (row, at, value) => row.setUint8(at, value),
  bool: (row, at, value) => row.setUint8(at, value),
};

/** Writes a stored row to `target[at …]` as the struct lies now. A field that was not stored says nothing. */
export function copyRow(
  row: Uint8Array,
  fields: StoredFields,
  target: Uint8Array,
  at: number,
  to: Struct,
): void {
  const stored = new Map(fields.map(([name, type, place]) => [name, { type, place }]));
  const from = new DataView(row.buffer, row.byteOffset, row.byteLength);
  const into = new DataView(target.buffer, target.byteOffset + at, to.bytes);
  for (const { name, type, at: place, none } of to.places) {
    const known = stored.get(name);
    const value = known === undefined ? none : READERS[known.type]?.(from, known.place);
    WRITERS[type]?.(into, place, value ?? none);
  }
}
