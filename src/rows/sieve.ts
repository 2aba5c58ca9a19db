/** What a kernel must know to tell which records only count (kernel/records/sieve.ts), written into its memory. */
import { totalOf } from '../order.ts';
import { AT, RECORDS_MEMORY } from '../schema/records-memory.ts';

/** Bits of the hashes of all listed prefixes of one length, as it may be sent elsewhere. */
export interface ListedField {
  /** Of the first, second and last word of an address. */
  readonly masks: readonly [number, number, number];
  /** Leaves of a hash the number of its bit. */
  readonly shift: number;
  readonly bits: Int32Array;
}

export interface SieveSetup {
  readonly sinceUs: number;
  readonly untilUs: number;
  /** Of the listed endpoints. */
  readonly listed: readonly ListedField[];
  /** Ports on which behaviour says nothing, and those of the web. */
  readonly ordinaryPorts: readonly number[];
  readonly webPorts: readonly number[];
  /** Bits of the names of pools (kernel/names.ts); without them a pool may have any name. */
  readonly names?: Uint8Array;
}

/** What a kernel exports for it. */
interface SieveCalls {
  beginSieve(sinceUs: number, untilUs: number): void;
  addListed(mask0: number, mask1: number, mask3: number, shift: number, bitsAt: number): void;
}

/** By which every address may be listed. */
const ANY: ListedField = { masks: [0, 0, 0], shift: 31, bits: Int32Array.of(-1) };

/** Addresses of pools that a log names, as they come: one in a hundred others is taken for one of 150. */
export const NAMED: ListedField = { masks: [-1, -1, -1], shift: 32 - 14, bits: new Int32Array(2 ** 14 / 32) };

/** Bytes that the bits of what is listed take. */
export function listedBytes({ listed }: Pick<SieveSetup, 'listed'>): number {
  return totalOf(listed, ({ bits }) => bits.byteLength);
}

/**
 * Tells a kernel, with the bits of what is listed at `listedAt` of its memory; where there is no room for these, the exact
 * list is asked always.
 */
export function beginSieve(
  calls: SieveCalls,
  memory: Uint8Array,
  setup: SieveSetup,
  listedAt: number,
  room = Number.POSITIVE_INFINITY,
): void {
  writePorts(memory.subarray(AT.ports, AT.ports + RECORDS_MEMORY.bytes.ports), setup.ordinaryPorts);
  writePorts(memory.subarray(AT.webPorts, AT.webPorts + RECORDS_MEMORY.bytes.webPorts), setup.webPorts);
  const listed = listedBytes(setup) <= room ? setup.listed : [ANY];
  calls.beginSieve(setup.sinceUs, setup.untilUs);
  let bitsAt = listedAt;
  for (const { masks, shift, bits } of listed) {
    calls.addListed(...masks, shift, bitsAt);
    memory.set(new Uint8Array(bits.buffer, bits.byteOffset, bits.byteLength), bitsAt);
    bitsAt += bits.byteLength;
  }
}

function writePorts(bits: Uint8Array, ports: readonly number[]): void {
  bits.fill(0);
  for (const port of ports) bits[port >> 3] |= 1 << (port & 7);
}
