/** TCP flags of a text log, as letters or numbers. */
import { byteAt, cell, DOT } from './cell.ts';
import { readCount } from './count.ts';

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

/** The flag that a letter stands for; 0x100 of what may stand between letters, 0 of anything else. */
function flagOf(byte: u32): u32 {
  switch (byte) {
    case 0x46: // F
      return 1;
    case 0x53: // S
      return 2;
    case 0x52: // R
      return 4;
    case 0x50: // P
      return 8;
    case 0x41: // A
      return 16;
    case 0x55: // U
      return 32;
    case 0x45: // E
      return 64;
    case 0x43: // C
      return 128;
    case 0x20:
    case DOT:
      return 0x100;
    default:
      return 0;
  }
}
