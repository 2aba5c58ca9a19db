/**
 * Frames of yamux (hashicorp/yamux, spec.md), by which frp and others carry many streams in one connection:
 *
 *     0  version 0
 *     1  type: 0 data, 1 window update, 2 ping, 3 go away
 *     2  flags: 1 SYN, 2 ACK, 4 FIN, 8 RST
 *     4  stream, 0 for ping and go away
 *     8  length of the data; of the others a window, a number that is sent back, a reason
 */
import { shortAt, wordAt } from './bytes.ts';
import { type MuxFrame, MuxReader } from './mux.ts';

const HEAD_BYTES = 12;
const DATA = 0;
const WINDOW_UPDATE = 1;
const PING = 2;
const GO_AWAY = 3;
const FIN = 4;
const RST = 8;
/** Nobody opens so many streams in one connection, or announces windows or data of so many bytes. */
const MOST_STREAMS = 1 << 24;
const MOST_BYTES = 1 << 26;

/** Whether a direction that begins with these bytes begins with a frame. */
export function startsYamux(head: Uint8Array, length: number): 'yes' | 'part' | 'no' {
  if (head[0] !== 0 || (length > 1 && head[1] > GO_AWAY) || (length > 2 && head[2] !== 0)) return 'no';
  if (length < HEAD_BYTES) return length > 4 && head[4] !== 0 ? 'no' : 'part';
  return readHead(head) === null ? 'no' : 'yes';
}

function readHead(head: Uint8Array): MuxFrame | null {
  const type = head[1];
  const flags = shortAt(head, 2);
  const stream = wordAt(head, 4) >>> 0;
  const length = wordAt(head, 8) >>> 0;
  if (head[0] !== 0 || type > GO_AWAY || flags > 15 || (flags & (FIN | RST)) === (FIN | RST)) return null;
  if (type === DATA || type === WINDOW_UPDATE) {
    if (stream === 0 || stream >= MOST_STREAMS || length >= MOST_BYTES) return null;
    const bytes = type === DATA ? length : 0;
    return { stream, bytes, ends: (flags & FIN) !== 0, resets: (flags & RST) !== 0 };
  }
  const isKnown = type === PING ? flags === 1 || flags === 2 : flags === 0 && length <= 2;
  return stream === 0 && isKnown ? { stream, bytes: 0, ends: false, resets: false } : null;
}

export class YamuxReader extends MuxReader {
  protected readonly headBytes = HEAD_BYTES;

  protected read(head: Uint8Array): MuxFrame | null {
    return readHead(head);
  }
}
