/**
 * Range tables of networks to an MMDB: ip-location-db CSV (`start,end,asn,organisation`, as text or numbers) and
 * iptoasn TSV (`start, end, asn, country, description`). The result is read like any other database. A row that cannot be
 * read is counted by reason; if ranges overlap, the narrower one counts.
 */

import { compareWords, isV4, parseWords, type Words, wordsOfNumber } from '../address.ts';
import { csvRows, delimiterOf } from '../csv.ts';
import { fail } from '../errors.ts';
import { under } from '../order.ts';
import { type TellSlow, toldIfSlow } from '../slow-list.ts';
import type { MmdbValue } from './mmdb-encode.ts';
import { type MmdbMeta, MmdbWriter } from './mmdb-writer.ts';

type RangeRefusal = 'no-range' | 'no-network' | 'not-routed';

interface RangeSum {
  readonly ranges: number;
  readonly refused: Readonly<Record<RangeRefusal, number>>;
}

/** More ranges than any table of the whole Internet has. */
const MAX_RANGES = 4_000_000;
const MAX_NAME = 200;

interface Range {
  readonly from: Words;
  readonly to: Words;
  readonly record: number;
}

/** Collects the ranges of one or more tables and writes them as one MMDB. */
export class RangeCompiler {
  readonly #writer = new MmdbWriter();
  readonly #ranges: Range[] = [];
  readonly #records = new Map<string, number>();
  readonly #refused: Record<RangeRefusal, number> = { 'no-range': 0, 'no-network': 0, 'not-routed': 0 };

  /** Takes the rows of a table. Throws FILE_INVALID if there are too many. */
  add(text: string, where: string, tell?: TellSlow): void {
    const delimiter = delimiterOf(text);
    for (const { fields } of toldIfSlow(csvRows(text, delimiter), where, tell)) {
      if (this.#ranges.length >= MAX_RANGES) {
        fail('FILE_INVALID', `more than ${MAX_RANGES} address ranges`, { where });
      }
      this.#addRow(fields);
    }
  }

  #addRow(fields: readonly string[]): void {
    const from = rangeWords(fields[0] ?? '');
    const to = rangeWords(fields[1] ?? '');
    if (from === null || to === null || isV4(from) !== isV4(to) || compareWords(from, to) > 0) {
      this.#refused['no-range']++;
      return;
    }
    const asn = /^\s*(?:AS)?(\d{1,10})\s*$/i.exec(fields[2] ?? '');
    if (asn === null || Number(asn[1]) >= 2 ** 32) {
      this.#refused['no-network']++;
      return;
    }
    if (Number(asn[1]) === 0) {
      this.#refused['not-routed']++;
      return;
    }
    const hasCountry = fields.length >= 5;
    const country = hasCountry && /^[A-Za-z]{2}$/.test(fields[3]) ? fields[3].toUpperCase() : '';
    const name = (fields[hasCountry ? 4 : 3] ?? '').trim().slice(0, MAX_NAME);
    this.#ranges.push({ from, to, record: this.#record(Number(asn[1]), name, country) });
  }

  #record(asn: number, name: string, country: string): number {
    const key = `${asn} ${country} ${name}`;
    return under(this.#records, key, () => {
      const map: Record<string, MmdbValue> = { autonomous_system_number: { uint32: asn } };
      if (name !== '') map.autonomous_system_organization = name;
      if (country !== '') map.country_code = country;
      return this.#writer.record({ map });
    });
  }

  get sum(): RangeSum {
    return { ranges: this.#ranges.length, refused: { ...this.#refused } };
  }

  /** The MMDB of all ranges taken. Throws FILE_INVALID if none was, or where they are too many for one tree. */
  finish(meta: MmdbMeta, where: string): Buffer {
    if (this.#ranges.length === 0) {
      fail('FILE_INVALID', 'no address range in it', {
        where,
        hint: 'Rows are start,end,asn,organisation (ip-location-db) or start, end, asn, country, name (iptoasn).',
      });
    }
    for (const { from, to, record } of widestFirst(this.#ranges)) this.#writer.paint(from, to, record);
    return this.#writer.finish(meta);
  }
}

function rangeWords(text: string): Words | null {
  const trimmed = text.trim();
  return parseWords(trimmed) ?? wordsOfNumber(trimmed);
}

/** Tables are in order and without overlap as a rule, and then their order is as good as any. */
function widestFirst(ranges: Range[]): Range[] {
  let inOrder = true;
  for (let i = 1; i < ranges.length && inOrder; i++) {
    inOrder = compareWords(ranges[i - 1].to, ranges[i].from) < 0;
  }
  if (inOrder) return ranges;
  return [...ranges].sort((a, b) => width(b) - width(a));
}

/** Addresses in a range, nearly: enough to tell a range from one inside it. */
function width({ from, to }: Range): number {
  let sum = 0;
  for (let i = 0; i < 4; i++) sum = sum * 2 ** 32 + (to[i] - from[i]);
  return sum;
}
