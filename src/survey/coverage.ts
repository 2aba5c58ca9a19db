/** What of the input could be seen, as parts of all wire bytes and packets. Nothing is dropped without a reason. */
import type { Coverage, Part } from '../audit/audit.ts';
import { SKIP_REASONS } from '../capture/skip-reason.ts';
import type { Tap } from '../capture/tap.ts';
import type { Survey } from './survey.ts';

/** Below this part of bytes decoded, no report may call the network clean. */
const COMPLETE_FROM = 0.99;

export function coverageOf(tap: Tap, survey: Survey, threshold = COMPLETE_FROM): Coverage {
  const part = (bytes: number, packets: number): Part => ({
    bytes: tap.bytes === 0 ? 0 : bytes / tap.bytes,
    packets: tap.packets === 0 ? 0 : packets / tap.packets,
  });
  const skippedBytes = tap.bytes - tap.reasonBytes[0];
  const skippedReasons: Record<string, number> = {};
  SKIP_REASONS.forEach((reason, i) => {
    if (i > 0 && tap.reasonPackets[i] > 0) skippedReasons[reason] = tap.reasonPackets[i];
  });
  const decoded = part(tap.reasonBytes[0], tap.reasonPackets[0]);
  return {
    complete: tap.packets > 0 && decoded.bytes >= threshold,
    decoded,
    encrypted: part(survey.encrypted.bytes, survey.encrypted.packets),
    truncated: part(tap.truncatedBytes, tap.truncatedPackets),
    sampled: part(0, 0),
    oneSided: part(survey.oneSided.bytes, survey.oneSided.packets),
    skipped: part(skippedBytes, tap.packets - tap.reasonPackets[0]),
    skippedReasons,
  };
}
