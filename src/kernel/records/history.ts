/** TCP flags of Zeek's history of a connection. */
import { byteAt, cell } from './cell.ts';

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

/** TCP flags that a letter of Zeek's `history` stands for. */
function historyFlags(letter: u32): u32 {
  switch (letter) {
    case 0x73: // s
      return 0x02;
    case 0x68: // h
      return 0x12;
    case 0x61: // a
      return 0x10;
    case 0x64: // d
      return 0x18;
    case 0x66: // f
      return 0x01;
    case 0x72: // r
      return 0x04;
    default:
      return 0;
  }
}
