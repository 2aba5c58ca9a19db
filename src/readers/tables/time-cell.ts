/**
 * A point in time in a text log, as the kernel reads it (kernel/records/time.ts), to microseconds since 1970. What
 * depends on who reads is done here: the zone of times that state none, and what is counted of their texts.
 */
import { AMBIGUOUS, DAY_FIRST, YEARLESS, ZONELESS } from '../../kernel/records/marks.ts';
import { type RecordsKernel, textKernel } from '../../rows/records-kernel.ts';
import type { Zone } from './zone.ts';

const LINE_HEAD = /^(?:<\d{1,3}>(?:1 )?)?(?:\[(?=\d{9,10}[\].]))?/;
const LONGEST_TIME = 64;

export class TimeCell {
  /** Microseconds since 1970, UTC. */
  timeUs = 0;
  /** Texts without a zone that were read as `zone` says. */
  zoneless = 0;
  /** Texts without a year. */
  withoutYear = 0;
  /** Dates of numbers that may be read month or day first, and those that only are dates if the day stands first. */
  ambiguous = 0;
  dayFirst = 0;
  /** How such dates are read if both ways are possible. */
  isDayFirst = false;
  /** Of texts that state none; null is UTC. */
  zone: Zone | null = null;

  constructor(private readonly kernel: RecordsKernel = textKernel()) {}

  /** Reads the time at `from` into `timeUs`; returns the offset behind it, -1 if there is none. */
  read(bytes: Uint8Array, from: number): number {
    const { kernel } = this;
    kernel.calls.setDayFirst(this.isDayFirst);
    const end = kernel.read('readTime', bytes, from);
    if (end >= 0) this.timeUs = this.toUtc(kernel.cell.timeUs, kernel.cell.timeMarks);
    return end;
  }

  /** Microseconds since 1970 of the time with which the text begins; NaN if it does with none. */
  ofText(text: string): number {
    return this.read(Buffer.from(`${text}\n`), 0) < 0 ? Number.NaN : this.timeUs;
  }

  /** The same of a line that a daemon wrote: behind the priority of syslog, and a bracket around seconds. */
  ofLine(line: string): number {
    return this.ofText(line.replace(LINE_HEAD, '').slice(0, LONGEST_TIME));
  }

  /** Times without a year are of the last one in which their date is not to come, as seen from then (ms since 1970). */
  seenFrom(nowMs: number): void {
    this.kernel.setToday(nowMs);
  }

  /** UTC of a time as its text has it; counts what its marks say of the text. */
  toUtc(timeUs: number, marks: number): number {
    if (marks === 0) return timeUs;
    if ((marks & YEARLESS) !== 0) this.withoutYear++;
    if ((marks & AMBIGUOUS) !== 0) this.ambiguous++;
    if ((marks & DAY_FIRST) !== 0) this.dayFirst++;
    if ((marks & ZONELESS) === 0) return timeUs;
    this.zoneless++;
    return this.zone === null ? timeUs : this.zone.toUtc(timeUs);
  }
}
