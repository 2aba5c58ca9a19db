/** Makes statements. `statement('code', { … })`: the compiler knows every code of data/texts/ and the parameters of each. */
import { isObject } from '../json.ts';
import { inLanguage, parametersOf } from './catalogue.ts';
import type { Params } from './codes.ts';
import type { Statement } from './statement.ts';

export { isStatementCode } from './catalogue.ts';
export type { Statement } from './statement.ts';

export type Code = keyof Params;
/** Those whose text takes no parameters. */
export type BareCode = { [C in Code]: Params[C] extends null ? C : never }[Code];
export type DamageKind = Extract<Code, `damage-${string}`> extends `damage-${infer Kind}` ? Kind : never;
/** Why an entry of a pool list is ignored. */
export type LineReason = Extract<Code, `line-${string}`>;

/** Statements made last, by code and parameters: rows say the same by the thousand, and share it. */
const recent = new Map<string, Statement>();
const MOST_RECENT = 4096;

/** The statement of a code, with its English text. */
export function statement<C extends Code>(
  code: C,
  ...[params]: Params[C] extends null ? [] : [Params[C]]
): Statement {
  const given: Statement['params'] = Object.assign({}, params);
  // JSON writes numbers alike that are not, such as NaN and Infinity; a list may still grow.
  if (Object.values(given).some((value) => typeof value === 'number' || Array.isArray(value))) {
    return inEnglish({ code, params: given, text: '' });
  }
  const key = JSON.stringify([code, given]);
  const known = recent.get(key);
  if (known !== undefined) return known;
  if (recent.size >= MOST_RECENT) recent.clear();
  const made = inEnglish({ code, params: given, text: '' });
  recent.set(key, made);
  return made;
}

/** The statement with its English text made again from code and parameters. */
export function inEnglish(said: Statement): Statement {
  return { ...said, text: inLanguage('en').made(said) };
}

/** Words that are not statement of ours: of an audit of version 1, or of a file. */
export function verbatim(text: string): Statement {
  return statement('verbatim', { text });
}

/** True for a value that is a statement, as parameters may be. */
export function isStatement(value: unknown): value is Statement {
  return (
    isObject(value) &&
    typeof value.code === 'string' &&
    typeof value.text === 'string' &&
    typeof value.params === 'object' &&
    value.params !== null
  );
}

/** The words that a parameter of a statement may be, for tables that name one. */
export function wordsOf<C extends Code, N extends keyof Params[C] & string>(
  code: C,
  name: N,
): readonly (Params[C][N] & string)[] {
  const form = parametersOf(code).find((each) => each.name === name)?.form ?? '';
  return form.split('/') as (Params[C][N] & string)[];
}
