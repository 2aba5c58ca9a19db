/**
 * What the two sides of a watched flow say, in order, as messages: of TLS each application-data record (RFC 8446 5.1) is one, of
 * anything else what one side sends at one time.
 */
import { Side, WATCHES, WATCHES_AT, WATCHES_BYTES, Watch } from './memory.ts';
import { addMessage, extendMessage } from './ring.ts';

const HEADER_BYTES: u32 = 5;
/** Bytes of a segment that are looked at to tell ciphertext from text. */
const SAMPLE_BYTES: u32 = 16;
const APPLICATION_DATA: u32 = 0x17;
const HANDSHAKE: u32 = 0x16;
const FIRST_RECORD_TYPE: u32 = 0x14;
const LAST_RECORD_TYPE: u32 = 0x18;

/** Bytes of a watch with its sides. */
const WATCH_BYTES: u32 = WATCHES_BYTES / WATCHES;

export function watchOf(slot: u32): Watch {
  return changetype<Watch>(WATCHES_AT + slot * WATCH_BYTES);
}

export function sideOf(slot: u32, direction: u32): Side {
  return changetype<Side>(WATCHES_AT + slot * WATCH_BYTES + offsetof<Watch>() + direction * offsetof<Side>());
}

/** Bytes of a record may be missing: its header has told how many there are. */
export function missWatched(slot: u32, direction: u32, missing: u32): void {
  const side = sideOf(slot, direction);
  if (side.headerBytes === 0 && side.left >= missing) side.left -= missing;
  else {
    side.left = 0;
    side.headerBytes = 0;
  }
}

/** The next bytes of a direction: type 1, version 2 (3, 0 to 4), length 2, then the record, and so on. */
export function watchBytes(slot: u32, direction: u32, from: u32, to: u32, timeUs: f64): void {
  const side = sideOf(slot, direction);
  const watch = watchOf(slot);
  watch.segments++;
  let at = from;
  while (at < to) {
    const left = side.left;
    if (left > 0) {
      const passed = min(left, to - at);
      side.left = left - passed;
      at += passed;
    } else if (readsHeader(side, load<u8>(at))) {
      at++;
      if (side.headerBytes === HEADER_BYTES) {
        side.headerBytes = 0;
        side.left = side.length;
        if (side.type === APPLICATION_DATA) {
          addMessage(watch, slot, direction, side.length, timeUs);
          watch.isOpen = false;
        }
      }
    } else {
      watchBare(slot, direction, at, to, timeUs);
      return;
    }
  }
  watch.tlsSegments++;
}

/** Takes a byte of a record's header; false if it can be none. */
function readsHeader(side: Side, byte: u32): bool {
  const seen = <u32>side.headerBytes;
  if (seen === 0) {
    if (byte < FIRST_RECORD_TYPE || byte > LAST_RECORD_TYPE) return false;
    side.type = <u8>byte;
  } else if (seen === 1) {
    if (byte !== 3) return false;
  } else if (seen === 2) {
    if (byte > 4) return false;
  } else side.length = seen === 3 ? byte << 8 : side.length | byte;
  side.headerBytes = <u8>(seen + 1);
  return true;
}

/** Bytes that begin with no record, those that looked like the beginning of a header before them. */
function watchBare(slot: u32, direction: u32, from: u32, to: u32, timeUs: f64): void {
  const side = sideOf(slot, direction);
  const watch = watchOf(slot);
  const length = to - from + side.headerBytes;
  side.headerBytes = 0;
  if (looksRandom(from, to)) watch.randomSegments++;
  if (watch.isOpen && extendMessage(watch, slot, direction, length, timeUs)) return;
  addMessage(watch, slot, direction, length, timeUs);
  watch.isOpen = true;
}

/**
 * True if nobody can read what begins in the payload [from, to): a record of TLS in mid-session (a handshake is read
 * elsewhere), bytes that look random, or none that were captured.
 */
export function isUnreadable(from: u32, to: u32): bool {
  if (from === to) return true;
  const type = load<u8>(from);
  const isRecord = type >= FIRST_RECORD_TYPE && type <= LAST_RECORD_TYPE && type !== HANDSHAKE;
  if (isRecord && to - from >= HEADER_BYTES && load<u8>(from + 1) === 3 && load<u8>(from + 2) <= 4)
    return true;
  return looksRandom(from, to);
}

/** Of random bytes half have the high bit set and hardly any is 0: text has none of the one, structures many zeros. */
function looksRandom(from: u32, end: u32): bool {
  const to = min(end, from + SAMPLE_BYTES);
  let high: u32 = 0;
  let zeros: u32 = 0;
  for (let at = from; at < to; at++) {
    if (load<u8>(at) >= 0x80) high++;
    else if (load<u8>(at) === 0) zeros++;
  }
  const length = to - from;
  return length >= 8 && zeros <= 1 && high * 5 >= length && high * 5 <= length * 4;
}
