/**
 * Segments of all streams that wait for the bytes before them. If they take too much memory, the streams that have waited
 * longest give up: an input of connections that each leave a hole must not fill the memory.
 */
import { limits } from '../limits.ts';

/** What V8 takes for a segment beside its bytes, about. */
const SEGMENT_BYTES = 256;

/** A stream whose segments wait. */
interface Waiter {
  /** Delivers all that waits, and tells of the gaps; calls `leave` for each. */
  end(): void;
}

export class WaitingRoom {
  private bytes = 0;
  /** In the order in which they began to wait. */
  private readonly waiters = new Set<Waiter>();

  /** A segment of so many bytes begins to wait. */
  enter(waiter: Waiter, bytes: number): void {
    this.bytes += bytes + SEGMENT_BYTES;
    this.waiters.add(waiter);
    for (const longest of this.waiters) {
      if (this.bytes <= limits.waiting) return;
      longest.end();
    }
  }

  /** A segment waits no longer; `isLast`: no other of the stream does. */
  leave(waiter: Waiter, bytes: number, isLast: boolean): void {
    this.bytes -= bytes + SEGMENT_BYTES;
    if (isLast) this.waiters.delete(waiter);
  }
}
