/** Frames of a session of encrypted Stratum V2 by their sizes, within the times asked for (docs/sealed.md); no part of a verdict. */
import { ShareCourse, type SharesSeen } from '../endpoints/shares-seen.ts';
import { addFrames, countOf, type FramesHeard, noFrames } from '../evidence/sealed-frames.ts';

export class SealedFrames {
  readonly sum = noFrames();
  readonly course = new ShareCourse();

  /** Takes what a message of a time that counts added. */
  add(heard: FramesHeard, isWanted: (timeUs: number) => boolean): void {
    const shares = heard.sharesUs.filter(isWanted);
    addFrames(this.sum, heard, shares.length);
    for (const timeUs of shares) this.course.add(timeUs);
  }

  /** Adds those of another part of the session. */
  absorb({ sum, course }: SealedFrames): void {
    addFrames(this.sum, sum, sum.submitted);
    this.course.span(course.firstUs, course.lastUs);
    this.pour(course.windows.seconds, course.windows.rows());
  }

  /** Adds windows with shares: numbers since 1970, and shares. */
  pour(seconds: number, rows: readonly (readonly [window: number, shares: number])[]): void {
    const { windows } = this.course;
    windows.widenTo(seconds);
    for (const [window, shares] of rows) windows.add(window * seconds * 1e6, shares);
  }

  seen(connection: SharesSeen['connections'][0]): SharesSeen {
    return this.course.seen(countOf(this.sum), connection);
  }
}
