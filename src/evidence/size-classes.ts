/**
 * Sizes of one side's messages, counted, and the classes that they form: messages of one kind have about one size. A record may
 * hold several messages of one kind (docs/reference/sealed.md).
 */

import type { Range } from '../estimate.ts';
import { totalOf } from '../order.ts';

/** What was said with one size. */
export interface SizeCount {
  count: number;
  /** Of the client: sent by the clock. Of the server: came soon after a message of the client. */
  marked: number;
}

/** Sizes that lie together, from `low` to `high`. */
export interface SizeClass extends Range {
  readonly count: number;
  readonly marked: number;
}

/** Sizes of one kind of message lie no farther apart: ids and nonces of any length, words of refusals. */
export const CLIENT_GAP = 6;
export const SERVER_GAP = 8;
/** Block of a cipher (CBC), bytes. */
const BLOCK = 16;
/** What a record adds to its line: 17 in TLS 1.3, 24 to 29 in 1.2. */
export const RECORD = { least: 17, most: 29 } as const;
/** Sizes in a table; messages of further ones are not counted. */
const MOST_SIZES = 256;
/** Messages of one kind that one record may hold. */
const MOST_JOINED = 8;
/** Records of several messages are no more than this part of those of one. */
const JOINED_PART = 0.25;

/** A shorter block of padding leaves the kinds of messages apart. */
export const LONG_PADDING = 128;
const LEAST_PADDING = 32;
/** Sizes that only by chance lie whole blocks apart do so once in so many sessions. */
const CHANCE = 128;

/** Handshake and tickets come once, and are not padded. */
const LEAST_REPEATED = 0.8;

/**
 * The block to which messages are filled up (padding of TLS 1.3, RFC 8446 5.4), bytes; 0 if they are not. One single size of both
 * sides is as good as an endless block.
 */
export function paddingOf(
  client: ReadonlyMap<number, SizeCount>,
  server: ReadonlyMap<number, SizeCount>,
): number {
  const all = [...client, ...server];
  const repeated = all.filter(([, { count }]) => count > 1);
  const total = (sizes: typeof all): number => totalOf(sizes, ([, { count }]) => count);
  if (total(repeated) < LEAST_REPEATED * total(all)) return 0;
  const [first, ...others] = new Set(repeated.map(([size]) => size));
  if (others.length === 0) return client.has(first) && server.has(first) ? Number.POSITIVE_INFINITY : 0;
  let block = 0x10000;
  for (const size of others) while ((size - first) % block !== 0) block /= 2;
  return block >= LEAST_PADDING && block ** others.length >= CHANCE ? block : 0;
}

/** Counts `more` messages of a size, of which one is marked. */
export function countSize(table: Map<number, SizeCount>, size: number, isMarked: boolean, more = 1): void {
  const row = table.get(size);
  if (row !== undefined) {
    row.count += more;
    if (isMarked) row.marked++;
  } else if (table.size < MOST_SIZES) table.set(size, { count: more, marked: isMarked ? 1 : 0 });
}

/** The classes of a table, the smallest sizes first. If all sizes are multiples of a block, they lie that far apart. */
export function classesOf(table: ReadonlyMap<number, SizeCount>, sizeGap: number): SizeClass[] {
  const isBlocks = table.size > 1 && [...table.keys()].every((size) => size % BLOCK === 0);
  const gap = isBlocks ? BLOCK : sizeGap;
  const classes: { low: number; high: number; count: number; marked: number }[] = [];
  for (const [size, { count, marked }] of [...table].sort(([a], [b]) => a - b)) {
    const last = classes.at(-1);
    if (last === undefined || size - last.high > gap) classes.push({ low: size, high: size, count, marked });
    else {
      last.high = size;
      last.count += count;
      last.marked += marked;
    }
  }
  return classes;
}

/** The commonest, the longer of equals; null of none. */
export function mostOf(classes: readonly SizeClass[]): SizeClass | null {
  let most: SizeClass | null = null;
  for (const each of classes) if (most === null || each.count >= most.count) most = each;
  return most;
}

/** By size how many messages of the class `single` a record holds: one, or several if such records are rare. */
export function heldIn(
  table: ReadonlyMap<number, SizeCount>,
  single: SizeClass | null,
  gap: number,
): Map<number, number> {
  const held = new Map<number, number>();
  if (single === null) return held;
  const joined = classesOf(table, gap).filter((each) => each.count <= single.count * JOINED_PART);
  for (const size of table.keys()) {
    if (size >= single.low && size <= single.high) held.set(size, 1);
    if (size <= single.high || !joined.some(({ low, high }) => size >= low && size <= high)) continue;
    for (let k = 2; k <= MOST_JOINED; k++) {
      // Each of the messages may be a record with a header and a tag of its own, or all may share one.
      if (size >= k * single.low - (k - 1) * RECORD.most && size <= k * single.high) held.set(size, k);
    }
  }
  return held;
}
