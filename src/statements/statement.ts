/**
 * What an audit says in words: a stable code, typed parameters, and the English text of the two. Nothing reads the text:
 * other languages are made from code and parameters, by the catalogue of the language.
 */

/** Plain JSON. A statement may hold others, such as the reason for what it says. */
type Param = string | number | boolean | null | Statement | readonly string[] | readonly Statement[];

export interface Statement {
  readonly code: string;
  readonly params: Readonly<Record<string, Param>>;
  readonly text: string;
}

/** A statement in the language of the catalogue that asks. */
export type Translate = (statement: Statement) => string;

/** What a catalogue holds for a code: the text, or what makes it of the parameters. */
export type Entry = string | ((params: never, translate: Translate) => string);
type Texts = Readonly<Record<string, Entry>>;

/** The parameters that the text of a code takes; none if it is a bare string. */
export type ParamsOf<E extends Entry> = E extends (params: infer P, translate: Translate) => string
  ? P
  : null;

/** The same codes with the same parameters, in another language. */
export type Translation<T extends Texts> = {
  readonly [C in keyof T]: T[C] extends string
    ? string
    : (params: ParamsOf<T[C]>, translate: Translate) => string;
};

/** The text of a statement in a catalogue; its English text if the catalogue does not know it, or not like this. */
export function textIn(catalogue: Texts, statement: Statement): string {
  if (!Object.hasOwn(catalogue, statement.code)) return statement.text;
  const entry = catalogue[statement.code];
  if (typeof entry === 'string') return entry;
  try {
    // The parameters may come from a file: what is wrong with them ends in the English text.
    return entry(statement.params as never, (inner) => textIn(catalogue, inner));
  } catch {
    return statement.text;
  }
}
