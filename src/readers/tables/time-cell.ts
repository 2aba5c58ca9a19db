/**
 * A point in time in a text log, as the kernel reads it (kernel/records/time.ts), to microseconds since 1970. What
 * depends on who reads is done here: the zone of times that state none, and what is counted of their texts.
 */
import { AMBIGUOUS, DAY_FIRST, MONTH_FIRST, YEARLESS, ZONELESS } from '../../kernel/records/marks.ts';
import { type RecordsKernel, textKernel } from '../../rows/records-kernel.ts';
import type { StatedOrder } from '../flow-reading.ts';
import type { Zone } from './zone.ts';

const LINE_HEAD = /^(?:<\d{1,3}>(?:1 )?)?(?:\[(?=\d{9,10}[\].]))?/;
const LONGEST_TIME = 64;
/** What dates of numbers begin with. `unknown`: nothing has told yet; `both`: one date tells the one, one the other. */
type DateOrder = StatedOrder | 'unknown' | 'both';

export class TimeCell {
  /** Microseconds since 1970, UTC. */
  timeUs = 0;
  /** Texts without a zone that were read as `zone` says. */
  zoneless = 0;
  /** Texts without a year. */
  withoutYear = 0;
  /** Dates that nobody can tell, as they may begin with the month or the day. */
  unclear = 0;
  /** How such dates are read. */
  order: DateOrder = 'month-first';
  /** True if the dates themselves tell their order. */
  isLearned = false;
  /** Of texts that state none; null is UTC. */
  zone: Zone | null = null;

  constructor(private readonly kernel: RecordsKernel = textKernel()) {}

  /** Reads the time at `from` into `timeUs`; returns the offset behind it, -1 if there is none. */
  read(bytes: Uint8Array, from: number): number {
    const { kernel } = this;
    kernel.calls.setDayFirst(this.order === 'day-first');
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

  #tellOrder(order: DateOrder): void {
    if (!this.isLearned || this.order === order) return;
    this.order = this.order === 'unknown' ? order : 'both';
    this.kernel.calls.setDayFirst(this.order === 'day-first');
  }

  /** Times without a year are of the last one in which their date is not to come, as seen from then (ms since 1970). */
  seenFrom(nowMs: number): void {
    this.kernel.setToday(nowMs);
  }

  /** UTC of a time as its text has it; counts what its marks say of the text. */
  toUtc(timeUs: number, marks: number): number {
    if (marks === 0) return timeUs;
    if ((marks & YEARLESS) !== 0) this.withoutYear++;
    if ((marks & DAY_FIRST) !== 0) this.#tellOrder('day-first');
    if ((marks & MONTH_FIRST) !== 0) this.#tellOrder('month-first');
    if ((marks & AMBIGUOUS) !== 0 && (this.order === 'unknown' || this.order === 'both')) {
      this.unclear++;
      return Number.NaN;
    }
    if ((marks & ZONELESS) === 0) return timeUs;
    this.zoneless++;
    return this.zone === null ? timeUs : this.zone.toUtc(timeUs);
  }
}
