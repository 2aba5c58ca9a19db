/**
 * When records were: stretches of time that the driver takes now and then (flows/time-spans.ts), which tells strays from the
 * others.
 */
import { setCount } from './counting.ts';
import { TIME_RUNS } from './counts.ts';
import { RUN_BYTES, RUNS, RUNS_AT } from './memory.ts';

/** Rows of one stretch are of no longer time. */
const LONGEST_RUN_US: f64 = 864_000_000_000;

@unmanaged
class TimeRun {
  firstUs: f64;
  lastUs: f64;
  rows: f64;
}

if (offsetof<TimeRun>() !== RUN_BYTES) ERROR('memory.ts');

/** Stretches that are over, and the one in hand; its times are NaN if there is none. */
let runs: i32 = 0;
let firstUs: f64 = NaN;
let lastUs: f64 = NaN;
let rows: f64 = 0;

/** The driver has taken the stretches. */
export function beginRuns(): void {
  runs = 0;
  setCount(TIME_RUNS, 0);
  firstUs = NaN;
  lastUs = NaN;
  rows = 0;
}

/** True if they are to be taken before another row. */
export function isFull(): bool {
  return runs === <i32>RUNS - 1;
}

/** In how many stretches of time rows were since the driver took them. */
export function timeRuns(): i32 {
  if (rows > 0) endRun();
  return runs;
}

function endRun(): void {
  const run = runAt(runs++);
  setCount(TIME_RUNS, runs);
  run.firstUs = firstUs;
  run.lastUs = lastUs;
  run.rows = rows;
  rows = 0;
}

function runAt(i: i32): TimeRun {
  return changetype<TimeRun>(RUNS_AT + <usize>i * RUN_BYTES);
}

export function runFirstUs(i: i32): f64 {
  return runAt(i).firstUs;
}

export function runLastUs(i: i32): f64 {
  return runAt(i).lastUs;
}

export function runRows(i: i32): f64 {
  return runAt(i).rows;
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
