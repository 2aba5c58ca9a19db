/** Where the reader of the input stands, for both formats, and what they share. */

import * as host from './host.ts';
import { clearInput, control, INTERVALS, INTERVALS_AT, input, TimeInterval } from './memory.ts';

/** Intervals so far apart are of different times. */
const APART_US: f64 = 180 * 86_400_000_000;
/** So long without a packet in the whole run is told: where bytes are missing as well, nobody captured. */
const SILENCE_US: f64 = 10_000_000;

/** Another input begins. */
export function beginInput(): void {
  clearInput(input);
  memory.fill(INTERVALS_AT, 0, INTERVALS * offsetof<TimeInterval>());
}

/** True if the record of this time, by the clock as it was, has to wait for those of other inputs. */
export function pausesBefore(timeUs: f64): bool {
  if (!(timeUs > control.pauseUs)) return false;
  input.isPaused = true;
  input.pausedAtUs = timeUs;
  input.needed = 1;
  return true;
}

export function streamOffset(at: u32): f64 {
  return input.origin + <f64>at;
}

export function coverTime(timeUs: f64): void {
  if (timeUs - control.latestUs > SILENCE_US) host.silence(control.latestUs, timeUs);
  // Written so that the first time replaces NaN.
  if (!(timeUs <= control.latestUs)) control.latestUs = timeUs;
  if (!(timeUs >= input.firstUs)) input.firstUs = timeUs;
  if (!(timeUs <= input.lastUs)) input.lastUs = timeUs;
  if (input.isAstray) input.isAstray = false;
  else {
    if (timeUs - input.previousUs > input.longestPauseUs) input.longestPauseUs = timeUs - input.previousUs;
    input.previousUs = timeUs;
  }
  for (let i: u32 = 0; i < INTERVALS; i++) {
    const interval = changetype<TimeInterval>(INTERVALS_AT + i * offsetof<TimeInterval>());
    if (interval.records === 0) interval.firstUs = interval.lastUs = timeUs;
    else if (timeUs < interval.firstUs - APART_US || timeUs > interval.lastUs + APART_US) continue;
    interval.firstUs = min(interval.firstUs, timeUs);
    interval.lastUs = max(interval.lastUs, timeUs);
    interval.records++;
    return;
  }
}
