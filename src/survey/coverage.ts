/** What of the input could be seen, as parts of all wire bytes and packets. Nothing is dropped without a reason. */
import type { Coverage, Part } from '../audit/audit.ts';
import { FRAGMENT, SKIP_REASONS } from '../capture/skip-reason.ts';
import type { Tap } from '../capture/tap.ts';
import type { Survey } from './survey.ts';

/** Below this part of bytes decoded, no report may call the network clean. */
const COMPLETE_FROM = 0.99;

export function coverageOf(tap: Tap, survey: Survey, threshold = COMPLETE_FROM): Coverage {
  const part = (bytes: number, packets: number): Part => ({
    bytes: tap.bytes === 0 ? 0 : bytes / tap.bytes,
    packets: tap.packets === 0 ? 0 : packets / tap.packets,
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
  const decoded = part(decodedBytes, decodedPackets);
  return {
    complete: tap.packets > 0 && decoded.bytes >= threshold,
    decoded,
    encrypted: part(survey.encrypted.bytes, survey.encrypted.packets),
    truncated: part(tap.truncatedBytes, tap.truncatedPackets),
    sampled: part(0, 0),
    oneSided: part(survey.oneSided.bytes, survey.oneSided.packets),
    skipped: part(tap.bytes - decodedBytes, tap.packets - decodedPackets),
    skippedReasons,
  };
}
