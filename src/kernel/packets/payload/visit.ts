/** What a web visit makes of its flow. */

import { mayHold } from '../../names.ts';
import * as is from '../flow-state.ts';
import { Flow, keepName } from '../flows.ts';
import * as host from '../host.ts';
import { NAME_BITS_AT } from '../memory.ts';
import { hostFrom, hostTo, lookAtHead, sendsText } from './http-head.ts';
import { noteText } from './service.ts';

/** What the request is whose head begins in memory [from, to), from the flow's client on `side`; notes where it leads. */
export function visitOf(flow: u32, row: Flow, side: u32, from: u32, to: u32): i32 {
  const head = lookAtHead(from, to);
  if (head === is.PLAIN_VISIT) {
    noteVisit(flow, row, side);
    noteRequest(row, from, to);
    if (sendsText) noteText(flow);
  }
  return head;
}

/** Notes whether a client asks for the same each time. */
function noteRequest(row: Flow, from: u32, to: u32): void {
  let hash: u32 = 0x811c9dc5;
  for (let at = from; at < to; at++) hash = (hash ^ load<u8>(at)) * 0x01000193;
  hash |= 2;
  row.asked = row.asked === 0 || row.asked === hash ? hash : 1;
}

/** Notes where the visit leads that was looked at last. */
function noteVisit(flow: u32, row: Flow, side: u32): void {
  row.mark(is.WEB);
  row.reads++;
  if (hostTo === hostFrom) return;
  keepName(row, hostFrom, hostTo);
  if (mayHold(NAME_BITS_AT, hostFrom, hostTo)) host.named(flow, side, hostFrom, hostTo);
  else row.mark(is.NAMED);
}
