/** Kinds of evidence that an audit cites, from data/evidence.tsv; audits of other versions may cite kinds unknown here. */
import evidence from '../../data/evidence.tsv?raw';
import { oneOf, table, text, yes } from '../schema/table.ts';
import type { Params, ReportText } from '../statements/codes.ts';

export type EvidenceKindId = keyof ReportText['kind'];
type Observed = Params['share'];
/** Kinds that a message of a pool protocol is evidence of. */
type ObservedKind = {
  [K in keyof Params & EvidenceKindId]: Observed extends Params[K] ? K : never;
}[keyof Params & EvidenceKindId];

export const EVIDENCE_KINDS = table('evidence.tsv', evidence, {
  kind: (cell) => text(cell) as EvidenceKindId,
  strength: oneOf('proof', 'strong', 'weak', 'hint'),
  observed: yes,
  whole: yes,
});

/** What a kind is worth alone. */
export function strengthOf(kind: EvidenceKindId): 'proof' | 'strong' | 'weak' | 'hint' {
  return EVIDENCE_KINDS().find((row) => row.kind === kind)?.strength ?? 'hint';
}

/** True if a statement of the kind says what the title of the kind says. */
export function saysItsTitle(name: string): boolean {
  return EVIDENCE_KINDS().some(({ kind, whole }) => kind === name && whole);
}

/** The kind, if it is one of these. */
export function observedKind(name: string): ObservedKind | null {
  const found = EVIDENCE_KINDS().find((row) => row.kind === name && row.observed);
  return found === undefined ? null : (found.kind as ObservedKind);
}
