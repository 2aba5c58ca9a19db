/**
 * Bytes of a direction to those of the streams that are multiplexed in it: frames whose head names a stream and says how many of
 * its bytes follow. A head that none could send ends the framing. Nothing is kept here but a head: a frame may be as long as it likes.
 */
import type { DirectionReader } from './direction-reader.ts';
import type { FrameSink } from './frame-sink.ts';

/** Longest head, bytes. */
const MOST_HEAD = 16;

/** What a head says. */
export interface MuxFrame {
  /** Stream that it is about; 0: the connection. */
  readonly stream: number;
  /** Bytes of the stream behind the head, and bytes that are to be passed over. */
  readonly bytes: number;
  /** The sender says no more in the stream; neither side does. */
  readonly ends: boolean;
  readonly resets: boolean;
}

export abstract class MuxReader implements DirectionReader {
  status: 'open' | 'passed' | 'closed' = 'open';
  private readonly head = new Uint8Array(MOST_HEAD);
  private filled = 0;
  private frame: MuxFrame | null = null;
  private left = 0;
  private isLost = false;
  private lastStream = 0;

  constructor(protected readonly sink: FrameSink) {}

  protected abstract readonly headBytes: number;
  /** What the head says; null if nobody sends such a one. */
  protected abstract read(head: Uint8Array): MuxFrame | null;

  get isInside(): boolean {
    return this.filled > 0 || this.left > 0;
  }

  push(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    while (at < to && this.status === 'open') {
      if (this.isLost) this.seek(bytes[at++]);
      else at = this.take(bytes, at, to);
    }
    // What is no frame ends at the same place however it arrives.
    return at;
  }

  gap(missing: number): void {
    if (this.left > 0 && missing <= this.left && this.frame !== null) {
      this.sink.partGap(this.frame.stream, missing);
      this.left -= missing;
      if (this.left === 0) this.finish();
      return;
    }
    if (this.frame !== null) this.sink.partGap(this.frame.stream, this.left);
    this.frame = null;
    this.left = 0;
    this.filled = 0;
    this.isLost = true;
  }

  end(): void {}

  /** Looks for the head of a frame of the stream that spoke last: text has no bytes like it. */
  private seek(byte: number): void {
    const { head, headBytes } = this;
    if (this.filled === headBytes) {
      head.copyWithin(0, 1, headBytes);
      this.filled--;
    }
    head[this.filled++] = byte;
    if (this.filled < headBytes) return;
    const frame = this.read(head);
    if (frame === null || frame.bytes === 0 || frame.stream !== this.lastStream) return;
    this.isLost = false;
    this.open();
  }

  private take(bytes: Uint8Array, from: number, to: number): number {
    if (this.frame !== null) {
      const end = Math.min(to, from + this.left);
      if (this.frame.stream !== 0) this.sink.part(this.frame.stream, bytes, from, end);
      this.left -= end - from;
      if (this.left === 0) this.finish();
      return end;
    }
    this.head[this.filled++] = bytes[from];
    if (this.filled === this.headBytes) this.open();
    return from + 1;
  }

  private open(): void {
    this.filled = 0;
    this.frame = this.read(this.head);
    if (this.frame === null) {
      this.status = 'closed';
      return;
    }
    this.left = this.frame.bytes;
    if (this.left > 0) this.lastStream = this.frame.stream;
    if (this.left === 0) this.finish();
  }

  private finish(): void {
    const { frame } = this;
    this.frame = null;
    if (frame?.ends === true || frame?.resets === true) this.sink.partEnds(frame.stream, frame.resets);
  }
}
