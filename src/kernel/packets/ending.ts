/**
 * How flows end: with the run, for another connection between the same ends, or because the table is full. What the
 * driver knows of a flow is told then; of the others only sums remain.
 */

import { mayConcern } from './addresses.ts';
import { closeCandidate, LEAST_IDLE_US, LONG_IDLE_US } from './candidate.ts';
import { beginCounts, bitOf, countHost, countJudged, countLeft } from './counts.ts';
import * as is from './flow-state.ts';
import {
  addressOf,
  claimOf,
  direction,
  Flow,
  flowsAlive,
  flowsEnd,
  orient,
  removeFlow,
  resetFlow,
  rowOf,
} from './flows.ts';
import { forgetHandshake } from './handshake.ts';
import * as host from './host.ts';
import {
  isOpen,
  judge,
  markOf,
  pairOf,
  reasonIfRepeated,
  repeatsAs,
  SILENCE_US,
  silenceOf,
} from './judge.ts';
import { dropWatch, endWatch } from './lasting.ts';
import { TCP } from './layers/packet.ts';
import { control, counts, Judgement } from './memory.ts';
import { saysMining } from './text.ts';

/** A SYN that nobody answered counts for the connection that was there. */
export function foldClaim(row: Flow): void {
  if (!row.has(is.CLAIMED)) return;
  const claim = claimOf(row);
  row.add(row.has(is.CLAIM_OF_1) ? 1 : 0, <f64>claim.bytes, <u32>claim.packets);
  row.seen &= ~is.CLAIMED;
}

/** `isEvicted`: it ends for want of room, and might have gone on. */
function endFlow(flow: u32, row: Flow, isEvicted: bool = false): void {
  foldClaim(row);
  endWatch(flow, row);
  if (saysMining(row)) row.mark(is.WORDS);
  const isOfPool = row.protocol === TCP && (row.has(is.KEPT) || (!row.has(is.NAMED) && mayConcern(row)));
  const isWanted = isOfPool || row.has(is.WORDS);
  const told = isWanted ? host.flowEnded(flow) : Judgement.NOT_TOLD;
  if (told === Judgement.NOT_TOLD) countAtEdges(row);
  forgetHandshake(flow);
  const packets = <f64>row.packets0 + <f64>row.packets1;
  const bytes = row.bytes0 + row.bytes1;
  if (packets > 0) {
    countHost(addressOf(row, 0));
    countAs(flow, row, told === Judgement.NOT_TOLD ? judgementOf(row, isEvicted) : told, bytes);
  }
  if (row.has(is.OPAQUE)) {
    control.encryptedPackets += packets;
    control.encryptedBytes += bytes;
  }
  if (row.isOneSided && row.pushes0 + row.pushes1 > 0) {
    control.oneSidedPackets += packets;
    control.oneSidedBytes += bytes;
  }
}

function judgementOf(row: Flow, isEvicted: bool): i32 {
  const judgement = judge(row);
  // However young: who fills the table must hide nobody.
  const isLost = isEvicted && row.pushes0 > 0 && row.pushes1 > 0;
  return isLost && judgement !== Judgement.READ && judgement !== Judgement.SEARCHED
    ? Judgement.LIMIT
    : judgement;
}

/** Counts a conversation; of those that others between the same ends decide the driver finds out, and counts them. */
function countAs(flow: u32, row: Flow, judgement: i32, bytes: f64): void {
  const kind = repeatsAs(row, judgement);
  if (kind !== is.REPEATS_NOT) {
    host.repeated(flow, reasonIfRepeated(row, judgement), pairOf(row, kind), kind, markOf(row, kind));
    return;
  }
  if (judgement > Judgement.UNLIKE) {
    countLeft(bitOf(addressOf(row, 0)));
    // Whether QUIC named its server the driver knows.
    if (control.tellsLeft !== 0 || row.has(is.QUIC)) {
      host.left(flow, judgement);
      return;
    }
  }
  countJudged(judgement, bytes);
}

/** Counts a connection that nobody could tell and of which another part of the input may have more. */
function countAtEdges(row: Flow): void {
  if (row.protocol !== TCP || row.has(is.NAMED) || row.pushes0 + row.pushes1 === 0) return;
  if (isOpen(row)) control.atEnd++;
  if (!row.has(is.SYN_SEEN) && row.firstUs - counts.firstUs <= control.openUs) control.atStart++;
}

/** The connection between these ends is over and another one begins, opened by the sender of the current packet. */
export function reopenFlow(flow: u32, row: Flow, timeUs: f64): void {
  closeCandidate(flow);
  endFlow(flow, row);
  resetFlow(row);
  orient(row, 0);
  row.firstUs = timeUs;
  row.lastUs = timeUs;
}

/** The connection that a SYN held apart has opened begins, with what was counted for it. */
export function openClaimed(flow: u32, row: Flow): void {
  const claim = claimOf(row);
  const timeUs = claim.timeUs;
  const bytes = <f64>claim.bytes;
  const packets = <u32>claim.packets;
  const isn = claim.isn;
  const isTurned = row.has(is.CLAIM_OF_1);
  row.seen &= ~is.CLAIMED;
  closeCandidate(flow);
  endFlow(flow, row);
  resetFlow(row);
  // Whoever claimed is direction 0 from now on.
  if (isTurned) orient(row, 1 - direction);
  row.firstUs = timeUs;
  row.lastUs = timeUs;
  row.bytes0 = bytes;
  row.packets0 = packets;
  row.isn0 = isn;
  row.mark(is.SYN_SEEN | is.ISN_0_KNOWN);
}

/** Which to give up first: those without an answer or closed, then those that are not candidates, then the undecided. */
function rankOf(row: Flow, nowUs: f64): u32 {
  if (row.protocol !== TCP && (row.isOneSided || nowUs - row.lastUs > silenceOf(row))) return 0;
  if (row.state === is.MINING) return 3;
  if (row.state === is.CANDIDATE) return 2;
  return row.isClosed || row.isOneSided ? 0 : 1;
}

/** From which time on conversations that are over are looked for again, and packets since they were. */
export let nextEndingUs: f64 = -Infinity;
export let packetsSinceEnding: u32 = 0;

/** Has room for another flow. Call for each packet. */
export function makeRoom(nowUs: f64): void {
  if (flowsAlive >= control.flowLimit) evict(nowUs);
  // Times may jump: a look at all rows is worth as many packets.
  if (++packetsSinceEnding < flowsEnd || nowUs < nextEndingUs) return;
  packetsSinceEnding = 0;
  nextEndingUs = nowUs + SILENCE_US / 5;
  for (let flow: u32 = 0; flow < flowsEnd; flow++) {
    const row = rowOf(flow);
    if (!row.alive || row.protocol === TCP || nowUs - row.lastUs <= SILENCE_US) continue;
    endFlow(flow, row);
    removeFlow(flow);
  }
}

/** Makes room: until an eighth of the table is free, flows end by rank, the longest idle first. */
function evict(nowUs: f64): void {
  const wanted = flowsAlive - max(1, flowsAlive >>> 3);
  for (let rank: u32 = 0; rank <= 3; rank++) {
    for (let idleUs = LONG_IDLE_US; flowsAlive > wanted; idleUs /= 5) {
      // The last round takes as many as it must, also of those whose last packet is later than this one: captures
      // overlap, and clocks are set back.
      const isLast = idleUs < LEAST_IDLE_US;
      for (let flow: u32 = 0; flow < flowsEnd && flowsAlive > wanted; flow++) {
        const row = rowOf(flow);
        if (!row.alive || rankOf(row, nowUs) !== rank || (!isLast && nowUs - row.lastUs < idleUs)) continue;
        closeCandidate(flow);
        endFlow(flow, row, !row.isClosed && nowUs - row.lastUs <= silenceOf(row));
        removeFlow(flow);
        control.evictedFlows++;
      }
      if (isLast) break;
    }
  }
}

/** Flows that are silent for so long when a period ends are over. */
const SILENT_US: f64 = 3_600_000_000;

/** A new period begins: what is over goes, and of what goes on nothing is counted yet. */
export function turnFlows(nowUs: f64): void {
  for (let flow: u32 = 0; flow < flowsEnd; flow++) {
    const row = rowOf(flow);
    if (!row.alive) continue;
    if (row.isClosed || nowUs - row.lastUs > (row.protocol === TCP ? SILENT_US : silenceOf(row))) {
      closeCandidate(flow);
      endFlow(flow, row);
      removeFlow(flow);
    } else {
      row.bytes0 = 0;
      row.bytes1 = 0;
      row.packets0 = 0;
      row.packets1 = 0;
      if (row.has(is.CLAIMED)) {
        claimOf(row).bytes = 0;
        claimOf(row).packets = 0;
      }
      // Watched anew, as by a scan that begins here.
      dropWatch(row);
    }
  }
  beginCounts();
  control.evictedFlows = 0;
  control.crowdedOut = 0;
  control.crowdedBytes = 0;
  control.passedPackets = 0;
  control.forgottenTunnels = 0;
  control.passedBytes = 0;
  control.unwatchedFlows = 0;
  control.atStart = 0;
  control.atEnd = 0;
  control.encryptedBytes = 0;
  control.encryptedPackets = 0;
  control.oneSidedBytes = 0;
  control.oneSidedPackets = 0;
}

/** Ends all flows: the run's last packet has passed. The driver has closed all candidates that it knows. */
export function endFlows(): void {
  for (let flow: u32 = 0; flow < flowsEnd; flow++) closeCandidate(flow);
  for (let flow: u32 = 0; flow < flowsEnd; flow++) {
    const row = rowOf(flow);
    if (!row.alive) continue;
    endFlow(flow, row);
    row.alive = false;
  }
}
