/** What of an audit is a pseudonym, and which hosts it is of: for the formats that print no notes. */
import { catalogueOf } from '../statements/catalogue.ts';
import type { Audit } from './audit.ts';

/** 'accounts; addresses in 2001:db8::/32'; null if all names and addresses are real. */
export function pseudonymsIn({ notes }: Pick<Audit, 'notes'>, text = catalogueOf('en')): string | null {
  const { mark, semicolon } = text;
  const kinds = notes.flatMap(({ code, params }) =>
    code === 'pseudonyms-of-accounts'
      ? [mark.accounts]
      : code === 'pseudonyms-of-addresses'
        ? [mark.addresses(String(params.range))]
        : [],
  );
  return kinds.length === 0 ? null : [...new Set(kinds)].join(semicolon);
}

/** 'department=Physics; verdict=probable'; null if it is of all hosts. */
export function filterIn({ filter, notes }: Audit): string | null {
  if (filter === undefined)
    return notes.some(({ code }) => code === 'news-alone') ? catalogueOf('en').mark.newsAlone : null;
  const { hosts, departments, verdict, pool } = filter;
  return Object.entries({
    host: hosts.length > 0 ? hosts.join(',') : null,
    department: departments.length > 0 ? departments.join(',') : null,
    verdict,
    pool,
  })
    .flatMap(([name, value]) => (value === null ? [] : [`${name}=${value}`]))
    .join('; ');
}

/** What of both there is, as 'pseudonyms: accounts; filter: department=Physics'; empty if neither. */
export function marksText(audit: Audit): string {
  return marksOf(audit)
    .map(([name, text]) => `${name}: ${text}`)
    .join('; ');
}

/** What of both there is, with its name. */
export function marksOf(audit: Audit): [name: string, text: string][] {
  return Object.entries({ pseudonyms: pseudonymsIn(audit), filter: filterIn(audit) }).flatMap(
    ([name, text]) => (text === null ? [] : [[name, text] as [string, string]]),
  );
}
