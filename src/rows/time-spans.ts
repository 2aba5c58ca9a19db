/**
 * HOT in `add`. When the records of one input were: intervals of time that are far from each other. A few records far
 * from all others come from a wrong clock, or from a wrong digit.
 */

import { AT, TIME_RUN } from '../schema/records-memory.ts';
import type { RecordsKernel } from './records-kernel.ts';

export interface TimeSpan {
  readonly firstUs: number;
  readonly lastUs: number;
  readonly records: number;
}

/** Intervals so far apart are of different times. */
export const APART_US = 180 * 86_400e6;
/** More are not distinguished. */
const MOST_SPANS = 8;
/** Outliers are a thousandth of the others at most, or so few; beside less than so many nobody knows who is right. */
const OUTLIER_PART = 0.001;
const FEW_OUTLIERS = 3;
const LEAST_OTHERS = 20;

type OpenSpan = { -readonly [Field in keyof TimeSpan]: TimeSpan[Field] };

export class TimeSpans {
  private readonly spans: OpenSpan[] = [];
  private last: OpenSpan | null = null;

  add(startUs: number, endUs: number, records = 1): void {
    let span = this.last;
    if (span === null || startUs < span.firstUs - APART_US || endUs > span.lastUs + APART_US) {
      span = this.find(startUs, endUs);
      this.last = span;
    }
    if (startUs < span.firstUs) span.firstUs = startUs;
    if (endUs > span.lastUs) span.lastUs = endUs;
    span.records += records;
  }

  private find(startUs: number, endUs: number): OpenSpan {
    const near = this.spans.find(
      ({ firstUs, lastUs }) => startUs >= firstUs - APART_US && endUs <= lastUs + APART_US,
    );
    if (near !== undefined) return near;
    if (this.spans.length === MOST_SPANS) return this.spans[0];
    const span = { firstUs: startUs, lastUs: endUs, records: 0 };
    this.spans.push(span);
    return span;
  }

  /** The span of all others, and the outliers; null if there are none. */
  outliers(): { readonly main: TimeSpan; readonly outliers: readonly TimeSpan[] } | null {
    if (this.spans.length < 2 || this.spans.length === MOST_SPANS) return null;
    const [main, ...others] = this.joined().sort((a, b) => b.records - a.records);
    const most = Math.max(FEW_OUTLIERS, main.records * OUTLIER_PART);
    const areOutliers = others.length > 0 && main.records >= LEAST_OTHERS;
    return areOutliers && others.every(({ records }) => records <= most) ? { main, outliers: others } : null;
  }

  /** Those that have grown towards each other are one. */
  private joined(): OpenSpan[] {
    const joined: OpenSpan[] = [];
    for (const span of this.spans.toSorted((a, b) => a.firstUs - b.firstUs)) {
      const before = joined.at(-1);
      if (before === undefined || span.firstUs - before.lastUs > APART_US) joined.push({ ...span });
      else {
        before.lastUs = Math.max(before.lastUs, span.lastUs);
        before.records += span.records;
      }
    }
    return joined;
  }
}

/** When the records of an input were, which the kernel tells in intervals (kernel/records/time-runs.ts). */
export class InputTimes {
  /** us since 1970; NaN if no record had a time. */
  firstUs = Number.NaN;
  lastUs = Number.NaN;
  readonly spans = new TimeSpans();

  /** Adds what the kernel has observed since the last call. */
  update({ arrays, calls, reading }: RecordsKernel): void {
    calls.endRuns();
    const { timeRuns: runs } = reading;
    if (runs === 0) return;
    for (let at = AT.runs / 8, end = at + (runs * TIME_RUN.bytes) / 8; at < end; at += TIME_RUN.bytes / 8) {
      const firstUs = arrays.f64[at];
      const lastUs = arrays.f64[at + 1];
      if (!(firstUs >= this.firstUs)) this.firstUs = firstUs;
      if (!(lastUs <= this.lastUs)) this.lastUs = lastUs;
      this.spans.add(firstUs, lastUs, arrays.f64[at + 2]);
    }
    calls.beginRuns();
  }
}
