/**
 * An address database of any supported form, opened: MMDB as it is, range tables (CSV, TSV, also gzipped) compiled to
 * one in memory first, so that all are read through maxmind. Damaged files end in FILE_INVALID, damaged records are counted.
 */

import { stat } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { Reader, type Response } from 'maxmind';
import { addressText, parseWords, type Words } from '../address.ts';
import { builtBytes } from '../built.ts';
import { fail, MinesweepError, reasonOf } from '../errors.ts';
import { readGiven } from '../given-file.ts';
import { isObject } from '../json.ts';
import type { TellSlow } from '../slow-list.ts';
import { EMBEDDED_FILE } from './embedded.ts';
import { RangeCompiler } from './ranges.ts';
import { type DatabaseRecord, readRecord } from './record.ts';

const MARKER = Buffer.from('abcdef4d61784d696e642e636f6d', 'hex');
/** The marker of an MMDB lies in its last 128 KiB. */
const MARKER_SPAN = 128 * 1024;
const MAX_BYTES = 1.5 * 2 ** 30;
const MAX_TEXT_BYTES = 400 * 2 ** 20;
/** More than the different networks of any scan; a record is small. */
const MAX_RECORDS = 200_000;

export class AddressDatabase {
  /** What it calls itself: 'GeoLite2-ASN', 'minesweep-ASN', 'asn.csv (owners build)'. */
  readonly title: string;
  readonly description: string;
  /** ms since 1970; null if the file does not say. */
  readonly builtMs: number | null;
  /** Records that could not be read. */
  damaged = 0;
  readonly #reader: Reader<Response>;
  readonly #records = new Map<unknown, DatabaseRecord | null>();

  /** @param path The file it came from. */
  constructor(
    readonly path: string,
    bytes: Buffer,
  ) {
    this.#reader = openReader(path, bytes);
    const { databaseType, buildEpoch } = this.#reader.metadata;
    this.title = String(databaseType);
    this.description = inEnglish(this.#reader.metadata.description);
    const built = buildEpoch instanceof Date ? buildEpoch.getTime() : Number.NaN;
    this.builtMs = built > 0 ? built : null;
  }

  /** The record of an address; null if there is none, or none that can be read. */
  lookup(ip: string, words: Words | null = parseWords(ip)): DatabaseRecord | null {
    if (words === null) return null;
    try {
      const raw: unknown = this.#reader.get(addressText(words));
      if (raw === null || raw === undefined) return null;
      let record = this.#records.get(raw);
      if (record === undefined) {
        record = readRecord(raw);
        if (this.#records.size < MAX_RECORDS) this.#records.set(raw, record);
      }
      return record;
    } catch {
      // A broken pointer or type in the file's bytes: the reader throws whatever it stumbles over.
      this.damaged++;
      return null;
    }
  }
}

/** The format has a description by language; the reader's types say text. */
function inEnglish(description: unknown): string {
  if (typeof description === 'string') return description;
  return isObject(description) && typeof description.en === 'string' ? description.en : '';
}

function openReader(path: string, bytes: Buffer): Reader<Response> {
  // Equal records of the data section come back as the same object out of this cache.
  const known = new Map<string | number, unknown>();
  const cache = {
    get: (key: string | number): unknown => known.get(key),
    set: (key: string | number, value: unknown): void => {
      if (known.size < MAX_RECORDS) known.set(key, value);
    },
  };
  try {
    const reader = new Reader<Response>(bytes, { cache });
    const { nodeCount, searchTreeSize } = reader.metadata;
    const separator = bytes.subarray(searchTreeSize, searchTreeSize + 16);
    if (!(nodeCount > 0) || separator.length < 16 || separator.some((byte) => byte !== 0)) {
      throw new Error('the search tree does not end where it should');
    }
    return reader;
  } catch (cause) {
    return fail('FILE_INVALID', 'not a complete MMDB file', {
      where: path,
      hint: 'It may have been cut short by a download: fetch it again.',
      cause,
    });
  }
}

/** Opens a database file. Throws FILE_UNREADABLE or FILE_INVALID. */
export async function openDatabase(path: string, tell?: TellSlow): Promise<AddressDatabase> {
  const { bytes, modifiedMs } = await readWhole(path);
  if (isMmdb(bytes)) return new AddressDatabase(path, bytes);
  if (bytes.length > MAX_TEXT_BYTES) fail('FILE_INVALID', 'too large for a table of ranges', { where: path });
  const compiler = new RangeCompiler();
  compiler.add(bytes.toString('utf8'), path, tell);
  const { ranges, refused } = compiler.sum;
  if (refused['no-range'] + refused['no-network'] > ranges + 1) {
    fail('FILE_INVALID', 'most of its lines are not address ranges', {
      where: path,
      hint: 'Wanted is an MMDB, an ip-location-db CSV or an iptoasn TSV.',
    });
  }
  const meta = { databaseType: 'range table', description: '', buildEpoch: modifiedMs / 1000 };
  return new AddressDatabase(path, compiler.finish(meta, path));
}

/** The embedded database, or null if this copy of the program was built without it. */
export function openEmbedded(): AddressDatabase | null {
  const bytes = builtBytes(EMBEDDED_FILE);
  return bytes === null ? null : new AddressDatabase(EMBEDDED_FILE, bytes);
}

/** Opens a database of places: tables of ranges have networks only. Throws FILE_UNREADABLE or FILE_INVALID. */
export async function openPlaces(path: string): Promise<AddressDatabase> {
  const { bytes } = await readWhole(path);
  if (isMmdb(bytes)) return new AddressDatabase(path, bytes);
  return fail('FILE_INVALID', 'not a database of places: that must be an MMDB', {
    where: path,
    hint: 'Tables of address ranges and their networks are for --asn-db.',
  });
}

/** The bytes of a file, unpacked where they are gzip. Throws FILE_UNREADABLE or FILE_INVALID. */
export async function readWhole(path: string): Promise<{ bytes: Buffer; modifiedMs: number }> {
  try {
    const { mtimeMs } = await stat(path);
    const bytes = await readGiven(path, MAX_BYTES);
    if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return { bytes, modifiedMs: mtimeMs };
    return { bytes: gunzipSync(bytes, { maxOutputLength: MAX_BYTES }), modifiedMs: mtimeMs };
  } catch (cause) {
    if (cause instanceof MinesweepError) throw cause;
    const reason = reasonOf(cause);
    return fail('FILE_UNREADABLE', `cannot be read: ${reason}`, { where: path, cause });
  }
}

function isMmdb(bytes: Buffer): boolean {
  return bytes.subarray(Math.max(0, bytes.length - MARKER_SPAN)).includes(MARKER);
}
