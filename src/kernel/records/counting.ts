/** Counts up what counts.ts names. */
import { COUNTS_AT } from './memory.ts';

export function countOf(what: u32): i32 {
  return load<i32>(COUNTS_AT + ((<usize>what) << 2));
}

export function setCount(what: u32, count: i32): void {
  store<i32>(COUNTS_AT + ((<usize>what) << 2), count);
}

export function countUp(what: u32): void {
  setCount(what, countOf(what) + 1);
}
