/**
 * A body of server-sent events (WHATWG HTML, 9.2.6) to the data of each: lines that end with LF, CR or both, fields before a
 * colon, comments behind one, an event for each empty line. Only `data` is of interest.
 */
import { limits } from '../limits.ts';
import { appended, textOf } from './bytes.ts';

const NOTHING = new Uint8Array(0);
const REUSED_BYTES = 4096;
const LF = 0x0a;
const CR = 0x0d;

/** True of a head whose body is events. */
export function isEventStream(headers: ReadonlyMap<string, string>): boolean {
  return /^text\/event-stream\b/i.test(headers.get('content-type') ?? '') && !headers.has('content-encoding');
}

export class EventStreamReader {
  /** Events whose data is longer than a body may be, and bytes of those. */
  oversize = 0;
  passedBytes = 0;
  private line: Uint8Array = NOTHING;
  private length = 0;
  private data: string[] = [];
  private dataLength = 0;
  private wireBytes = 0;
  private isOver = false;
  private hadCr = false;

  /** Takes the next bytes; `take` gets the data of each event that ends in them, and the bytes since the one before. */
  push(
    bytes: Uint8Array,
    from: number,
    to: number,
    take: (data: Uint8Array, wireBytes: number) => void,
  ): void {
    this.wireBytes += to - from;
    let start = from;
    for (let at = from; at < to; at++) {
      const byte = bytes[at];
      if (byte === LF && this.hadCr) {
        this.hadCr = false;
        start = at + 1;
        continue;
      }
      this.hadCr = byte === CR;
      if (byte !== LF && byte !== CR) continue;
      this.add(bytes, start, at);
      start = at + 1;
      this.endLine(take);
    }
    this.add(bytes, start, to);
  }

  /** Bytes are missing: the event that has begun is lost. */
  gap(): void {
    this.isOver = true;
    this.length = 0;
  }

  private add(bytes: Uint8Array, from: number, to: number): void {
    if (from >= to) return;
    if (this.isOver || this.length + this.dataLength + to - from > limits['http-body']) {
      if (!this.isOver) this.oversize++;
      this.isOver = true;
      this.passedBytes += to - from;
      // An empty line still has to be told from one that was passed over.
      this.length = Math.max(this.length, 1);
      if (this.line.length === 0) this.line = new Uint8Array(1);
      return;
    }
    this.line = appended(this.line, this.length, bytes.subarray(from, to));
    this.length += to - from;
  }

  private endLine(take: (data: Uint8Array, wireBytes: number) => void): void {
    const { length } = this;
    this.length = 0;
    if (length === 0) {
      this.dispatch(take);
      return;
    }
    if (this.isOver) return;
    const line = textOf(this.line, 0, length).replace(/^\ufeff/, '');
    if (this.line.length > REUSED_BYTES) this.line = NOTHING;
    if (line !== 'data' && !line.startsWith('data:')) return;
    const value = line.slice(5).replace(/^ /, '');
    this.data.push(value);
    this.dataLength += value.length + 1;
  }

  private dispatch(take: (data: Uint8Array, wireBytes: number) => void): void {
    const { data, isOver, wireBytes } = this;
    this.data = [];
    this.dataLength = 0;
    this.isOver = false;
    if (data.length === 0) return;
    this.wireBytes = 0;
    const text = data.join('\n');
    if (!isOver && text !== '') take(Buffer.from(text), wireBytes);
  }
}
