import type { EvidenceKindId } from '../statements/en/evidence.ts';
import type { Statement } from '../statements/index.ts';

/** A fact that a verdict rests on: how often it was seen, and where first. */
export interface EvidenceRow {
  readonly kind: EvidenceKindId;
  readonly statement: Statement;
  count: number;
  timeUs: number;
  record: number;
  input: number;
}
