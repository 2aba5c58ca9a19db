/**
 * A TCP connection from or to port 53 whose first bytes can be the length of a DNS message: its messages are looked at. Pools hide
 * behind this port, too, and the kernel tells such flows apart (kernel/packets/payload/opening.ts).
 */

import { DnsReader, type DnsReaderListener } from '../framing/dns-over-tcp.ts';
import type { PacketRef } from '../packet-ref.ts';
import type { Status, Stream } from '../packets/stream.ts';
import type { Lookups } from './lookups.ts';

/** Messages of one connection that are read: a resolver's runs for hours. */
const MAX_MESSAGES = 4096;

export class DnsStream implements Stream, DnsReaderListener {
  /** Look-ups take what is found at once. */
  readonly hasFindings = false;
  private readonly directions: readonly [DnsReader, DnsReader];
  private messages = 0;
  private packet: PacketRef = { timeUs: 0, record: 0, input: 0 };

  constructor(
    private readonly flow: number,
    private readonly lookups: Lookups,
  ) {
    this.directions = [new DnsReader(0, this), new DnsReader(1, this)];
  }

  /** Of a direction. */
  message(direction: 0 | 1, bytes: Uint8Array, from: number, to: number): void {
    this.messages++;
    this.lookups.inStream(this.flow, direction, bytes, from, to, this.packet);
  }

  get status(): Status {
    const isOver = this.messages >= MAX_MESSAGES || (this.directions[0].lost && this.directions[1].lost);
    return isOver ? 'foreign' : 'undecided';
  }

  payload(direction: 0 | 1, bytes: Uint8Array, from: number, to: number, packet: PacketRef): null {
    this.packet = packet;
    this.directions[direction].push(bytes, from, to);
    return null;
  }

  gap(direction: 0 | 1): void {
    this.directions[direction].gap();
  }

  end(): void {}
}
