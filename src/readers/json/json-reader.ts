/**
 * A stream of JSON objects to flow records: one a line, one after another, or the elements of an array (nfdump json,
 * exports of log stores), pretty-printed or not. A format names the paths it needs; this class finds the objects, and
 * resynchronises at the next line end if something is broken. HOT: `decode` of a format runs once an object; flows must not
 * allocate, names and alerts may.
 */

import { addressText } from '../../address.ts';
import { ABSENT, INCOMPLETE, INVALID, NUMBER, TEXT } from '../../kernel/records/json-kinds.ts';
import { limits } from '../../limits.ts';
import type { BatchWriter } from '../../rows/batches.ts';
import type { FlowFormat } from '../flow-format.ts';
import type { FlowReadOptions } from '../flow-reading.ts';
import { type ToldFormat, toldFormat } from '../format-table.ts';
import * as Column from '../tables/roles.ts';
import { RowReader, rowFormat, standsAt } from '../tables/row-reader.ts';
import { JsonFields } from './json-fields.ts';

const LF = 0x0a;
const BLANK = 0x20;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const BOM = [0xef, 0xbb, 0xbf];

/** Between objects: blanks, the brackets and commas of arrays, byte order marks, and RS (RFC 7464). */
const BETWEEN = new Uint8Array(256);
for (const byte of [0x20, 0x09, LF, 0x0d, 0x1e, COMMA, OPEN_BRACKET, CLOSE_BRACKET, ...BOM])
  BETWEEN[byte] = 1;

export class JsonReader extends RowReader {
  protected readonly fields: JsonFields;
  protected readonly roles;
  /** Places of the paths. */
  protected readonly at: Readonly<Record<string, number>>;
  /** The current block. */
  protected bytes: Uint8Array = new Uint8Array(0);
  /** True between what broke and the next object: lines of the same wreck count once. */
  private isLost = false;

  /** Of several paths of a role, the best wins. */
  constructor(writer: BatchWriter, options: FlowReadOptions, told: ToldFormat) {
    super(writer, options, told);
    const { paths, keys, tcp, udp, reply, counter, workload, machine } = told.facts;
    const columns = told.columns.toReversed();
    const others = [paths, keys, tcp, udp, reply, counter, workload, machine]
      .flatMap(pathsOf)
      .filter(
        (path, at, every) => every.indexOf(path) === at && !columns.some(({ theirs }) => theirs === path),
      );
    const all = [...others, ...columns.map(({ theirs }) => theirs)];
    this.roles = Uint8Array.of(...others.map(() => Column.SKIP), ...columns.map(({ role }) => role));
    this.fields = new JsonFields(all, this.kernel, this.roles);
    this.at = Object.fromEntries(all.map((path, place) => [path, place]));
  }

  /** Takes the object in [at, end): `fields` has its values, and the row what they say of a flow. */
  protected decode(_at: number, _end: number): void {
    this.deliver();
  }

  consume(bytes: Uint8Array, from: number, to: number): number {
    this.bytes = bytes;
    this.base = bytes.byteOffset;
    let at = from;
    for (;;) {
      at = this.skipLine(bytes, at, to);
      while (at < to && BETWEEN[bytes[at]] === 1) at++;
      if (at >= to) return to;
      if (bytes[at] === OPEN_BRACE) {
        const end = this.fields.read(bytes, at, to);
        if (end >= 0) {
          this.rows++;
          this.isLost = false;
          const refused = this.damage.count('unread-flow') + this.damage.count('bad-row');
          this.decode(at, end);
          if (this.damage.count('unread-flow') + this.damage.count('bad-row') > refused)
            this.damage.refusedBytes += end - at;
          at = end;
          continue;
        }
        if (end === INCOMPLETE && to - at < limits.line) return at;
        this.rows++;
        this.damage.add(end === INCOMPLETE ? 'long-line' : 'bad-row', this.blockOffset + at);
      } else if (!this.isLost) {
        const object = at === from || bytes[at - 1] === LF ? objectBehindHead(bytes, at, to) : INVALID;
        if (object === INCOMPLETE) return at;
        if (object >= 0) {
          at = object;
          continue;
        }
        this.rows++;
        this.damage.add('bad-row', this.blockOffset + at);
      }
      this.isLost = true;
      this.isSkippingLine = true;
    }
  }

  finish(_bytes: Uint8Array, from: number, to: number): void {
    if (from < to) this.damage.refuse('truncated-file', this.blockOffset + from, to - from);
  }

  protected has(index: number): boolean {
    return this.fields.kinds[index] !== ABSENT;
  }

  /** True if the text at a path is this word, with its quotes. */
  protected is(index: number, word: Uint8Array): boolean {
    return this.fields.kinds[index] === TEXT && standsAt(this.bytes, this.fields.starts[index] - 1, word);
  }

  /** The number at a path, also where it is written as text; -1 if there is none. */
  protected number(index: number): number {
    const kind = this.fields.kinds[index];
    if (kind !== NUMBER && kind !== TEXT) return -1;
    const end = this.kernel.read('readCount', this.bytes, this.fields.starts[index]);
    return end === this.fields.ends[index] ? this.kernel.cell.value : -1;
  }

  /** The port at a path; 0 if there is none. */
  protected port(index: number): number {
    const port = this.number(index);
    return port >= 0 && port <= 0xffff ? port : 0;
  }

  /** Microseconds since 1970 of the time at a path, or NaN. */
  protected timeUs(index: number): number {
    const kind = this.fields.kinds[index];
    const isTime =
      (kind === TEXT || kind === NUMBER) && this.time.read(this.bytes, this.fields.starts[index]) >= 0;
    return isTime ? this.time.timeUs : Number.NaN;
  }

  /** Canonical text of the address at a path, or ''. Allocates. */
  protected addressText(index: number): string {
    const { kinds, starts, ends } = this.fields;
    if (kinds[index] !== TEXT) return '';
    const end = this.kernel.read('readAddress', this.bytes, starts[index]);
    const { word0, word1, word2, word3 } = this.kernel.cell;
    return end === ends[index] ? addressText([word0, word1, word2, word3]) : '';
  }

  /** The text at a path, or ''. Allocates. */
  protected text(index: number): string {
    return this.fields.text(index);
  }

  /** Texts of an array at a path, of a single text there, or none. Allocates. */
  protected texts(index: number): readonly string[] {
    if (this.fields.kinds[index] === TEXT) return [this.text(index)];
    const value = this.fields.json(index);
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  }
}

/** Longest head of syslog before an object, bytes. */
const MOST_HEAD = 256;

/** Where the object stands behind the head of syslog that begins at `at`; INCOMPLETE if it may be to come, else INVALID. */
export function objectBehindHead(bytes: Uint8Array, at: number, to: number): number {
  const first = String.fromCharCode(bytes[at] ?? 0);
  if (!/[<\w]/.test(first)) return INVALID;
  const most = Math.min(to, at + MOST_HEAD);
  for (let place = at; place < most; place++) {
    if (bytes[place] === LF) return INVALID;
    if (bytes[place] === OPEN_BRACE)
      return bytes[place - 1] === BLANK || bytes[place - 1] === COLON ? place : INVALID;
  }
  return to - at < MOST_HEAD ? INCOMPLETE : INVALID;
}

/** Paths parted by blanks. */
export const pathsOf = (paths: string | undefined): readonly string[] => paths?.split(' ') ?? [];

/** A format that the paths of its first object tell. */
export function jsonFormat(
  id: string,
  Reader: Parameters<typeof rowFormat>[1] = JsonReader,
  rest: Pick<FlowFormat, 'holdsNames'> = {},
): FlowFormat {
  const told = toldFormat(id);
  const choices = told.facts['first-keys']?.split('|').map(pathsOf) ?? [];
  const sniff = (head: Uint8Array): boolean => choices.some((paths) => firstObjectHas(head, paths));
  return rowFormat(told, Reader, { ...rest, sniff });
}

/** Objects of a head that are looked at: a file may begin with records of another kind. */
const MOST_OBJECTS = 100;

/** One of the first objects of a head, the last one read as far as it goes: does it hold these paths? */
export function firstObjectHas(head: Uint8Array, needed: readonly string[]): boolean {
  const fields = new JsonFields(needed);
  for (let at = 0, objects = 0; objects < MOST_OBJECTS; objects++) {
    while (at < head.length && BETWEEN[head[at]] === 1) at++;
    if (head[at] !== OPEN_BRACE) at = objectBehindHead(head, at, head.length);
    if (at < 0) return false;
    at = fields.read(head, at, head.length);
    if (fields.kinds.every((kind) => kind !== ABSENT)) return true;
    if (at < 0) return false;
  }
  return false;
}
