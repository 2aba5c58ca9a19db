/**
 * A TCP flow from or to port 53. If its first bytes can be the length of a DNS message, its messages are read here. Pools
 * hide behind this port, too: anything else goes to the listener that other flows get.
 */

import { DnsLane, type DnsLaneListener } from '../framing/dns-over-tcp.ts';
import type { CandidateListener, Standing } from '../packets/candidate.ts';
import type { Place } from '../place.ts';

export interface DnsFlowContext {
  /** Who hears the flow from now on, as it is no such conversation. */
  otherwise(flow: number): CandidateListener;
  /** Receives a message of one lane, valid during the call only. */
  dnsOverTcp(flow: number, lane: 0 | 1, bytes: Uint8Array, from: number, to: number, place: Place): void;
}

/** Messages of one connection that are read: a resolver's runs for hours. */
const MAX_MESSAGES = 4096;
/** A query is shorter than 4 kB; text and TLS would be lengths far above. */
const LEAST_OTHER = 0x10;

export class DnsFlow implements CandidateListener, DnsLaneListener {
  private readonly lanes: readonly [DnsLane, DnsLane];
  /** Who hears the flow in place of this one. */
  private other: CandidateListener | null = null;
  private hasBegun = false;
  private messages = 0;
  private place: Place = { timeUs: 0, record: 0, input: 0 };

  constructor(
    private readonly flow: number,
    private readonly context: DnsFlowContext,
  ) {
    this.lanes = [new DnsLane(0, this), new DnsLane(1, this)];
  }

  /** Of a lane. */
  message(lane: 0 | 1, bytes: Uint8Array, from: number, to: number): void {
    this.messages++;
    this.context.dnsOverTcp(this.flow, lane, bytes, from, to, this.place);
  }

  get standing(): Standing {
    if (this.other !== null) return this.other.standing;
    const isOver = this.messages >= MAX_MESSAGES || (this.lanes[0].lost && this.lanes[1].lost);
    return isOver ? 'foreign' : 'undecided';
  }

  payload(lane: 0 | 1, bytes: Uint8Array, from: number, to: number, place: Place): void {
    if (!this.hasBegun && bytes[from] >= LEAST_OTHER) {
      this.other = this.context.otherwise(this.flow);
      this.other.payload(lane, bytes, from, to, place);
      return;
    }
    this.hasBegun = true;
    this.place = place;
    this.lanes[lane].push(bytes, from, to);
  }

  gap(lane: 0 | 1): void {
    this.lanes[lane].gap();
  }

  end(): void {}
}
