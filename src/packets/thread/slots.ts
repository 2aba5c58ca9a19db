/**
 * Slots of shared memory in which packets go from the thread that decodes to the one that follows flows: a block of the
 * capture, what was counted in it, and a row of numbers for each packet that more than counts. The slots are filled and
 * emptied in turn; who is ahead waits.
 */
import { allocate, type SharedMemory } from '../../wasm.ts';
import { type FlowMemory, KEY_WORDS } from '../flow-index.ts';
import { type FlowColumns, layColumns } from '../flow-table.ts';
import { COUNT_NUMBERS } from '../packet-counts.ts';

/** An even number. */
export const SLOTS = 20;
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
/** So many times the block was replaced by another one, which comes by message. */
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

/** Flows that are numbered before the numbers begin anew; with the rows of a slot there are never more than a quarter million. */
export const MOST_FLOWS = (1 << 18) - SLOT_ROWS;
const FLOWS_ROOM = 1 << 18;
/** Flows of a table that there is room for: as many as a tap follows at once (DEFAULT_LIMITS). */
const TABLE_ROOM = 1 << 20;
/** Room for the state of packet-program.ts. */
export const PROGRAM_BYTES = 16 * 1024;
/** Bits of names that are asked for in DNS: as many as framing/name-gate.ts has. */
const NAMES_BYTES = 8192;
const UNTIL_BYTES = 8;

/** The memory of all slots; an entry a slot where there are several. */
export interface SharedSlots {
  readonly control: SharedArrayBuffer;
  readonly numbers: SharedArrayBuffer;
  readonly rows: readonly Int32Array[];
  readonly blocks: readonly Uint8Array[];
  readonly asides: readonly Uint8Array[];
  /** In whose memory all of these lie, but for the first two; null where there is no such memory. */
  readonly program: {
    readonly memory: SharedMemory;
    readonly at: number;
    readonly flows: FlowMemory;
    readonly columns: FlowColumns;
    readonly names: Int32Array;
    /** A time, us; see flow-program.ts. */
    readonly until: Float64Array;
  } | null;
}

const ROWS_BYTES = SLOT_ROWS * ROW_WORDS * 4;
/** A whole number of pages, as HEADROOM_BYTES wants. */
const BLOCK_ROOM = Math.ceil((HEADROOM_BYTES + BLOCK_BYTES) / 4096) * 4096;
const SLOT_BYTES = ROWS_BYTES + BLOCK_ROOM + ASIDE_BYTES;
const FLOW_BYTES = 4 * (KEY_WORDS + 1 + 2);
/** Six columns of doubles, five of words, one of half a word and three of bytes. */
const COLUMNS_BYTES = 6 * 8 + 5 * 4 + 2 + 3;

const TABLE_BYTES = TABLE_ROOM * COLUMNS_BYTES + FLOWS_ROOM * 4;

export function shareSlots(): SharedSlots {
  const memory = commonMemory(
    SLOTS * SLOT_BYTES + FLOWS_ROOM * FLOW_BYTES + PROGRAM_BYTES + NAMES_BYTES + UNTIL_BYTES + TABLE_BYTES,
  );
  // Pages that nobody writes to cost nothing.
  const buffer = memory?.buffer ?? new SharedArrayBuffer(SLOTS * SLOT_BYTES);
  const slots = Array.from({ length: SLOTS }, (_, slot) => slot * SLOT_BYTES);
  return {
    control: new SharedArrayBuffer((SLOTS + 1) * CONTROL_WORDS * 4),
    numbers: new SharedArrayBuffer(SLOTS * SLOT_NUMBERS * 8),
    rows: slots.map((at) => new Int32Array(buffer, at, SLOT_ROWS * ROW_WORDS)),
    blocks: slots.map((at) => new Uint8Array(buffer, at + ROWS_BYTES, HEADROOM_BYTES + BLOCK_BYTES)),
    asides: slots.map((at) => new Uint8Array(buffer, at + ROWS_BYTES + BLOCK_ROOM, ASIDE_BYTES)),
    program: memory === null ? null : programIn(memory),
  };
}

/** Rows as the doubles in them. */
export function doublesOf(rows: Int32Array): Float64Array {
  return new Float64Array(rows.buffer, rows.byteOffset, rows.length / 2);
}

/** Null where the system has no addresses for it: everything goes without. */
function commonMemory(bytes: number): SharedMemory | null {
  try {
    return allocate(bytes);
  } catch {
    return null;
  }
}

function programIn(memory: SharedMemory): NonNullable<SharedSlots['program']> {
  const keysAt = SLOTS * SLOT_BYTES;
  const hashesAt = keysAt + FLOWS_ROOM * KEY_WORDS * 4;
  const indexAt = hashesAt + FLOWS_ROOM * 4;
  const flows = {
    capacity: FLOWS_ROOM,
    keys: new Int32Array(memory.buffer, keysAt, FLOWS_ROOM * KEY_WORDS),
    hashes: new Int32Array(memory.buffer, hashesAt, FLOWS_ROOM),
    index: new Int32Array(memory.buffer, indexAt, 2 * FLOWS_ROOM),
  };
  const at = indexAt + FLOWS_ROOM * 8;
  const namesAt = at + PROGRAM_BYTES;
  const names = new Int32Array(memory.buffer, namesAt, NAMES_BYTES / 4);
  const until = new Float64Array(memory.buffer, namesAt + NAMES_BYTES, 1);
  const columns = columnsIn(memory.buffer, until.byteOffset + UNTIL_BYTES);
  return { memory, at, flows, names, until, columns };
}

function columnsIn(buffer: SharedArrayBuffer, from: number): FlowColumns {
  let next = from;
  const place = (bytesEach: number, length = TABLE_ROOM): [SharedArrayBuffer, number, number] => {
    const at = next;
    next += bytesEach * length;
    return [buffer, at, length];
  };
  // In front, as an even number of words: doubles may follow.
  const ofKey = new Int32Array(...place(4, FLOWS_ROOM));
  return { ofKey, ...layColumns(place), flipped: new Uint8Array(...place(1)) };
}
