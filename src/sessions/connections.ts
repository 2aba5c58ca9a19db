/** What the packets of a session's connections show, whatever they say. */
import { joinThrough, THROUGH_NOBODY, type Through } from '../endpoints/through.ts';
import { addTraffic, noTraffic } from '../endpoints/traffic.ts';

export class Connections {
  /** True if its connection was seen from the first packet on. */
  fromStart = false;
  /** Host names of the pool's end, as the session's connections said them; most say none. */
  names: Set<string> | null = null;
  /** Its first packets came through a tunnel; and tunnels that any came through. */
  isTunnelled = false;
  through: readonly Through[] = THROUGH_NOBODY;
  /** What was sent within the times asked for, and from when to when, us since 1970. */
  traffic = noTraffic();
  startUs = Number.POSITIVE_INFINITY;
  endUs = Number.NEGATIVE_INFINITY;
  /** Least time in which the miner acknowledged what the pool sent, us; null if none was seen. */
  roundTripUs: number | null = null;
  /** Payload bytes that were sent but not captured, without those that the snap length cut off. */
  missed = 0;
  /** Connections over which nothing was served, as one (attempts.ts). */
  attempts = 1;
  /** A connection of it was open when the run ended. */
  isOpen = false;
  /** Messages that had begun then. */
  unfinished = 0;

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

  /** Begins a period, of which nothing was seen yet. */
  turn(): void {
    this.traffic = noTraffic();
    this.startUs = Number.POSITIVE_INFINITY;
    this.endUs = Number.NEGATIVE_INFINITY;
  }

  /** Adds those of a later part of the session, except what is open, which that part alone knows. */
  absorb(later: Connections): void {
    for (const name of later.names ?? []) this.name(name);
    this.cameThrough(later.through);
    addTraffic(this.traffic, later.traffic);
    this.cover(later.startUs, later.endUs);
    if (later.roundTripUs !== null) this.sawRoundTrip(later.roundTripUs);
    this.missed += later.missed;
  }
}
