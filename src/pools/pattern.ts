/**
 * Host patterns of catalogue entries, matched against the labels below an entry's domain. Each position of a
 * pattern meets one position of the name, so that matching is linear.
 *
 *   '@'            the domain itself
 *   'stratum'      this label; labels are separated by '.', the parts of a label by '-'
 *   'ws#'          'ws' and any number of digits (none included)
 *   'pool*'        a part that begins with 'pool'
 *   '*-eu', '*.ss' '*' is any one part
 *   '**.ss'        any one or more labels before 'ss' (only in front)
 */

/** Rank of a match: exact names beat names with numbers, these beat wild cards. */
export const EXACT = 3;
const NUMBERED = 2;
export const WILD = 1;

export interface HostPattern {
  readonly text: string;
  readonly rank: number;
  /** Of the labels below the domain. */
  readonly below: RegExp;
}

export function compilePattern(text: string): HostPattern {
  const isDeep = text.startsWith('**.');
  const parts = (isDeep ? text.slice(3) : text.replace(/^@$/, '')).split(/([.-])/);
  const below = parts.map((part) =>
    part === '*' ? '[^.-]+' : part.replace('.', '\\.').replace(/\*$/, '[^.-]*').replace(/#$/, '\\d*'),
  );
  return {
    text,
    rank: text.includes('*') ? WILD : text.includes('#') ? NUMBERED : EXACT,
    below: new RegExp(`^${isDeep ? '(?:[^.]+\\.)+' : ''}${below.join('')}$`),
  };
}
