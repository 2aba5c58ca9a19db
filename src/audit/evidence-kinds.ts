/** What is known of a kind of evidence that an audit cites; audits of other versions may cite kinds unknown here. */
import { EVIDENCE_KINDS, type EvidenceKind } from '../statements/en/evidence.ts';

const KINDS = new Map<string, EvidenceKind>(Object.entries(EVIDENCE_KINDS));

/** The row of the kind, or null. */
export function evidenceKind(kind: string): EvidenceKind | null {
  return KINDS.get(kind) ?? null;
}
