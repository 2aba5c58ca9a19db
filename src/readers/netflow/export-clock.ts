/**
 * Clocks of exporters. A clock that was never set counts from 1970 since its boot, or stays at 0. Then the time at
 * which a capture saw the message is better.
 */

/** No exporter of flows ran before 1990: an earlier clock was never set. */
export const CLOCKS_SET_US = 631_152_000_000_000;

/**
 * What is to be added to times of an exporter that says `ownUs` in a message that arrived at `arrivedUs`; 0 if its
 * clock was set, or nothing knows better.
 */
export function clockOffsetUs(ownUs: number, arrivedUs: number): number {
  return ownUs < CLOCKS_SET_US && arrivedUs >= CLOCKS_SET_US ? arrivedUs - ownUs : 0;
}
