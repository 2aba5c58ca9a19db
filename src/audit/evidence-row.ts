import type { EvidenceKindId } from '../evidence/kinds.ts';

/** A fact that a verdict rests on: how often it was seen, and where first. */
export interface EvidenceRow {
  readonly kind: EvidenceKindId;
  readonly detail: string;
  count: number;
  timeUs: number;
  record: number;
  input: number;
}
