/** The check of unknown JSON: is it an audit, and if not, where does it depart from what audit.tsv declares. */
import { type Problem, problemIn } from '../schema/check.ts';
import { AUDIT, type Audit } from './audit.ts';

/** The first departure of a value from the schema, or null if it is a whole audit. */
export function auditProblem(value: unknown): Problem | null {
  return problemIn(value, AUDIT);
}

/** True if the value is a whole audit. */
export function isAudit(value: unknown): value is Audit {
  return auditProblem(value) === null;
}
