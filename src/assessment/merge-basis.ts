/** The part of an audit, beside its rows, that later merges need. */

import type { MergeBasis } from '../audit/audit.ts';
import { isoTime } from '../audit/time.ts';
import type { Contact } from '../endpoints/contact.ts';
import type { SettledSession } from '../sessions/settle.ts';

interface BasisParts {
  readonly sinceUs: number | null;
  readonly untilUs: number | null;
  readonly local: readonly string[];
  readonly coverageThreshold: number | null;
  readonly names: MergeBasis['names'];
  readonly sessions: readonly SettledSession[];
  readonly contacts: readonly Contact[];
  readonly records: readonly Contact[];
  readonly pairs: {
    readonly kept: readonly NonNullable<MergeBasis['pairs']>[number][];
    readonly left: number;
  };
  readonly unknown: Readonly<MergeBasis['unknown']>;
}

/**
 * Names stay of pools that were asked for or talked to: a host that visits a pool's web site is not a finding, nor is
 * the site.
 */
export function mergeBasis(parts: BasisParts): MergeBasis {
  const known = new Set<string>();
  for (const { match } of [...parts.sessions, ...parts.contacts, ...parts.records]) {
    for (const name of match.names) known.add(name);
    if (match.name !== null) known.add(match.name);
  }
  return {
    since: parts.sinceUs === null ? null : isoTime(parts.sinceUs),
    until: parts.untilUs === null ? null : isoTime(parts.untilUs),
    local: [...parts.local],
    coverageThreshold: parts.coverageThreshold,
    names: parts.names.filter(({ name }) => known.has(name)),
    contacts: [...parts.contacts],
    records: [...parts.records],
    ...(parts.pairs.kept.length > 0 ? { pairs: [...parts.pairs.kept] } : {}),
    ...(parts.pairs.left > 0 ? { pairsLeft: parts.pairs.left } : {}),
    unknown: { ...parts.unknown },
  };
}
