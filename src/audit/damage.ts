/** Damage of inputs as rows of the audit. */
import { type DamageKind, statement } from '../statements/index.ts';
import type { Damage } from './audit.ts';

/** The row of one kind; `at`: where first. */
export function damageRow({ kind, count, at }: { kind: DamageKind; count: number; at: number }): Damage {
  return { ...statement(`damage-${kind}`, { count, at }), kind, count, at };
}
