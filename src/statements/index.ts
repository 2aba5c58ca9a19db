/** Makes statements. `statement('code', { … })`: the compiler knows every code of en/ and the parameters of each. */
import { ENGLISH } from './en/index.ts';
import type { Entry, ParamsOf, Statement } from './statement.ts';
import { textIn } from './statement.ts';

export type { Statement } from './statement.ts';

export type Code = keyof typeof ENGLISH;
type Given<C extends Code> = ParamsOf<(typeof ENGLISH)[C] & Entry>;
/** Those whose text takes no parameters. */
export type BareCode = { [C in Code]: Given<C> extends null ? C : never }[Code];

/** Statements made last, by code and parameters: rows say the same by the thousand, and share it. */
const recent = new Map<string, Statement>();
const MOST_RECENT = 4096;

/** The statement of a code, with its English text. */
export function statement<C extends Code>(
  code: C,
  ...[params]: Given<C> extends null ? [] : [Given<C>]
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
  return { ...said, text: textIn(ENGLISH, said) };
}

/** Words that are not statement of ours: of an audit of version 1, or of a file. */
export function verbatim(text: string): Statement {
  return statement('verbatim', { text });
}

/** True for a value that is a statement, as parameters may be. */
export function isStatement(value: unknown): value is Statement {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    'text' in value &&
    typeof value.text === 'string' &&
    'params' in value &&
    typeof value.params === 'object' &&
    value.params !== null
  );
}
