/** Damage of inputs as rows of the audit. */
import { type DamageKind, inEnglish, statement } from '../statements/index.ts';
import type { Damage } from './audit.ts';

/** The row of one kind; `at`: where first. */
export function damageRow({ kind, count, at }: { kind: DamageKind; count: number; at: number }): Damage {
  return { ...statement(`damage-${kind}`, { count, at }), kind, count, at };
}

/** A row that counts so many more of its kind. */
export function moreOf(row: Damage, more: number): Damage {
  const count = row.count + more;
  return { ...row, ...inEnglish({ ...row, params: { ...row.params, count } }), count };
}
