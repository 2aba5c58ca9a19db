/** TCP flags of a text log: letters, numbers, or what Zeek tells of a connection. */

import { byteAt, DOT } from './cell.ts';
import { readCount } from './count.ts';
import { cell } from './memory.ts';

/** TCP flags: letters as nfdump and SiLK write them (dots and blanks between), or a number. */
export function readFlags(from: usize): usize {
  const end = readCount(from);
  if (end !== 0) {
    cell.value = <f64>(<i64>cell.value & 0xff);
    return end;
  }
  let at = from;
  let flags: u32 = 0;
  for (; ; at++) {
    const flag = flagOf(byteAt(at));
    if (flag === 0) break;
    flags |= flag;
  }
  cell.value = flags & 0xff;
  return at === from ? 0 : at;
}

/** By letter from A to U, as nfdump and SiLK write them. */
const FLAGS: usize = memory.data<u8>([16, 0, 128, 0, 64, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 4, 2, 0, 32]);

/** The flag that a letter stands for; 0x100 of what may stand between letters, 0 of anything else. */
function flagOf(byte: u32): u32 {
  if (byte === 0x20 || byte === DOT) return 0x100;
  return byte - 65 <= 20 ? <u32>load<u8>(FLAGS + byte - 65) : 0;
}

/** Zeek's `history`: upper case is the originator's doing, lower case the responder's. There may be no letters at all. */
export function readHistory(from: usize): usize {
  let originator: u32 = 0;
  let responder: u32 = 0;
  cell.isFlipped = 0;
  let at = from;
  for (; ; at++) {
    const byte = byteAt(at);
    if (byte === 0x5e) cell.isFlipped = 1;
    else if (byte - 65 <= 25) originator |= historyFlags(byte | 32);
    else if (byte - 97 <= 25) responder |= historyFlags(byte);
    else break;
  }
  cell.originatorFlags = originator;
  cell.responderFlags = responder;
  return at;
}

/** By letter from a to s: a and d acknowledge, the others are FIN, SYN with ACK, RST and SYN. */
const HISTORY: usize = memory.data<u8>([16, 0, 0, 24, 0, 1, 0, 18, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 2]);

function historyFlags(letter: u32): u32 {
  return letter - 97 <= 18 ? <u32>load<u8>(HISTORY + letter - 97) : 0;
}
