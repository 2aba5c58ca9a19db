/**
 * Frames of smux (xtaci/smux, frame.go), which kcptun and others use as frp uses yamux; numbers least significant byte first:
 *
 *     0  version 1 or 2
 *     1  command: 0 SYN, 1 FIN, 2 PSH with data, 3 NOP, 4 UPD with two numbers (version 2)
 *     2  length of what follows
 *     4  stream
 */
import { type MuxFrame, MuxReader } from './mux.ts';

const HEAD_BYTES = 8;
const FIN = 1;
const PSH = 2;
const NOP = 3;
const UPD = 4;
const UPD_BYTES = 8;

/** Whether a direction that begins with these bytes opens a stream, or goes on in one, with another frame behind it. */
export function startsSmux(head: Uint8Array, length: number): 'yes' | 'part' | 'no' {
  if ((head[0] !== 1 && head[0] !== 2) || (length > 1 && head[1] > UPD)) return 'no';
  if (length < HEAD_BYTES) return 'part';
  const first = readHead(head, 0);
  if (first === null) return 'no';
  // Eight bytes are little: what begins with an object, or a second head, tells.
  const next = HEAD_BYTES + first.bytes;
  if (head[1] === PSH && length > HEAD_BYTES && head[HEAD_BYTES] === 0x7b) return 'yes';
  if (head[1] === PSH && length > HEAD_BYTES) return 'no';
  if (length < next + HEAD_BYTES) return 'part';
  return readHead(head, next) === null ? 'no' : 'yes';
}

function readHead(head: Uint8Array, at: number): MuxFrame | null {
  const [version, command] = [head[at], head[at + 1]];
  const bytes = head[at + 2] | (head[at + 3] << 8);
  const stream = (head[at + 4] | (head[at + 5] << 8) | (head[at + 6] << 16) | (head[at + 7] << 24)) >>> 0;
  if ((version !== 1 && version !== 2) || command > UPD) return null;
  if (command === PSH) return stream === 0 ? null : { stream, bytes, ends: false, resets: false };
  if (command === UPD) {
    return version === 2 && bytes === UPD_BYTES ? { stream: 0, bytes, ends: false, resets: false } : null;
  }
  if (bytes !== 0 || (command === NOP) !== (stream === 0)) return null;
  return { stream, bytes, ends: command === FIN, resets: false };
}

export class SmuxReader extends MuxReader {
  protected readonly headBytes = HEAD_BYTES;

  protected read(head: Uint8Array): MuxFrame | null {
    return readHead(head, 0);
  }
}
