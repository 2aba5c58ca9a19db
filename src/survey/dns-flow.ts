/**
 * A TCP flow from or to port 53, heard: DNS messages where its first bytes can be their length, and anything else,
 * for pools hide behind this port too, by the listener that other flows get.
 */

import { bound } from '../bound.ts';
import { DnsLane } from '../framing/dns-over-tcp.ts';
import type { CandidateListener, Standing } from '../packets/candidate.ts';
import type { Doubt } from '../packets/doubts.ts';
import type { Stamp } from '../packets/stream.ts';

export interface DnsFlowContext {
  /** Receives a message of one lane, valid during the call only. */
  dnsOverTcp(flow: number, lane: 0 | 1, bytes: Uint8Array, from: number, to: number, stamp: Stamp): void;
  /** Who hears a flow that is not DNS. */
  otherwise(flow: number): CandidateListener;
}

/** Messages of one connection that are read: a resolver's runs for hours. */
const MAX_MESSAGES = 4096;

export class DnsFlow implements CandidateListener {
  private readonly flow: number;
  private readonly context: DnsFlowContext;
  private readonly lanes: readonly [DnsLane, DnsLane];
  private other: CandidateListener | null = null;
  private hasBegun = false;
  private messages = 0;
  private stamp: Stamp = { timeUs: 0, record: 0, input: 0 };

  constructor(flow: number, context: DnsFlowContext) {
    this.flow = flow;
    this.context = context;
    this.lanes = [new DnsLane(bound(this, this.sent)), new DnsLane(bound(this, this.answered))];
  }

  private sent(bytes: Uint8Array, from: number, to: number): void {
    this.tell(0, bytes, from, to);
  }

  private answered(bytes: Uint8Array, from: number, to: number): void {
    this.tell(1, bytes, from, to);
  }

  private tell(lane: 0 | 1, bytes: Uint8Array, from: number, to: number): void {
    this.messages++;
    this.context.dnsOverTcp(this.flow, lane, bytes, from, to, this.stamp);
  }

  get standing(): Standing {
    if (this.other !== null) return this.other.standing;
    const isOver = this.messages >= MAX_MESSAGES || (this.lanes[0].lost && this.lanes[1].lost);
    return isOver ? 'foreign' : 'undecided';
  }

  payload(lane: 0 | 1, bytes: Uint8Array, from: number, to: number, stamp: Stamp): void {
    if (!this.hasBegun) {
      this.hasBegun = true;
      // A query is shorter than 4 kB; text and TLS would be lengths far above.
      if (bytes[from] >= 0x10) this.other = this.context.otherwise(this.flow);
    }
    if (this.other !== null) {
      this.other.payload(lane, bytes, from, to, stamp);
      return;
    }
    this.stamp = stamp;
    this.lanes[lane].push(bytes, from, to);
  }

  gap(lane: 0 | 1, missing: number, stamp: Stamp, isCut: boolean): void {
    if (this.other !== null) this.other.gap(lane, missing, stamp, isCut);
    else this.lanes[lane].gap();
  }

  conflict(lane: 0 | 1, bytes: Uint8Array, from: number, to: number, stamp: Stamp): void {
    this.other?.conflict?.(lane, bytes, from, to, stamp);
  }

  roundTrip(lane: 0 | 1, tripUs: number): void {
    this.other?.roundTrip?.(lane, tripUs);
  }

  doubt(doubt: Doubt, lane: 0 | 1, stamp: Stamp, count: number): void {
    this.other?.doubt?.(doubt, lane, stamp, count);
  }

  end(): void {
    this.other?.end();
  }
}
