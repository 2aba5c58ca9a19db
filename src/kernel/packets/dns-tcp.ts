/**
 * DNS over TCP (RFC 1035 4.2.2): most connections ask one name server one thing, and question and answer take a segment
 * each. For these there is no stream.
 */
import { be16 } from './bytes.ts';
import { HEADER_BYTES, isDnsPort, isQuestion, takeMessage } from './dns.ts';
import { ISN_0_KNOWN, ISN_1_KNOWN } from './flow-state.ts';
import { Flow, lane } from './flows.ts';
import { isWholeInHand } from './held.ts';
import { packet } from './packet.ts';

/** True if the payload in hand, the first of its flow, is of questions to a name server; they are taken. */
export function takesQuestion(): bool {
  if (!isDnsPort()) return false;
  const at = packet.payloadStart + 2;
  return at + 2 < packet.payloadEnd && isQuestion(at) && takeMessages();
}

/** True if the payload in hand of a flow that has asked is a whole answer, in its place; it is taken. */
export function takesAnswer(row: Flow): bool {
  const isn = lane === 0 ? row.isn0 : row.isn1;
  const isKnown = (row.seen & (lane === 0 ? ISN_0_KNOWN : ISN_1_KNOWN)) !== 0;
  const isFirst = (lane === 0 ? row.pushes0 : row.pushes1) === 1;
  return isFirst && isKnown && <i32>packet.sequence === isn + 1 && isWholeInHand() && takeMessages();
}

/** Takes the segment in hand; false if it is not of whole messages, each behind its length (RFC 1035 4.2.2). */
function takeMessages(): bool {
  const to = packet.payloadEnd;
  let at = packet.payloadStart;
  while (at + 2 + HEADER_BYTES <= to && at + 2 + be16(at) <= to) at += 2 + be16(at);
  if (at !== to) return false;
  for (at = packet.payloadStart; at < to; at += 2 + be16(at)) takeMessage(at + 2, at + 2 + be16(at));
  return true;
}
