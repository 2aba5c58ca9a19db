/**
 * The last step of every binary reader: a row is put right by the rules that all of them share, and counted or kept. What was
 * wrong is counted until the driver asks.
 */
import { countUp, setCount } from './counting.ts';
import { ABSURD_TIMES, CUT_COUNTERS, MISSING_TIMES, ONLY_COUNTED } from './counts.ts';
import { RUN_BYTES, RUNS, RUNS_AT } from './memory.ts';
import { Row } from './row.ts';
import { onlyCounts } from './sieve.ts';

/** Times from 1970 on are times, as relative clocks begin there; 0 stands for none. Those after 2100 are errors of a clock. */
const EARLIEST_US: f64 = 1000;
const LATEST_US: f64 = 4_102_444_800_000_000;
/** A flow ends near its export; further off the exporter's clock is wrong. */
const DAY_US: f64 = 86_400_000_000;
/** A connection may have begun long before, but not earlier than the 32 bits of an uptime reach. */
const LONGEST_US: f64 = 4_294_967_296_000;
/** The largest counter that stays exact as a number. */
const MOST: f64 = 9_007_199_254_740_991;

const ICMP: i32 = 1;
const TCP: i32 = 6;
const ICMP_V6: i32 = 58;

/** Rows of one stretch are of no longer time. */
const LONGEST_RUN_US: f64 = 864_000_000_000;

@unmanaged
class TimeRun {
  firstUs: f64;
  lastUs: f64;
  rows: f64;
}

if (offsetof<TimeRun>() !== RUN_BYTES) ERROR('memory.ts');

/** Stretches of time that are over, and the one in hand; its times are NaN if there is none. */
let runs: i32 = 0;
let firstUs: f64 = NaN;
let lastUs: f64 = NaN;
let rows: f64 = 0;

/** The driver has taken what was counted. */
export function beginDelivery(): void {
  setCount(ONLY_COUNTED, 0);
  setCount(CUT_COUNTERS, 0);
  setCount(ABSURD_TIMES, 0);
  setCount(MISSING_TIMES, 0);
  runs = 0;
  firstUs = NaN;
  lastUs = NaN;
  rows = 0;
}

/** True if it is to be taken before another row. */
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

function addTime(start: f64, end: f64): void {
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

/**
 * Puts a row right; false if it only counts. `fallbackUs` is the time of one that has no believable one, NaN if there is none;
 * `exportedUs` that of the export, within a day of which it must end, NaN if that is not known.
 */
export function deliver(row: Row, fallbackUs: f64, exportedUs: f64): bool {
  const protocol = row.protocol;
  // No TCP packet is without flags: the exporter does not send them.
  if (protocol !== TCP || row.tcpFlags === 0) row.tcpFlags = -1;
  if (protocol !== TCP || row.reverseTcpFlags === 0) row.reverseTcpFlags = -1;
  if (protocol === ICMP || protocol === ICMP_V6) {
    row.sourcePort = 0; // types and codes
    row.destinationPort = 0;
  }
  if (row.packets > MOST || row.bytes > MOST || row.reversePackets > MOST || row.reverseBytes > MOST)
    cut(row);
  const start = row.startUs;
  const end = row.endUs;
  const isSound = start >= EARLIEST_US && end <= LATEST_US && start <= end && end - start <= LONGEST_US;
  if (isSound && !(abs(end - exportedUs) > DAY_US)) addTime(start, end);
  else mendTimes(row, fallbackUs, exportedUs);
  if (!onlyCounts(row)) return true;
  countUp(ONLY_COUNTED);
  return false;
}

function cut(row: Row): void {
  countUp(CUT_COUNTERS);
  row.packets = min(row.packets, MOST);
  row.bytes = min(row.bytes, MOST);
  row.reversePackets = min(row.reversePackets, MOST);
  row.reverseBytes = min(row.reverseBytes, MOST);
}

function isTime(timeUs: f64): bool {
  return timeUs >= EARLIEST_US && timeUs <= LATEST_US;
}

function mendTimes(row: Row, fallbackUs: f64, exportedUs: f64): void {
  let start = row.startUs;
  let end = row.endUs;
  if (!isTime(end)) end = start;
  if (!isTime(start)) start = end;
  if (!isTime(end) || abs(end - exportedUs) > DAY_US || end - start > LONGEST_US) {
    if (row.startUs > 0 || row.endUs > 0) countUp(ABSURD_TIMES);
    else countUp(MISSING_TIMES);
    // A clock that is wrong is wrong for both ends: how long the flow took stays.
    const tookUs = row.startUs > 0 ? row.endUs - row.startUs : 0;
    start = tookUs >= 0 && tookUs <= LONGEST_US ? fallbackUs - tookUs : fallbackUs;
    end = fallbackUs;
    if (!isTime(end)) {
      row.startUs = NaN;
      row.endUs = NaN;
      return;
    }
  }
  if (end < start) end = start;
  row.startUs = start;
  row.endUs = end;
  addTime(start, end);
}

/** The same for a row that TypeScript has written; 1 if it is made, 0 if it only counts. */
export function deliverRow(rowAt: usize, fallbackUs: f64, exportedUs: f64): i32 {
  return deliver(changetype<Row>(rowAt), fallbackUs, exportedUs) ? 1 : 0;
}
