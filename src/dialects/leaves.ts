/**
 * The plain values of a message, each with its place and the nearest name that it stands under, and what they may be: for
 * readers that know a protocol by what its messages hold, and not by their names (exchange-pattern.ts, polled-work.ts).
 */
import type { Call, Datum, Reply } from '../framing/message.ts';
import { isObject } from '../json.ts';
import { textOf } from './shape.ts';

/** A plain value in a message: its place there, from the method on, and the nearest name that it stands under. */
export interface Leaf {
  readonly place: string;
  readonly name: string;
  readonly value: string | number;
}

const MOST_LEAVES = 48;
const MOST_DEPTH = 5;
const LONGEST_ID = 140;
/** A hash, a header or a seed: 20 bytes and more in hex or base64. */
const DIGEST = /^(?:0x)?(?:[0-9a-fA-F]{40,}|[A-Za-z0-9+/_-]{40,}={0,2})$/;
/** In hex or base64. */
const NONCE = /^(?:(?:0x)?[0-9a-fA-F]{8,}|[A-Za-z0-9+/]{6,}={1,2})$/;
const LEAST_NONCE = 65_536;
/** Numbers within a day of now, in units from seconds to nanoseconds, are times. */
const DAY_US = 86_400e6;
/** Names of fields that say who mines. */
export const OF_ACCOUNTS = /^(?:login|user|username|account|wallet|address|addr|payout|miner|worker)$/i;
/** Names of fields that say how hard it is; Hathor says weight, Subspace range. */
export const DIFFICULTY = /(?:diff|difficulty|complexity|target|threshold|solution_?range|bits|^weight)$/i;
const QUANTITY = /^(?:0x)?[0-9a-fA-F.]{4,}$/;

/** The plain values within a value, whose place begins with `head`. */
export function leavesOf(value: unknown, head: string, most = MOST_LEAVES): Leaf[] {
  const leaves: Leaf[] = [];
  collect(value, head, head, leaves, 0, most);
  return leaves;
}

function collect(
  value: unknown,
  place: string,
  name: string,
  leaves: Leaf[],
  depth: number,
  most: number,
): void {
  if (leaves.length === most || depth > MOST_DEPTH) return;
  if (typeof value === 'number' || (typeof value === 'string' && value !== '')) {
    // Of long texts only digests tell something, and no id is so long.
    leaves.push({ place, name, value: typeof value === 'string' ? value.slice(0, LONGEST_ID) : value });
    return;
  }
  const separator = depth === 0 ? ' ' : '.';
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries())
      collect(item, `${place}${separator}${at}`, name, leaves, depth + 1, most);
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      // A place holds the names above it, and each value has one: long names would fill the memory.
      const own = key.slice(0, LONGEST_ID);
      collect(item, `${place}${separator}${own}`, own, leaves, depth + 1, most);
    }
  }
}

/** What a message carries: parameters, result, or all of it. */
export function rootOf(message: Call | Datum | Reply): unknown {
  if (message.kind === 'call') return message.params;
  return message.kind === 'reply' ? message.result : message.body;
}

/** True of a hash, a header or a seed. */
export function isDigest(value: unknown): boolean {
  return typeof value === 'string' && DIGEST.test(value);
}

/** True of what may be a nonce, by its name or its form. */
export function isNonce({ name, value }: Leaf, timeUs: number): boolean {
  if (isTime(Number(value), timeUs)) return false;
  if (/nonce/i.test(name)) return true;
  return typeof value === 'string' ? NONCE.test(value) : value >= LEAST_NONCE;
}

/** True of a field that says how hard it is. */
export function isDifficulty({ name, value }: Leaf): boolean {
  return DIFFICULTY.test(name) && QUANTITY.test(String(value));
}

function isTime(value: number, timeUs: number): boolean {
  return [1e6, 1e3, 1, 1e-3].some((unitUs) => Math.abs(value * unitUs - timeUs) < DAY_US);
}

/** The text of the first leaf under such a name; null if there is none. */
export function textUnder(leaves: readonly Leaf[], name: RegExp): string | null {
  return textOf(leaves.find((leaf) => name.test(leaf.name) && typeof leaf.value === 'string')?.value);
}
