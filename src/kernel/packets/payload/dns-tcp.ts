/**
 * DNS over TCP (RFC 1035 4.2.2): most connections ask one name server one thing, and question and answer take a segment
 * each. For these there is no stream.
 */

import { be16 } from '../bytes.ts';
import { Flow, isFirstInPlace } from '../flows.ts';
import { isWholeInHand } from '../held.ts';
import { packet } from '../memory.ts';
import { HEADER_BYTES, isDnsPort, isQuestion, readMessage } from './dns.ts';

/** True if the current payload, the first of its flow, is of questions to a name server; they are taken. */
export function readsQuestion(): bool {
  if (!isDnsPort()) return false;
  const at = packet.payloadStart + 2;
  return at + 2 < packet.payloadEnd && isQuestion(at) && readMessages();
}

/** True if the current payload of a flow that has asked is a whole answer, in its place; it is taken. */
export function readsAnswer(row: Flow): bool {
  return isFirstInPlace(row) && isWholeInHand() && readMessages();
}

/** Takes the current segment; false if it is not of whole messages, each behind its length (RFC 1035 4.2.2). */
function readMessages(): bool {
  const to = packet.payloadEnd;
  let at = packet.payloadStart;
  while (at + 2 + HEADER_BYTES <= to && at + 2 + be16(at) <= to) at += 2 + be16(at);
  if (at !== to) return false;
  for (at = packet.payloadStart; at < to; at += 2 + be16(at)) readMessage(at + 2, at + 2 + be16(at));
  return true;
}
