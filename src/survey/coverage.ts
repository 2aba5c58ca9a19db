/** What of the input could be seen, as parts of all wire bytes and packets. Nothing is dropped without a reason. */
import type { Coverage, Part } from '../audit/audit.ts';
import { FRAGMENT, SKIP_REASONS } from '../capture/skip-reason.ts';
import type { Tap } from '../capture/tap.ts';
import type { FlowSurvey } from './flow-survey.ts';
import type { Survey } from './survey.ts';

/** Below this part of bytes decoded, no report may call the network clean. */
const COMPLETE_FROM = 0.99;

export function coverageOf(tap: Tap, survey: Survey, flows: FlowSurvey, threshold = COMPLETE_FROM): Coverage {
  // Flow records are summaries that somebody else decoded: what they hold was seen down to its transport.
  const { conversations } = flows;
  const allBytes = tap.bytes + conversations.bytes;
  const allPackets = tap.packets + conversations.packets;
  const part = (bytes: number, packets: number): Part => ({
    bytes: allBytes === 0 ? 0 : bytes / allBytes,
    packets: allPackets === 0 ? 0 : packets / allPackets,
  });
  // Fragments were put by when they came; those of datagrams made whole since then were decoded after all.
  const { recoveredPackets, recoveredBytes } = tap.packet.fragments;
  const decodedPackets = Math.min(tap.packets, tap.reasonPackets[0] + recoveredPackets);
  const decodedBytes = Math.min(tap.bytes, tap.reasonBytes[0] + recoveredBytes);
  const skippedReasons: Record<string, number> = {};
  SKIP_REASONS.forEach((reason, i) => {
    const packets = tap.reasonPackets[i] - (i === FRAGMENT ? recoveredPackets : 0);
    if (i > 0 && packets > 0) skippedReasons[reason] = packets;
  });
  const decoded = part(decodedBytes + conversations.bytes, decodedPackets + conversations.packets);
  return {
    complete: allPackets > 0 && decoded.bytes >= threshold,
    decoded,
    encrypted: part(survey.encrypted.bytes, survey.encrypted.packets),
    truncated: part(tap.truncatedBytes, tap.truncatedPackets),
    sampled: part(conversations.sampledBytes, conversations.sampledPackets),
    oneSided: part(survey.oneSided.bytes, survey.oneSided.packets),
    skipped: part(tap.bytes - decodedBytes, tap.packets - decodedPackets),
    skippedReasons,
  };
}
