/** What of an audit is a pseudonym, by its notes, for the formats that print no notes. */
import type { Audit } from './audit.ts';

/** 'accounts; addresses in 2001:db8::/32'; null if all names and addresses are real. */
export function pseudonymsIn({ notes }: Audit): string | null {
  const kinds = notes.flatMap(({ code, params }) =>
    code === 'pseudonyms-of-accounts'
      ? ['accounts']
      : code === 'pseudonyms-of-addresses'
        ? [`addresses in ${String(params.range)}`]
        : [],
  );
  return kinds.length === 0 ? null : [...new Set(kinds)].join('; ');
}
