/**
 * The last step of every row, whatever it was read from: its values are judged by the rules that all formats share. Then it
 * goes on to a batch, or only counts.
 */
import { Fault, Row, reading } from './memory.ts';
import { damaged } from './reading.ts';
import { onlyCounts } from './sieve.ts';
import { addTime } from './time-runs.ts';
import { ICMP, ICMP_V6, TCP } from './transport.ts';

/** The largest counter that stays exact as a number. */
const MOST: f64 = 9_007_199_254_740_991;
const MOST_PORT: i32 = 0xffff;
/** Times from 1970 on are times, as relative clocks begin there; 0 stands for none. */
const EARLIEST_US: f64 = 1;
/** No clock that was set shows a year before 1990: nobody exported flows then. */
export const CLOCKS_SET_US: f64 = 631_152_000_000_000;
/** Times after 2100 are errors of a clock. */
const LATEST_US: f64 = 4_102_444_800_000_000;
/** A flow ends near its export; further off the exporter's clock is wrong. */
const DAY_US: f64 = 86_400_000_000;
/** A connection may have begun long before its export, but not earlier than the 32 bits of an uptime reach. */
const LONGEST_US: f64 = 4_294_967_296_000;

/** Whether the clock of a log was set, as its first time tells; then no time before 1990 is one. */
let isClockKnown: bool = false;
let isClockSet: bool = false;

/** Rows to come are of a new input. */
export function beginClock(): void {
  isClockKnown = false;
  isClockSet = false;
}

/**
 * Judges a row, whose line begins at `line` (0 if it has none); false if it only counts. `fallbackUs` is the time of one that
 * has no believable one, NaN if nobody knows any; `exportedUs` that of its export, within a day of which it must end, NaN if
 * that is not known.
 */
export function validate(row: Row, fallbackUs: f64, exportedUs: f64, line: usize): bool {
  // Types and codes of ICMP stand where ports do.
  const hasPorts = row.protocol !== ICMP && row.protocol !== ICMP_V6;
  if (!hasPorts || row.sourcePort > MOST_PORT) row.sourcePort = 0;
  if (!hasPorts || row.destinationPort > MOST_PORT) row.destinationPort = 0;
  // Only TCP has flags, and none of its packets is without: 0 is what exporters send that do not know them.
  if (row.protocol !== TCP || row.tcpFlags === 0) row.tcpFlags = -1;
  if (row.protocol !== TCP || row.reverseTcpFlags === 0) row.reverseTcpFlags = -1;
  if (max(max(row.packets, row.bytes), max(row.reversePackets, row.reverseBytes)) > MOST) {
    damaged(Fault.COUNTER_OVERFLOW, line, 0);
    row.packets = min(row.packets, MOST);
    row.bytes = min(row.bytes, MOST);
    row.reversePackets = min(row.reversePackets, MOST);
    row.reverseBytes = min(row.reverseBytes, MOST);
  }
  const start = row.startUs;
  const end = row.endUs;
  const least = leastUs(start, end, fallbackUs);
  const isSound = start >= least && end <= LATEST_US && start <= end;
  if (isSound && !(abs(end - exportedUs) > DAY_US) && end - start <= LONGEST_US) addTime(start, end);
  else mendTimes(row, fallbackUs, exportedUs, line, least);
  if (!onlyCounts(row)) return true;
  reading.onlyCounted += 1;
  return false;
}

/** The earliest time that is one. Where no export tells how late it is, the first time of the log tells if its clock was set. */
function leastUs(start: f64, end: f64, fallbackUs: f64): f64 {
  if (!Number.isNaN(fallbackUs)) return EARLIEST_US;
  if (!isClockKnown) {
    const first = isTime(start, EARLIEST_US) ? start : end;
    isClockKnown = isTime(first, EARLIEST_US);
    isClockSet = isClockKnown && first >= CLOCKS_SET_US;
  }
  return isClockSet ? CLOCKS_SET_US : EARLIEST_US;
}

function isTime(timeUs: f64, least: f64): bool {
  return timeUs >= least && timeUs <= LATEST_US;
}

/** True of a time that the row states, although it cannot be. */
function isAbsurd(timeUs: f64, least: f64): bool {
  return timeUs !== 0 && !Number.isNaN(timeUs) && !isTime(timeUs, least);
}

function mendTimes(row: Row, fallbackUs: f64, exportedUs: f64, line: usize, least: f64): void {
  const saidStart = row.startUs;
  const saidEnd = row.endUs;
  const hasStart = isTime(saidStart, least);
  const hasEnd = isTime(saidEnd, least);
  let start = hasStart ? saidStart : hasEnd ? saidEnd : NaN;
  let end = hasEnd ? saidEnd : start;
  // Where a clock begins at 0, that is the time of the first packet.
  if (saidStart === 0 && hasEnd && isClockKnown && !isClockSet && Number.isNaN(fallbackUs)) start = 0;
  // Clocks of line cards jitter: where the export is known, a flow may end a little before it begins.
  const isReversed = end < start && Number.isNaN(fallbackUs);
  let isWrong = isAbsurd(saidStart, least) || isAbsurd(saidEnd, least) || isReversed;
  // Only who knows the export has something better than a time that is far from it.
  const isFar = abs(end - exportedUs) > DAY_US || (end - start > LONGEST_US && !Number.isNaN(fallbackUs));
  if (isFar) isWrong = true;
  if (Number.isNaN(end) || isFar) {
    // A clock that is wrong is wrong for both ends: how long the flow took stays.
    const tookUs = saidStart > 0 ? saidEnd - saidStart : 0;
    end = isTime(fallbackUs, EARLIEST_US) ? fallbackUs : NaN;
    start = tookUs >= 0 && tookUs <= LONGEST_US ? end - tookUs : end;
    if (!isWrong || Number.isNaN(end)) damaged(Fault.NO_TIME, line, 0);
  }
  if (isWrong) damaged(Fault.ABSURD_TIME, line, 0);
  row.startUs = start;
  row.endUs = max(start, end);
  if (!Number.isNaN(start)) addTime(row.startUs, row.endUs);
}

/** The same for a row that TypeScript has written; 1 if it goes on, 0 if it only counts. */
export function validateRow(rowAt: usize, fallbackUs: f64, exportedUs: f64): i32 {
  return validate(changetype<Row>(rowAt), fallbackUs, exportedUs, 0) ? 1 : 0;
}
