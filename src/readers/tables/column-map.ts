/**
 * The operator's word on which column is which: `src=SourceIP,dst=DestIP,bytes=Octets`, or `src=#3` by position, or
 * the names of all columns in order if a file has no header (`version account-id srcaddr …`, with `${…}` around
 * the names or without, as AWS writes formats). What is not named is looked for by its usual names.
 */
import { beginning, fail } from '../../errors.ts';
import { COLUMN_ROLES } from './roles.ts';

/** Key of the map under which the names of all columns stand, for files without a header. */
export const LAYOUT = 'layout';

const EXAMPLE = 'Write it like src=SourceIP,dst=DestIP,dport=DestPort,start=Time,bytes=Octets.';

/** The columns that an option names, by our names. Throws USAGE for what is not a column map. */
export function parseColumnMap(text: string): Readonly<Record<string, string>> {
  const trimmed = text.trim();
  if (trimmed === '') wrong('the column map is empty');
  if (!trimmed.includes('=')) return { [LAYOUT]: layoutOf(trimmed) };
  const columns: Record<string, string> = {};
  for (const part of trimmed.split(',')) {
    const equals = part.indexOf('=');
    const ours = part.slice(0, Math.max(0, equals)).trim();
    const theirs = part.slice(equals + 1).trim();
    if (equals < 0 || ours === '' || theirs === '') wrong(`"${beginning(part.trim())}" names no column`);
    if (!COLUMN_ROLES.has(ours))
      wrong(
        `"${beginning(ours)}" is not a field of a flow`,
        `Fields are ${[...COLUMN_ROLES.keys()].join(', ')}.`,
      );
    if (Object.hasOwn(columns, ours)) wrong(`"${ours}" is named twice in the column map`);
    if (/^#/.test(theirs) && !/^#[1-9]\d{0,3}$/.test(theirs))
      wrong(`"${beginning(theirs)}" is not the position of a column`, 'The first column is #1.');
    columns[ours] = theirs;
  }
  const missing = ['src', 'dst'].filter((ours) => !Object.hasOwn(columns, ours));
  if (missing.length > 0)
    wrong(`the column map does not say which column is ${missing.join(' and which is ')}`);
  return columns;
}

/** Names in order, one blank between. */
function layoutOf(text: string): string {
  const names = text.split(/[\s,]+/).map((name) => name.replace(/^\$\{(.*)\}$/, '$1'));
  if (names.length < 4)
    wrong(`"${beginning(text)}" is neither a column map nor the columns of a file in their order`);
  return names.join(' ');
}

function wrong(what: string, hint = EXAMPLE): never {
  return fail('USAGE', what, { hint });
}
