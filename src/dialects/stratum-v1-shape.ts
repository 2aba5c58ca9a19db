/**
 * The shapes of Stratum v1's messages by type, arity and digits (docs/protocols.md 1.5).
 */
import { isHex, jobIdOf, listOf } from './shape.ts';

/** `[]`, `[agent]`, `[agent, session]`, `[agent, session, host, port]`; other dialects name themselves second. */
export function isSubscribe(params: unknown): boolean {
  const list = listOf(params ?? []);
  if (list === null || list.length > 4) return false;
  const [agent, session] = list;
  if (agent !== undefined && agent !== null && typeof agent !== 'string') return false;
  return !(typeof session === 'string' && session.startsWith('EthereumStratum/'));
}

/** Nine parts: job, previous hash, two coinbase halves, branches, version, bits, time, clean. */
export function isJob(params: unknown): params is readonly unknown[] {
  const list = listOf(params);
  if (list?.length !== 9) return false;
  const branches = listOf(list[4]);
  return (
    jobIdOf(list[0]) !== null &&
    isHex(list[1], 64) &&
    isHex(list[2], 0, 40_000) &&
    isHex(list[3], 0, 40_000) &&
    branches !== null &&
    branches.length <= 32 &&
    branches.every((branch) => isHex(branch, 64)) &&
    isHex(list[5], 8) &&
    isHex(list[6], 8) &&
    isHex(list[7], 8) &&
    typeof list[8] === 'boolean'
  );
}

/**
 * LBRY's job: the root of its claim trie stands third, and the other nine parts are Stratum v1's. Null for other jobs.
 */
export function lbryParts(params: unknown): readonly unknown[] | null {
  const list = listOf(params);
  if (list?.length !== 10 || !isHex(list[2], 64)) return null;
  const parts = list.filter((_, at) => at !== 2);
  return isJob(parts) ? parts : null;
}

/** User, job, extranonce2, time, nonce, and version bits if rolling was agreed. */
export function isShare(params: unknown): params is readonly unknown[] {
  const list = listOf(params);
  return (
    list !== null &&
    (list.length === 5 || (list.length === 6 && isHex(list[5], 8))) &&
    typeof list[0] === 'string' &&
    jobIdOf(list[1]) !== null &&
    isHex(list[2], 0, 32) &&
    isHex(list[3], 8) &&
    isHex(list[4], 8)
  );
}

/** `[subscriptions, extranonce1, size of extranonce2]`. */
export function isSubscription(result: unknown): result is readonly unknown[] {
  const list = listOf(result);
  const size = list?.[2];
  return (
    list?.length === 3 &&
    isHex(list[1], 0, 16) &&
    typeof size === 'number' &&
    Number.isInteger(size) &&
    size >= 1 &&
    size <= 16
  );
}
