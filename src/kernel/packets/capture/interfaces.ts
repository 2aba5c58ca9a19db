/**
 * The interfaces of a pcapng section, a row each: link type, snap length and clock, and the sum that turns an interface's
 * ticks into microseconds (draft-ietf-opsawg-pcapng, section 4.2).
 */

import { u16At, u32At } from '../bytes.ts';
import { INTERFACES, INTERFACES_AT, Interface, input } from '../memory.ts';

const FIXED_BYTES: u32 = 8;
const OPTION_END: u32 = 0;
const OPTION_RESOLUTION: u32 = 9;
const OPTION_OFFSET: u32 = 14;
const WORD: f64 = 4294967296;
/** Above this many ticks a second a 16-bit step of the long division would leave the exact integers. */
const EXACT_TICKS: f64 = 137438953472; // 2^37

/** Forgets all: another section begins. */
export function clearInterfaces(): void {
  input.interfaces = 0;
}

function rowOf(id: u32): Interface {
  return changetype<Interface>(INTERFACES_AT + id * offsetof<Interface>());
}

/** The interface of that number; null if the section never described it, or in too few bytes. */
export function interfaceOf(id: u32): Interface | null {
  if (id >= input.interfaces) return null;
  const row = rowOf(id);
  return row.linkType < 0 ? null : row;
}

/**
 * Adds the interface whose block body is [at, end) and returns false if the table is full. A body too short still
 * takes its number, for later blocks count on it.
 *
 * offset  bytes
 *      0      2  link type
 *      2      2  reserved
 *      4      4  snap length
 *      8      …  options, each code (2), length (2), value padded to 4
 */
export function addInterface(at: u32, end: u32, little: bool): bool {
  if (input.interfaces === INTERFACES) return false;
  const row = rowOf(input.interfaces++);
  row.ticksPerSecond = 1e6;
  row.offsetUs = 0;
  row.linkType = -1;
  row.snapLength = 0;
  if (at + FIXED_BYTES > end) return true;
  row.linkType = u16At(at, little);
  row.snapLength = u32At(at + 4, little);
  options(row, at + 8, end, little);
  return true;
}

function options(row: Interface, from: u32, end: u32, little: bool): void {
  let at = from;
  while (at + 4 <= end) {
    const code = u16At(at, little);
    const length = u16At(at + 2, little);
    const value = at + 4;
    if (code === OPTION_END || value + length > end) return;
    if (code === OPTION_RESOLUTION && length === 1) {
      const exponent = load<u8>(value);
      // The top bit chooses the base: 2 if it is set, 10 if not.
      row.ticksPerSecond = power((exponent & 0x80) !== 0 ? 2 : 10, exponent & 0x7f);
    } else if (code === OPTION_OFFSET && length === 8) {
      const high = <i32>u32At(value + (little ? 4 : 0), little);
      const low = u32At(value + (little ? 0 : 4), little);
      row.offsetUs = (<f64>high * WORD + <f64>low) * 1e6;
    }
    at = value + length + ((0 - length) & 3);
  }
}

function power(base: f64, exponent: u32): f64 {
  let result: f64 = 1;
  for (let i: u32 = 0; i < exponent; i++) result *= base;
  return result;
}

/** Microseconds since 1970 of the tick count at `at`, high word first. */
export function timeOf(row: Interface, at: u32, little: bool): f64 {
  const high = <f64>u32At(at, little);
  const low = u32At(at + 4, little);
  const perSecond = row.ticksPerSecond;
  if (perSecond === 1e6) return high * WORD + <f64>low + row.offsetUs;
  if (perSecond > EXACT_TICKS) return ((high * WORD + <f64>low) / perSecond) * 1e6 + row.offsetUs;
  // Nanosecond counts need 61 bits. Long division in steps of 16 bits keeps every step exact, so that a file gives the
  // same times as its pcap twin.
  let seconds = floor(high / perSecond);
  let rest = (high - seconds * perSecond) * 65536 + <f64>(low >>> 16);
  let digit = floor(rest / perSecond);
  seconds = seconds * 65536 + digit;
  rest = (rest - digit * perSecond) * 65536 + <f64>(low & 0xffff);
  digit = floor(rest / perSecond);
  seconds = seconds * 65536 + digit;
  rest -= digit * perSecond;
  return seconds * 1e6 + row.offsetUs + (rest * 1e6) / perSecond;
}
