/**
 * Flows as JSON whose keys are the usual names (tables/csv.ts), flat or nested: nProbe, goflow2, pmacct, Akvorado,
 * Elastic Common Schema (Packetbeat, Filebeat's netflow input), AWS VPC Flow Logs as JSON lines, OCI. What the keys
 * mean is decided once for objects with the same keys. Other objects are skipped and counted.
 */

import { isObject, parseText } from '../../json.ts';
import type { BatchWriter } from '../../rows/batches.ts';
import type { RecordsKernel } from '../../rows/records-kernel.ts';
import type { FlowReadOptions } from '../flow-reading.ts';
import { type ToldFormat, toldFormat } from '../format-table.ts';
import { LAYOUT } from '../tables/column-map.ts';
import { chosenRoles, columnNamed, RECEIVER_NAMES, STORED_NAMES, usualRoles } from '../tables/csv.ts';
import { durationUnitOf, ENDPOINT_AND_TIME, headText } from '../tables/headed-table.ts';
import * as Column from '../tables/roles.ts';
import { rowFormat } from '../tables/row-reader.ts';
import { ValueCells } from '../tables/value-cells.ts';
import { JsonReader, objectBehindHead } from './json-reader.ts';
import { isFolded, unfolded } from './unfolded.ts';

/** Kinds of objects that are kept. */
const MOST_SHAPES = 256;
/** Objects in objects that are entered, and keys of one object that are looked at. */
const DEPTH = 6;
const MOST_KEYS = 512;
/** Objects around a flow that a store may put: `_source`, `data`, `netflow` … */
const MOST_WRAPS = 3;

interface Shape {
  /** By place among the keys. */
  readonly roles: Uint8Array;
  readonly durationUnitUs: number;
  /** Places of keys that name the receiver. */
  readonly names: readonly number[];
}

const TOLD = toldFormat('json');
/** Names that are known to be told. */
const MOST_TOLD = 65_536;

const MOST_FLOWS = 1 << 17;

const COUNTS = ['packets', 'bytes', 'reversePackets', 'reverseBytes'] as const;

interface Totals {
  readonly counts: readonly number[];
  readonly endUs: number;
}

/**
 * Flows that a log reports several times while they last, each time with their totals so far (Packetbeat until `flow.final`):
 * what each report adds to the one before. Bounded: if the table is full, the oldest flow is forgotten.
 */
class RunningTotals {
  readonly #last = new Map<string, Totals>();

  /** Takes off what the flow of the row had counted when it was told before. */
  subtract(row: RecordsKernel['row'], keys: readonly string[], values: readonly unknown[]): void {
    const isFinal = values[keys.indexOf('flow.final')];
    const id = values[keys.indexOf('flow.id')];
    if (typeof isFinal !== 'boolean' || typeof id !== 'string') return;
    const before = this.#last.get(id);
    const endUs = row.endUs;
    const counts = COUNTS.map((count) => row[count]);
    this.#last.delete(id);
    if (!isFinal) {
      if (this.#last.size >= MOST_FLOWS)
        for (const [oldest] of this.#last) if (this.#last.delete(oldest)) break;
      this.#last.set(id, { counts, endUs });
    }
    if (before === undefined) return;
    // A direction that is not known stays so.
    for (const [i, count] of COUNTS.entries())
      if (row[count] >= 0) row[count] = Math.max(0, row[count] - Math.max(0, before.counts[i]));
    if (before.endUs <= endUs) row.startUs = Math.max(row.startUs, before.endUs);
  }
}

class JsonFlowReader extends JsonReader {
  readonly #cells = new ValueCells(this.writer, this.sensors);
  readonly #shapes = new Map<string, Shape>();
  readonly #running = new RunningTotals();
  readonly #columns = this.options.columns ?? {};
  readonly #told = new Set<string>();
  readonly #keys: string[] = [];
  readonly #values: unknown[] = [];

  constructor(writer: BatchWriter, options: FlowReadOptions, told: ToldFormat) {
    // Whole objects are parsed: of the scanner only their ends are wanted.
    super(writer, options, { ...told, columns: [] });
  }

  protected override decode(at: number, end: number): void {
    const value = parseText(Buffer.from(this.bytes.subarray(at, end)).toString('utf8'));
    if (value === null || typeof value !== 'object') {
      this.damage.add('bad-row', this.blockOffset + at);
      return;
    }
    const flows = unfolded(value, this.#columns[LAYOUT]);
    if (flows === null) this.#flow(value, at);
    else for (const flow of flows) this.#flow(flow, at);
  }

  #flow(value: object, at: number): void {
    this.#keys.length = 0;
    this.#values.length = 0;
    this.#flatten(value, '', 0);
    const { roles, durationUnitUs, names } = this.#shape();
    const cells = this.#cells;
    cells.use(roles, durationUnitUs);
    cells.begin();
    for (let i = 0; i < roles.length; i++) {
      if (roles[i] !== Column.SKIP) cells.put(roles[i], this.#values[i]);
    }
    cells.end();
    this.kernel.calls.dateRow();
    this.#tellKnown(names);
    this.#running.subtract(this.row, this.#keys, this.#values);
    this.row.line = this.base + at;
    this.row.behind = this.base + at;
    this.deliver();
  }

  /** Tells the names of the current flow, each once for the same two ends. */
  #tellKnown(places: readonly number[]): void {
    const { row } = this;
    for (const place of places) {
      const value = this.#values[place];
      const texts = (Array.isArray(value) ? value : [value])
        .filter((text) => typeof text === 'string')
        .map((text) => text.replace(/^[a-z][a-z0-9+.-]{1,20}:\/\//i, '').replace(/[:/?#].*$/s, ''));
      const key = `${row.source3} ${row.destination1} ${row.destination3} ${row.destinationPort} ${texts.join()}`;
      if (texts.length === 0 || this.#told.has(key)) continue;
      if (this.#told.size >= MOST_TOLD) this.#told.clear();
      this.#told.add(key);
      this.tellNames(texts);
    }
  }

  #flatten(value: object, prefix: string, depth: number): void {
    for (const [key, inner] of Object.entries(value)) {
      if (this.#keys.length >= MOST_KEYS) return;
      const path = prefix === '' ? key : `${prefix}.${key}`;
      if (isObject(inner) && depth < DEPTH) {
        this.#flatten(inner, path, depth + 1);
      } else {
        this.#keys.push(path);
        // Elastic gives single values as lists, too.
        this.#values.push(Array.isArray(inner) && inner.length === 1 ? inner[0] : inner);
      }
    }
  }

  #shape(): Shape {
    const key = this.#keys.join('\n');
    const known = this.#shapes.get(key);
    if (known !== undefined) return known;
    const names = unwrapped(this.#keys);
    // Objects that lack the operator's key may have a usual one.
    const present = Object.entries(this.#columns).filter(
      ([, theirs]) => columnNamed(theirs, this.#keys) >= 0,
    );
    const roles = chosenRoles(names, Object.fromEntries(present), STORED_NAMES, this.#keys);
    const shape = {
      roles,
      durationUnitUs: durationUnitOf(names, roles),
      names: names.flatMap((name, place) => (RECEIVER_NAMES.has(Column.plainName(name)) ? [place] : [])),
    };
    if (Column.missingRoles(roles, ENDPOINT_AND_TIME).length === 0) {
      this.lookAtCounters(this.#keys, roles);
      if (this.#shapes.size === 0) this.guess(this.#keys, roles);
    }
    if (this.#shapes.size >= MOST_SHAPES) this.#shapes.clear();
    this.#shapes.set(key, shape);
    return shape;
  }
}

/** The keys without the objects that a store has put around the flow, if its ends are known only then. */
function unwrapped(keys: readonly string[]): readonly string[] {
  for (let wraps = 0; wraps <= MOST_WRAPS; wraps++) {
    const names = keys.map((key) => {
      const parts = key.split('.');
      return parts.slice(Math.min(wraps, parts.length - 1)).join('.');
    });
    if (Column.missingRoles(usualRoles(names, STORED_NAMES), ENDPOINT_AND_TIME).length === 0) return names;
  }
  return keys;
}

/** Paths of the keys of the first object, as far as the head goes. */
function keysOf(head: Uint8Array): string[] {
  const text = headText(head);
  const paths: string[] = [];
  const within: string[] = [];
  let depth = 0;
  let lists = 0;
  let key = '';
  for (const [token, string] of text.matchAll(/"((?:[^"\\]|\\.)*)"(?=\s*:)|"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (token === '[') lists += depth > 0 ? 1 : 0;
    else if (token === ']') lists -= lists > 0 ? 1 : 0;
    else if (lists > 0) continue;
    else if (token === '{') {
      if (depth++ > 0) within.push(key);
    } else if (token === '}') {
      if (--depth === 0) break;
      within.pop();
    } else if (string !== undefined && depth > 0) {
      key = string;
      paths.push([...within, key].join('.'));
    }
    if (paths.length >= MOST_KEYS) break;
  }
  return paths;
}

export const jsonFlows = rowFormat(TOLD, JsonFlowReader, {
  sniff: (head) =>
    (/^\s*[[{]/.test(headText(head.subarray(0, 64))) || objectBehindHead(head, 0, head.length) >= 0) &&
    isFlow(keysOf(head)),
});

function isFlow(keys: readonly string[]): boolean {
  const roles = usualRoles(unwrapped(keys), STORED_NAMES);
  return Column.missingRoles(roles, ENDPOINT_AND_TIME).length === 0 || isFolded(keys);
}
