/** Makes statements. `statement('code', { … })`: the compiler knows every code of en/ and the parameters of each. */
import { ENGLISH } from './en/index.ts';
import type { Entry, ParamsOf, Statement } from './statement.ts';
import { textIn } from './statement.ts';

export type { Statement } from './statement.ts';

export type Code = keyof typeof ENGLISH;
type Given<C extends Code> = ParamsOf<(typeof ENGLISH)[C] & Entry>;

/** The statement of a code, with its English text. */
export function statement<C extends Code>(
  code: C,
  ...[params]: Given<C> extends null ? [] : [Given<C>]
): Statement {
  return inEnglish({ code, params: Object.assign({}, params), text: '' });
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
