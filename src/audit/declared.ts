/** What data/audit.tsv declares, and its types in TypeScript, of which the build makes fields.ts. */
import auditText from '../../data/audit.tsv?raw';
import { VERDICTS } from '../evidence/verdict.ts';
import { OWNER_CLASSES } from '../owners/answer.ts';
import { declaredTypes } from '../schema/declared.ts';
import { type Fields, oneOf, type Type, time } from '../schema/field.ts';
import { typesSource } from '../schema/typescript.ts';
import { factsText } from '../sessions/declared.ts';

export const AUDIT_SCHEMA = 'minesweep.audit/4';
export const STRENGTHS = ['proof', 'strong', 'weak', 'hint'] as const;
export const BASES = ['shares', 'counter', 'self-reported', 'modelled'] as const;

const TYPES = declaredTypes('audit.tsv', `${auditText}${factsText()}`, {
  version: oneOf([AUDIT_SCHEMA]),
  time: { ...time, name: 'time' },
  verdict: oneOf(VERDICTS, 'verdict', 'From strong to weak.'),
  ownerClass: oneOf(OWNER_CLASSES, 'ownerClass'),
  basis: oneOf(BASES, 'basis'),
  strength: oneOf(STRENGTHS),
});

/** A record that audit.tsv declares. */
export function declared<T>(name: string): Type<T> & { readonly fields: Fields } {
  return TYPES.get(name) as Type<T> & { readonly fields: Fields };
}

/** The source of fields.ts. */
export function fieldsSource(): string {
  return typesSource(TYPES, 'data/audit.tsv', './known.ts');
}
