/**
 * Values of an MMDB data section to bytes (MaxMind DB format 2.0, as far as records of ours need it: maps, arrays,
 * text, unsigned integers). A text that comes again becomes a pointer if that is shorter.
 */

/** Unsigned integers are wrapped, because the format distinguishes their widths. */
export type MmdbValue =
  | string
  | { readonly uint16: number }
  | { readonly uint32: number }
  | { readonly uint64: number }
  | { readonly array: readonly MmdbValue[] }
  | { readonly map: Readonly<Record<string, MmdbValue>> };

const TYPES = { pointer: 1, text: 2, uint16: 5, uint32: 6, map: 7, uint64: 9, array: 11 } as const;

/** A growing section of bytes. Offsets count from its start, as pointers do. */
export class MmdbSection {
  #bytes = Buffer.alloc(1 << 16);
  #length = 0;
  readonly #texts = new Map<string, number>();

  /** @param pointers Whether a text that comes again becomes a pointer. */
  constructor(private readonly pointers: boolean) {}

  get length(): number {
    return this.#length;
  }

  toBuffer(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Appends a value and returns the offset where it starts. */
  add(value: MmdbValue): number {
    const start = this.#length;
    if (typeof value === 'string') this.#text(value);
    else if ('map' in value) {
      const entries = Object.entries(value.map);
      this.#control('map', entries.length);
      for (const [key, member] of entries) {
        this.#text(key);
        this.add(member);
      }
    } else if ('array' in value) {
      this.#control('array', value.array.length);
      for (const member of value.array) this.add(member);
    } else if ('uint16' in value) this.#integer('uint16', value.uint16);
    else if ('uint32' in value) this.#integer('uint32', value.uint32);
    else this.#integer('uint64', value.uint64);
    return start;
  }

  #text(text: string): void {
    const known = this.#texts.get(text);
    const bytes = Buffer.from(text, 'utf8');
    if (this.pointers && known !== undefined && bytes.length + 1 > pointerSize(known)) {
      this.#pointer(known);
      return;
    }
    if (known === undefined) this.#texts.set(text, this.#length);
    this.#control('text', bytes.length);
    this.#reserve(bytes.length);
    this.#length += bytes.copy(this.#bytes, this.#length);
  }

  /** As few bytes as the value needs; zero has none. */
  #integer(type: keyof typeof TYPES, value: number): void {
    const bytes = value === 0 ? 0 : Math.ceil(value.toString(16).length / 2);
    this.#control(type, bytes);
    this.#bigEndian(value, bytes);
  }

  /** Control byte: type in 3 bits and size in 5; then the extended type, then what the size did not fit. */
  #control(kind: keyof typeof TYPES, size: number): void {
    const type = TYPES[kind];
    const short = size < 29 ? size : size < 285 ? 29 : size < 65_821 ? 30 : 31;
    this.#byte(((type < 8 ? type : 0) << 5) | short);
    if (type >= 8) this.#byte(type - 7);
    if (short === 29) this.#byte(size - 29);
    if (short === 30) this.#bigEndian(size - 285, 2);
    if (short === 31) this.#bigEndian(size - 65_821, 3);
  }

  /** 001SSVVV: 11, 19 or 27 bits, each counting on from where the shorter one ends; no section is longer than that. */
  #pointer(offset: number): void {
    const size = pointerSize(offset) - 2;
    const value = offset - [0, 2048, 526_336][size];
    this.#byte((TYPES.pointer << 5) | (size << 3) | (value >> (8 * (size + 1))));
    this.#bigEndian(value, size + 1);
  }

  #bigEndian(value: number, bytes: number): void {
    for (let shift = bytes - 1; shift >= 0; shift--) this.#byte(Math.floor(value / 2 ** (8 * shift)) & 255);
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = Buffer.alloc(Math.max(this.#bytes.length * 2, this.#length + bytes));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** Bytes of a pointer to an offset, its control byte included. */
function pointerSize(offset: number): number {
  return offset < 2048 ? 2 : offset < 526_336 ? 3 : 4;
}
