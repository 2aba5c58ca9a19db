/**
 * When records were: intervals of time that the driver takes now and then (rows/time-spans.ts), which tells strays from the
 * others.
 */
import { RUNS, RUNS_AT, reading, TimeRun } from './memory.ts';

/** Rows of one interval are of no longer time. */
const LONGEST_RUN_US: f64 = 864_000_000_000;

/** The interval that is not over yet; its times are NaN if there is none. */
let firstUs: f64 = NaN;
let lastUs: f64 = NaN;
let rows: f64 = 0;

/** The driver has taken the intervals. */
export function beginRuns(): void {
  reading.timeRuns = 0;
  firstUs = NaN;
  lastUs = NaN;
  rows = 0;
}

/** True if they are to be taken before another row. */
export function isFull(): bool {
  return reading.timeRuns === <i32>RUNS - 1;
}

/** Ends the last interval. */
export function endRuns(): void {
  if (rows > 0) endRun();
}

function endRun(): void {
  const run = changetype<TimeRun>(RUNS_AT + <usize>reading.timeRuns * offsetof<TimeRun>());
  reading.timeRuns += 1;
  run.firstUs = firstUs;
  run.lastUs = lastUs;
  run.rows = rows;
  rows = 0;
}

/** Adds the times of a row. */
export function addTime(start: f64, end: f64): void {
  if (lastUs - start <= LONGEST_RUN_US && end - firstUs <= LONGEST_RUN_US) {
    if (start < firstUs) firstUs = start;
    if (end > lastUs) lastUs = end;
    rows += 1;
    return;
  }
  if (rows > 0) endRun();
  firstUs = start;
  lastUs = end;
  rows = 1;
}
