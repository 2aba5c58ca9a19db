/** Damage of the current input: how often each kind came, and where it came first. */

import { DAMAGE, DAMAGE_AT, DamageRow, input } from '../memory.ts';

export function clearDamage(): void {
  memory.fill(DAMAGE_AT, 0, DAMAGE * offsetof<DamageRow>());
}

/** Counts `count` more of a kind (bytes for skipped bytes); `at` is kept from the first. */
export function addDamage(kind: u32, at: f64, count: f64 = 1): void {
  const row = changetype<DamageRow>(DAMAGE_AT + kind * offsetof<DamageRow>());
  if (row.order === 0) {
    row.order = <f64>++input.damageKinds;
    row.firstAt = at;
  }
  row.count += count;
}
