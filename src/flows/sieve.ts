/** What a kernel must know to tell which records only count (kernel/records/sieve.ts), written into its memory. */
import { PORTS_AT, WEB_PORTS_AT } from '../kernel/records/memory.ts';
import type { ListedField } from './endpoint-watch.ts';
import { isOrdinaryPort, isWebPort } from './ordinary-ports.ts';

export interface SieveSetup {
  readonly sinceUs: number;
  readonly untilUs: number;
  /** Of the listed endpoints. */
  readonly listed: readonly ListedField[];
}

/** What a kernel exports for it. */
export interface SieveCalls {
  beginSieve(sinceUs: number, untilUs: number): void;
  addField(mask0: number, mask1: number, mask3: number, shift: number, bitsAt: number): void;
}

/** By which every address may be listed. */
const ANY: ListedField = { masks: [0, 0, 0], shift: 31, bits: Int32Array.of(-1) };

/** Bytes that the bits of what is listed take. */
export function listedBytes({ listed }: SieveSetup): number {
  return listed.reduce((sum, { bits }) => sum + bits.byteLength, 0);
}

export function writePorts(bytes: Uint8Array): void {
  for (let port = 0; port < 65_536; port++) {
    if (isOrdinaryPort(port)) bytes[PORTS_AT + (port >> 3)] |= 1 << (port & 7);
    if (isWebPort(port)) bytes[WEB_PORTS_AT + (port >> 3)] |= 1 << (port & 7);
  }
}

/**
 * Tells a kernel, with the bits of what is listed at `listedAt` of its memory; where there is no room for these, the exact
 * list is asked always.
 */
export function beginSieve(
  calls: SieveCalls,
  words: Int32Array,
  setup: SieveSetup,
  listedAt: number,
  room = Number.POSITIVE_INFINITY,
): void {
  const listed = listedBytes(setup) <= room ? setup.listed : [ANY];
  calls.beginSieve(setup.sinceUs, setup.untilUs);
  let bitsAt = listedAt;
  for (const { masks, shift, bits } of listed) {
    calls.addField(...masks, shift, bitsAt);
    words.set(bits, bitsAt / 4);
    bitsAt += bits.byteLength;
  }
}
