/**
 * Slots of shared memory in which packets go from the thread that decodes to the one that follows flows: a block of the
 * capture, what was counted in it, and a row of numbers for each packet that more than counts. The slots are filled and
 * emptied in turn; who is ahead waits.
 */
import { COUNT_NUMBERS } from '../packet-counts.ts';

/** An even number. */
export const SLOTS = 12;
export const BLOCK_BYTES = 512 * 1024;
/**
 * Room in front of a block for the unread end of the one before: a record of usual length. 1 KiB beyond a whole number
 * of pages for what `sources/reading-room` says.
 */
export const HEADROOM_BYTES = 321 * 1024;
/** Rows of a slot. A block of the shortest packets has more: it is handed over in parts. */
export const SLOT_ROWS = 16_384;
/** Room for datagrams that were put together of fragments; likewise. */
export const ASIDE_BYTES = 256 * 1024;

/** Control words of a slot, a cache line. Behind all slots stand words for the thread as a whole. */
export const CONTROL_WORDS = 16;
export const STATE = 0;
export const ROWS = 1;
/** 1 where the block was replaced by a larger one, which comes by message. */
export const MOVED = 2;
/** 1 where the numbers of flows begin anew with this slot. */
export const KEYS_ANEW = 3;
/** Not 0 where the thread is to read no further. */
export const STOP = SLOTS * CONTROL_WORDS;
/** Not 0 once the thread has started. */
export const STARTED = STOP + 1;

// States of a slot.
/** To be filled with the next block. */
export const FREE = 0;
/** Handed over; comes back as FREE. */
export const FULL = 1;
/** Handed over with more of the same block to come; comes back as RESUMED. */
export const PART = 2;
export const RESUMED = 3;
/** Handed over, the last of the input; comes back as FREE. */
export const LAST = 4;

/** Numbers of a slot: the counts (`PacketCounts`), and behind them these. */
export const SLOT_NUMBERS = 64;
/** Records of the input before the rows of the slot. */
export const RECORDS_BEFORE = COUNT_NUMBERS;
export const RECORDS_AFTER = COUNT_NUMBERS + 1;
/** Bytes of the input that were read so far. */
export const BYTES_READ = COUNT_NUMBERS + 2;

/**
 * A row is a cache line of words:
 *    0, 1  capture time, us, as a float
 *    2     record, counted from those before the slot
 *    3     TCP flags | protocol << 8 | bits
 *    4     number of the flow in the thread's index
 *    5     bytes by the IP header
 *    6-8   payload: start, end, bytes on the wire
 *    9     source port << 16 | destination port
 *   10, 11 sequence and acknowledgement number
 *   12, 13 last words of source and destination address
 *   14     first byte of the payload
 * Where the addresses are not IPv4, the next row begins with the other words of both.
 */
export const ROW_WORDS = 16;
/** The packet is of the times that count. */
export const COUNTS = 1 << 16;
/** The source sorts after the destination. */
export const HIGHER = 1 << 17;
/** A row with the rest of the addresses follows. */
export const WIDE = 1 << 18;
/** The payload lies in the slot's place for datagrams. */
export const ASIDE = 1 << 19;

/** The memory of all slots; an entry a slot where there are several. */
export interface SharedSlots {
  readonly control: SharedArrayBuffer;
  readonly numbers: SharedArrayBuffer;
  readonly rows: readonly SharedArrayBuffer[];
  readonly blocks: readonly SharedArrayBuffer[];
  readonly asides: readonly SharedArrayBuffer[];
}

export function shareSlots(): SharedSlots {
  // Pages that nobody writes to cost nothing.
  const forEach = (bytes: number) => Array.from({ length: SLOTS }, () => new SharedArrayBuffer(bytes));
  return {
    control: new SharedArrayBuffer((SLOTS + 1) * CONTROL_WORDS * 4),
    numbers: new SharedArrayBuffer(SLOTS * SLOT_NUMBERS * 8),
    rows: forEach(SLOT_ROWS * ROW_WORDS * 4),
    blocks: forEach(HEADROOM_BYTES + BLOCK_BYTES),
    asides: forEach(ASIDE_BYTES),
  };
}
