/**
 * How flows end: with the run, for another connection between the same ends, or because the table is full. What the
 * driver knows of a flow is told then; of the others only sums remain.
 */

import { mayConcern } from './addresses.ts';
import { closeCandidate, LEAST_IDLE_US, LONG_IDLE_US } from './candidate.ts';
import { beginCounts, countJudged } from './counts.ts';
import * as is from './flow-state.ts';
import { direction, Flow, flowsAlive, flowsEnd, orient, removeFlow, resetFlow, rowOf } from './flows.ts';
import { forgetHandshake } from './handshake.ts';
import * as host from './host.ts';
import { dropWatch, endWatch } from './lasting.ts';
import { control, counts } from './memory.ts';

/** A flow that carries more than this is no miner's (flows/flow-behaviour.ts). A shorter one counts as one minute. */
const HEAVY_BYTES_PER_SECOND: f64 = 6000;
const HEAVY_LEAST_SECONDS: f64 = 60;

/** A SYN that nobody answered counts for the connection that was there. */
export function foldClaim(row: Flow): void {
  if (row.claimUs === 0) return;
  row.add(row.has(is.CLAIM_OF_1) ? 1 : 0, <f64>row.claimBytes, <f64>row.claimPackets);
  row.claimUs = 0;
  row.claimBytes = 0;
  row.claimPackets = 0;
}

function endFlow(flow: u32, row: Flow): void {
  foldClaim(row);
  endWatch(flow, row);
  const isWanted = row.has(is.KEPT) || (!row.has(is.NAMED) && mayConcern(row));
  const judgement = isWanted ? host.flowEnded(flow) : is.NOT_TOLD;
  if (judgement === is.NOT_TOLD) countAtEdges(row);
  forgetHandshake(flow);
  const packets = row.packets0 + row.packets1;
  const bytes = row.bytes0 + row.bytes1;
  if (packets > 0) countJudged(judgement === is.NOT_TOLD ? judgementOf(flow, row) : judgement, bytes);
  if (row.has(is.OPAQUE)) {
    control.encryptedPackets += packets;
    control.encryptedBytes += bytes;
  }
  if (row.isOneSided && row.pushes0 + row.pushes1 > 0) {
    control.oneSidedPackets += packets;
    control.oneSidedBytes += bytes;
  }
}

/** How a flow was judged, if the driver does not tell. */
function judgementOf(flow: u32, row: Flow): i32 {
  if (row.pushes0 + row.pushes1 === 0) return row.isClosed || row.isOneSided ? is.BY_BEHAVIOUR : is.IS_CUT;
  if (!row.has(is.OPAQUE | is.VEILED)) return is.BY_PROTOCOL;
  if (row.has(is.NAMED)) return is.BY_ENDPOINT;
  if (row.has(is.GAUGED) || isHeavy(row)) return is.BY_BEHAVIOUR;
  return host.isNamed(flow) ? is.BY_ENDPOINT : is.IS_UNREADABLE;
}

function isHeavy(row: Flow): bool {
  const seconds = max((row.lastUs - row.firstUs) / 1e6, HEAVY_LEAST_SECONDS);
  return row.bytes0 + row.bytes1 > HEAVY_BYTES_PER_SECOND * seconds;
}

/** Counts a connection that nobody could tell and of which another part of the input may have more. */
function countAtEdges(row: Flow): void {
  if (row.has(is.NAMED) || row.pushes0 + row.pushes1 === 0) return;
  if (isOpen(row)) control.atEnd++;
  if (!row.has(is.SYN_SEEN) && row.firstUs - counts.firstUs <= control.openUs) control.atStart++;
}

/** True if the flow may go on behind the run's last packet. */
export function isOpen(row: Flow): bool {
  if (row.has(is.RST_SEEN) || (row.seen & (is.FIN_0 | is.FIN_1)) === (is.FIN_0 | is.FIN_1)) return false;
  return control.endUs - row.lastUs <= control.openUs;
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
  const timeUs = row.claimUs;
  const bytes = <f64>row.claimBytes;
  const packets = <f64>row.claimPackets;
  const isn = row.claimIsn;
  const isTurned = row.has(is.CLAIM_OF_1);
  row.claimUs = 0;
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
function rankOf(row: Flow): u32 {
  if (row.state === is.MINING) return 3;
  if (row.state === is.CANDIDATE) return 2;
  return row.isClosed || row.isOneSided ? 0 : 1;
}

/** Makes room: until an eighth of the table is free, flows end by rank, the longest idle first. */
export function evict(nowUs: f64): void {
  const wanted = flowsAlive - max(1, flowsAlive >>> 3);
  for (let rank: u32 = 0; rank <= 3; rank++) {
    for (let idleUs = LONG_IDLE_US; flowsAlive > wanted; idleUs /= 5) {
      // The last round takes as many as it must, also of those whose last packet is later than this one: captures
      // overlap, and clocks are set back.
      const isLast = idleUs < LEAST_IDLE_US;
      for (let flow: u32 = 0; flow < flowsEnd && flowsAlive > wanted; flow++) {
        const row = rowOf(flow);
        if (!row.alive || rankOf(row) !== rank || (!isLast && nowUs - row.lastUs < idleUs)) continue;
        closeCandidate(flow);
        endFlow(flow, row);
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
    if (row.isClosed || nowUs - row.lastUs > SILENT_US) {
      closeCandidate(flow);
      endFlow(flow, row);
      removeFlow(flow);
    } else {
      row.bytes0 = 0;
      row.bytes1 = 0;
      row.packets0 = 0;
      row.packets1 = 0;
      row.claimBytes = 0;
      row.claimPackets = 0;
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
