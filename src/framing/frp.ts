/**
 * Messages of frp (fatedier/frp, pkg/msg), which its ends exchange before they carry a connection: a letter, a length of 8 bytes,
 * the most significant first, an object. They are taken off like a handshake with a proxy, for what follows is a protocol of its own.
 */
import { wordAt } from './bytes.ts';
import type { DirectionReader } from './direction-reader.ts';

const HEAD_BYTES = 9;
/** Longest message that frp takes, bytes. */
const MOST_BYTES = 10_240;
/** Types of messages (msg.go): login, proxies, connections for work and for visitors, pings, datagrams. */
const TYPES = new Set(Buffer.from('o1p2cwrsv3h4uimn56', 'latin1'));
const OPEN_BRACE = 0x7b;

export function startsFrp(head: Uint8Array, length: number): 'yes' | 'part' | 'no' {
  if (!TYPES.has(head[0])) return 'no';
  for (let at = 1; at < Math.min(length, 7); at++) if (head[at] !== 0) return 'no';
  if (length > HEAD_BYTES && head[HEAD_BYTES] !== OPEN_BRACE) return 'no';
  if (length < HEAD_BYTES) return 'part';
  const bytes = wordAt(head, 5);
  if (bytes < 2 || bytes > MOST_BYTES) return 'no';
  return length > HEAD_BYTES ? 'yes' : 'part';
}

export class FrpReader implements DirectionReader {
  status: 'open' | 'passed' | 'closed' = 'open';
  private readonly head = new Uint8Array(HEAD_BYTES);
  private filled = 0;
  private left = 0;

  get isInside(): boolean {
    return this.status === 'open';
  }

  push(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    while (at < to && this.filled < HEAD_BYTES) {
      this.head[this.filled++] = bytes[at++];
      if (this.filled === HEAD_BYTES) this.left = wordAt(this.head, 5);
    }
    const end = this.filled < HEAD_BYTES ? at : Math.min(to, at + this.left);
    this.left -= end - at;
    if (this.filled === HEAD_BYTES && this.left === 0) this.status = 'passed';
    return end;
  }

  gap(missing: number): void {
    if (this.filled === HEAD_BYTES && missing < this.left) this.left -= missing;
    else this.status = 'closed';
  }

  end(): void {}
}
