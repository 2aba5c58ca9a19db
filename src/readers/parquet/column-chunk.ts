/**
 * HOT in `put`. A column of a row group, page by page (Apache Parquet format, "Data Pages"): what it says of row after row.
 * Heads of pages, compressions and rare encodings are hyparquet's. What most pages hold is not made a value of JavaScript
 * each: levels, indices and numbers are read by page-numbers.ts, addresses by the kernel.
 */

import { gunzipSync } from 'node:zlib';
import type { ColumnMetaData, DecodedArray, Encoding, SchemaElement } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { convert, DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { decompressPage, readDataPage } from 'hyparquet/src/datapage.js';
import { compressors } from 'hyparquet-compressors';
import type { RecordsKernel } from '../../rows/records-kernel.ts';
import { ADDRESS_VALUE, AT } from '../../schema/records-memory.ts';
import type * as Column from '../tables/roles.ts';
import { ADDRESSES, type ValueCells } from '../tables/value-cells.ts';
import { Runs, readNumbers } from './page-numbers.ts';

/** Larger pages are refused, pages of more rows than the largest row group, and what unfolds as no flow log does. */
const PAGE_LIMIT_BYTES = 2 ** 28;
const PAGE_LIMIT_ROWS = 2 ** 24;
const ANY_PAGE_BYTES = 2 ** 22;
const MOST_UNFOLDED = 200;

/** Bytes of addresses that are given to the kernel at once, and values. */
const PIECE_BYTES = 2 ** 20;
const PIECE_VALUES = 2 ** 16;

/** Of an address as the kernel leaves it, in words. */
const ADDRESS_WORDS = ADDRESS_VALUE.bytes / 4;
const OTHER_AT = ADDRESS_VALUE.at.otherAt / 4;

/** How every column is decoded. */
const DECODING = {
  // Without a path there are no levels: they are read here.
  schemaPath: [],
  utf8: false,
  /** AWS writes gzip; that of Node.js is faster. */
  compressors: {
    ...compressors,
    GZIP: (bytes: Uint8Array, fullSize: number): Uint8Array =>
      gunzipSync(bytes, { maxOutputLength: Math.max(1, fullSize) }),
  },
  /** Times become microseconds, text stays bytes. */
  parsers: {
    ...DEFAULT_PARSERS,
    timestampFromMilliseconds: (ms: bigint): number => Number(ms) * 1000,
    timestampFromMicroseconds: (us: bigint): number => Number(us),
    timestampFromNanoseconds: (ns: bigint): number => Number(ns / 1000n),
    dateFromDays: (days: number): number => days * 86400e6,
    stringFromBytes: (bytes: Uint8Array): Uint8Array => bytes,
    jsonFromBytes: (bytes: Uint8Array): Uint8Array => bytes,
    uuidFromBytes: (bytes: Uint8Array): Uint8Array => bytes,
  },
};

type Decoder = Parameters<typeof readDataPage>[2];

/** Values of a page or of a dictionary: addresses that the kernel made, or any. */
interface Values {
  readonly any: DecodedArray;
  readonly addresses: Int32Array | null;
  readonly page: Uint8Array;
}

const NO_VALUES: Values = { any: [], addresses: null, page: new Uint8Array(0) };

export class ColumnChunk {
  readonly #role: Column.Role;
  readonly #kernel: RecordsKernel;
  readonly #decoder: Decoder;
  readonly #reader: { readonly view: DataView; offset: number };
  #dictionary: Values | null = null;
  /** Of the page that is read. */
  #values = NO_VALUES;
  /** 1 for each row that has a value; null if all have. */
  #levels: Runs | null = null;
  /** Of each value in the dictionary; null if it stands in the page. */
  #indices: Runs | null = null;
  #rows = 0;
  #row = 0;
  #value = 0;

  constructor(
    role: Column.Role,
    kernel: RecordsKernel,
    element: SchemaElement,
    metadata: ColumnMetaData,
    bytes: ArrayBuffer,
  ) {
    this.#role = role;
    this.#kernel = kernel;
    const { type, codec, path_in_schema: pathInSchema } = metadata;
    this.#decoder = { ...DECODING, type, codec, pathInSchema, element };
    this.#reader = { view: new DataView(bytes), offset: 0 };
  }

  /** Rows before the next page, which is read if there are none; Infinity behind the last page. Throws if it is broken. */
  ready(): number {
    const { view } = this.#reader;
    while (this.#row === this.#rows) {
      if (this.#reader.offset >= view.byteLength - 1) return Number.POSITIVE_INFINITY;
      this.#readPage();
    }
    return this.#rows - this.#row;
  }

  /** Puts what the column says of the next row. */
  put(cells: ValueCells): void {
    if (this.#row === this.#rows) return;
    this.#row++;
    if (this.#levels?.next() === 0) return;
    const value = this.#indices === null ? this.#value++ : this.#indices.next();
    const { any, addresses } = this.#values;
    if (addresses === null) {
      cells.put(this.#role, any[value]);
      return;
    }
    const at = ADDRESS_WORDS * value;
    if (at >= addresses.length) return;
    const otherAt = addresses[at + OTHER_AT];
    if (otherAt === 0) cells.putAddress(this.#role, addresses, at);
    else cells.put(this.#role, this.#bytesAt(otherAt - 1));
  }

  #readPage(): void {
    const reader = this.#reader;
    const header = parquetHeader(reader);
    const { compressed_page_size: size, uncompressed_page_size: fullSize } = header;
    const v1 = header.data_page_header;
    const v2 = header.data_page_header_v2;
    const isDictionary = header.type === 'DICTIONARY_PAGE';
    const head = isDictionary ? header.dictionary_page_header : header.type === 'DATA_PAGE' ? v1 : v2;
    const count = head?.num_values ?? -1;
    const mostBytes = Math.min(PAGE_LIMIT_BYTES, Math.max(ANY_PAGE_BYTES, MOST_UNFOLDED * size));
    if (!(size >= 0 && fullSize <= mostBytes && count >= 0 && count <= PAGE_LIMIT_ROWS)) {
      throw new RangeError('a page that cannot be');
    }
    const { buffer, byteOffset } = reader.view;
    const bytes = new Uint8Array(buffer, byteOffset + reader.offset, size);
    reader.offset += size;
    if (header.type === 'DATA_PAGE_V2' && v2 !== undefined) {
      const levelsAt = v2.repetition_levels_byte_length;
      const valuesAt = levelsAt + v2.definition_levels_byte_length;
      const rest = bytes.subarray(valuesAt);
      const page = v2.is_compressed === false ? rest : this.#unpacked(rest, fullSize - valuesAt);
      this.#use(count, bytes.subarray(levelsAt, valuesAt), page, v2.encoding);
      return;
    }
    const page = this.#unpacked(bytes, fullSize);
    if (isDictionary) this.#dictionary = this.#valuesOf(page, 'PLAIN', count);
    else if (v1 === undefined) throw new RangeError('a page of an unknown kind');
    else if (this.#decoder.element.repetition_type === 'REQUIRED') this.#use(count, null, page, v1.encoding);
    else {
      const levelsEnd = 4 + new DataView(page.buffer, page.byteOffset, page.byteLength).getUint32(0, true);
      this.#use(count, page.subarray(4, levelsEnd), page.subarray(levelsEnd), v1.encoding);
    }
  }

  #unpacked(bytes: Uint8Array, fullSize: number): Uint8Array {
    return decompressPage(bytes, fullSize, this.#decoder.codec, this.#decoder.compressors);
  }

  /** A page of so many rows is to be read. */
  #use(rows: number, levels: Uint8Array | null, page: Uint8Array, encoding: Encoding): void {
    let values = rows;
    this.#levels = null;
    if (levels !== null && this.#decoder.element.repetition_type !== 'REQUIRED') {
      const read = new Runs(levels, 1, rows);
      for (let row = 0; row < rows; row++) values += read.next() - 1;
      if (values < rows) this.#levels = new Runs(levels, 1, rows);
    }
    if (encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY') {
      if (this.#dictionary === null) throw new RangeError('no dictionary');
      this.#indices = new Runs(page.subarray(1), page[0] ?? 0, values);
      this.#values = this.#dictionary;
    } else {
      this.#indices = null;
      this.#values = this.#valuesOf(page, encoding, values);
    }
    this.#rows = rows;
    this.#row = 0;
    this.#value = 0;
  }

  #valuesOf(page: Uint8Array, encoding: Encoding, count: number): Values {
    const { element, type } = this.#decoder;
    const isText = type === 'BYTE_ARRAY' || type === 'FIXED_LEN_BYTE_ARRAY';
    if (isText && encoding === 'PLAIN' && ADDRESSES.includes(this.#role) && isPlainText(element)) {
      return { any: [], addresses: this.#readAddresses(page, count), page };
    }
    const head = { num_values: count, encoding } as Parameters<typeof readDataPage>[1];
    const { dataPage } = readDataPage(page, head, this.#decoder);
    const any = readNumbers(dataPage, element) ?? convert(dataPage, this.#decoder);
    return { any, addresses: null, page };
  }

  #readAddresses(page: Uint8Array, count: number): Int32Array {
    const { calls, bytes, arrays, reading } = this.#kernel;
    const from = AT.input;
    const target = AT.plain;
    if (count * (this.#fixedBytes || 4) > page.length) throw new RangeError('values are missing');
    const addresses = new Int32Array(ADDRESS_WORDS * count);
    for (let done = 0, at = 0; done < count; ) {
      const piece = page.subarray(at, at + PIECE_BYTES);
      bytes.set(piece, from);
      const most = Math.min(count - done, PIECE_VALUES);
      const read = calls.readAddressValues(from, from + piece.length, at, this.#fixedBytes, most, target);
      if (read === 0) throw new RangeError('a value is cut off');
      addresses.set(arrays.i32.subarray(target / 4, target / 4 + ADDRESS_WORDS * read), ADDRESS_WORDS * done);
      done += read;
      at += reading.stoppedAt - from;
    }
    return addresses;
  }

  /** The value that begins there in its page. */
  #bytesAt(at: number): Uint8Array {
    const { page } = this.#values;
    const fixed = this.#fixedBytes;
    if (fixed > 0) return page.subarray(at, at + fixed);
    const length = new DataView(page.buffer, page.byteOffset, page.byteLength).getUint32(at, true);
    return page.subarray(at + 4, at + 4 + length);
  }

  /** 0 if each value stands behind its length. */
  get #fixedBytes(): number {
    return this.#decoder.type === 'FIXED_LEN_BYTE_ARRAY' ? (this.#decoder.element.type_length ?? 0) : 0;
  }
}

/** True if hyparquet leaves the bytes of such a column as they are. */
function isPlainText({ converted_type: converted = 'UTF8', logical_type: logical }: SchemaElement): boolean {
  return converted === 'UTF8' && ['STRING', 'UUID'].includes(logical?.type ?? 'STRING');
}
