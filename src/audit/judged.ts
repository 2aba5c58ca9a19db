/**
 * How conversations were judged: what was found out of each, or why nothing was (docs/reading-an-audit.md). No report
 * may call a network clean beyond this.
 */
import type { Conversed, Judged, NotJudged } from './audit.ts';

export class JudgedSum implements Judged {
  readonly byProtocol = none();
  readonly byEndpoint = none();
  readonly byBehaviour = none();
  readonly notJudged: Partial<Record<NotJudged, Conversed>> = {};

  /** Adds conversations that were judged so, or not judged for this reason. */
  add(by: 'byProtocol' | 'byEndpoint' | 'byBehaviour' | NotJudged, bytes: number, conversations = 1): void {
    if (bytes <= 0 && conversations <= 0) return;
    if (isJudged(by)) addTo(this[by], { bytes, conversations });
    else {
      this.notJudged[by] ??= none();
      addTo(this.notJudged[by], { bytes, conversations });
    }
  }

  addAll(judged: Judged): void {
    for (const by of WAYS) this.add(by, judged[by].bytes, judged[by].conversations);
    for (const [why, { bytes, conversations }] of Object.entries(judged.notJudged))
      this.add(why as NotJudged, bytes, conversations);
  }
}

const WAYS = ['byProtocol', 'byEndpoint', 'byBehaviour'] as const;

function isJudged(by: string): by is (typeof WAYS)[number] {
  return WAYS.some((way) => way === by);
}

function none(): Conversed {
  return { conversations: 0, bytes: 0 };
}

/** The parts of conversations and of bytes that were judged, 0 to 1; 1 if there was nothing to judge. */
export function judgedParts({ byProtocol, byEndpoint, byBehaviour, notJudged }: Judged): Conversed {
  const judged = none();
  const not = none();
  for (const each of [byProtocol, byEndpoint, byBehaviour]) addTo(judged, each);
  for (const each of Object.values(notJudged)) addTo(not, each);
  const part = (yes: number, no: number): number => (yes + no > 0 ? yes / (yes + no) : 1);
  return {
    conversations: part(judged.conversations, not.conversations),
    bytes: part(judged.bytes, not.bytes),
  };
}

/** The smaller of the two. */
export function judgedPart(judged: Judged): number {
  const { conversations, bytes } = judgedParts(judged);
  return Math.min(conversations, bytes);
}

/** Why conversations were not judged, with the part of all conversations that each reason has; the largest first. */
export function unjudgedParts({ notJudged, ...ways }: Judged): [NotJudged, number][] {
  const rows = Object.entries(notJudged) as [NotJudged, Conversed][];
  const all = none();
  for (const each of [...Object.values(ways), ...Object.values(notJudged)]) addTo(all, each);
  const of = Math.max(1, all.conversations);
  return rows
    .map(([why, { conversations }]): [NotJudged, number] => [why, conversations / of])
    .sort((a, b) => b[1] - a[1]);
}

function addTo(sum: Conversed, { conversations, bytes }: Conversed): void {
  sum.conversations += conversations;
  sum.bytes += bytes;
}
