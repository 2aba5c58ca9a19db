/** What the packets of a session's connections show, whatever they say. */
import { joinConnections, type OneConnection, prolonged } from '../endpoints/connection-list.ts';
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

  /** One of them is over. */
  add(one: OneConnection): void {
    Object.assign(this, joinConnections(this, { list: [one], more: 0 }));
  }

  /** One that a part before this one ended in goes on. */
  prolong(later: OneConnection): void {
    Object.assign(this, prolonged(this, later));
  }

  /** Adds those of a later part of the session; `isOneConnection`: it begins with the last one of this part. */
  absorb(later: Connections, isOneConnection = false): void {
    const [first, ...list] = later.list;
    join('connections', this, later);
    if (isOneConnection && first !== undefined) {
      this.prolong(first);
      Object.assign(this, joinConnections(this, { list, more: later.more }));
    } else Object.assign(this, joinConnections(this, later));
    this.cameThrough(later.through);
  }
}
