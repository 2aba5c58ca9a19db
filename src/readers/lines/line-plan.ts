/**
 * How lines of a product are written (data/logs.tsv) to the steps by which the kernel reads them
 * (kernel/records/lines.ts).
 */
import * as Step from '../../kernel/records/steps.ts';
import type { RecordsKernel } from '../../rows/records-kernel.ts';
import { AT, STEP } from '../../schema/records-memory.ts';
import type { ToldFormat } from '../format-table.ts';
import * as Column from '../tables/roles.ts';

/** Columns of a header that are looked at: each is two steps at most (AT.steps). */
const MOST_HEADED = 255;

interface Planned {
  readonly what: number;
  readonly value: number;
  readonly text: string;
}

/** The plan of lines below a header that names their columns; null if it is not the product's. */
export function headedPlan(told: ToldFormat, header: string): LinePlan | null {
  const names = header.trim().split(/\s+/, MOST_HEADED);
  const needed = told.facts.header?.split(' ') ?? [];
  if (!needed.every((name) => names.includes(name))) return null;
  const cells = names.map((name) => {
    const column = told.columns.find(({ theirs }) => theirs === name);
    return column === undefined ? '*' : `{${column.field}}`;
  });
  return new LinePlan({ ...told, lines: [{ marks: 0, form: `^${cells.join(' ')}` }] });
}

export class LinePlan {
  private readonly steps: Planned[] = [];
  /** Keys of pairs in their order, and what each means when it comes first and again. */
  private readonly keys = new Map<string, { first: Column.Role; again: Column.Role }>();
  private readonly assign: number;
  private readonly delimiter: number;
  /** A line that begins with a blank goes on with the one before. */
  readonly isFolded: boolean;
  /** Fields that lines of any kind may say. */
  readonly roles: Uint8Array;
  /** Letters of the longest text by which a kind of lines is recognised. */
  readonly tellingLength: number;

  constructor({ facts, lines, columns }: ToldFormat) {
    this.assign = (facts.assign ?? '=').charCodeAt(0);
    this.isFolded = facts.folded !== undefined;
    this.delimiter = (facts.delimiter ?? ' ').charCodeAt(0);
    for (const { role, theirs } of columns) {
      const [key = '', turn] = theirs.split('#');
      if (key === '') continue;
      const known = this.keys.get(key) ?? { first: Column.SKIP, again: Column.SKIP };
      this.keys.set(key, turn === undefined ? { ...known, first: role } : { ...known, again: role });
    }
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
      else if (field === 'csv') this.addCells(columns.filter(({ theirs }) => theirs.startsWith('#')));
      else if (field.startsWith('csv ')) {
        const said = [...field.matchAll(/(\d+) ([a-z-]+)/g)];
        this.addCells(said.map(([, at, name]) => ({ role: roleOf(name), theirs: `#${at}` })));
      } else this.steps.push({ what: Step.READ, value: roleOf(field), text: '' });
    }
    // The kind is recognised by its longest text.
    const texts = this.steps.slice(begin).map(({ text }) => text.trim().length);
    const told = begin + texts.indexOf(Math.max(...texts));
    this.steps[told] = { ...this.steps[told], value: this.steps[told].value | Step.TELLING };
  }

  /** The cells of a line by their positions. */
  private addCells(columns: readonly Pick<ToldFormat['columns'][number], 'role' | 'theirs'>[]): void {
    const placed = columns
      .map(({ role, theirs }) => ({ role, at: Number(theirs.slice(1)) - 1 }))
      .sort((a, b) => a.at - b.at);
    this.steps.push({ what: Step.BACK, value: 0, text: '' });
    let at = 0;
    for (const each of placed) {
      if (each.at > at) this.steps.push({ what: Step.CELLS, value: each.at - at, text: '' });
      this.steps.push({ what: Step.READ, value: each.role, text: '' });
      at = each.at;
    }
  }

  /** Tells the kernel. */
  tell({ calls, bytes, arrays }: RecordsKernel, durationUnitUs: number): void {
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
    calls.beginJson(this.keys.size);
    for (const [value, [key, { first, again }]] of [...this.keys].entries()) {
      const text = Buffer.from(key);
      bytes.set(text, AT.text);
      calls.addKey(0, AT.text, text.length, value + 1, value);
      bytes[AT.valueRoles + value] = first;
      bytes[AT.againRoles + value] = again;
    }
    // Nothing is empty where no text says so.
    bytes[AT.nothings] = 0;
    calls.beginLines(this.steps.length, this.keys.size, this.assign, this.delimiter, this.isFolded);
    calls.useRules(0, durationUnitUs / 1e6);
  }
}

/** Our field of a name in the table. */
function roleOf(name: string): Column.Role {
  const known = Column.NAMED_ROLES.get(name);
  if (known === undefined) throw new Error(`${name} is no field of a flow`);
  return known.role;
}
