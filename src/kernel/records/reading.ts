/** What a call of a reader has done and found, which the driver reads when the call is over. */
import { DAMAGE_AT, Damage, reading } from './memory.ts';

/** A call of a reader of text came to this place, wrote so many rows and passed so many. */
export function stopped(at: usize, why: i32, rows: i32, passed: i32): void {
  reading.stoppedAt = at;
  reading.why = why;
  reading.rows = rows;
  reading.passed = passed;
}

/** Something is wrong with the row whose line begins there; so many bytes of it could not be read. */
export function damaged(kind: u32, line: usize, refusedBytes: usize): void {
  const damage = changetype<Damage>(DAMAGE_AT + <usize>kind * offsetof<Damage>());
  if (damage.count === 0) damage.line = line;
  damage.count += 1;
  reading.refusedBytes += <f64>refusedBytes;
  reading.wrong += 1;
}
