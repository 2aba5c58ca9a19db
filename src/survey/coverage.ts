/** What of the input could be seen, as parts of all wire bytes and packets. Nothing is dropped without a reason. */
import type { Coverage, CoverageCounts, Part, Weight } from '../audit/audit.ts';
import { SKIP_REASONS } from '../packets/skip-reason.ts';
import type { Tap } from '../packets/tap.ts';
import type { FlowSurvey } from './flow-survey.ts';
import { REFUSED, refusedExports } from './refused-records.ts';
import type { Survey } from './survey.ts';

/** Below this part of bytes decoded, no report may call the network clean. */
const COMPLETE_FROM = 0.99;
const NOTHING: Weight = { packets: 0, bytes: 0 };

/** What was read, and what became of it. Call after the tap has ended. */
export function countCoverage(tap: Tap, flows: FlowSurvey, survey: Survey): CoverageCounts {
  const { conversations } = flows;
  const reasons: Record<string, Weight> = {};
  SKIP_REASONS.forEach((reason, i) => {
    if (tap.reasonPackets[i] > 0)
      reasons[reason] = { packets: tap.reasonPackets[i], bytes: tap.reasonBytes[i] };
  });
  const refused = added(flows.refused, refusedExports(survey.exported, conversations));
  if (refused.packets + refused.bytes > 0) reasons[REFUSED] = refused;
  const { recoveredPackets, recoveredBytes } = tap.packet.fragments;
  return {
    all: { packets: tap.packets, bytes: tap.bytes },
    truncated: { packets: tap.truncatedPackets, bytes: tap.truncatedBytes },
    cutBytes: tap.cutBytes,
    recovered: { packets: recoveredPackets, bytes: recoveredBytes },
    reasons,
    records: { packets: conversations.packets, bytes: conversations.bytes },
    sampled: { packets: conversations.sampledPackets, bytes: conversations.sampledBytes },
    encrypted: { ...survey.encrypted },
    oneSided: { ...survey.oneSided },
  };
}

export function coverageOf(counts: CoverageCounts, threshold: number = COMPLETE_FROM): Coverage {
  const { recovered, reasons, records } = counts;
  // Flow records are summaries that somebody else decoded: what they hold was seen down to its transport.
  const all = added(added(counts.all, records), reasons[REFUSED] ?? NOTHING);
  const part = ({ bytes, packets }: Weight): Part => ({
    bytes: all.bytes === 0 ? 0 : bytes / all.bytes,
    packets: all.packets === 0 ? 0 : packets / all.packets,
  });
  // Fragments were put by when they came; those of datagrams made whole since then were decoded after all.
  const { decoded: atOnce = NOTHING, ...skipped } = reasons;
  const captured = {
    packets: Math.min(counts.all.packets, atOnce.packets + recovered.packets),
    bytes: Math.min(counts.all.bytes, atOnce.bytes + recovered.bytes),
  };
  const decoded = added(captured, records);
  // What the snap length cut off nobody has read.
  const read = { ...decoded, bytes: Math.max(0, decoded.bytes - counts.cutBytes) };
  const skippedReasons: Record<string, number> = {};
  for (const [reason, { packets }] of Object.entries(skipped)) {
    const left = packets - (reason === 'fragment' ? recovered.packets : 0);
    if (left > 0) skippedReasons[reason] = left;
  }
  return {
    // Some logs of flows count no packets.
    complete: all.packets + all.bytes > 0 && part(read).bytes >= threshold,
    decoded: part(read),
    encrypted: part(counts.encrypted),
    truncated: part(counts.truncated),
    sampled: part(counts.sampled),
    oneSided: part(counts.oneSided),
    skipped: part({ packets: all.packets - decoded.packets, bytes: all.bytes - decoded.bytes }),
    skippedReasons,
    counts,
  };
}

function added(a: Weight, b: Weight): Weight {
  return { packets: a.packets + b.packets, bytes: a.bytes + b.bytes };
}
