/**
 * The types of all texts, and what is wrong with data/texts/: each language has the same codes, and a text names only
 * parameters and parts that there are. The build writes codes.ts of it.
 */
import { grouped, inLanguage, type Parameter, parametersOf, ROWS } from './catalogue.ts';
import { LANGUAGES, type Language } from './languages.ts';
import { LISTS, NUMBERS, OTHERS, type Piece } from './text.ts';

/** Codes of words that a language may leave as they are, and of the second form and further ones of a list. */
const FREE = /^word\.|\.(?:[2-9]|\d\d)$/;

/** The source of codes.ts. Throws if a text is wrong. */
export function codesSource(): string {
  const english = ROWS.en();
  for (const language of LANGUAGES) check(language);
  const statements = english.filter(({ code }) => !/^@|\./.test(code));
  const translating = {
    translate: '(statement: Statement) => string',
    retold: '(statement: Statement) => string',
    word: '(word: string) => string',
    figures: 'Figures',
  };
  const codes = english.map(({ code }) => code);
  return `/** Made by the build from data/texts/: change it there. */
import type { Figures } from './figures.ts';
import type { Phrase, Statement } from './statement.ts';

/** Parameters of statements by their codes; null if there are none. */
export interface Params {
${statements.map(({ code }) => `  '${code}': ${objectOf(parametersOf(code)) ?? 'null'};\n`).join('')}}

/** What reports say. */
export interface ReportText ${typeOf(grouped(codes, typeOfText, translating))}
`;
}

function check(language: Language): void {
  const english = ROWS.en();
  const catalogue = inLanguage(language);
  const rows = ROWS[language]();
  const fail = (code: string, what: string): never => {
    throw new Error(`data/texts/${language}.tsv: ${code}: ${what}`);
  };
  for (const { code } of english) if (!FREE.test(code) && !catalogue.rows.has(code)) fail(code, 'is missing');
  const known = new Map(english.map(({ code, text }) => [code, text]));
  for (const { code, text } of rows) {
    if (text === '' && known.get(code) !== '') fail(code, 'has no text');
    if (!known.has(code)) {
      if (!code.startsWith('word.')) fail(code, 'is not in en.tsv');
      continue;
    }
    try {
      const parameters = parametersOf(code);
      for (const { form } of parameters) typeOfForm(form);
      checkPieces(catalogue.pieces(code), parameters);
      const said = namesIn(catalogue.pieces(code));
      const unsaid = parameters.find(({ name }) => !said.includes(name));
      if (unsaid !== undefined) throw new Error(`does not say '${unsaid.name}'`);
    } catch (cause) {
      fail(code, (cause as Error).message);
    }
  }
}

/** Parameters that are said, or chosen by. */
export function namesIn(pieces: readonly Piece[]): string[] {
  return pieces.flatMap((piece) => {
    if (typeof piece === 'string') return [];
    if ('form' in piece) return [piece.name, piece.whole ?? [], piece.high ?? [], piece.unit ?? []].flat();
    return [piece.name, ...piece.cases.flatMap((each) => namesIn(each.pieces))];
  });
}

/** Throws if a form is none, or a choice has a text for what its parameter cannot be, or none for what it can. */
export function checkPieces(pieces: readonly Piece[], parameters: readonly Parameter[]): void {
  for (const piece of pieces) {
    if (typeof piece === 'string') continue;
    if ('form' in piece) {
      typeOfForm(piece.form);
      continue;
    }
    const { name, cases } = piece;
    const { form = '', isNullable = false } = parameters.find((each) => each.name === name) ?? {};
    const words = form === 'yes' ? ['yes', 'no'] : form.includes('/') ? form.split('/') : null;
    const keys = cases.flatMap(({ key }) => key ?? []);
    const odd = keys.find((key) => words?.includes(key) === false && !(isNullable && key === '?'));
    if (odd !== undefined) throw new Error(`'${name}' is never '${odd}'`);
    const isWhole =
      keys.length < cases.length ||
      (words?.every((word) => keys.includes(word)) && (!isNullable || keys.includes('?')));
    if (isWhole !== true) throw new Error(`'${name}' may be something that has no text`);
    // In the texts beside that of `?` it is not null.
    const known = parameters.map((each) =>
      each.name === name && keys.includes('?') ? { ...each, isNullable: false } : each,
    );
    for (const { pieces: inner } of cases) checkPieces(inner, known);
  }
}

function typeOf(node: unknown): string {
  if (typeof node === 'string') return node;
  if (Array.isArray(node)) return `readonly ${typeOf(node[0]).replace(/^readonly .*/, '($&)')}[]`;
  const fields = Object.entries(Object(node)).map(([name, each]) => `readonly '${name}': ${typeOf(each)};\n`);
  return `{\n${fields.join('')}}`;
}

function typeOfText(code: string): string {
  const parameters = parametersOf(code);
  if (parameters.length === 0) return 'string';
  if (parameters.some(({ form }) => form === 'phrase' || form === 'wire'))
    return `(parts: ${objectOf(parameters)}) => Phrase`;
  return `(${parameters.map((each) => `${each.name}: ${typeOfParameter(each)}`).join(', ')}) => string`;
}

function objectOf(parameters: readonly Parameter[]): string | null {
  if (parameters.length === 0) return null;
  const fields = parameters.map(
    (each) => `${each.name}${each.isOptional ? '?' : ''}: ${typeOfParameter(each)}`,
  );
  return `{ ${fields.join('; ')} }`;
}

function typeOfParameter({ form, isNullable }: Parameter): string {
  return `${typeOfForm(form)}${isNullable ? ' | null' : ''}`;
}

function typeOfForm(form: string): string {
  if (form.includes('/'))
    return form
      .split('/')
      .map((word) => `'${word}'`)
      .join(' | ');
  if (form in NUMBERS) return 'number';
  if (form in LISTS) return form === 'statements' ? 'readonly Statement[]' : 'readonly string[]';
  if (form in OTHERS) return OTHERS[form as keyof typeof OTHERS];
  throw new Error(`there is no form '${form}'`);
}
