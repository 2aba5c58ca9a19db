/**
 * Bytes of one direction to HTTP/1.x messages (RFC 9112): heads, bodies by length, by chunks or up to the close, several
 * in a row on one connection, gzip and deflate undone. Only bodies that may be JSON are kept. What is left out on
 * purpose: trailers, chunk extensions, upgrades to anything but a WebSocket (the direction says so and ends).
 */
import { textOf } from './bytes.ts';
import { EventStreamReader, isEventStream } from './event-stream.ts';
import { HttpBody, opensValue } from './http-body.ts';
import {
  contentLength,
  type FirstLine,
  hasBody,
  isTunnel,
  isWebSocketUpgrade,
  LATE_START,
  readFields,
  readFirstLine,
  type StartLine,
  UNSURE,
} from './http-head.ts';

/** Longest head, bytes: as much as large servers take. */
export const HEAD_LIMIT = 64 * 1024;

export interface HttpSink {
  /** A message with its body as far as it was kept (empty if it cannot be JSON), before the next begins. */
  httpMessage(start: StartLine, body: Uint8Array, wireBytes: number, cut: boolean): void;
  /** The data of an event, of a response that goes on until it is closed (event-stream.ts); nothing when that begins. */
  httpEvent(start: StartLine, data: Uint8Array, wireBytes: number): void;
  /** Asked when a response head is complete: the method of the request that it answers, '' if unknown. */
  answeredMethod(): string;
}

/** What is kept of a line in which a start line is sought, bytes. */
const SEEK_LIMIT = 512;
/** Longest line between chunks, characters. */
const LINE_LIMIT = 1024;

const NOTHING = new Uint8Array(0);

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

export class HttpReader {
  /** Heads longer than the limit. */
  private headTooLong = 0;
  /** True once the direction has become something else: after an upgrade, or if HTTP has ended. */
  ended = false;
  /** True once a WebSocket follows (101 with that Upgrade). */
  upgraded = false;
  /** True if what follows is a tunnel (CONNECT) whose framing is to be found anew. */
  tunnel = false;

  private readonly body = new HttpBody();
  /** Reads a body of events; null if the body is another one. */
  private events: EventStreamReader | null = null;

  private state = HEAD;
  private messages = 0;
  /** Bytes behind what could not be read, until the next message begins. */
  private lostBytes = 0;
  private isOver = false;
  /** What has come of the head, and of it the first line once that is whole. */
  private head = '';
  private line: FirstLine | null = null;
  /** True if the current line has no character so far. */
  private isBlank = true;
  private start: StartLine | null = null;
  /** Bytes left of the body or chunk; infinite if the JSON value in it has to show where it ends. */
  private left = 0;
  private sizeLine = '';
  private wireBytes = 0;

  constructor(private readonly sink: HttpSink) {}

  /**
   * Takes the next bytes of the direction, up to the end of a message at most, for another framing may follow there; answers
   * the offset up to which they are HTTP.
   */
  push(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    while (at < to && !this.ended && !this.tunnel && (at === from || !this.betweenMessages)) {
      const before = at;
      if (this.state === LOST) at = this.seekStart(bytes, at, to);
      else if (this.state === HEAD) at = this.readHead(bytes, at, to);
      else if (this.state === FIXED || this.state === CHUNK) at = this.readBody(bytes, at, to);
      else if (this.state === UNTIL_CLOSE) {
        this.take(bytes, at, to);
        at = to;
      } else at = this.readLine(bytes, at, to);
      this.wireBytes += at - before;
      if (this.isOver) this.lostBytes += at - before;
      this.advance();
    }
    return at;
  }

  /** True if a message has been read, or was too long for that. */
  get hasSpoken(): boolean {
    return this.messages + this.headTooLong > 0;
  }

  /** Heads and bodies above their limits. */
  get oversize(): number {
    return this.headTooLong + this.body.tooLong + (this.events?.oversize ?? 0);
  }

  /** Bytes of messages that were too long, or not read for another reason. */
  get passedBytes(): number {
    return this.lostBytes + this.body.passedBytes + (this.events?.passedBytes ?? 0);
  }

  /** True if the next byte begins a message. */
  get betweenMessages(): boolean {
    return this.state === HEAD && this.head.length === 0;
  }

  /** True if the direction does not know where the next message begins. */
  get isLost(): boolean {
    return this.state === LOST;
  }

  /** `missing` bytes are lost here. A body of known length goes on behind them, cut. */
  gap(missing: number): void {
    this.events?.gap();
    if ((this.state === FIXED || this.state === CHUNK) && missing <= this.left && !this.isUnsure) {
      this.body.isCut = true;
      this.left -= missing;
      this.advance();
    } else if (this.state === UNTIL_CLOSE) this.body.isCut = true;
    else if (!this.betweenMessages) this.flush(true);
    else this.state = LOST;
  }

  /** The other side speaks: who was to go on has said what there is. */
  otherSpeaks(): void {
    if (!this.isUnsure || !this.body.isEmpty) return;
    this.left = 0;
    this.advance();
  }

  private get isUnsure(): boolean {
    return this.left === Number.POSITIVE_INFINITY;
  }

  /** The direction ends: a message without length is whole now, another that has begun is cut. */
  flush(lost = false): void {
    if (this.state !== HEAD && this.state !== LOST) {
      const whole = this.state === UNTIL_CLOSE && !this.body.isCut && !lost;
      this.finish(!whole);
    } else if (this.state === HEAD && this.line !== null) {
      const start = { ...this.line, headers: readFields(this.head) };
      this.sink.httpMessage(start, new Uint8Array(0), this.wireBytes, true);
    }
    this.clear();
    if (lost) this.state = LOST;
  }

  /**
   * Looks for the end of a start line, because the line may touch the body before it. Of long lines only the end is
   * kept: with targets longer than that the direction stays lost for one message more.
   */
  private seekStart(bytes: Uint8Array, from: number, to: number): number {
    const end = lineEnd(bytes, from, to);
    const at = end === -1 ? to : end;
    const line = this.head + textOf(bytes, Math.max(from, at - SEEK_LIMIT), at, 'latin1');
    this.head = line.slice(-SEEK_LIMIT);
    if (end === -1) return at;
    const start = this.head.includes('HTTP/1.') ? LATE_START.exec(this.head) : null;
    this.clear();
    this.line = start === null ? null : readFirstLine(start[0]);
    if (start === null || this.line === null) {
      this.state = LOST;
      return at;
    }
    this.head = start[0];
    this.isOver = false;
    this.wireBytes = start[0].length - (at - from); // the caller adds what was taken now
    return at;
  }

  /** Takes lines of the head, up to its end at most. */
  private readHead(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    if (this.betweenMessages) {
      // Empty lines in front of a start line are passed over (RFC 9112 2.2).
      while (at < to && (bytes[at] === LF || bytes[at] === CR)) at++;
      if (at > from) return at;
    }
    const most = Math.min(to, from + HEAD_LIMIT + 1 - this.head.length);
    while (at < most) {
      const end = lineEnd(bytes, at, most);
      const isBlank = this.isBlank && isOnlyCr(bytes, at, end === -1 ? most : end - 1);
      at = end === -1 ? most : end;
      this.isBlank = end !== -1 || isBlank;
      if (end === -1) break;
      if (this.line === null) {
        this.line = readFirstLine(this.head + textOf(bytes, from, at, 'latin1'));
        if (this.line === null) {
          this.lose();
          return at;
        }
      } else if (isBlank) {
        this.head += textOf(bytes, from, at, 'latin1');
        this.openMessage(this.line);
        return at;
      }
    }
    this.head += textOf(bytes, from, at, 'latin1');
    if (this.head.length > HEAD_LIMIT) {
      this.headTooLong++;
      this.lose();
    }
    return at;
  }

  /** A head is complete: what body follows it (RFC 9112 6.3). */
  private openMessage(line: FirstLine): void {
    const start = { ...line, headers: readFields(this.head) };
    this.head = '';
    this.line = null;
    this.messages++;
    this.start = start;
    const { status, headers } = start;
    const method = status === 0 ? start.method : this.sink.answeredMethod();
    const bodiless =
      status !== 0 &&
      (method === 'HEAD' || status < 200 || status === 204 || status === 304 || isTunnel(method, status));
    this.body.open(headers.get('content-encoding') ?? '');
    this.events = status !== 0 && isEventStream(headers) ? new EventStreamReader() : null;
    if (this.events !== null) this.sink.httpEvent(start, NOTHING, 0);
    const length = contentLength(headers.get('content-length'));
    this.left = 0;
    if (bodiless) this.state = FIXED;
    else if (/\bchunked\s*$/i.test(headers.get('transfer-encoding') ?? '')) this.state = CHUNK_SIZE;
    else if (length !== null || status === 0) {
      this.state = FIXED;
      const isUnsure = length === UNSURE || (length === null && hasBody(method));
      this.left = isUnsure ? Number.POSITIVE_INFINITY : (length ?? 0);
    } else this.state = UNTIL_CLOSE;
    if (status === 101) {
      this.ended = true;
      this.upgraded = isWebSocketUpgrade(headers);
    }
    if (method === 'CONNECT' && (status === 0 || isTunnel(method, status))) this.tunnel = true;
  }

  /** What follows is not a message. A direction that never had one is not HTTP at all. */
  private lose(): void {
    this.lostBytes += this.head.length;
    this.isOver = true;
    this.clear();
    this.state = LOST;
    this.ended = this.messages === 0;
  }

  /** Moves on if a part is complete. */
  private advance(): void {
    if (this.left > 0 || this.start === null) return;
    if (this.state === FIXED) {
      this.finish(this.body.isCut);
      this.clear();
    } else if (this.state === CHUNK) this.state = CHUNK_END;
  }

  private readBody(bytes: Uint8Array, from: number, to: number): number {
    const end = this.isUnsure ? this.body.valueEnd(bytes, from, to) : Math.min(to, from + this.left);
    this.take(bytes, from, end);
    this.left = this.isUnsure && this.body.isWhole ? 0 : this.left - (end - from);
    return end;
  }

  /** The next bytes of the body. */
  private take(bytes: Uint8Array, from: number, to: number): void {
    const { events, start } = this;
    if (events === null || start === null) this.body.add(bytes, from, to);
    else events.push(bytes, from, to, (data, wireBytes) => this.sink.httpEvent(start, data, wireBytes));
  }

  /** Chunk sizes, the line ends behind chunks, and trailers: short lines. */
  private readLine(bytes: Uint8Array, from: number, to: number): number {
    if (this.state === CHUNK_SIZE && this.sizeLine === '' && opensValue(bytes[from])) {
      // It says that chunks follow, and they do not.
      this.state = FIXED;
      this.left = Number.POSITIVE_INFINITY;
      return from;
    }
    const most = Math.min(to, from + LINE_LIMIT + 1 - this.sizeLine.length);
    const end = lineEnd(bytes, from, most);
    const at = end === -1 ? most : end;
    const line =
      this.sizeLine + textOf(bytes, from, end === -1 ? most : end - 1, 'latin1').replace(/\r/g, '');
    this.sizeLine = end === -1 ? line : '';
    if (end === -1) {
      if (line.length > LINE_LIMIT) this.flush(true);
      return at;
    }
    if (this.state === CHUNK_END) this.state = line === '' ? CHUNK_SIZE : LOST;
    else if (this.state === TRAILER) {
      if (line === '') this.state = FIXED;
    } else this.openChunk(line);
    if (this.state === LOST) {
      this.state = CHUNK_SIZE;
      this.flush(true);
    }
    return at;
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
    this.sink.httpMessage(this.start, this.body.read(cut), wireBytes, cut);
  }

  private clear(): void {
    this.state = HEAD;
    this.head = '';
    this.line = null;
    this.isBlank = true;
    this.start = null;
    this.left = 0;
    this.sizeLine = '';
    this.body.open('');
    this.wireBytes = 0;
  }
}

/** Offset behind the line end in `bytes[from, to)`; -1 if there is none. */
function lineEnd(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to; at++) if (bytes[at] === LF) return at + 1;
  return -1;
}

function isOnlyCr(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== CR) return false;
  return true;
}
