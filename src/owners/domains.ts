/**
 * Names of hosts to classes by their suffix (docs/reference/owners.md section 6). A suffix that a registry gives only to
 * one kind of holder says who runs the host; words in an operator's reverse names say no more than what kind of line it is.
 */
import hostNames from '../../data/host-names.tsv?raw';
import { oneOf, pattern, table, text } from '../schema/table.ts';
import { OWNER_CLASSES, type OwnerClass } from './answer.ts';

interface DomainMatch {
  readonly class: OwnerClass;
  /** The suffix or word that matched. */
  readonly word: string;
  /** True if the suffix belongs to an institution; false for a word about the line or the machine. */
  readonly isHolder: boolean;
}

const ROWS = table('host-names.tsv', hostNames, {
  class: oneOf(...OWNER_CLASSES),
  part: oneOf('suffix', 'ending', 'line'),
  names: text,
})();
const BY_SUFFIX = new Map(
  ROWS.flatMap((row) =>
    row.part === 'suffix' ? row.names.split(' ').map((suffix) => [suffix, row.class] as const) : [],
  ),
);
const ENDINGS = patternsOf('ending');
const LINES = patternsOf('line');

function patternsOf(part: 'ending' | 'line') {
  const rows = ROWS.filter((row) => row.part === part);
  return rows.map((row) => ({ class: row.class, pattern: pattern(row.names) }));
}

/** What a host name says; null if it says nothing. */
export function domainMatch(name: string): DomainMatch | null {
  const host = name.toLowerCase().replace(/\.$/, '');
  if (host.length > 253 || !/^[a-z0-9._-]+$/.test(host)) return null;
  const labels = host.split('.');
  // The longest suffix first: ornl.gov is research before .gov is government.
  for (let count = Math.min(4, labels.length); count >= 1; count--) {
    const tail = labels.slice(-count);
    const suffix = tail.join('.');
    const country =
      count >= 2 && /^[a-z]{2}$/.test(tail[count - 1]) ? [...tail.slice(0, -1), 'XX'].join('.') : '';
    const ending = ENDINGS.find((row) => row.pattern.test(suffix));
    const owner = BY_SUFFIX.get(suffix) ?? BY_SUFFIX.get(country) ?? ending?.class;
    if (owner !== undefined) return { class: owner, word: suffix, isHolder: true };
  }
  for (const line of LINES) {
    const word = line.pattern.exec(host)?.[0].replace(/^[.-]|[.-]$/g, '');
    if (word !== undefined) return { class: line.class, word, isHolder: false };
  }
  return null;
}
