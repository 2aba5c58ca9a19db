/** When a watched folder was not there, by the clock: what passed then nobody has seen. */
import type { TimeInterval } from '../time-interval.ts';

/** Longer than the longest period. */
const KEPT_US = 2 * 86_400e6;

export class Away {
  /** In order and apart, us since 1970; each begins with the last look that found the folders. */
  times: readonly TimeInterval[] = [];
  private wasGone = false;
  private lookedUs: number | null = null;

  /** A look through the folders, us since 1970. */
  look(isGone: boolean, nowUs: number): void {
    const last = this.times.at(-1);
    if (isGone && !this.wasGone)
      this.times = [...this.times, { startUs: this.lookedUs ?? nowUs, endUs: nowUs }];
    else if (last !== undefined && this.wasGone)
      this.times = [...this.times.slice(0, -1), { ...last, endUs: nowUs }];
    this.times = this.times.filter(({ endUs }) => endUs > nowUs - KEPT_US);
    this.wasGone = isGone;
    this.lookedUs = nowUs;
  }
}
