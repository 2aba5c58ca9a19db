/** How unevenly a conversation's packets are spread over its records, from what the kernel sums (kernel/conversations/pulse.ts). */
import type { DirectionView } from './conversation-rows.ts';

/** Fewer records tell no spread. */
export const LEAST_RECORDS = 8;

export interface Scatter {
  /** Variance of the packets of a record over what chance gives to single packets. */
  readonly ratio: number;
  /** Mean packets of a record. */
  readonly packets: number;
}

/** Sums over the records of one direction, which add up: squares of packets over seconds, packets, seconds, records. */
export interface Pulse {
  readonly squares: number;
  readonly packets: number;
  readonly seconds: number;
  readonly records: number;
}

export const NO_PULSE: Pulse = { squares: 0, packets: 0, seconds: 0, records: 0 };

export function pulseOf(direction: DirectionView): Pulse {
  const {
    pulseSquares: squares,
    pulsePackets: packets,
    pulseSeconds: seconds,
    pulseRecords: records,
  } = direction;
  return { squares, packets, seconds, records };
}

/** What the records of connections tell together, each connection held against its own pace: sums that add up. */
export interface Spread {
  /** Of the squares that chance gives to single packets, over all records less one of each connection. */
  readonly excess: number;
  readonly packets: number;
  readonly records: number;
  readonly freedom: number;
}

export const NO_SPREAD: Spread = { excess: 0, packets: 0, records: 0, freedom: 0 };

export function spreadOf({ squares, packets, seconds, records }: Pulse): Spread {
  if (records < 2 || packets <= 0) return NO_SPREAD;
  return { excess: (squares * seconds) / packets - packets, packets, records, freedom: records - 1 };
}

/** About 0 for a clock, 1 to 5 for shares with their answers, far more for bursts. Null if too few records tell. */
export function scatterOf({ excess, packets, records, freedom }: Spread): Scatter | null {
  if (records < LEAST_RECORDS) return null;
  // Sums of floats depend on their order in the seventh digit.
  return { ratio: figure(Math.max(0, excess / freedom)), packets: figure(packets / records) };
}

function figure(value: number): number {
  return Math.round(value * 1000) / 1000;
}
