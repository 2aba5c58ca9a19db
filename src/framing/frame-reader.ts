/** Bytes of a direction to binary frames whose head tells their size, for those that know what a head looks like. */
import { appended } from './bytes.ts';
import type { DirectionReader } from './direction-reader.ts';
import type { DirectionSink } from './message.ts';

/** Room that is left to the next frame. */
const KEPT_BYTES = 16 * 1024;

export abstract class FrameReader implements DirectionReader {
  status: 'open' | 'passed' | 'closed' = 'open';
  private kept: Uint8Array = new Uint8Array(0);
  private filled = 0;
  /** Bytes of the frame; 0 while its head does not tell. */
  private size = 0;
  private isLost = false;

  constructor(protected readonly sink: DirectionSink) {}

  /** Longest frame that is kept, bytes; longer ones are passed over. */
  protected abstract get most(): number;
  /** True if bytes begin with a frame beyond doubt. */
  protected abstract isStart(bytes: Uint8Array): boolean;
  /** Bytes of the frame that begins so; 0 if more of it must tell, -1 if it is none, which ends the framing. */
  protected abstract sizeOf(head: Uint8Array, length: number): number;
  /** Takes a whole frame, valid during the call only. */
  protected abstract read(frame: Uint8Array): void;

  get isInside(): boolean {
    return this.filled > 0;
  }

  push(bytes: Uint8Array, from: number, to: number): number {
    // Segments mostly begin with a frame.
    if (this.isLost && !this.isStart(bytes.subarray(from, to))) return to;
    this.isLost = false;
    for (let at = from; at < to && this.status === 'open'; ) {
      const part = this.size === 0 ? 1 : Math.min(to - at, this.size - this.filled);
      if (this.size <= this.most) this.kept = appended(this.kept, this.filled, bytes.subarray(at, at + part));
      this.filled += part;
      at += part;
      if (this.size === 0) this.size = this.sizeOf(this.kept, this.filled);
      if (this.size === -1) this.status = 'closed';
      else if (this.filled === this.size) this.finish();
    }
    return to;
  }

  /** What began is lost, and the next frame has to be found. */
  gap(): void {
    this.clear();
    this.isLost = true;
  }

  end(): void {}

  private finish(): void {
    const { kept, size } = this;
    this.clear();
    if (size <= this.most) this.read(kept.subarray(0, size));
  }

  private clear(): void {
    this.filled = 0;
    this.size = 0;
    if (this.kept.length > KEPT_BYTES) this.kept = new Uint8Array(0);
  }
}
