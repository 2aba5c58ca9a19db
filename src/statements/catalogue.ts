/**
 * The words of each language, from data/texts/. A code without a dot is that of a statement. With dots it is the place of
 * a text among those of reports: `summary.quiet` is `text.summary.quiet`, `.comma` is `text.comma`. `@code` is a part of
 * other texts. A further language is one table, one line here and one in languages.ts.
 */
import english from '../../data/texts/en.tsv?raw';
import chinese from '../../data/texts/zh.tsv?raw';
import { note, table, text, words } from '../schema/table.ts';
import type { ReportText } from './codes.ts';
import { Figures } from './figures.ts';
import type { Language, Reader } from './languages.ts';
import type { Statement, Wire } from './statement.ts';
import { type Params, type Piece, parse, say, type Tongue } from './text.ts';

/** A parameter of a text. */
export interface Parameter {
  readonly name: string;
  readonly isOptional: boolean;
  /** A form of text.ts, or the words that it may be. */
  readonly form: string;
  readonly isNullable: boolean;
}

interface Row {
  readonly code: string;
  /** `name:form` each; `name?` if it may be left out, `form?` if it may be null. Those of English are those of all. */
  readonly parameters?: string;
  readonly text: string;
}

export const ROWS: Readonly<Record<Language, () => readonly Row[]>> = {
  en: table('texts/en.tsv', english, { code: text, parameters: note, text: note }),
  zh: table('texts/zh.tsv', chinese, { code: text, text: note }),
};

/** A part of a text, by the code of another one. */
const PART = /\{(@[\w-]+|[\w-]*\.[\w.-]+)\}/g;

/** Parameters of a text: those it declares, then those of its parts. */
export function parametersOf(code: string): readonly Parameter[] {
  const row = inLanguage('en').rows.get(code);
  if (row === undefined) throw new Error(`there is no text '${code}'`);
  const own = words(row.parameters ?? '').map((word): Parameter => {
    const [, name, optional, form, nullable] = /^(\w+)(\??):([\w/-]+)(\??)$/.exec(word) ?? [];
    if (name === undefined || form === undefined) throw new Error(`'${word}' is no name:form`);
    return { name, isOptional: optional === '?', form, isNullable: nullable === '?' };
  });
  const parts = [...row.text.matchAll(PART)].flatMap(([, part = '']) => parametersOf(part));
  return [...new Map([...own, ...parts].map((each) => [each.name, each])).values()];
}

/** True for a code of a statement. */
export function isStatementCode(code: string): boolean {
  return !/^@|\./.test(code) && inLanguage('en').rows.has(code);
}

type Group = Record<string | number, unknown>;

/** What there is for the texts of reports, by the dots in their codes; texts that are numbered from 1 on are a list. */
export function grouped(codes: Iterable<string>, of: (code: string) => unknown, root: Group): Group {
  for (const code of codes) {
    if (!code.includes('.') || /^(?:word|form)\./.test(code)) continue;
    const path = code.replace(/^\./, '').split('.');
    const last = path.pop() ?? '';
    let group = root;
    const place = (name: string): string | number => (Array.isArray(group) ? Number(name) - 1 : name);
    for (const [i, name] of path.entries()) {
      group[place(name)] ??= (path[i + 1] ?? last) === '1' ? [] : {};
      group = group[place(name)] as Group;
    }
    group[place(last)] = of(code);
  }
  return root;
}

class Catalogue implements Tongue {
  readonly rows: ReadonlyMap<string, Row>;
  readonly figures = new Figures((code, params) => this.textOf(code, params));
  readonly #parsed = new Map<string, readonly Piece[]>();

  constructor(readonly language: Language) {
    this.rows = new Map(ROWS[language]().map((row) => [row.code, row]));
  }

  translate(statement: Statement): string {
    return this.language === 'en' ? statement.text : this.made(statement);
  }

  /** A statement made again of code and parameters; its English text if the catalogue does not know it, or not like this. */
  made({ code, params, text }: Statement): string {
    if (!isStatementCode(code)) return text;
    try {
      // The parameters may come from a file: what is wrong with them ends in the English text.
      return this.textOf(code, params);
    } catch {
      return text;
    }
  }

  word(word: string): string {
    return this.rows.get(`word.${word}`)?.text ?? word;
  }

  textOf(code: string, params: Params = {}): string {
    let text = '';
    say(this.pieces(code), params, this, (said) => {
      text += said;
    });
    return text;
  }

  pieces(code: string): readonly Piece[] {
    const known = this.#parsed.get(code);
    if (known !== undefined) return known;
    const forms = new Map(parametersOf(code).map(({ name, form }) => [name, form]));
    const formOf = (name: string): string => {
      const form = forms.get(name);
      if (form === undefined) throw new Error(`no parameter '${name}'`);
      return form;
    };
    const pieces = parse(this.rows.get(code)?.text ?? '', { formOf, part: (part) => this.pieces(part) });
    this.#parsed.set(code, pieces);
    return pieces;
  }

  /**
   * What reports say: a text without parameters as it is, another as a function of these in their order. A text that quotes
   * phrases is a phrase, and takes its parameters by name.
   */
  reports(): ReportText {
    const { translate, made, word, figures } = this;
    const root = { translate: translate.bind(this), retold: made.bind(this), word: word.bind(this), figures };
    return grouped(this.rows.keys(), (code) => this.#report(code), root) as unknown as ReportText;
  }

  #report(code: string): unknown {
    const { text = '' } = this.rows.get(code) ?? {};
    if (!/[\\{]/.test(text)) return text;
    const given = parametersOf(code);
    if (given.length === 0) return this.textOf(code);
    if (given.some(({ form }) => form === 'phrase' || form === 'wire'))
      return (params: Params) => {
        const phrase: (string | Wire)[] = [];
        say(this.pieces(code), params, this, (said) => said !== '' && phrase.push(said));
        return phrase;
      };
    return (...values: unknown[]) =>
      this.textOf(code, Object.fromEntries(given.map(({ name }, i) => [name, values[i]])));
  }
}

const CATALOGUES = new Map<Language, Catalogue>();

/** The catalogue of a language. */
export function inLanguage(language: Language): Catalogue {
  const known = CATALOGUES.get(language) ?? new Catalogue(language);
  CATALOGUES.set(language, known);
  return known;
}

const REPORTS = new Map<Language, ReportText>();

/** Everything that a report says in this language, with the advice for this reader. */
export function catalogueOf(language: Language, reader: Reader = 'admin'): ReportText {
  const known = REPORTS.get(language) ?? inLanguage(language).reports();
  REPORTS.set(language, known);
  if (reader === 'admin') return known;
  const { action, next } = known.advice[reader];
  const { explain } = known;
  return {
    ...known,
    action: { ...known.action, ...action },
    explain: { ...explain, next: { ...explain.next, ...next } },
  };
}
