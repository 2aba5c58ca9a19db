/**
 * A text of data/texts/: words, and places in braces, as data/README.md tells. Here it becomes pieces, and these become
 * what is said of parameters.
 */
import { byteCount, decimals, digits, type Figures, grouped, si } from './figures.ts';
import type { Phrase, Statement, Wire } from './statement.ts';

export type Piece = string | Place | Choice;
interface Place {
  readonly name: string;
  readonly form: string;
  /** What the value is a part of. */
  readonly whole: string | undefined;
  /** The upper end of a range that begins with the value. */
  readonly high: string | undefined;
  /** The unit of what has one, or the parameter that holds it, which begins with a small letter. */
  readonly unit: string | undefined;
}
interface Choice {
  readonly name: string;
  readonly cases: readonly Case[];
}
interface Case {
  /** Null: for all else. */
  readonly key: string | null;
  readonly fits: (value: unknown, params: Params) => boolean;
  readonly pieces: readonly Piece[];
}

/** What a text must know to be read: the forms of its parameters, and the texts that are parts of others. */
export interface Context {
  readonly formOf: (name: string) => string;
  readonly part: (code: string) => readonly Piece[];
}

/** What a language adds to the forms. */
export interface Tongue {
  translate(statement: Statement): string;
  /** A word of a fixed set that an audit holds; as it is if the language does not know it. */
  word(word: string): string;
  readonly figures: Figures;
}

export type Params = Readonly<Record<string, unknown>>;

/** So many significant digits, the thousands of a whole number apart. */
function inDigits(value: number, most: number): string {
  return digits(value, most).replace(/^\d{4,}$/, (whole) => grouped(Number(whole)));
}

type NumberForm = (value: number, figures: Figures, unit: string) => string;
/** Forms of numbers. */
export const NUMBERS: Readonly<Record<string, NumberForm>> = {
  number: String,
  count: grouped,
  size: (value) => grouped(Math.abs(value)),
  minutes: (seconds) => grouped(seconds / 60),
  percent: (part, { percent }) => percent(part),
  points: (value, { points }) => points(value),
  duration: (seconds, { duration }) => duration(Math.abs(seconds)),
  tenths: (value) => decimals(value, 1),
  digits2: (value) => inDigits(value, 2),
  digits3: (value) => inDigits(value, 3),
  digits4: (value) => inDigits(value, 4),
  digits6: (value) => inDigits(value, 6),
  digits15: (value) => inDigits(value, 15),
  si: (value, _, unit) => si(value, unit),
  bytes: byteCount,
  figure: (value) => si(value, '', (each) => digits(each, 2)),
  chance: (value, { chance }) => chance(value),
};

type List = readonly unknown[];
/** Forms of lists. */
export const LISTS: Readonly<Record<string, (items: List, tongue: Tongue) => string>> = {
  list: (items, tongue) => items.join(tongue.figures.textOf('form.list')),
  and: (items, tongue) =>
    [items.slice(0, -1).join(tongue.figures.textOf('form.list')), ...items.slice(-1)]
      .slice(items.length < 2 ? 1 : 0)
      .join(tongue.figures.textOf('form.and')),
  both: (items, tongue) => items.join(tongue.figures.textOf('form.both')),
  or: (items, tongue) => items.join(tongue.figures.textOf('form.or')),
  blank: (items) => items.join(' '),
  options: (items) => items.map((item) => `${item}=…`).join(),
  statements: (items, tongue) =>
    items.map((item) => tongue.translate(item as Statement)).join(tongue.figures.textOf('form.statements')),
};

/** Forms of all else, with the types of what is said so. */
export const OTHERS = {
  text: 'string',
  word: 'string',
  yes: 'boolean',
  statement: 'Statement',
  wire: 'string',
  phrase: 'Phrase',
};

const PLAIN = /^(?:[^\\{}|]|\\.)*/s;
const PLACE =
  /^\{(?:(?<blank> )|(?<part>@[\w-]+|[\w-]*\.[\w.-]+)|(?<name>\w+)(?:\/(?<whole>\w+)|~(?<high>\w+))?(?::(?<form>\w+)(?: (?<unit>\w+))?)?)(?:\}|(?=\|))/;
const KEY = /^\|(?:(>?-?\d+|\{\w+\}|\?|[\w/-]*)=)?/;

/** The pieces of a text. Throws if it is wrong. */
export function parse(text: string, context: Context): readonly Piece[] {
  const [pieces, rest] = parseUpTo(text, context);
  if (rest !== '') throw new Error(`'${rest.slice(0, 20)}' is in no braces`);
  return pieces;
}

/** The pieces before the end, or before a sign that ends a case; and what is left. */
function parseUpTo(text: string, context: Context): [pieces: Piece[], rest: string] {
  const pieces: Piece[] = [];
  for (let rest = text; ; ) {
    const [plain = ''] = PLAIN.exec(rest) ?? [];
    if (plain !== '') pieces.push(plain.replace(/\\(.)/gs, '$1'));
    rest = rest.slice(plain.length);
    if (!rest.startsWith('{')) return [pieces, rest];
    const found = PLACE.exec(rest);
    if (found === null) throw new Error(`'${rest.slice(0, 20)}' is no place`);
    const { blank, part, name = '', form, ...others } = found.groups ?? {};
    rest = rest.slice(found[0].length);
    const { whole, high, unit } = others;
    for (const other of [whole, high, isParameter(unit) ? unit : undefined])
      if (other !== undefined) context.formOf(other);
    if (blank !== undefined) pieces.push(blank);
    else if (part !== undefined) pieces.push(...context.part(part));
    else if (!found[0].endsWith('}')) {
      const [cases, after] = parseCases(rest, context);
      pieces.push({ name, cases });
      context.formOf(name);
      rest = after;
    } else pieces.push({ name, form: form ?? context.formOf(name), whole, high, unit });
  }
}

function parseCases(text: string, context: Context): [cases: Case[], rest: string] {
  const cases: Case[] = [];
  let rest = text;
  while (rest.startsWith('|')) {
    const [matched = '', key = null] = KEY.exec(rest) ?? [];
    const [pieces, after] = parseUpTo(rest.slice(matched.length), context);
    cases.push({ key, fits: key === null ? () => true : testOf(key), pieces });
    rest = after;
  }
  if (!rest.startsWith('}')) throw new Error('a brace is not closed');
  return [cases, rest.slice(1)];
}

export function isParameter(unit: string | undefined): unit is string {
  return unit !== undefined && /^[a-z]/.test(unit);
}

function testOf(key: string): Case['fits'] {
  if (key === '?') return (value) => value === null || (Array.isArray(value) && value.length === 0);
  if (key.startsWith('{')) return (value, params) => value === params[key.slice(1, -1)];
  const number = Number(key.replace('>', ''));
  const isNumber = key.startsWith('>') ? (size: number) => size > number : (size: number) => size === number;
  return (value) => {
    if (typeof value === 'number') return isNumber(value);
    if (typeof value === 'boolean') return value === (key === 'yes');
    return Array.isArray(value) ? isNumber(value.length) : value === key;
  };
}

/** Says the pieces to `hear`, piece by piece. Throws if the parameters are not as they are declared. */
export function say(
  pieces: readonly Piece[],
  params: Params,
  tongue: Tongue,
  hear: (said: string | Wire) => void,
): void {
  for (const piece of pieces) {
    if (typeof piece === 'string') hear(piece);
    else if ('cases' in piece) say(chosen(piece, params), params, tongue, hear);
    else {
      const { name, form, whole, high } = piece;
      const unit = isParameter(piece.unit) ? String(params[piece.unit]) : (piece.unit ?? '');
      const value = params[name];
      if (form === 'phrase' && Array.isArray(value)) for (const part of value as Phrase) hear(part);
      else if (form === 'wire' && typeof value === 'string') hear({ wire: value });
      else if (whole !== undefined) hear(inForm(Number(value) / Number(params[whole]), form, tongue));
      else if (high === undefined) hear(inForm(value, form, tongue, unit));
      else {
        const [from, to] = [value, params[high]].map((each) => inForm(each ?? null, form, tongue, unit));
        hear(tongue.figures.between(from ?? '', to ?? ''));
      }
    }
  }
}

function chosen({ name, cases }: Choice, params: Params): readonly Piece[] {
  const value = params[name] ?? null;
  for (const { fits, pieces } of cases) if (fits(value, params)) return pieces;
  throw new Error(`no text for this ${name}`);
}

function inForm(value: unknown, form: string, tongue: Tongue, unit = ''): string {
  if (value === null) return '?';
  if (typeof value === 'string') return form === 'word' ? tongue.word(value) : value;
  if (typeof value === 'number' && form in NUMBERS) return NUMBERS[form](value, tongue.figures, unit);
  if (Array.isArray(value) && form in LISTS) return LISTS[form](value, tongue);
  if (form === 'statement' && typeof value === 'object') return tongue.translate(value as Statement);
  throw new Error(`${String(value)} has no form '${form}'`);
}
