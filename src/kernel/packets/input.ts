/** Where the reader of the input stands, for both formats, and what they share. */
import { READER_AT, STRETCH_BYTES, STRETCHES, STRETCHES_AT } from './memory.ts';

@unmanaged
export class Input {
  /** Records given on, and their times, us; NaN while none had one. */
  packets: f64;
  firstUs: f64;
  lastUs: f64;
  /** Offset in the stream of the next byte to come. */
  streamAt: f64;
  /** Stream offset less place in memory, for the current bytes. */
  origin: f64;
  /** Stream offset at which footing was lost. */
  lostAt: f64;
  /** pcapng: time of the last packet that had one; simple packet blocks have none and borrow it. */
  clockUs: f64;
  /** pcap: fractions of a microsecond in the second time field, 1 or 1000. */
  divisor: f64;
  /** Bytes beyond those at hand without which the next record cannot be read. At least 1. */
  needed: u32;
  state: u32;
  little: bool;
  headerBytes: u32;
  linkType: i32;
  /** Lengths up to this are believed. */
  limit: u32;
  /** pcap: seconds of the first record, the last and the one before it; -1 while there is none. */
  firstSecond: f64;
  lastSecond: f64;
  earlierSecond: f64;
}

export const input = changetype<Input>(READER_AT);

/** A stretch of time in which records of the input were. Packets far from all others come from a wrong clock. */
@unmanaged
class Stretch {
  firstUs: f64;
  lastUs: f64;
  records: f64;
}

if (offsetof<Stretch>() !== STRETCH_BYTES) ERROR('memory.ts');

/** Stretches so far apart are of different times. */
const APART_US: f64 = 180 * 86_400_000_000;

export function clearInput(): void {
  memory.fill(READER_AT, 0, offsetof<Input>());
  memory.fill(STRETCHES_AT, 0, STRETCHES * STRETCH_BYTES);
  input.firstUs = NaN;
  input.lastUs = NaN;
  input.little = true;
  input.divisor = 1;
  input.firstSecond = -1;
  input.lastSecond = -1;
  input.earlierSecond = -1;
}

export function streamOffset(at: u32): f64 {
  return input.origin + <f64>at;
}

export function coverTime(timeUs: f64): void {
  // Written so that the first time replaces NaN.
  if (!(timeUs >= input.firstUs)) input.firstUs = timeUs;
  if (!(timeUs <= input.lastUs)) input.lastUs = timeUs;
  for (let i = 0; i < STRETCHES; i++) {
    const stretch = changetype<Stretch>(STRETCHES_AT + i * STRETCH_BYTES);
    if (stretch.records === 0) stretch.firstUs = stretch.lastUs = timeUs;
    else if (timeUs < stretch.firstUs - APART_US || timeUs > stretch.lastUs + APART_US) continue;
    stretch.firstUs = min(stretch.firstUs, timeUs);
    stretch.lastUs = max(stretch.lastUs, timeUs);
    stretch.records++;
    return;
  }
}
