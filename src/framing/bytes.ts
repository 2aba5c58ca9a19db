/** Bytes of the wire: numbers in network order, texts, and room for more of them. */

/** Room that a buffer has at first, bytes. */
const LEAST_ROOM = 512;

/** Two bytes; 0 if they do not lie before `to`. */
export function shortAt(bytes: Uint8Array, at: number, to = bytes.length): number {
  return at + 1 < to ? (bytes[at] << 8) | bytes[at + 1] : 0;
}

/** Four bytes, as a signed number. */
export function wordAt(bytes: Uint8Array, at: number): number {
  return (shortAt(bytes, at) << 16) | shortAt(bytes, at + 2);
}

/** The buffer that was read last, all of it: a view of its own for each text costs more than the text. */
let whole: Buffer<ArrayBufferLike> = Buffer.alloc(0);

export function textOf(
  bytes: Uint8Array,
  from: number,
  to: number,
  encoding: 'utf8' | 'latin1' = 'utf8',
): string {
  if (whole.buffer !== bytes.buffer) whole = Buffer.from(bytes.buffer);
  return whole.toString(encoding, bytes.byteOffset + from, bytes.byteOffset + to);
}

/** The buffer, or a larger one with its first `length` bytes, that has room for `wanted`. It grows with what has come. */
export function withRoom(kept: Uint8Array, length: number, wanted: number): Uint8Array {
  if (wanted <= kept.length) return kept;
  const larger = new Uint8Array(Math.max(wanted, LEAST_ROOM, kept.length * 2));
  larger.set(kept.subarray(0, length));
  return larger;
}

/** The same with `part` behind these bytes. */
export function appended(kept: Uint8Array, length: number, part: Uint8Array): Uint8Array {
  const room = withRoom(kept, length, length + part.length);
  room.set(part, length);
  return room;
}
