/** Addresses as columns of decoded values hold them (readers/tables/value-cells.ts, readers/parquet/): text, 4 bytes, or 16. */
import { copyAddress, putIpv4, putIpv6 } from '../ends.ts';
import { readAddress } from './address.ts';
import { byteAt, LF } from './cell.ts';
import { AddressValue, cell, reading } from './memory.ts';

const PERCENT: u32 = 0x25;

/** Reads a value of so many bytes into the cell; false if it is no address. */
export function readAddressValue(at: usize, length: usize): bool {
  // What stands behind it is no part of it.
  const end = at + length;
  const behind = load<u8>(end);
  store<u8>(end, LF);
  const stop = readAddress(at);
  store<u8>(end, behind);
  if (stop === end && !hasZone(at, end)) return true;
  if (length !== 4 && length !== 16) return false;
  putIpv6(cell.word, at);
  // goflow2 writes IPv4 into the first of 16 bytes.
  const isWhole = cell.word0 === 0 || (cell.word1 | cell.word2 | cell.word3) !== 0;
  if (length === 4 || !isWhole) putIpv4(cell.word, cell.word0);
  return true;
}

/** Sixteen bytes may look like an address with a zone id, which no column holds. */
function hasZone(from: usize, end: usize): bool {
  for (let at = from; at < end; at++) if (byteAt(at) === PERCENT) return true;
  return false;
}

/**
 * Reads values of a page, of which the piece that begins at `base` lies in [from, end): all of `fixed` bytes, or each behind its
 * length if that is 0. Returns how many were made at `target`, `count` at most: those that the piece holds whole.
 */
export function readAddressValues(
  from: usize,
  end: usize,
  base: i32,
  fixed: u32,
  count: i32,
  target: usize,
): i32 {
  let at = from;
  let done = 0;
  for (; done < count; done++) {
    if (fixed === 0 && end - at < 4) break;
    const begin = fixed === 0 ? at + 4 : at;
    const length = fixed === 0 ? load<u32>(at) : fixed;
    if (length > end - begin) break;
    const value = changetype<AddressValue>(target + <usize>done * offsetof<AddressValue>());
    value.otherAt = readAddressValue(begin, length) ? 0 : base + <i32>(at - from) + 1;
    copyAddress(value.word, cell.word);
    at = begin + length;
  }
  reading.stoppedAt = at;
  return done;
}
