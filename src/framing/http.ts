/**
 * Bytes of one lane to HTTP/1.x messages (RFC 9112): heads, bodies by length, by chunks or up to the close, several
 * in a row on one connection, gzip and deflate undone. Only bodies that may be JSON are kept. What is left out on
 * purpose: trailers, chunk extensions, upgrades to anything but a WebSocket (the lane says so and ends).
 */
import { HttpBody } from './http-body.ts';
import {
  contentLength,
  isStartLine,
  isTunnel,
  isWebSocketUpgrade,
  LATE_START,
  parseHead,
  type StartLine,
} from './http-head.ts';

/** Longest head, bytes. */
export const HEAD_LIMIT = 16 * 1024;

export interface HttpSink {
  /** A message with its body as far as it was kept (empty where it cannot be JSON), before the next begins. */
  message(start: StartLine, body: Uint8Array, wireBytes: number, cut: boolean): void;
  /** Asked when a response head is complete: the method of the request that it answers, '' where unknown. */
  answered(): string;
}

/** What is kept of a line in which a start line is sought, bytes. */
const SEEK_LIMIT = 512;

const LF = 0x0a;
const CR = 0x0d;

const HEAD = 0;
const FIXED = 1; // a body with a length
const UNTIL_CLOSE = 2;
const CHUNK_SIZE = 3;
const CHUNK = 4;
const CHUNK_END = 5;
const TRAILER = 6;
const LOST = 7; // no place in the stream any more

export class HttpLane {
  /** Heads longer than the limit. */
  headTooLong = 0;
  /** True once the lane has become something else: after an upgrade, or where HTTP has ended. */
  ended = false;
  /** True once a WebSocket follows (101 with that Upgrade). */
  upgraded = false;
  /** True where what follows is a tunnel (CONNECT) whose framing is to be found anew. */
  tunnel = false;

  readonly body = new HttpBody();

  private readonly sink: HttpSink;
  private state = HEAD;
  private messages = 0;
  private readonly head: number[] = [];
  private lineLength = 0;
  private start: StartLine | null = null;
  /** Bytes left of the body or chunk. */
  private left = 0;
  private sizeLine = '';
  private wireBytes = 0;

  constructor(sink: HttpSink) {
    this.sink = sink;
  }

  /**
   * Takes the next bytes of the lane, up to the end of a message at most, for another framing may follow there; answers
   * the offset up to which they are HTTP.
   */
  push(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    while (at < to && !this.ended && !this.tunnel && (at === from || !this.betweenMessages)) {
      const before = at;
      if (this.state === LOST) at = this.seekStart(bytes, at, to);
      else if (this.state === HEAD) at = this.takeHead(bytes, at, to);
      else if (this.state === FIXED || this.state === CHUNK) at = this.takeBody(bytes, at, to);
      else if (this.state === UNTIL_CLOSE) {
        this.body.add(bytes, at, to);
        at = to;
      } else at = this.takeLine(bytes, at, to);
      this.wireBytes += at - before;
      this.settle();
    }
    return at;
  }

  /** True where the next byte begins a message. */
  get betweenMessages(): boolean {
    return this.state === HEAD && this.head.length === 0;
  }

  /** True where the lane does not know where the next message begins. */
  get isLost(): boolean {
    return this.state === LOST;
  }

  /** `missing` bytes are lost here. A body of known length goes on behind them, cut. */
  gap(missing: number): void {
    if ((this.state === FIXED || this.state === CHUNK) && missing <= this.left) {
      this.body.isCut = true;
      this.left -= missing;
      this.settle();
    } else if (this.state === UNTIL_CLOSE) this.body.isCut = true;
    else if (!this.betweenMessages) this.flush(true);
    else this.state = LOST;
  }

  /** The lane ends: a message without length is whole now, another that has begun is cut. */
  flush(lost = false): void {
    if (this.state !== HEAD && this.state !== LOST) {
      const whole = this.state === UNTIL_CLOSE && !this.body.isCut && !lost;
      this.finish(!whole);
    } else if (this.state === HEAD && this.head.length > 0) {
      const start = parseHead(Buffer.from(this.head).toString('latin1'), true);
      if (start !== null) this.sink.message(start, new Uint8Array(0), this.wireBytes, true);
    }
    this.clear();
    if (lost) this.state = LOST;
  }

  /**
   * Looks for the end of a start line, for the line may touch the body before it. Of long lines only the end is
   * kept: with targets longer than that the lane stays lost for one message more.
   */
  private seekStart(bytes: Uint8Array, from: number, to: number): number {
    const lineEnd = bytes.indexOf(LF, from);
    const at = lineEnd === -1 || lineEnd >= to ? to : lineEnd + 1;
    for (let next = Math.max(from, at - SEEK_LIMIT); next < at; next++) this.head.push(bytes[next]);
    if (this.head.length > SEEK_LIMIT) this.head.splice(0, this.head.length - SEEK_LIMIT);
    if (at === from || bytes[at - 1] !== LF) return at;
    const line = Buffer.from(this.head).toString('latin1');
    const start = line.includes('HTTP/1.') ? LATE_START.exec(line) : null;
    this.clear();
    if (start === null) {
      this.state = LOST;
      return at;
    }
    for (const byte of Buffer.from(start[0], 'latin1')) this.head.push(byte);
    this.wireBytes = start[0].length - (at - from); // the caller adds what was taken now
    return at;
  }

  private takeHead(bytes: Uint8Array, from: number, to: number): number {
    for (let at = from; at < to; at++) {
      const byte = bytes[at];
      // Empty lines in front of a start line are passed over (RFC 9112 2.2).
      if (this.head.length === 0 && (byte === LF || byte === CR)) continue;
      if (this.head.length === 0 && at > from) return at;
      this.head.push(byte);
      if (byte === LF) {
        if (this.lineLength === 0) {
          this.openMessage();
          return at + 1;
        }
        if (this.lineLength >= this.head.length - 2 && !isStartLine(this.head)) {
          this.lose();
          return at + 1;
        }
        this.lineLength = 0;
      } else if (byte !== CR) this.lineLength++;
      if (this.head.length > HEAD_LIMIT) {
        this.headTooLong++;
        this.lose();
        return at + 1;
      }
    }
    return to;
  }

  /** A head is complete: what body follows it (RFC 9112 6.3). */
  private openMessage(): void {
    const start = parseHead(Buffer.from(this.head).toString('latin1'), false);
    this.head.length = 0;
    this.lineLength = 0;
    if (start === null) {
      this.lose();
      return;
    }
    this.messages++;
    this.start = start;
    const { status, headers } = start;
    const method = status === 0 ? start.method : this.sink.answered();
    const bodiless =
      status !== 0 &&
      (method === 'HEAD' || status < 200 || status === 204 || status === 304 || isTunnel(method, status));
    this.body.open(headers.get('content-encoding') ?? '');
    const length = contentLength(headers.get('content-length'));
    this.left = 0;
    if (bodiless) this.state = FIXED;
    else if (/\bchunked\s*$/i.test(headers.get('transfer-encoding') ?? '')) this.state = CHUNK_SIZE;
    else if (length !== null) {
      this.state = FIXED;
      this.left = length;
    } else this.state = status === 0 ? FIXED : UNTIL_CLOSE;
    if (status === 101) {
      this.ended = true;
      this.upgraded = isWebSocketUpgrade(headers);
    }
    if (method === 'CONNECT' && (status === 0 || isTunnel(method, status))) this.tunnel = true;
  }

  /** What follows is no message. A lane that never had one is no HTTP at all. */
  private lose(): void {
    this.clear();
    this.state = LOST;
    this.ended = this.messages === 0;
  }

  /** Moves on where a part is complete. */
  private settle(): void {
    if (this.left > 0 || this.start === null) return;
    if (this.state === FIXED) {
      this.finish(this.body.isCut);
      this.clear();
    } else if (this.state === CHUNK) this.state = CHUNK_END;
  }

  private takeBody(bytes: Uint8Array, from: number, to: number): number {
    const end = Math.min(to, from + this.left);
    this.body.add(bytes, from, end);
    this.left -= end - from;
    return end;
  }

  /** Chunk sizes, the line ends behind chunks, and trailers: short lines. */
  private takeLine(bytes: Uint8Array, from: number, to: number): number {
    for (let at = from; at < to; at++) {
      const byte = bytes[at];
      if (byte !== LF) {
        if (this.sizeLine.length > 1024) {
          this.flush(true);
          return at + 1;
        }
        if (byte !== CR) this.sizeLine += String.fromCharCode(byte);
        continue;
      }
      const line = this.sizeLine;
      this.sizeLine = '';
      if (this.state === CHUNK_END) this.state = line === '' ? CHUNK_SIZE : LOST;
      else if (this.state === TRAILER) {
        if (line === '') this.state = FIXED;
      } else this.openChunk(line);
      if (this.state === LOST) {
        this.state = CHUNK_SIZE;
        this.flush(true);
      }
      return at + 1;
    }
    return to;
  }

  private openChunk(line: string): void {
    const size = /^\s*([0-9a-f]{1,8})\s*(;.*)?$/i.exec(line);
    if (size === null) this.state = LOST;
    else {
      this.left = Number.parseInt(size[1], 16);
      this.state = this.left === 0 ? TRAILER : CHUNK;
    }
  }

  private finish(cut: boolean): void {
    if (this.start === null) return;
    const wireBytes = this.wireBytes;
    this.wireBytes = 0;
    this.sink.message(this.start, this.body.read(cut), wireBytes, cut);
  }

  private clear(): void {
    this.state = HEAD;
    this.head.length = 0;
    this.lineLength = 0;
    this.start = null;
    this.left = 0;
    this.sizeLine = '';
    this.body.open('');
    this.wireBytes = 0;
  }
}
