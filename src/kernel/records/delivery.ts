/**
 * The last step of every binary reader: a row is put right by the rules that all of them share, and counted or kept. What was
 * wrong is counted until the driver asks.
 */
import { countOf, countUp, setCount } from './counting.ts';
import { ABSURD_TIMES, CUT_COUNTERS, MISSING_TIMES, ONLY_COUNTED, TIME_RUNS } from './counts.ts';
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

/** The driver has taken what was counted. */
export function beginDelivery(): void {
  setCount(ONLY_COUNTED, 0);
  setCount(CUT_COUNTERS, 0);
  setCount(ABSURD_TIMES, 0);
  setCount(MISSING_TIMES, 0);
  setCount(TIME_RUNS, 0);
}

/** True if it is to be taken before another row. */
export function isFull(): bool {
  return countOf(TIME_RUNS) === <i32>RUNS;
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
  const runs = countOf(TIME_RUNS);
  const last = runAt(runs - 1);
  const isSame = last.lastUs - start <= LONGEST_RUN_US && end - last.firstUs <= LONGEST_RUN_US;
  if (runs > 0 && (isSame || isFull())) {
    last.firstUs = min(last.firstUs, start);
    last.lastUs = max(last.lastUs, end);
    last.rows += 1;
    return;
  }
  countUp(TIME_RUNS);
  const next = runAt(runs);
  next.firstUs = start;
  next.lastUs = end;
  next.rows = 1;
}

/**
 * Puts a row right; false if it only counts. `fallbackUs` is the time of one that has no believable one, NaN if there is none;
 * `exportedUs` that of the export, within a day of which it must end, NaN if that is not known.
 */
export function deliver(row: Row, fallbackUs: f64, exportedUs: f64): bool {
  if (row.protocol === ICMP || row.protocol === ICMP_V6) {
    row.sourcePort = 0; // types and codes
    row.destinationPort = 0;
  }
  // No TCP packet is without flags: the exporter does not send them.
  if (row.protocol !== TCP || row.tcpFlags === 0) row.tcpFlags = -1;
  if (row.protocol !== TCP || row.reverseTcpFlags === 0) row.reverseTcpFlags = -1;
  if (row.packets > MOST || row.bytes > MOST || row.reversePackets > MOST || row.reverseBytes > MOST) {
    countUp(CUT_COUNTERS);
    row.packets = min(row.packets, MOST);
    row.bytes = min(row.bytes, MOST);
    row.reversePackets = min(row.reversePackets, MOST);
    row.reverseBytes = min(row.reverseBytes, MOST);
  }
  checkTimes(row, fallbackUs, exportedUs);
  if (!onlyCounts(row)) return true;
  countUp(ONLY_COUNTED);
  return false;
}

function isTime(timeUs: f64): bool {
  return timeUs >= EARLIEST_US && timeUs <= LATEST_US;
}

function checkTimes(row: Row, fallbackUs: f64, exportedUs: f64): void {
  let start = row.startUs;
  let end = row.endUs;
  if (!isTime(end)) end = start;
  if (!isTime(start)) start = end;
  const isAbsurd =
    !isTime(end) || end - exportedUs > DAY_US || exportedUs - end > DAY_US || end - start > LONGEST_US;
  if (isAbsurd) {
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
