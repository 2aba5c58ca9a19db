/**
 * Of the bytes of a lane: how long an end takes to acknowledge (RFC 9293 3.4): from the moment its segment passes the capture point to the
 * acknowledgement that covers it, the least of all that were seen. That is the round trip between the capture point
 * and the other end; delayed acknowledgements (RFC 1122 4.2.3.2) are longer and drop out. One segment of the lane is
 * timed at a time, from its first passing, so that a copy sent again never makes a trip look shorter.
 */
export class RoundTrip {
  /** Least time until bytes were acknowledged, us; NaN while none were. */
  leastUs = Number.NaN;
  private end = 0;
  /** When the segment in question passed; NaN if none waits. */
  private sentUs = Number.NaN;

  /** New bytes of the lane passed, up to sequence number `end`. */
  sent(end: number, timeUs: number): void {
    if (!Number.isNaN(this.sentUs)) return;
    this.end = end;
    this.sentUs = timeUs;
  }

  /** An acknowledgement of the lane's bytes passed: true if it is the quickest so far. */
  acknowledged(acknowledgement: number, timeUs: number): boolean {
    const { sentUs } = this;
    if (Number.isNaN(sentUs) || ((acknowledgement - this.end) | 0) < 0) return false;
    this.sentUs = Number.NaN;
    const tripUs = timeUs - sentUs;
    if (!(tripUs >= 0) || tripUs >= this.leastUs) return false;
    this.leastUs = tripUs;
    return true;
  }
}
