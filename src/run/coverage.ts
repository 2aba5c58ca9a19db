/** What of the input could be seen, as parts of all wire bytes and packets. Nothing is dropped without a reason. */
import type { Coverage, CoverageCounts, Judged, Part, Weight } from '../audit/audit.ts';
import { type JudgedSum, seenPart } from '../audit/judged.ts';
import type { PacketEngine } from '../packets/packet-engine.ts';
import { JUDGEMENTS, SKIP_REASONS } from '../schema/packets-memory.ts';
import { REFUSED, refusedExports } from './inputs/refused-records.ts';
import type { Run } from './run.ts';
import { CROWDED, DAMAGED, LEFT_OUT, PASSED, UNREAD, unreadOf } from './unread.ts';

/** Of conversations that were seen whole, the least part of a complete audit. */
const COMPLETE_FROM = 0.99;
/** Why records were not read, though they may hold conversations. */
const NOT_READ: readonly string[] = [
  REFUSED,
  DAMAGED,
  ...([
    'unknown link type',
    'link header cut',
    'ip header cut',
    'bad ip header',
    'transport header cut',
    'bad transport header',
    'too many layers',
  ] satisfies (typeof SKIP_REASONS)[number][]),
];
export const NOTHING: Weight = { packets: 0, bytes: 0 };

/** What was read, and what became of it. Call after the engine has ended. */
export function countCoverage({ engine, flows, streams, exports, inputs }: Run): CoverageCounts {
  const { totals } = flows.conversations;
  const { control, counts: seen, fragments } = engine.kernel;
  const { recoveredPackets, recoveredBytes } = fragments;
  const { damaged, unread } = unreadOf(inputs);
  const reasons: Record<string, Weight> = {};
  SKIP_REASONS.forEach((reason, i) => {
    if (engine.reasonPackets[i] > 0)
      reasons[reason] = { packets: engine.reasonPackets[i], bytes: engine.reasonBytes[i] };
  });
  for (const [reason, weight] of Object.entries({
    [REFUSED]: added(flows.refused.weight(), refusedExports(exports, totals)),
    [DAMAGED]: damaged,
    [UNREAD]: unread,
    [CROWDED]: { packets: control.crowdedOut, bytes: control.crowdedBytes },
    [PASSED]: {
      packets: control.passedPackets + streams.longMessages,
      bytes: control.passedBytes + streams.passedBytes,
    },
    [LEFT_OUT]: { packets: streams.sessions.left, bytes: 0 },
  }))
    if (weight.packets + weight.bytes > 0) reasons[reason] = weight;
  return {
    all: { packets: seen.packets, bytes: seen.bytes },
    truncated: { packets: seen.truncatedPackets, bytes: seen.truncatedBytes },
    apart: seen.apartBytes - recoveredBytes,
    copies: seen.shownBytes,
    cutBytes: seen.cutBytes,
    recovered: { packets: recoveredPackets, bytes: recoveredBytes },
    reasons,
    records: added({ packets: totals.packets, bytes: totals.bytes }, flows.inStores.left()),
    sampled: added(
      { packets: totals.sampledPackets, bytes: totals.sampledBytes },
      flows.inStores.left(['sampled']),
    ),
    encrypted: { packets: control.encryptedPackets, bytes: control.encryptedBytes },
    oneSided: { packets: control.oneSidedPackets, bytes: control.oneSidedBytes },
  };
}

/** Adds the conversations of captures that the kernel counted; the ledger has the others. */
export function addCaptured(judged: JudgedSum, engine: PacketEngine): void {
  for (const way of JUDGEMENTS) {
    if (way === 'not-told') continue;
    const { conversations, bytes } = engine.judged(way);
    judged.add(way, bytes, conversations);
  }
}

/** True if flow records may be matched with the catalogue: by listed addresses, or by names of any kind. */
export function canMatch({ flows, lookups }: Run): boolean {
  return flows.hasAddresses || flows.remarks.observed > 0 || lookups.count > 0;
}

export function coverageOf(
  counts: CoverageCounts,
  judged: Judged,
  threshold: number = COMPLETE_FROM,
): Coverage {
  const { recovered, reasons, records } = counts;
  // Flow records are summaries that somebody else decoded: what they hold was seen down to its transport.
  const all = [REFUSED, DAMAGED, UNREAD].reduce(
    (sum, reason) => added(sum, reasons[reason] ?? NOTHING),
    added(counts.all, records),
  );
  // A frame may claim any size: a share is never more than the whole.
  const part = ({ bytes, packets }: Weight): Part => ({
    bytes: all.bytes === 0 ? 0 : Math.min(1, bytes / all.bytes),
    packets: all.packets === 0 ? 0 : Math.min(1, packets / all.packets),
  });
  // Fragments were put by when they came; those of datagrams made whole since then were decoded after all.
  const { decoded: atOnce = NOTHING, ...skipped } = reasons;
  const decoded = {
    packets: Math.min(counts.all.packets, atOnce.packets + recovered.packets) + records.packets,
    bytes: Math.min(counts.all.bytes, atOnce.bytes + recovered.bytes) + records.bytes,
  };
  // What the snap length cut off nobody has read, nor what was passed over.
  const unseen = counts.cutBytes + (reasons[CROWDED]?.bytes ?? 0) + (reasons[PASSED]?.bytes ?? 0);
  const read = { ...decoded, bytes: Math.max(0, decoded.bytes - unseen) };
  const notRead = NOT_READ.reduce((sum, reason) => added(sum, reasons[reason] ?? NOTHING), NOTHING);
  const skippedReasons: Record<string, number> = {};
  for (const [reason, { packets }] of Object.entries(skipped)) {
    const left = packets - (reason === 'fragment' ? recovered.packets : 0);
    if (left > 0) skippedReasons[reason] = left;
  }
  return {
    // Some logs of flows count no packets. How much an input holds that was not read nobody knows.
    complete:
      all.packets + all.bytes > 0 &&
      seenPart(judged) >= threshold &&
      part(notRead).bytes <= 1 - threshold &&
      (reasons[UNREAD]?.packets ?? 0) + (reasons[LEFT_OUT]?.packets ?? 0) === 0,
    decoded: part(read),
    encrypted: part(counts.encrypted),
    truncated: part(counts.truncated),
    sampled: part(counts.sampled),
    oneSided: part(counts.oneSided),
    skipped: part({ packets: all.packets - decoded.packets, bytes: all.bytes - decoded.bytes }),
    judged,
    skippedReasons,
    counts,
  };
}

export function added(a: Weight, b: Weight): Weight {
  return { packets: a.packets + b.packets, bytes: a.bytes + b.bytes };
}
