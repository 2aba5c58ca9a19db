/**
 * HOT in `countPulse`. How evenly a conversation's packets are spread over its records: at random, as shares are; by a
 * clock, as keep-alives are; or in bursts, as those of people and batch jobs are. It shows in records that an active
 * timeout cut, not in one record per connection. Sums of one lane, so that order and files do not matter.
 */
import {
  PULSE_PACKETS,
  PULSE_RECORDS,
  PULSE_SECONDS,
  PULSE_SQUARES,
  ROW_WORDS,
  SMALLEST_MEAN,
} from './conversation-rows.ts';

/** Shorter records are ends, or single exchanges that an inactive timeout cut out. */
const LEAST_SECONDS = 20;
/** Fewer records tell no spread. */
const LEAST_RECORDS = 8;

const LANE_FLOATS = 4;

/** Adds one record's packets of a lane to the row. */
export function countPulse(
  floats: Float32Array,
  row: number,
  lane: number,
  packets: number,
  seconds: number,
): void {
  if (seconds < LEAST_SECONDS || packets <= 0) return;
  const w = row * ROW_WORDS + lane * LANE_FLOATS;
  floats[w + PULSE_SQUARES] += (packets * packets) / seconds;
  floats[w + PULSE_PACKETS] += packets;
  floats[w + PULSE_SECONDS] += seconds;
  floats[w + PULSE_RECORDS] += 1;
}

/** A record of bare acknowledgements tells how long headers are, IPv4 40 or 52 bytes. */
export function noteSmallest(floats: Float32Array, w: number, packets: number, bytes: number): void {
  if (packets <= 0) return;
  const mean = bytes / packets;
  if (floats[w + SMALLEST_MEAN] === 0 || mean < floats[w + SMALLEST_MEAN]) floats[w + SMALLEST_MEAN] = mean;
}

export interface Scatter {
  /** Variance of the packets of a record over what chance gives to single packets. */
  readonly ratio: number;
  /** Mean packets of a record. */
  readonly packets: number;
}

/**
 * How unevenly the packets of a lane are spread: about 0 for a clock, 1 to 5 for shares with their answers, far more for
 * bursts. Null if too few records tell.
 */
export function scatterOf(floats: Float32Array, row: number, lane: number): Scatter | null {
  const w = row * ROW_WORDS + lane * LANE_FLOATS;
  const records = floats[w + PULSE_RECORDS];
  const packets = floats[w + PULSE_PACKETS];
  if (records < LEAST_RECORDS || packets <= 0) return null;
  const chi = (floats[w + PULSE_SQUARES] * floats[w + PULSE_SECONDS]) / packets - packets;
  // Sums of floats depend on their order in the seventh digit.
  return { ratio: figure(Math.max(0, chi / (records - 1))), packets: figure(packets / records) };
}

function figure(value: number): number {
  return Math.round(value * 1000) / 1000;
}
