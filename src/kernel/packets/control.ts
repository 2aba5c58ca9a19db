/** What the driver tells the kernel, and what both count: one row in memory. */
import { CONTROL_AT } from './memory.ts';

@unmanaged
export class Control {
  /** Packets outside these times feed the streams but count nowhere, us. */
  sinceUs: f64;
  untilUs: f64;
  /** How far the clock of the input is ahead, us; 1 if its packets may have been read from another one; 1 if it holds them twice. */
  aheadUs: f64;
  isCopy: u32;
  isTwice: u32;
  /** Bytes of segments of one stream that may wait for others, and of all, with what they count beside. */
  reorderLimit: f64;
  waitingLimit: f64;
  /** Bytes of the clear part of TLS that may be kept, those that are, and of how many flows; flows of which none could be. */
  greetingsLimit: f64;
  greetingBytes: f64;
  greetings: u32;
  lostGreetings: u32;
  /** Flows that may live at once. */
  flowLimit: u32;
  /** Candidates that may be undecided at once. */
  undecidedLimit: u32;
  undecided: u32;
  /** Flows that may be watched at once, at most MOST_WATCHED. */
  watchLimit: u32;
  /** Of watched flows those are told of in which both sides have said so many messages. */
  leastMessages: u32;
  /** 1 if each record goes to the driver and there are no flows. */
  eachRecord: u32;
  /** 1 if any server may be of interest: the operator lists addresses. */
  anyAddress: u32;
  polls: u32;
  /** Ordinal of the input. */
  input: u32;
  /** Flows that ended early because the table was full, and candidates likewise. */
  evictedFlows: u32;
  crowdedOut: u32;
  crowdedBytes: f64;
  /** Segments of flows that have had their looks, and their payload. */
  passedBytes: f64;
  passedPackets: u32;
  /** Tunnels that were forgotten because the table was full. */
  forgottenTunnels: u32;
  /** Flows that were not watched because too many were. */
  unwatchedFlows: u32;
  /** Flows of which nothing came, and that were open when the run began and when it ended. */
  atStart: u32;
  atEnd: u32;
  /** When the run ended, us (infinite before that), and how long before a flow that is open then was heard at most. */
  endUs: f64;
  openUs: f64;
  /** Bytes and packets of flows that were encrypted from the start, and of flows seen in one direction only. */
  encryptedBytes: f64;
  encryptedPackets: f64;
  oneSidedBytes: f64;
  oneSidedPackets: f64;
}

export const control = changetype<Control>(CONTROL_AT);
