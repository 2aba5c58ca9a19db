/**
 * A point in time in a text log, as the kernel reads it (kernel/records/time.ts), to microseconds since 1970. What
 * depends on who reads is done here: the zone of times that state none, and what is counted of their texts. Each `read`
 * returns the offset behind what it read, -1 if there is nothing of its kind.
 */
import { AMBIGUOUS, DAY_FIRST, YEARLESS, ZONELESS } from '../../kernel/records/marks.ts';
import { type RecordsKernel, textKernel } from '../../rows/records-kernel.ts';
import { TEXT_BYTES } from './count-cell.ts';
import type { Zone } from './zone.ts';

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
  private readonly kernel: RecordsKernel;

  constructor(kernel: RecordsKernel = textKernel()) {
    this.kernel = kernel;
  }

  read(bytes: Uint8Array, from: number): number {
    const { kernel } = this;
    const at = kernel.place(bytes, from, TEXT_BYTES);
    kernel.calls.setDayFirst(this.isDayFirst);
    const end = kernel.calls.readTime(at);
    if (end === 0) return -1;
    this.timeUs = this.toUtc(kernel.cell.timeUs, kernel.cell.timeMarks);
    return end + from - at;
  }

  /** A date alone, without a zone; `YYYYMMDD`, too. */
  readDay(bytes: Uint8Array, from: number): number {
    const { kernel } = this;
    const at = kernel.place(bytes, from, TEXT_BYTES);
    kernel.calls.setDayFirst(this.isDayFirst);
    const end = kernel.calls.readDay(at);
    if (end === 0) return -1;
    this.timeUs = this.toUtc(kernel.cell.timeUs, kernel.cell.timeMarks);
    return end + from - at;
  }

  /** `hh:mm:ss`, with a fraction or without. */
  readClock(bytes: Uint8Array, from: number): number {
    const at = this.kernel.place(bytes, from, TEXT_BYTES);
    return this.span(this.kernel.calls.readClock(at), from - at);
  }

  /** Seconds with a fraction, or `h:mm:ss`, as a span. */
  readSpan(bytes: Uint8Array, from: number): number {
    const at = this.kernel.place(bytes, from, TEXT_BYTES);
    return this.span(this.kernel.calls.readSpan(at), from - at);
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

  /** Microseconds since 1970, UTC, of a date and a time of day that name no zone. */
  ofDay(dayUs: number, clockUs: number): number {
    return this.toUtc(dayUs + clockUs, ZONELESS);
  }

  private span(end: number, shift: number): number {
    if (end === 0) return -1;
    this.timeUs = this.kernel.cell.timeUs;
    return end + shift;
  }
}
