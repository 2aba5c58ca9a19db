/**
 * Pairs of client and server whose behaviour one log tells too little of, as its audit keeps them for a merge: sums
 * without addresses. A tag tells that two audits mean one pair. The ends are a secret shared by all parts: one alone
 * shows nothing of them, any two give them (a line over GF(256) for each byte, as Shamir's scheme has it; its slope is
 * a digest of the ends, so that parts that know nothing of each other choose one line). Whoever has an address in mind
 * can test it: this hides whom nobody looks for, not whom somebody guesses.
 */
import { createHash } from 'node:crypto';
import { addressText, addressWords } from '../address.ts';
import { behaviourScore } from '../flows/behaviour-score.ts';
import type { FlowRelation, RelationState } from '../flows/relation.ts';

export interface ThinPair {
  readonly tag: string;
  /** Where on the line, 1 to 255, then a byte of the line's value there for each of the ends. */
  readonly share: string;
  /** As what it was counted, and of how many conversations. */
  readonly why: 'too-short' | 'cut' | 'undecided';
  readonly conversations: number;
  readonly sum: RelationState;
}

export interface PairEnds {
  readonly client: string;
  readonly server: { readonly ip: string; readonly port: number };
}

/** Pairs that one audit keeps: those most like mining. */
const MOST_PAIRS = 1024;
const ADDRESS_BYTES = 16;
const ENDS_BYTES = 2 * ADDRESS_BYTES + 2;
const TAG_AT = 48;

/** The pair as an audit keeps it; null if its addresses cannot be read. */
export function thinPair(relation: FlowRelation, sum: RelationState, why: ThinPair['why']): ThinPair | null {
  const ends = bytesOf({ client: relation.client.ip, server: relation.server });
  if (ends === null) return null;
  const digest = digestOf(ends);
  const { firstUs, lastUs, traffic } = sum;
  const place = digestOf(`${firstUs} ${lastUs} ${traffic.bytesOut}`);
  const x = 1 + (place.readUInt32LE() % 255);
  return {
    tag: digest.toString('base64url', TAG_AT),
    share: Buffer.from([x, ...ends.map((byte, i) => byte ^ times(digest[i], x))]).toString('base64url'),
    why,
    conversations: relation.connections + relation.unanswered,
    sum,
  };
}

/** The ends that two shares give; null if they are one and the same, or not of this pair. */
export function endsOf(tag: string, one: string, other: string): PairEnds | null {
  const [a, b] = [one, other].map((share) => Buffer.from(share, 'base64url'));
  if (a.length !== 1 + ENDS_BYTES || b.length !== a.length || a[0] === b[0]) return null;
  const over = inverse(a[0] ^ b[0]);
  const ends = Buffer.from(a.subarray(1).map((y, i) => y ^ times(times(y ^ b[i + 1], over), a[0])));
  if (digestOf(ends).toString('base64url', TAG_AT) !== tag) return null;
  const addressAt = (at: number): string =>
    addressText(Int32Array.from({ length: 4 }, (_, word) => ends.readInt32BE(at + 4 * word)));
  return {
    client: addressAt(0),
    server: { ip: addressAt(ADDRESS_BYTES), port: ends.readUInt16BE(2 * ADDRESS_BYTES) },
  };
}

/** The tag of a pair whose ends are known; '' if they are no addresses. */
export function tagOf(ends: PairEnds): string {
  const bytes = bytesOf(ends);
  return bytes === null ? '' : digestOf(bytes).toString('base64url', TAG_AT);
}

function digestOf(of: Buffer | string): Buffer {
  return createHash('sha512').update(of).digest();
}

/** As many as an audit may keep, and how many it does not. */
export function pairsThatFit(
  pairs: readonly { readonly relation: FlowRelation; readonly pair: ThinPair }[],
): { readonly kept: ThinPair[]; readonly left: number } {
  const kept = pairs
    .map(({ relation, pair }) => ({ pair, score: behaviourScore(relation).score }))
    .sort((a, b) => b.score - a.score || (a.pair.tag < b.pair.tag ? -1 : 1))
    .slice(0, MOST_PAIRS);
  return { kept: kept.map(({ pair }) => pair), left: pairs.length - kept.length };
}

function bytesOf({ client, server }: PairEnds): Buffer | null {
  const ends = Buffer.alloc(ENDS_BYTES);
  for (const [i, ip] of [client, server.ip].entries()) {
    const words = addressWords(ip);
    if (words === null) return null;
    for (let word = 0; word < 4; word++) ends.writeInt32BE(words[word] | 0, i * ADDRESS_BYTES + 4 * word);
  }
  ends.writeUInt16BE(server.port, 2 * ADDRESS_BYTES);
  return ends;
}

/** Product in GF(256), by the polynomial of AES (FIPS 197, 4.2). */
function times(a: number, b: number): number {
  let product = 0;
  for (let shifted = a, left = b; left > 0; left >>= 1) {
    if ((left & 1) !== 0) product ^= shifted;
    shifted = (shifted << 1) ^ (shifted >= 0x80 ? 0x11b : 0);
  }
  return product;
}

/** The element whose product with this one, which is not 0, is 1. */
function inverse(a: number): number {
  let power = a;
  for (let i = 0; i < 253; i++) power = times(power, a);
  return power;
}
