/** What the packets of a session's connections show, whatever they say. */
import { joinThrough, type Through } from '../endpoints/through.ts';
import { ConnectionsFields } from './fields.ts';
import { join } from './groups.ts';

export class Connections extends ConnectionsFields {
  /** Adds a host name of the pool. */
  name(host: string): void {
    this.names ??= new Set();
    this.names.add(host);
  }

  /** Takes the round trip between capture point and miner on one of its connections; NaN says nothing. */
  sawRoundTrip(tripUs: number): void {
    if (tripUs >= 0 && !(tripUs >= (this.roundTripUs ?? Number.POSITIVE_INFINITY))) this.roundTripUs = tripUs;
  }

  /** Widens their time. */
  cover(firstUs: number, lastUs: number): void {
    this.startUs = Math.min(this.startUs, firstUs);
    this.endUs = Math.max(this.endUs, lastUs);
  }

  /** Packets of it came through these tunnels. */
  cameThrough(through: readonly Through[]): void {
    this.through = joinThrough(this.through, through);
  }

  /** Adds those of a later part of the session. */
  absorb(later: Connections): void {
    join('connections', this, later);
    this.cameThrough(later.through);
  }
}
