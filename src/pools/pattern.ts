/**
 * Host patterns of catalogue entries, matched against the labels below an entry's domain. Each position of a
 * pattern meets one position of the name, so matching is linear and nothing backtracks.
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
  /** True for a leading '**'. */
  readonly deep: boolean;
  /** Parts per label, left to right, without the leading '**'. */
  readonly labels: readonly (readonly string[])[];
}

export function compilePattern(text: string): HostPattern {
  const deep = text.startsWith('**.');
  const body = deep ? text.slice(3) : text;
  const labels = body === '@' ? [] : body.split('.').map((label) => label.split('-'));
  const rank = text.includes('*') ? WILD : text.includes('#') ? NUMBERED : EXACT;
  return { text, rank, deep, labels };
}

/** True if the labels (below the domain, left to right) fit the pattern. */
export function matchesPattern(pattern: HostPattern, labels: readonly string[]): boolean {
  const extra = labels.length - pattern.labels.length;
  if (pattern.deep ? extra < 1 : extra !== 0) return false;
  for (let at = 0; at < pattern.labels.length; at++) {
    if (!matchesLabel(pattern.labels[at] ?? [], labels[at + extra] ?? '')) return false;
  }
  return true;
}

function matchesLabel(wanted: readonly string[], label: string): boolean {
  const parts = label.split('-');
  if (parts.length !== wanted.length) return false;
  return wanted.every((part, at) => matchesPart(part, parts[at] ?? ''));
}

function matchesPart(wanted: string, part: string): boolean {
  if (wanted === '*') return part !== '';
  if (wanted.endsWith('*')) return part.startsWith(wanted.slice(0, -1));
  if (!wanted.endsWith('#')) return part === wanted;
  const stem = wanted.slice(0, -1);
  return part.startsWith(stem) && isDigits(part, stem.length);
}

function isDigits(text: string, from: number): boolean {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}
