/**
 * A tunnel through a proxy (RFC 9110 9.3.6): the request for it and the answer are held until the client has spoken inside.
 * If that is a hello in the manner of the web, to a server that is not a pool's, nobody needs to hear the flow.
 */

import { mayHold } from '../../names.ts';
import { begins } from '../bytes.ts';
import * as is from '../flow-state.ts';
import { direction, Flow, isFirstInPlace } from '../flows.ts';
import { addHeld, dropLast, Held, isWholeInHand } from '../held.ts';
import { NAME_BITS_AT, packet } from '../memory.ts';
import { helloOf, isClientHello, isPartOfHello } from './client-hello.ts';
import { hostFrom, hostTo } from './http-head.ts';

const TUNNEL_MAY_MINE = 0;
export const TUNNEL_IS_HELD = 1;
export const TUNNEL_IS_WEB = 2;

/** "HTTP/1.1 200" and two line ends. */
const STATUS_AT: u32 = 9;
const LEAST_ANSWER: u32 = 16;
const DIGIT_2: u32 = 0x32;
const HEAD_END: u32 = 0x0a0d0a0d;

/** True if the tunnel that was asked for last leads to nobody of ours. */
export function leadsElsewhere(row: Flow): bool {
  if (hostTo === hostFrom || mayHold(NAME_BITS_AT, hostFrom, hostTo)) return false;
  row.mark(is.NAMED);
  return true;
}

/** The current payload comes behind the request for the tunnel. */
export function lookInside(row: Flow, held: Held): i32 {
  if (!isWholeInHand()) return TUNNEL_MAY_MINE;
  if (direction !== held.direction) {
    if (held.isAgreed || !isFirstInPlace(row) || !agrees() || !addHeld(held)) return TUNNEL_MAY_MINE;
    held.isAgreed = true;
    return TUNNEL_IS_HELD;
  }
  if (!held.isAgreed || packet.sequence !== held.next) return TUNNEL_MAY_MINE;
  const at = held.insideAt === 0 ? held.to : held.insideAt;
  if (!addHeld(held)) return TUNNEL_MAY_MINE;
  held.insideAt = at;
  if (isPartOfHello(at, held.to)) return TUNNEL_IS_HELD;
  if (isClientHello(at, held.to) && helloOf(row) === is.HELLO_IS_WEB) return TUNNEL_IS_WEB;
  dropLast(held);
  return TUNNEL_MAY_MINE;
}

/** True if the current payload is an answer of success, and nothing more. */
function agrees(): bool {
  const from = packet.payloadStart;
  const to = packet.payloadEnd;
  if (to < from + LEAST_ANSWER || !begins(from, to, 'HTTP/1.')) return false;
  return load<u8>(from + STATUS_AT) === DIGIT_2 && load<u32>(to - 4) === HEAD_END;
}
