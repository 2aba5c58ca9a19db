/**
 * A TCP connection from or to port 53 whose first bytes can be the length of a DNS message: its messages are looked at. Pools hide
 * behind this port, too, and the kernel tells such flows apart (kernel/packets/payload/opening.ts).
 */

import { DnsLane, type DnsLaneListener } from '../framing/dns-over-tcp.ts';
import type { Standing, Stream } from '../packets/stream.ts';
import type { Place } from '../place.ts';
import type { Lookups } from './lookups.ts';

/** Messages of one connection that are read: a resolver's runs for hours. */
const MAX_MESSAGES = 4096;

export class DnsStream implements Stream, DnsLaneListener {
  /** Look-ups take what is found at once. */
  readonly hasFindings = false;
  private readonly directions: readonly [DnsLane, DnsLane];
  private messages = 0;
  private packet: Place = { timeUs: 0, record: 0, input: 0 };

  constructor(
    private readonly flow: number,
    private readonly lookups: Lookups,
  ) {
    this.directions = [new DnsLane(0, this), new DnsLane(1, this)];
  }

  /** Of a direction. */
  message(direction: 0 | 1, bytes: Uint8Array, from: number, to: number): void {
    this.messages++;
    this.lookups.inStream(this.flow, direction, bytes, from, to, this.packet);
  }

  get standing(): Standing {
    const isOver = this.messages >= MAX_MESSAGES || (this.directions[0].lost && this.directions[1].lost);
    return isOver ? 'foreign' : 'undecided';
  }

  payload(direction: 0 | 1, bytes: Uint8Array, from: number, to: number, packet: Place): null {
    this.packet = packet;
    this.directions[direction].push(bytes, from, to);
    return null;
  }

  gap(direction: 0 | 1): void {
    this.directions[direction].gap();
  }

  end(): void {}
}
