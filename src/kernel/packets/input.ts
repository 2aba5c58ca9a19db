/** Where the reader of the input stands, for both formats, and what they share. */

import { clearInput, input, STRETCHES, STRETCHES_AT, Stretch } from './memory.ts';

/** Stretches so far apart are of different times. */
const APART_US: f64 = 180 * 86_400_000_000;

/** Another input begins. */
export function beginInput(): void {
  clearInput(input);
  memory.fill(STRETCHES_AT, 0, STRETCHES * offsetof<Stretch>());
}

export function streamOffset(at: u32): f64 {
  return input.origin + <f64>at;
}

export function coverTime(timeUs: f64): void {
  // Written so that the first time replaces NaN.
  if (!(timeUs >= input.firstUs)) input.firstUs = timeUs;
  if (!(timeUs <= input.lastUs)) input.lastUs = timeUs;
  for (let i: u32 = 0; i < STRETCHES; i++) {
    const stretch = changetype<Stretch>(STRETCHES_AT + i * offsetof<Stretch>());
    if (stretch.records === 0) stretch.firstUs = stretch.lastUs = timeUs;
    else if (timeUs < stretch.firstUs - APART_US || timeUs > stretch.lastUs + APART_US) continue;
    stretch.firstUs = min(stretch.firstUs, timeUs);
    stretch.lastUs = max(stretch.lastUs, timeUs);
    stretch.records++;
    return;
  }
}
