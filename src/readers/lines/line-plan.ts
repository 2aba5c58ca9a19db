/**
 * How lines of a product are written (data/logs.tsv) to the steps by which the kernel reads them
 * (kernel/records/lines.ts).
 */
import * as Step from '../../kernel/records/steps.ts';
import type { RecordsKernel } from '../../rows/records-kernel.ts';
import { AT, STEP } from '../../schema/records-memory.ts';
import { durationUnitUs, rulesOf, type ToldFormat } from '../format-table.ts';
import * as Column from '../tables/roles.ts';

/** Columns of a header that are looked at: each is two steps at most (AT.steps). */
const MOST_HEADED = 255;

interface Planned {
  readonly what: number;
  readonly value: number;
  readonly text: string;
}

/** Before the names of columns in the W3C's extended log format, where cells may stand in quotes. */
const FIELDS = /^#Fields:\s+/;

/** The plan of lines below a header that names their columns; null if it is not the product's. */
export function headedPlan(told: ToldFormat, header: string): LinePlan | null {
  // tstat numbers its columns: `#15#c_ip:1 c_port:2`.
  const names = header
    .replace(FIELDS, '')
    .trim()
    .split(/\s+/, MOST_HEADED)
    .map((name) => name.replace(/^#\d*#?/, '').replace(/:\d+$/, ''));
  const needed = told.facts.header?.split(' ') ?? [];
  if (!needed.every((name) => names.includes(name))) return null;
  const fields = names.map((name) => told.columns.find(({ theirs }) => theirs === name)?.field);
  const marks = told.facts.opens === 'source' ? Step.BY_THE_SOURCE : 0;
  const cells = fields.map((field) => (field === undefined ? '*' : `{${field}}`)).join(' ');
  const form = FIELDS.test(header) ? w3cForm(names, fields) : `^${cells}`;
  return new LinePlan({ ...told, lines: [{ marks, form }] });
}

/** Cells by their places; a time is that of the date in front. */
function w3cForm(names: readonly string[], fields: readonly (string | undefined)[]): string {
  const places = fields.map((field, at) => {
    if (names[at] === 'date' && names[at + 1] === 'time') return ` ${at + 1}-${at + 2} end`;
    return field === undefined || (names[at] === 'time' && names[at - 1] === 'date')
      ? ''
      : ` ${at + 1} ${field}`;
  });
  return `^{csv${places.join('')}}`;
}

export class LinePlan {
  private readonly steps: Planned[] = [];
  /** Keys of pairs in their order, and what each means when it comes first and again: of most lines, and of further kinds. */
  private readonly keys: Keys[] = [];
  private readonly assign: number;
  private readonly delimiter: number;
  /** A line that begins with a blank goes on with the one before. */
  readonly isFolded: boolean;
  /** Fields that lines of any kind may say. */
  readonly roles: Uint8Array;
  /** Letters of the longest text by which a kind of lines is recognised. */
  readonly tellingLength: number;

  constructor(private readonly told: ToldFormat) {
    const { facts, lines, columns } = told;
    this.assign = (facts.assign ?? '=').charCodeAt(0);
    this.isFolded = facts.folded !== undefined;
    this.delimiter = (facts.delimiter ?? ' ').charCodeAt(0);
    this.keys.push(keysOf(columns));
    for (const { marks, form } of lines) this.addKind(marks, form, columns);
    const read = this.steps.flatMap(({ what, value }) => (what === Step.READ ? [value] : []));
    this.tellingLength = Math.max(...this.steps.map(({ text }) => text.trim().length));
    this.roles = Uint8Array.from([...read, ...columns.map(({ role }) => role)]);
  }

  private addKind(marks: number, form: string, columns: ToldFormat['columns']): void {
    const begin = this.steps.length;
    const anchor = form.startsWith('^')
      ? Step.ANCHORED | Step.BARE
      : form.startsWith('*')
        ? 0
        : Step.ANCHORED;
    this.steps.push({ what: Step.BEGIN, value: marks | anchor, text: '' });
    let isSought = false;
    for (const [token, field] of form.replace(/^\^/, '').matchAll(/\{([^}]*)\}|\*|[^*{]+/g)) {
      if (token === '*') isSought = true;
      else if (field === undefined) {
        // A blank stands for any number of them.
        const texts = isSought ? [token] : token.split(/(?<= )/);
        for (const text of texts)
          this.steps.push({ what: isSought ? Step.SEEK : Step.EXPECT, value: 0, text });
        isSought = false;
      } else if (field === 'pairs') this.steps.push({ what: Step.PAIRS, value: 0, text: '' });
      else if (field.startsWith('pairs ')) {
        this.steps.push({ what: Step.PAIRS, value: FURTHER_KEYS + this.keys.length, text: '' });
        this.keys.push(keysOf(otherwise(columns, field.split(' ').slice(1))));
      } else if (field === 'csv') this.addCells(columns.filter(({ theirs }) => theirs.startsWith('#')));
      else if (field.startsWith('csv ')) {
        const said = [...field.matchAll(/(\d+)(?:-(\d+))? ([a-z-]+)/g)];
        this.addCells(said.map(([, at, last, name]) => ({ role: roleOf(name), theirs: `#${at}`, last })));
      } else this.steps.push({ what: Step.READ, value: roleOf(field), text: '' });
    }
    // The kind is recognised by its longest text.
    const texts = this.steps.slice(begin).map(({ text }) => text.trim().length);
    const told = begin + texts.indexOf(Math.max(...texts));
    this.steps[told] = { ...this.steps[told], value: this.steps[told].value | Step.TELLING };
  }

  /** The cells of a line by their positions; a value may reach over several. */
  private addCells(columns: readonly PlacedColumn[]): void {
    const placed = columns
      .map(({ role, theirs, last }) => {
        const at = Number(theirs.slice(1)) - 1;
        return { role, at, last: last === undefined ? at : Number(last) - 1 };
      })
      .sort((a, b) => a.at - b.at);
    this.steps.push({ what: Step.BACK, value: 0, text: '' });
    let at = 0;
    for (const each of placed) {
      if (each.at > at) this.steps.push({ what: Step.CELLS, value: each.at - at, text: '' });
      this.steps.push({ what: Step.READ, value: each.role, text: '' });
      at = each.last;
    }
  }

  /** Tells the kernel. */
  tell({ calls, bytes, arrays }: RecordsKernel): void {
    const { at: place, bytes: size } = STEP;
    let textAt: number = AT.stepTexts;
    const ends = this.steps.map((_, index) => {
      const next = this.steps.findIndex(({ what }, other) => other > index && what === Step.BEGIN);
      return next < 0 ? this.steps.length : next;
    });
    for (const [index, { what, value, text }] of this.steps.entries()) {
      const at = (AT.steps + index * size) >> 2;
      const written = Buffer.from(text);
      bytes.set(written, textAt);
      arrays.i32[at + (place.what >> 2)] = what;
      arrays.i32[at + (place.value >> 2)] = value;
      arrays.i32[at + (place.textAt >> 2)] = textAt;
      arrays.i32[at + (place.length >> 2)] = what === Step.BEGIN ? ends[index] : written.length;
      textAt += written.length;
    }
    const all = this.keys.flatMap((keys, kind) =>
      [...keys].map(([key, meant]) => ({ node: kind === 0 ? 0 : FURTHER_KEYS + kind, key, ...meant })),
    );
    calls.beginJson(all.length);
    for (const [value, { node, key, first, again }] of all.entries()) {
      const text = Buffer.from(key);
      bytes.set(text, AT.text);
      calls.addKey(node, AT.text, text.length, value + 1, value);
      bytes[AT.valueRoles + value] = first;
      bytes[AT.againRoles + value] = again;
    }
    // Nothing is empty where no text says so.
    bytes[AT.nothings] = 0;
    calls.beginLines(this.steps.length, all.length, this.assign, this.delimiter, this.isFolded);
    calls.useRules(rulesOf(this.told), durationUnitUs(this.told) / 1e6);
  }
}

type PlacedColumn = Pick<ToldFormat['columns'][number], 'role' | 'theirs'> & { readonly last?: string };

type Keys = Map<string, { first: Column.Role; again: Column.Role }>;
/** Nodes of the kernel under which the keys of further kinds of lines stand: behind those of all values. */
const FURTHER_KEYS = 200;

function keysOf(columns: readonly { readonly role: Column.Role; readonly theirs: string }[]): Keys {
  const keys: Keys = new Map();
  for (const { role, theirs } of columns) {
    const [key = '', turn] = theirs.split('#');
    if (key === '') continue;
    const known = keys.get(key) ?? { first: Column.SKIP, again: Column.SKIP };
    keys.set(key, turn === undefined ? { ...known, first: role } : { ...known, again: role });
  }
  return keys;
}

/** The columns of a kind of lines in which keys mean something else, as in `ipaddr dst - dport`: key and field by turns. */
function otherwise(
  columns: ToldFormat['columns'],
  said: readonly string[],
): { role: Column.Role; theirs: string }[] {
  const other = said.flatMap((key, at) =>
    at % 2 === 0 ? [{ role: roleOf(said[at + 1]), theirs: key }] : [],
  );
  const kept = columns.filter(
    ({ role, theirs }) => !other.some((each) => each.role === role || each.theirs === theirs),
  );
  return [...other.filter(({ theirs }) => theirs !== '-'), ...kept];
}

/** Our field of a name in the table. */
function roleOf(name: string): Column.Role {
  const known = Column.NAMED_ROLES.get(name);
  if (known === undefined) throw new Error(`${name} is no field of a flow`);
  return known.role;
}
