/**
 * How long an end takes to acknowledge (RFC 9293 3.4): from the moment its segment passes the capture point to the
 * acknowledgement that covers it, the least of all that were seen. That is the round trip between the capture point
 * and the other end; delayed acknowledgements (RFC 1122 4.2.3.2) are longer and drop out. One segment of a lane is
 * timed at a time, from its first passing, so that a copy sent again never makes a trip look shorter.
 */
export class RoundTrips {
  /** Least time until the bytes of a lane were acknowledged, us; NaN while none was. */
  readonly leastUs: [number, number] = [Number.NaN, Number.NaN];
  private readonly end: [number, number] = [0, 0];
  /** When the segment in question passed; NaN if none waits. */
  private readonly sentUs: [number, number] = [Number.NaN, Number.NaN];

  /** New bytes of a lane passed, up to sequence number `end`. */
  sent(lane: 0 | 1, end: number, timeUs: number): void {
    if (!Number.isNaN(this.sentUs[lane])) return;
    this.end[lane] = end;
    this.sentUs[lane] = timeUs;
  }

  /** An acknowledgement of the lane's bytes passed: true if it is the quickest so far. */
  acknowledged(lane: 0 | 1, acknowledgement: number, timeUs: number): boolean {
    const sentUs = this.sentUs[lane];
    if (Number.isNaN(sentUs) || ((acknowledgement - this.end[lane]) | 0) < 0) return false;
    this.sentUs[lane] = Number.NaN;
    const tripUs = timeUs - sentUs;
    if (!(tripUs >= 0) || tripUs >= this.leastUs[lane]) return false;
    this.leastUs[lane] = tripUs;
    return true;
  }
}
