/** Paths that miners ask for by HTTP without a body, as hashes. */

import { control, POLLS, POLLS_AT } from './memory.ts';

const MOST_POLL_BYTES: u32 = 64;
const QUESTION_MARK: u32 = 0x3f;

/** Remembers a path that miners poll without a body, in memory [from, to). */
export function addPoll(from: u32, to: u32): void {
  if (control.polls === POLLS) return;
  store<u32>(POLLS_AT + (control.polls++ << 2), pathHash(from, to));
}

/** True if the request target in memory [from, to) is one of them. */
export function isPoll(from: u32, to: u32): bool {
  const hash = pathHash(from, min(to, from + MOST_POLL_BYTES));
  for (let i: u32 = 0; i < control.polls; i++) if (load<u32>(POLLS_AT + (i << 2)) === hash) return true;
  return false;
}

/** Of the request target up to its query. */
function pathHash(from: u32, to: u32): u32 {
  let hash: u32 = 0x811c9dc5;
  for (let at = from; at < to && load<u8>(at) !== QUESTION_MARK; at++)
    hash = (hash ^ load<u8>(at)) * 0x01000193;
  return hash;
}
