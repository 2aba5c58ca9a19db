/**
 * A TCP flow from or to port 53. If its first bytes can be the length of a DNS message, its messages are read here. Pools
 * hide behind this port, too: anything else goes to the listener that other flows get.
 */

import { bound } from '../bound.ts';
import { DnsLane } from '../framing/dns-over-tcp.ts';
import type { Stamp, Standing } from '../packets/candidate.ts';
import { KeptOpening, type OpeningContext } from './kept-opening.ts';

export interface DnsFlowContext extends OpeningContext {
  /** Receives a message of one lane, valid during the call only. */
  dnsOverTcp(flow: number, lane: 0 | 1, bytes: Uint8Array, from: number, to: number, stamp: Stamp): void;
}

/** Messages of one connection that are read: a resolver's runs for hours. */
const MAX_MESSAGES = 4096;

export class DnsFlow extends KeptOpening {
  protected readonly context: DnsFlowContext;
  private readonly lanes: readonly [DnsLane, DnsLane];
  private hasBegun = false;
  private messages = 0;
  private stamp: Stamp = { timeUs: 0, record: 0, input: 0 };

  constructor(flow: number, context: DnsFlowContext) {
    super(flow);
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

  override get standing(): Standing {
    if (!this.isKept) return super.standing;
    const isOver = this.messages >= MAX_MESSAGES || (this.lanes[0].lost && this.lanes[1].lost);
    return isOver ? 'foreign' : 'undecided';
  }

  protected keep(lane: 0 | 1, bytes: Uint8Array, from: number, to: number, stamp: Stamp): void {
    const isFirst = !this.hasBegun;
    this.hasBegun = true;
    // A query is shorter than 4 kB; text and TLS would be lengths far above.
    if (isFirst && bytes[from] >= 0x10) {
      this.speak().payload(lane, bytes, from, to, stamp);
      return;
    }
    this.stamp = stamp;
    this.lanes[lane].push(bytes, from, to);
  }

  override gap(lane: 0 | 1, missing: number, isCut: boolean): void {
    if (this.isKept) this.lanes[lane].gap();
    else super.gap(lane, missing, isCut);
  }
}
