/** Frames of a session of encrypted Stratum V2 by their sizes, within the times asked for (docs/reference/sealed.md); no part of a verdict. */
import { type SharesSeen, ShareTimeline } from '../endpoints/shares-seen.ts';
import { addFrames, countOf, noFrames, type ObservedFrames } from '../evidence/sealed-frames.ts';

export class SealedFrames {
  readonly sum = noFrames();
  readonly timeline = new ShareTimeline();

  /** Takes what a message of a time that counts added. */
  add(observed: ObservedFrames, isWanted: (timeUs: number) => boolean): void {
    const shares = observed.sharesUs.filter(isWanted);
    addFrames(this.sum, observed, shares.length);
    for (const timeUs of shares) this.timeline.add(timeUs);
  }

  /** Adds those of another part of the session. */
  absorb({ sum, timeline }: SealedFrames): void {
    addFrames(this.sum, sum, sum.submitted);
    this.timeline.span(timeline.firstUs, timeline.lastUs);
    this.pour(timeline.windows.seconds, timeline.windows.rows());
  }

  /** Adds windows with shares: numbers since 1970, and shares. */
  pour(seconds: number, rows: readonly (readonly [window: number, shares: number])[]): void {
    const { windows } = this.timeline;
    windows.widenTo(seconds);
    for (const [window, shares] of rows) windows.add(window * seconds * 1e6, shares);
  }

  seen(connection: SharesSeen['connections'][0]): SharesSeen {
    return this.timeline.seen(countOf(this.sum), connection);
  }
}
