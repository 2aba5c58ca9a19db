/**
 * Ports of hosts that talk with many others at a time, as programs do that share files or calls among equals: a miner talks
 * with a pool or two. A small table by hash; who is pushed out of it is not known as such.
 */

import { hashOfEnds } from '../keyed-hash.ts';
import { CALLERS, CALLERS_AT, KEY_AT } from './memory.ts';

/** Others within one period of ten minutes. */
const MANY: u32 = 20;
const PERIOD_US: f64 = 600_000_000;

@unmanaged
class Caller {
  hash: u32;
  /** Ten minutes since 1970, in the low bits. */
  period: u16;
  count: u8;
  isPeer: bool;
}

function hashOf(address: usize, port: u32): u32 {
  return hashOfEnds(KEY_AT, address, address, port);
}

function callerAt(hash: u32): Caller {
  return changetype<Caller>(CALLERS_AT + (hash & (CALLERS - 1)) * offsetof<Caller>());
}

/** The host has begun a conversation from the port, or asked for something of that hash in place of a port. */
export function countCall(address: usize, port: u32, timeUs: f64): void {
  const hash = hashOf(address, port);
  const caller = callerAt(hash);
  const period = <u16>(<u64>(timeUs / PERIOD_US));
  if (caller.hash !== hash) {
    // Who is known as such stays for some time.
    if (caller.isPeer && caller.period === period) return;
    caller.hash = hash;
    caller.isPeer = false;
    caller.count = 0;
  } else if (caller.period !== period) caller.count = 0;
  caller.period = period;
  if (caller.count < 255) caller.count++;
  if (<u32>caller.count >= MANY) caller.isPeer = true;
}

/** True if the host has talked with many others from the port, or has asked so often. */
export function isPeer(address: usize, port: u32): bool {
  const hash = hashOf(address, port);
  const caller = callerAt(hash);
  return caller.hash === hash && caller.isPeer;
}
