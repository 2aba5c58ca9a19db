/** Facts of one host side by side: what all of their messages have in common is said once, before them. */
import type { Evidence } from '../audit/audit.ts';
import { distinct } from '../order.ts';
import type { ReportText } from '../statements/codes.ts';

interface Facts {
  /** 'All messages are cryptonote, exchanged with SupportXMR.'; null if they have nothing in common. */
  readonly common: string | null;
  /** A fact, without what is common. */
  readonly said: (fact: Evidence) => string;
}

export function statedFacts(evidence: readonly Evidence[], text: ReportText): Facts {
  const ends = evidence.flatMap(({ params: { dialect, pool } }) =>
    typeof dialect === 'string' && typeof pool === 'string' ? [[dialect, pool] as const] : [],
  );
  const [first] = ends;
  const isCommon = ends.length > 1 && distinct(ends.map((each) => JSON.stringify(each))).length === 1;
  if (first === undefined || !isCommon) return { common: null, said: text.translate };
  return {
    common: text.explain.allWith(...first),
    said: (fact) =>
      typeof fact.params.dialect === 'string'
        ? text.retold({ ...fact, params: { ...fact.params, dialect: null, pool: null } })
        : text.translate(fact),
  };
}
