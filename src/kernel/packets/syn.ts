/**
 * The SYNs of a flow. One with another number does not end a connection that lives, for anybody can send one (RFC 5961 4):
 * it is held apart until the other end answers it, or its own end goes on from it.
 */

import { foldClaim, openClaimed, reopenFlow } from './ending.ts';
import * as is from './flow-state.ts';
import { claimOf, direction, Flow, isNew } from './flows.ts';
import { ACK, SYN } from './layers/packet.ts';
import { packet } from './memory.ts';
import { Direction, directionOf, REORDER_US, streamAt } from './streams.ts';

const REORDER_BYTES: i32 = 1 << 16;

/**
 * A SYN: notes its number; ends the flow first if it opens another connection between the same ends. True if it is
 * held apart, as a connection lives that it would end.
 */
export function isHeldApart(flow: u32, row: Flow, timeUs: f64, counts: bool): bool {
  const isAnswer = (packet.flags & ACK) !== 0;
  const isKnown = row.has(is.ISN_0_KNOWN << direction);
  const mayOpen = direction === 1 || (!isNew && !isKnown);
  // Of a connection met in its middle, whose number nobody knows, a SYN that comes later than a reordering is another's.
  const isOther = isKnown ? !isSameSyn(row, timeUs) : !isAnswer && timeUs - row.firstUs >= REORDER_US;
  if (!isNew && isOther) {
    if (isLive(row)) {
      // An answer that nobody asked for changes nothing.
      if (!isAnswer) claim(row, timeUs, counts);
      return !isAnswer;
    }
    if (!isAnswer) reopenFlow(flow, row, timeUs);
  }
  if (!isAnswer && mayOpen && row.isClosed) reopenFlow(flow, row, timeUs);
  row.knowIsn(direction, packet.sequence);
  row.mark(isAnswer ? is.SYN_ACK_SEEN : is.SYN_SEEN);
  return false;
}

/** A copy of the SYN that opened the connection, or that SYN itself, behind its data. */
function isSameSyn(row: Flow, timeUs: f64): bool {
  const distance = row.isnOf(direction) - packet.sequence;
  return distance === 0 || (distance > 0 && distance < REORDER_BYTES && timeUs - row.firstUs < REORDER_US);
}

/** Both ends have met, or one has said something, and nobody has hung up. */
function isLive(row: Flow): bool {
  if (row.isClosed) return false;
  return (
    row.pushes0 + row.pushes1 > 0 ||
    (row.seen & (is.SYN_SEEN | is.SYN_ACK_SEEN)) === (is.SYN_SEEN | is.SYN_ACK_SEEN)
  );
}

/** Holds a SYN apart; one that was held before and had no answer counts for the connection that is there. */
function claim(row: Flow, timeUs: f64, counts: bool): void {
  const claim = claimOf(row);
  const isSame =
    claim.isn === packet.sequence && (row.seen & is.CLAIM_OF_1) === (direction === 1 ? is.CLAIM_OF_1 : 0);
  if (!row.has(is.CLAIMED) || !isSame) {
    foldClaim(row);
    row.mark(is.CLAIMED);
    claim.timeUs = timeUs;
    claim.isn = packet.sequence;
    claim.bytes = 0;
    claim.packets = 0;
    if (direction === 1) row.mark(is.CLAIM_OF_1);
    else row.seen &= ~is.CLAIM_OF_1;
  }
  if (!counts) return;
  claim.bytes = <u16>min(0xffff, <u32>claim.bytes + packet.ipBytes);
  if (claim.packets < 0xffff) claim.packets++;
}

/** The current segment may be the answer to a SYN that is held apart, or go on from it if only one end is seen. */
export function answerClaim(flow: u32, row: Flow): void {
  const next = claimOf(row).isn + 1;
  const claimant: u32 = row.has(is.CLAIM_OF_1) ? 1 : 0;
  if (goesOn(row)) return;
  let isAnswered: bool;
  if (direction !== claimant) {
    const ahead = packet.acknowledgement - next;
    isAnswered = (packet.flags & ACK) !== 0 && ahead >= 0 && ahead < REORDER_BYTES;
  } else {
    const isAlone = row.packetsOf(1 - direction) === 0;
    isAnswered = isAlone && (packet.flags & SYN) === 0 && packet.sequence === next;
  }
  if (isAnswered) openClaimed(flow, row);
}

/** The current segment has the numbers of the connection that is there, whatever SYN somebody has sent into it. */
function goesOn(row: Flow): bool {
  if (row.stream === 0) return false;
  const stream = streamAt(row.stream);
  return (
    fits(directionOf(stream, direction), packet.sequence) &&
    fits(directionOf(stream, 1 - direction), packet.acknowledgement)
  );
}

/** Stacks that number from a fixed start have numbers near to those before: both ends' must fit. */
function fits(own: Direction, number: i32): bool {
  return own.isKnown && abs(number - own.next) < REORDER_BYTES;
}
