/** What of the input could be seen, as parts of all wire bytes and packets. Nothing is dropped without a reason. */
import type { Coverage, Part } from '../audit/audit.ts';
import type { AuditEdges, Weight } from '../audit/edges.ts';

/** Below this part of bytes decoded, no report may call the network clean. */
const COMPLETE_FROM = 0.99;
const NOTHING: Weight = { packets: 0, bytes: 0 };

export function coverageOf(weights: AuditEdges['weights'], threshold = COMPLETE_FROM): Coverage {
  const { recovered, reasons, records } = weights;
  // Flow records are summaries that somebody else decoded: what they hold was seen down to its transport.
  const all = added(weights.all, records);
  const part = ({ bytes, packets }: Weight): Part => ({
    bytes: all.bytes === 0 ? 0 : bytes / all.bytes,
    packets: all.packets === 0 ? 0 : packets / all.packets,
  });
  // Fragments were put by when they came; those of datagrams made whole since then were decoded after all.
  const { decoded: atOnce = NOTHING, ...skipped } = reasons;
  const captured = {
    packets: Math.min(weights.all.packets, atOnce.packets + recovered.packets),
    bytes: Math.min(weights.all.bytes, atOnce.bytes + recovered.bytes),
  };
  const decoded = added(captured, records);
  // What the snap length cut off nobody has read.
  const read = { ...decoded, bytes: Math.max(0, decoded.bytes - (weights.cutBytes ?? 0)) };
  const skippedReasons: Record<string, number> = {};
  for (const [reason, { packets }] of Object.entries(skipped)) {
    const left = packets - (reason === 'fragment' ? recovered.packets : 0);
    if (left > 0) skippedReasons[reason] = left;
  }
  return {
    // Some logs of flows count no packets.
    complete: all.packets + all.bytes > 0 && part(read).bytes >= threshold,
    decoded: part(read),
    encrypted: part(weights.encrypted),
    truncated: part(weights.truncated),
    sampled: part(weights.sampled),
    oneSided: part(weights.oneSided),
    skipped: part({ packets: all.packets - decoded.packets, bytes: all.bytes - decoded.bytes }),
    skippedReasons,
  };
}

function added(a: Weight, b: Weight): Weight {
  return { packets: a.packets + b.packets, bytes: a.bytes + b.bytes };
}
