/**
 * Clocks that are set while a capture runs: by NTP, by hand, after a suspension. Times leap, and connections go on at the very
 * byte. A network that was quiet for as long looks alike, but several of its connections would hardly all pause for so much
 * longer than ever before and lack nothing; if packets were lost instead, sequence numbers run ahead. So the records behind a
 * leap are looked at before their turn. The leap is taken out of all times that follow.
 */

import { findKnown, found, direction as ofPacket, rowOf } from './flows.ts';
import * as host from './host.ts';
import { decode } from './layers/link.ts';
import { SYN, TCP } from './layers/packet.ts';
import { control, input, packet, Skip } from './memory.ts';
import { directionOf, streamAt } from './streams.ts';

/** Less is a silence, or packets that are out of order. */
const LEAST_US: f64 = 60_000_000;
/** Back by a minute, less a pause between the two records. */
const LEAST_BACK_US: f64 = 45_000_000;
/** A leap ahead is longer than so many times the longest pause between two records of the input, in so long a time before it. */
const PAUSES: f64 = 6;
const LEAST_BEFORE_US: f64 = 300_000_000;
/** Connections that must go on at the very byte: after a leap ahead, which may be a silence, and back. */
const GO_ON_AHEAD: u32 = 3;
const GO_ON_BACK: u32 = 2;
/** Records that are looked at, and how long after the leap; and leaps of an input that are. */
export const LOOKS: u32 = 4096;
const LOOKS_US: f64 = 60_000_000;
/** A record that is so far from the one before it is of another clock. */
const STEP_US: f64 = 30_000_000;
const MOST_LEAPS: u32 = 64;

let goOn: u32 = 0;
let lacking: u32 = 0;
/** Flows that were seen: only the first segment behind the leap tells. */
let known: u64 = 0;
/** By the clock as it was, us: the record before the leap, and behind it. */
let beforeUs: f64 = 0;
let behindUs: f64 = 0;
/** The record before in the look. */
let stepUs: f64 = 0;
/** A record that follows is of the time before: the leap is of some records alone. */
let isOfFew: bool = false;

/** `control.isCopy` of an input that begins before the ones before it have ended (probes.ts): its clock may have been set back. */
const OVERLAPS: u32 = 2;

/** True if the record of this time, by the clock as it was, may come behind a leap. */
export function mayLeap(timeUs: f64): bool {
  const byUs = timeUs - lastUs();
  return (byUs > LEAST_US || byUs < -LEAST_BACK_US) && input.leaps < MOST_LEAPS;
}

/** Of the record before; of the run before the first record of an input, which may go on where another ended. */
function lastUs(): f64 {
  const mayGoOn = control.clockSetUs !== 0 || control.isCopy === OVERLAPS;
  return input.packets === 0 && mayGoOn ? control.latestUs : input.previousUs;
}

/** Looks at the records from the one on that leaps to this time. */
export function beginLook(timeUs: f64): void {
  input.leaps++;
  beforeUs = lastUs();
  behindUs = timeUs;
  stepUs = timeUs;
  isOfFew = false;
  goOn = 0;
  lacking = 0;
  known = 0;
  control.looksAhead = 1;
}

/** Looks at the current record, of this time by the clock as it was; false if it is the last one. */
export function look(timeUs: f64): bool {
  const step = abs(timeUs - stepUs);
  if (step > STEP_US && abs(timeUs - beforeUs) < step) isOfFew = true;
  stepUs = timeUs;
  const goesOn = !isOfFew && abs(timeUs - behindUs) <= LOOKS_US;
  if (decode() !== Skip.DECODED || packet.protocol !== TCP || packet.tunnels > 0) return goesOn;
  if ((packet.flags & SYN) !== 0 || !findKnown()) return goesOn;
  const row = rowOf(found);
  const place: u64 = found & 63;
  const bit: u64 = (<u64>1) << place;
  if (row.stream === 0 || (known & bit) !== 0) return goesOn;
  const own = directionOf(streamAt(row.stream), ofPacket);
  if (!own.isKnown) return goesOn;
  known |= bit;
  const ahead = packet.sequence - own.next;
  if (ahead > 0) lacking++;
  // A connection that goes on later than it left off has a clock that was not set back: the file before is another probe's.
  else if (ahead === 0 && (behindUs > beforeUs || timeUs < row.lastUs)) goOn++;
  return goesOn;
}

/** Decides on the leap. Answers what is taken out of its time and those that follow, us: 0 if the clock was not set. */
export function endLook(): f64 {
  control.looksAhead = 0;
  const byUs = behindUs - beforeUs;
  const isShort = beforeUs - input.firstUs < LEAST_BEFORE_US;
  const isSilence = byUs > 0 && (isShort || byUs < PAUSES * input.longestPauseUs);
  // The clock comes back from what was taken for a silence: the times that follow are right.
  const isReturn = input.silenceUs > 0 && abs(byUs + input.silenceUs) < LEAST_US;
  const isSet =
    !isReturn && !isOfFew && !isSilence && lacking === 0 && goOn >= (byUs > 0 ? GO_ON_AHEAD : GO_ON_BACK);
  if (!isSet) {
    input.isAstray = isOfFew;
    if (!isOfFew && byUs > 0) input.silenceUs = byUs;
    if (input.packets > 0) return 0;
    // Another input has a clock of its own.
    const wasUs = control.clockSetUs;
    control.clockSetUs = 0;
    return -wasUs;
  }
  host.clockSet(beforeUs, byUs);
  control.clockSetUs += byUs;
  return byUs;
}
