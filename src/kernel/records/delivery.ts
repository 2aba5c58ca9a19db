/**
 * The last step of every binary reader: a row is put right by the rules that all of them share, and counted or kept. What was
 * wrong is counted until the driver asks.
 */
import { LATEST_US, MOST } from './bounds.ts';
import { countUp, setCount } from './counting.ts';
import { ABSURD_TIMES, CUT_COUNTERS, MISSING_TIMES, ONLY_COUNTED } from './counts.ts';
import { Row } from './row.ts';
import { onlyCounts } from './sieve.ts';
import { addTime } from './time-runs.ts';
import { keepOwnFields } from './transport.ts';

/** Times from 1970 on are times, as relative clocks begin there; 0 stands for none. */
const EARLIEST_US: f64 = 1000;
/** A flow ends near its export; further off the exporter's clock is wrong. */
const DAY_US: f64 = 86_400_000_000;
/** A connection may have begun long before, but not earlier than the 32 bits of an uptime reach. */
const LONGEST_US: f64 = 4_294_967_296_000;

/** The driver has taken what was counted. */
export function beginDelivery(): void {
  setCount(ONLY_COUNTED, 0);
  setCount(CUT_COUNTERS, 0);
  setCount(ABSURD_TIMES, 0);
  setCount(MISSING_TIMES, 0);
}

/**
 * Puts a row right; false if it only counts. `fallbackUs` is the time of one that has no believable one, NaN if there is none;
 * `exportedUs` that of the export, within a day of which it must end, NaN if that is not known.
 */
export function deliver(row: Row, fallbackUs: f64, exportedUs: f64): bool {
  keepOwnFields(row);
  // No TCP packet is without flags: the exporter does not send them.
  if (row.tcpFlags === 0) row.tcpFlags = -1;
  if (row.reverseTcpFlags === 0) row.reverseTcpFlags = -1;
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
