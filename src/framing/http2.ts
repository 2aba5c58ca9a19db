/**
 * Bytes of a direction to the messages of HTTP/2 in clear (RFC 9113), which both sides know to speak (3.3) or upgrade to: frames,
 * heads in one or several of them, bodies of many streams in pieces, padded or not. In bodies, and in messages of gRPC, objects
 * are sought; what else a message of gRPC holds goes on as it is, with path and content type. Left out on purpose: pushed streams, trailers.
 *
 *     0  length of the payload | 3 type | 4 flags | 5 stream
 */
import { appended, wordAt } from './bytes.ts';
import type { DirectionReader } from './direction-reader.ts';
import { EventStreamReader, isEventStream } from './event-stream.ts';
import type { FrameSink } from './frame-sink.ts';
import { GrpcReader } from './grpc.ts';
import { HpackDecoder } from './hpack.ts';
import { opensValue } from './http-body.ts';
import { bodyBehind, type Http2Side, type Http2Streams } from './http2-streams.ts';
import type { Direction } from './message.ts';
import { ObjectPieces } from './object-pieces.ts';

/** What a client begins with (RFC 9113 3.4). */
export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');
const HEAD_BYTES = 9;
/** Longest head of a message, packed, in all its frames; a longer one is passed over, and no later one can be read. */
const MOST_BLOCK = 64 * 1024;
/** Room that is left to the next head. */
const KEPT_BLOCK = 4096;
/** Longest frame behind a gap: what everybody must take (RFC 9113 4.2). */
const MOST_SURE_FRAME = 16_384;
/** A setting, and how many of them anybody sends at once. */
const SETTING_BYTES = 6;
const MOST_SETTINGS = 64;
/** Types that are declared (IANA "HTTP/2 Frame Type"); others are passed over (5.5), but not those that nobody has. */
const MOST_TYPE = 0x3f;

const DATA = 0;
const HEADERS = 1;
const RST_STREAM = 3;
const SETTINGS = 4;
const PUSH_PROMISE = 5;
const CONTINUATION = 9;
const END_STREAM = 1;
const END_HEADERS = 4;
const PADDED = 8;
const PRIORITY = 0x20;

/** Whether a direction that begins with these bytes is a client of HTTP/2, or a server: settings come first. */
export function startsHttp2(head: Uint8Array, length: number): 'yes' | 'part' | 'no' {
  const isClient = head[0] === PREFACE[0];
  for (let at = 0; at < Math.min(length, PREFACE.length); at++)
    if (isClient && head[at] !== PREFACE[at]) return 'no';
  if (isClient) return length >= PREFACE.length ? 'yes' : 'part';
  if (head[0] !== 0) return 'no';
  if (length > 3 && head[3] !== SETTINGS) return 'no';
  for (let at = 4; at < Math.min(length, HEAD_BYTES); at++) if (head[at] !== 0) return 'no';
  if (length < HEAD_BYTES) return 'part';
  const bytes = (head[1] << 8) | head[2];
  if (bytes % SETTING_BYTES !== 0 || bytes > MOST_SETTINGS * SETTING_BYTES) return 'no';
  if (bytes > 0) return 'yes';
  // An empty frame is all zeros but one: what follows has to be a frame, too.
  if (length < 2 * HEAD_BYTES) return 'part';
  return frameAt(head, HEAD_BYTES) === null ? 'no' : 'yes';
}

interface Frame {
  readonly bytes: number;
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
}

/** The head of a frame; null if it can be none. */
function frameAt(head: Uint8Array, at: number): Frame | null {
  const bytes = (head[at] << 16) | (head[at + 1] << 8) | head[at + 2];
  const stream = wordAt(head, at + 5) & 0x7fff_ffff;
  const type = head[at + 3];
  if (type > MOST_TYPE || (type === SETTINGS && (stream !== 0 || bytes % SETTING_BYTES !== 0))) return null;
  const isOfStream = type <= RST_STREAM || type === PUSH_PROMISE || type === CONTINUATION;
  if (isOfStream && stream === 0) return null;
  return { bytes, type, flags: head[at + 4], stream };
}

export class Http2Reader implements DirectionReader {
  status: 'open' | 'passed' | 'closed' = 'open';
  /** Heads and messages above their limits, and bytes that were passed over. */
  oversize = 0;
  passedBytes = 0;

  private readonly hpack = new HpackDecoder();
  /** False once a head could not be read: no later one can. */
  private knowsHeads = true;
  private prefaceAt = 0;
  private readonly head = new Uint8Array(HEAD_BYTES);
  private filled = 0;
  private frame: Frame | null = null;
  /** Bytes left of the frame, and of its padding behind the rest; what is not told yet of that is -1. */
  private left = 0;
  private padding = 0;
  private wireBytes = 0;
  /** A head whose end has not come, what stands before its fields, and whether it is promised or ends its stream. */
  private block: Uint8Array = new Uint8Array(0);
  private blockBytes = 0;
  private blockSkips = 0;
  private isPromise = false;
  private blockEnds = false;
  private inBlock = false;
  private isLost = false;
  private lastStream = 0;

  constructor(
    private readonly sink: FrameSink,
    private readonly direction: Direction,
    private readonly streams: Http2Streams,
  ) {}

  get isInside(): boolean {
    return this.filled > 0 || this.left > 0 || this.inBlock;
  }

  push(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    while (at < to && this.status === 'open') {
      const before = at;
      if (this.isLost) this.seek(bytes[at++]);
      else if (this.frame === null) at = this.readHead(bytes, at);
      else at = this.readPayload(this.frame, bytes, at, Math.min(to, at + this.left));
      this.wireBytes += at - before;
    }
    // What is no frame ends at the same place however it arrives.
    return at;
  }

  gap(missing: number): void {
    const { frame } = this;
    if (frame !== null && frame.type === DATA && this.padding >= 0 && missing <= this.left) {
      this.break(frame.stream);
      this.left -= missing;
      if (this.left === 0) this.finish(frame);
      return;
    }
    // A head may be among what is lost, and those behind it refer to it.
    this.knowsHeads = false;
    if (frame?.type === DATA) this.break(frame.stream);
    this.frame = null;
    this.filled = 0;
    this.left = 0;
    this.blockBytes = 0;
    this.inBlock = false;
    this.isLost = true;
  }

  end(): void {}

  private break(stream: number): void {
    const { body } = this.side(stream);
    if (body !== null && 'gap' in body) body.gap();
  }

  private side(stream: number): Http2Side {
    return this.streams.side(stream, this.direction);
  }

  /** Looks for the head of a frame of the stream that spoke last: text has no bytes like it. */
  private seek(byte: number): void {
    const { head } = this;
    if (this.filled === HEAD_BYTES) {
      head.copyWithin(0, 1, HEAD_BYTES);
      this.filled--;
    }
    head[this.filled++] = byte;
    if (this.filled < HEAD_BYTES) return;
    const frame = frameAt(head, 0);
    if (frame === null || frame.type !== DATA || frame.stream !== this.lastStream) return;
    if (frame.bytes === 0 || frame.bytes > MOST_SURE_FRAME) return;
    this.isLost = false;
    this.openFrame();
  }

  private readHead(bytes: Uint8Array, at: number): number {
    if (this.prefaceAt >= 0 && this.prefaceAt < PREFACE.length && bytes[at] === PREFACE[this.prefaceAt]) {
      this.prefaceAt++;
      return at + 1;
    }
    if (this.prefaceAt > 0 && this.prefaceAt < PREFACE.length) this.status = 'closed';
    this.prefaceAt = -1;
    this.head[this.filled++] = bytes[at];
    if (this.filled === HEAD_BYTES) this.openFrame();
    return at + 1;
  }

  private openFrame(): void {
    this.filled = 0;
    const frame = frameAt(this.head, 0);
    // RFC 9113 6.2: nothing comes between the frames of a head.
    if (frame === null || this.inBlock !== (frame.type === CONTINUATION)) {
      this.status = 'closed';
      return;
    }
    this.frame = frame;
    if (frame.type === DATA) this.lastStream = frame.stream;
    this.left = frame.bytes;
    const opensBlock = frame.type === HEADERS || frame.type === PUSH_PROMISE;
    const mayPad = frame.type === DATA || opensBlock;
    this.padding = mayPad && (frame.flags & PADDED) !== 0 ? -1 : 0;
    if (opensBlock) this.openBlock(frame);
    if (this.left === 0) this.finish(frame);
  }

  /** A priority of 5 bytes, or the number of a promised stream, may stand in front (RFC 9113 6.2, 6.6). */
  private openBlock({ type, flags }: Frame): void {
    this.inBlock = true;
    this.isPromise = type === PUSH_PROMISE;
    this.blockEnds = !this.isPromise && (flags & END_STREAM) !== 0;
    this.blockSkips = this.isPromise ? 4 : (flags & PRIORITY) !== 0 ? 5 : 0;
  }

  private readPayload(frame: Frame, bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    if (this.padding < 0) {
      this.padding = Math.min(bytes[at++], this.left - 1);
      this.left--;
    }
    const end = Math.min(to, at + Math.max(0, this.left - this.padding));
    if (frame.type === DATA) this.readData(frame, bytes, at, end);
    else if (this.inBlock) this.keepBlock(bytes, at, end);
    this.left -= to - at;
    if (this.left === 0) this.finish(frame);
    return to;
  }

  private finish(frame: Frame): void {
    this.frame = null;
    const { type, flags, stream } = frame;
    if (this.inBlock && (flags & END_HEADERS) !== 0) this.readBlock(stream);
    const endsData = type === DATA && (flags & END_STREAM) !== 0;
    if (endsData) this.endStream(stream);
    else if (type === RST_STREAM) this.streams.end(stream, this.direction, true);
  }

  private keepBlock(bytes: Uint8Array, from: number, to: number): void {
    if (!this.knowsHeads) return;
    this.block = appended(this.block, this.blockBytes, bytes.subarray(from, to));
    this.blockBytes += to - from;
    if (this.blockBytes <= MOST_BLOCK) return;
    this.oversize++;
    this.passedBytes += this.blockBytes;
    this.loseHeads();
  }

  private loseHeads(): void {
    this.knowsHeads = false;
    this.blockBytes = 0;
  }

  private readBlock(stream: number): void {
    const { blockBytes, blockSkips } = this;
    this.blockBytes = 0;
    this.inBlock = false;
    const block = this.block.subarray(blockSkips, blockBytes);
    const fields =
      this.knowsHeads && blockSkips <= blockBytes ? this.hpack.decode(block, block.length) : null;
    if (fields === null) this.loseHeads();
    else if (!this.isPromise) this.openMessage(stream, fields);
    if (this.blockEnds) this.endStream(stream);
    if (this.block.length > KEPT_BLOCK) this.block = new Uint8Array(0);
  }

  /** The head of a request or response, or trailers, which have no field of their own kind (RFC 9113 8.1). */
  private openMessage(stream: number, fields: ReadonlyMap<string, string>): void {
    const side = this.side(stream);
    const method = fields.get(':method');
    const status = Number(fields.get(':status') ?? 0);
    const isInterim = status >= 100 && status < 200;
    if (isInterim || (method === undefined && status === 0)) return;
    const headers = new Map([...fields].filter(([name]) => !name.startsWith(':')));
    const authority = fields.get(':authority');
    if (authority !== undefined) headers.set('host', authority);
    const request = this.streams.side(stream, this.direction === 0 ? 1 : 0).head;
    side.head =
      status === 0
        ? { method: method?.toUpperCase() ?? '', target: fields.get(':path') ?? '', status: 0, headers }
        : { method: request?.method ?? '', target: request?.target ?? '', status, headers };
    side.body = null;
    if (status === 0 || !isEventStream(headers)) return;
    this.streams.events = side.head;
    this.sink.other(side.head, null, 0);
  }

  private readData(frame: Frame, bytes: Uint8Array, from: number, to: number): void {
    if (from >= to) return;
    const side = this.side(frame.stream);
    side.body ??= bodyBehind(side.head);
    const http = side.head ?? undefined;
    const { body } = side;
    if (body instanceof ObjectPieces) {
      body.push(bytes, from, to, (object, wireBytes) => {
        this.noteObject(frame.stream, side, typeof object.method === 'string');
        this.sink.object(object, http, wireBytes);
      });
    } else if (body instanceof EventStreamReader) {
      body.push(bytes, from, to, (event, wireBytes) => {
        side.hasSpoken = true;
        this.sink.objectsIn(event, http, wireBytes, false);
      });
    } else if (body instanceof GrpcReader) {
      const encoding = side.head?.headers.get('grpc-encoding') ?? '';
      body.push(bytes, from, to, encoding, (message) => {
        side.hasSpoken = true;
        if (opensValue(message[0])) this.noteObject(frame.stream, side, false);
        if (this.sink.objectsIn(message, http, message.length, false) === 0 && http !== undefined)
          this.sink.other(http, message.slice(), message.length);
      });
    } else body.add(bytes, from, to);
    this.account(body);
  }

  /**
   * An object in a body. Both bodies are a conversation if both sides say objects before either is through, or in gRPC; so are
   * calls beside a feed of events on the connection, with that.
   */
  private noteObject(stream: number, side: Http2Side, isCall: boolean): void {
    const { streams } = this;
    const other = streams.side(stream, this.direction === 0 ? 1 : 0);
    side.hasSpoken = true;
    side.hasObjects = true;
    const answers = other.hasObjects && (!other.isOver || side.body instanceof GrpcReader);
    const isBeside = isCall && streams.events !== null && side.head?.status === 0;
    const goesOn = other.head?.isConversation === true;
    if (!answers && !isBeside && !goesOn) return;
    if (side.head !== null) side.head.isConversation = true;
    if (other.head !== null) other.head.isConversation = true;
    if (isBeside && streams.events !== null) streams.events.isConversation = true;
  }

  /** What the body has passed over counts here, as it may be forgotten. */
  private account(body: { oversize?: number; tooLong?: number; passedBytes: number }): void {
    this.oversize += (body.oversize ?? 0) + (body.tooLong ?? 0);
    this.passedBytes += body.passedBytes;
    if (body.oversize !== undefined) body.oversize = 0;
    if (body.tooLong !== undefined) body.tooLong = 0;
    body.passedBytes = 0;
  }

  /** The direction is through with the stream: a body that was packed is read, and a head without objects told of. */
  private endStream(stream: number): void {
    const side = this.side(stream);
    const { head, body } = side;
    if (body !== null && 'read' in body) {
      const text = body.read(false);
      side.hasSpoken = this.sink.objectsIn(text, head ?? undefined, text.length, false) > 0;
      this.account(body);
    }
    if (!side.hasSpoken && head !== null) this.sink.other(head, null, this.wireBytes);
    this.wireBytes = 0;
    this.streams.end(stream, this.direction, false);
  }
}
