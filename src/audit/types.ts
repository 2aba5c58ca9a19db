/** Types of values that both the rows of an audit and what merges need of them have. */
import { VERDICTS } from '../evidence/verdict.ts';
import { as, count, define, field, matching, oneOf, orNull, record, text, within } from '../schema/field.ts';
import type { Statement } from '../statements/index.ts';

/** ISO 8601 UTC with at least milliseconds. */
export const time = matching('^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3,9}Z$', 'time');
export const port = within(count, 0, 65535);
export const algorithmOrNull = orNull(text);
export const verdict = oneOf(VERDICTS, 'verdict', 'From strong to weak.');

export const SAID = {
  code: field(text, 'Stable word for what is said.', { since: 2 }),
  params: field(
    as<Statement['params']>(record({})),
    'Plain JSON; a parameter may be a statement itself, or a list of them.',
    {
      since: 2,
      shown: 'json',
    },
  ),
  text: field(text, 'The English text of both.', { since: 2 }),
} as const;
export const statement = as<Statement>(
  define(
    'statement',
    'What the audit says in words: a stable code, its parameters, and the English text of both.',
    SAID,
  ),
);
