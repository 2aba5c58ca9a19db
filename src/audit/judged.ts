/**
 * The ledger of all conversations, of every transport: each was judged in one way, or could not be for one reason
 * (docs/reference/judged.md). No report may call a network clean without the number of those that could not.
 */
import type { Conversed, Judged, NotJudged } from './audit.ts';

/** In which a conversation can be judged. */
const WAYS = ['read', 'searched', 'listed', 'allowed', 'unlike'] as const;

type Way = (typeof WAYS)[number];

/** A capture or log would have shown more of these: of too many of them an audit is not complete. */
const NOT_SEEN: readonly NotJudged[] = ['cut', 'limit', 'one-direction'];

export class JudgedSum implements Judged {
  readonly read = none();
  readonly searched = none();
  readonly listed = none();
  readonly allowed = none();
  readonly unlike = none();
  readonly notJudged: Partial<Record<NotJudged, Conversed>> = {};

  /** Adds conversations that were judged so, or not judged for this reason. */
  add(by: Way | NotJudged, bytes: number, conversations = 1): void {
    if (bytes <= 0 && conversations <= 0) return;
    if (isWay(by)) addTo(this[by], { bytes, conversations });
    else {
      this.notJudged[by] ??= none();
      addTo(this.notJudged[by], { bytes, conversations });
    }
  }

  /** Adds those of another audit. */
  addAll(judged: Judged): void {
    for (const by of WAYS) this.add(by, judged[by].bytes, judged[by].conversations);
    for (const [why, { bytes, conversations }] of Object.entries(judged.notJudged))
      this.add(why as NotJudged, bytes, conversations);
  }
}

function isWay(by: string): by is Way {
  return WAYS.some((way) => way === by);
}

function none(): Conversed {
  return { conversations: 0, bytes: 0 };
}

/** All that were judged. */
export function allJudged(judged: Judged): Conversed {
  return sumOf(WAYS.map((way) => judged[way]));
}

/** All that could not be. */
export function allNotJudged({ notJudged }: Judged): Conversed {
  return sumOf(Object.values(notJudged));
}

/** True if of no conversation at all anything is known. */
export function isNothingJudged(judged: Judged): boolean {
  return allJudged(judged).conversations === 0;
}

export function conversationsOf(judged: Judged): number {
  return allJudged(judged).conversations + allNotJudged(judged).conversations;
}

/** The parts of conversations and of bytes that were judged, 0 to 1; 1 if there was nothing to judge. */
export function judgedParts(judged: Judged): Conversed {
  const [yes, no] = [allJudged(judged), allNotJudged(judged)];
  const part = (of: keyof Conversed): number => (yes[of] + no[of] > 0 ? yes[of] / (yes[of] + no[of]) : 1);
  return { conversations: part('conversations'), bytes: part('bytes') };
}

/** The part of conversations that were seen whole, 0 to 1. */
export function seenPart(judged: Judged): number {
  const missed = sumOf(NOT_SEEN.map((why) => judged.notJudged[why] ?? none()));
  return 1 - missed.conversations / Math.max(1, conversationsOf(judged));
}

/** In which ways conversations were judged, and how many in each. */
export function waysOf(judged: Judged): [string, number][] {
  return WAYS.map((way) => [way, judged[way].conversations]);
}

/** Why conversations were not judged, and how many; the most first. */
export function reasonsOf({ notJudged }: Judged): [NotJudged, number][] {
  const rows = Object.entries(notJudged) as [NotJudged, Conversed][];
  return rows
    .map(([why, { conversations }]): [NotJudged, number] => [why, conversations])
    .filter(([, conversations]) => conversations > 0)
    .sort((a, b) => b[1] - a[1]);
}

function sumOf(all: readonly Conversed[]): Conversed {
  const sum = none();
  for (const each of all) addTo(sum, each);
  return sum;
}

function addTo(sum: Conversed, { conversations, bytes }: Conversed): void {
  sum.conversations += conversations;
  sum.bytes += bytes;
}
