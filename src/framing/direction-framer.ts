/**
 * The bytes of one direction, in order, to its messages: first to the framing that its first bytes show, then through that
 * framing to the exchanges, lines, frames and hellos in them. Framers are made when a direction needs them. Where it begins to
 * say JSON it says so, and takes no more bytes: from there on the kernel finds its objects.
 */
import type { PacketRef } from '../packet-ref.ts';
import { textOf } from './bytes.ts';
import { detect, type Framing, HEAD_LIMIT } from './detect.ts';
import type { DirectionReader } from './direction-reader.ts';
import type { Exchange } from './exchange.ts';
import { frameFormat } from './frame-formats.ts';
import type { FrameSink } from './frame-sink.ts';
import { HttpReader, type HttpSink } from './http.ts';
import { afterBlanks } from './http-body.ts';
import type { StartLine } from './http-head.ts';
import { InnerStreams } from './inner-streams.ts';
import { objectsInMessage } from './json-objects.ts';
import type { Arrival, Direction, HttpHead, JsonObject, Said } from './message.ts';
import type { JsonStart } from './object-scanner.ts';
import { connectTarget, isProxyMessage, type ProxyMessage, ProxyReader } from './proxy.ts';
import { TextLineReader } from './text-lines.ts';
import { HelloCollector } from './tls-hello.ts';
import { WebSocketReader, type WebSocketSink } from './websocket.ts';

/** What a direction or flow carries, as far as it has shown. `opaque`: an encrypted channel that mining may use. */
export type FramingState = Framing | 'opaque';

const NOTHING = new Uint8Array(0);
/** Connections within connections that are opened. */
const MOST_DEPTH = 2;
/** What answers each form of a handshake with a proxy. */
const PROXY_ANSWERS: Partial<Record<ProxyMessage, ProxyMessage>> = {
  socks4: 'socks4-answer',
  socks5: 'socks5-answer',
};

/** The opening of a WebSocket that was not captured. */
const UNSEEN_OPENING: HttpHead = { method: '', target: '', status: 101, headers: new Map() };

export class DirectionFramer implements FrameSink, HttpSink, WebSocketSink {
  framing: FramingState = 'undecided';
  bytes = 0;
  /** Bytes behind what ended the patience with the direction, though it had spoken. */
  private unheardBytes = 0;
  /** Where it has begun to say JSON, until the kernel knows; and whether it ever has. */
  private json: JsonStart | null = null;
  private hasSaidJson = false;
  /** Made when the direction turns out to need it: most candidates are dismissed before. */
  http: HttpReader | null = null;
  private webSocket: WebSocketReader | null = null;
  /** Answer to the handshake with a proxy that this direction has begun; null if there is none. */
  expectedAnswer: ProxyMessage | null = null;

  /** The packet of the last bytes. One object that is written over: a new one for each packet costs time. */
  private readonly packetRef = { timeUs: 0, record: 0, input: 0 };
  /** Whatever else has taken over the direction: a handshake with a proxy, frames, lines. */
  private reader: DirectionReader | null = null;
  private lines: TextLineReader | null = null;
  private head: Uint8Array = NOTHING;
  private headLength = 0;

  constructor(
    private readonly direction: Direction,
    readonly exchange: Exchange,
  ) {}

  /** Where it has begun to say JSON, told once; null if it has not. */
  takeJson(): JsonStart | null {
    const { json } = this;
    this.json = null;
    return json;
  }

  /** It says JSON, and `bytes[from, to)` next. */
  private startJson(bytes: Uint8Array, from: number, to: number, isLineStart = false): void {
    const begun = this.json;
    this.framing = 'json';
    this.hasSaidJson = true;
    if (begun === null || begun.from === begun.to)
      this.json = { bytes, from, to, isLineStart: isLineStart || begun?.isLineStart === true };
    else {
      const whole = Buffer.concat([begun.bytes.subarray(begun.from, begun.to), bytes.subarray(from, to)]);
      this.json = { bytes: whole, from: 0, to: whole.length, isLineStart: begun.isLineStart };
    }
  }

  private web(): HttpReader {
    this.http ??= new HttpReader(this);
    return this.http;
  }

  /** True if the direction can say nothing more. */
  get closed(): boolean {
    return this.framing === 'foreign' || (this.framing === 'tls' && this.reader === null);
  }

  /** True if a message has begun whose end has not come. */
  get isInside(): boolean {
    if (this.reader !== null) return this.reader.isInside;
    if (this.framing === 'http')
      return this.http?.betweenMessages === false && !this.http.isLost && !this.http.ended;
    return this.framing === 'undecided' && this.headLength > 0;
  }

  push(bytes: Uint8Array, from: number, to: number, packetRef: PacketRef, other: DirectionFramer): void {
    if (from >= to) return;
    other.otherSpeaks();
    this.setPlace(packetRef);
    this.bytes += to - from;
    this.join(other);
    let at = from;
    while (at < to && !this.closed) at = this.frame(bytes, at, to, other);
    if (this.isGivenUp) this.unheardBytes += to - at;
  }

  /** Heads, bodies and messages above their limits. */
  get oversize(): number {
    return (this.http?.oversize ?? 0) + (this.webSocket?.oversize ?? 0) + this.ofReader('oversize');
  }

  /** Bytes of those, and of a direction that was given up. */
  get passedBytes(): number {
    const { http, webSocket, unheardBytes } = this;
    return (
      (http?.passedBytes ?? 0) + (webSocket?.passedBytes ?? 0) + this.ofReader('passedBytes') + unheardBytes
    );
  }

  private ofReader(count: 'oversize' | 'passedBytes'): number {
    return this.reader === null || this.reader === this.webSocket ? 0 : (this.reader[count] ?? 0);
  }

  /** True if it has spoken, and what follows is not read all the same. */
  get isGivenUp(): boolean {
    if (this.framing !== 'foreign') return false;
    return this.webSocket !== null || this.hasSaidJson || this.http?.hasSpoken === true;
  }

  /** The other side speaks: one that leaves line ends or lengths out has said what there is. */
  otherSpeaks(): void {
    this.lines?.flush();
    this.http?.otherSpeaks();
  }

  say(said: Said, wireBytes: number, cut = false): void {
    this.exchange.add({ ...this.arrival(wireBytes, cut), ...said });
  }

  /** Of the HTTP direction: a message, and the proxy that a CONNECT asks for. */
  httpMessage(start: StartLine, body: Uint8Array, wireBytes: number, cut: boolean): void {
    this.exchange.accept(start, body, this.arrival(wireBytes, cut));
    const target = start.method === 'CONNECT' ? connectTarget(start.target) : null;
    if (target !== null) this.say(target, 0);
  }

  /** Of the HTTP direction: an event of a response that goes on. */
  httpEvent(start: StartLine, data: Uint8Array, wireBytes: number): void {
    this.exchange.acceptEvent(start, data, this.arrival(wireBytes, false));
  }

  object(object: JsonObject, http: HttpHead | undefined, wireBytes: number): void {
    this.exchange.add(this.exchange.messageOf(object, { ...this.arrival(wireBytes, false), http }));
  }

  other(http: HttpHead, payload: Uint8Array | null, wireBytes: number): void {
    const arrival = { ...this.arrival(wireBytes, false), http };
    this.exchange.add(
      payload === null ? { ...arrival, kind: 'visit' } : { ...arrival, kind: 'grpc-message', payload },
    );
  }

  objectsIn(bytes: Uint8Array, http: HttpHead | undefined, wireBytes: number, cut: boolean): number {
    const objects = objectsInMessage(bytes, cut, this.exchange.scanner);
    objects.forEach((object, index) => {
      this.object(object, http, index === 0 ? wireBytes : 0);
    });
    return objects.length;
  }

  part(stream: number, bytes: Uint8Array, from: number, to: number): void {
    const inner = this.innerStreams();
    if (inner === null) this.unheardBytes += to - from;
    // The bytes of a packet are overwritten.
    else if (inner.wants(stream)) inner.add({ kind: 'bytes', stream, bytes: bytes.slice(from, to) });
    else inner.passedBytes += to - from;
  }

  partGap(stream: number, missing: number): void {
    this.innerStreams()?.add({ kind: 'gap', stream, missing });
  }

  partEnds(stream: number, isReset: boolean): void {
    this.innerStreams()?.add({ kind: 'end', stream, isReset });
  }

  /** Null in what is carried too deep. */
  private innerStreams(): InnerStreams | null {
    const { exchange } = this;
    if (exchange.depth >= MOST_DEPTH) return null;
    exchange.inner ??= new InnerStreams();
    return exchange.inner;
  }

  answeredMethod(): string {
    return this.exchange.answeredMethod;
  }

  /** Of the WebSocket direction: a message; false if it holds no JSON object. */
  webSocketMessage(payload: Uint8Array, wireBytes: number, cut: boolean): boolean {
    const objects = objectsInMessage(payload, cut, this.exchange.scanner);
    const http = this.exchange.webSocket ?? UNSEEN_OPENING;
    objects.forEach((object, index) => {
      const arrival = { ...this.arrival(index === 0 ? wireBytes : 0, cut), http };
      this.exchange.add(this.exchange.messageOf(object, arrival));
    });
    return objects.length > 0;
  }

  /** When and where something of so many bytes came, of the packet of the last bytes. */
  private arrival(bytes: number, cut: boolean): Arrival {
    const { direction, packetRef } = this;
    const { timeUs, record, input } = packetRef;
    return { direction, timeUs, record, input, bytes, cut, http: undefined };
  }

  /** If the other side speaks JSON or frames of a WebSocket, this one may begin to do so after its first messages. */
  private join(other: DirectionFramer): void {
    if (this.framing !== 'foreign') return;
    if (other.framing === 'json' && !this.hasSaidJson) this.startJson(NOTHING, 0, 0, true);
    else if (other.framing === 'websocket' && this.webSocket === null) {
      this.enter('websocket');
      this.reader?.gap(0);
    }
  }

  gap(missing: number): void {
    this.exchange.doubt(this.direction);
    if (this.framing === 'http') {
      const http = this.web();
      http.gap(missing > 0 ? missing : Number.POSITIVE_INFINITY);
      if (http.isLost) this.exchange.loseResponses();
    } else if (this.reader !== null) {
      this.reader.gap(missing > 0 ? missing : Number.POSITIVE_INFINITY);
      this.leave(this.reader);
    } else if (this.framing === 'undecided') this.headLength = 0;
  }

  /** What comes out now is of this packet. */
  private setPlace({ timeUs, record, input }: PacketRef): void {
    this.packetRef.timeUs = timeUs;
    this.packetRef.record = record;
    this.packetRef.input = input;
  }

  end(): void {
    if (this.framing === 'http') this.web().flush();
    else if (this.reader !== null) this.reader.end();
    else if (this.framing === 'undecided' && this.headLength > 0) this.endHead();
  }

  /** Hands bytes to the framing of the direction; answers the offset up to which they were taken. */
  private frame(bytes: Uint8Array, from: number, to: number, other: DirectionFramer): number {
    if (this.reader !== null) {
      const at = this.reader.push(bytes, from, to);
      this.leave(this.reader);
      this.join(other);
      return at;
    }
    switch (this.framing) {
      case 'json':
        this.startJson(bytes, from, to);
        return to;
      case 'http': {
        const at = this.frameHttp(bytes, from, to);
        this.join(other);
        return at;
      }
      default:
        return this.decide(bytes, from, to, other);
    }
  }

  /** If the reader is through, the direction starts again, as behind a handshake with a proxy, or nothing more can be read. */
  private leave({ status }: DirectionReader): void {
    if (status === 'open') return;
    const { reader } = this;
    this.reader = null;
    this.lines = null;
    if (status === 'passed') this.framing = 'undecided';
    else if (this.framing !== 'tls') this.framing = 'foreign';
    if (reader !== null && reader !== this.webSocket) this.unheardBytes += reader.passedBytes ?? 0;
  }

  /** Collects the beginning of the direction until its framing is known. */
  private decide(bytes: Uint8Array, from: number, to: number, other: DirectionFramer): number {
    if (this.headLength === 0 && other.expectedAnswer !== null) {
      this.reader = new ProxyReader(other.expectedAnswer, null);
      other.expectedAnswer = null;
      return from;
    }
    const length = Math.min(to - from, HEAD_LIMIT - this.headLength);
    const part = bytes.subarray(from, from + length);
    const head = this.headLength === 0 ? part : Buffer.concat([this.head, part]);
    const headLength = head.length;
    const found = detect(head, headLength, this.exchange.scanner);
    const speaksLines =
      other.lines !== null &&
      (found.framing === 'undecided' || found.framing === 'foreign') &&
      !opensObject(head, headLength);
    const { framing, at, inside } = speaksLines ? { ...found, framing: 'text-lines' as const, at: 0 } : found;
    if (framing === 'undecided') {
      // The bytes of a packet are overwritten.
      this.head = head === part ? part.slice(at) : head.subarray(at);
      this.headLength = headLength - at;
      return from + length;
    }
    this.head = NOTHING;
    this.headLength = 0;
    if (framing === 'foreign' && other.framing === 'http') {
      // The answers of an HTTP connection that was met in the middle of one of them.
      this.framing = 'http';
      this.web().gap(Number.POSITIVE_INFINITY);
    } else if (framing === 'foreign' && (other.framing === 'json' || other.framing === 'websocket')) {
      // What follows in the same packet counts as what follows in the next.
      this.framing = 'foreign';
      this.join(other);
    } else {
      if (framing === 'text-lines') other.joinLines();
      this.enter(framing);
      if (inside) this.startJson(NOTHING, 0, 0, true);
    }
    if (head === part) return from + at;
    for (let next = at; next < headLength && !this.closed; ) next = this.frame(head, next, headLength, other);
    return from + length;
  }

  private enter(framing: FramingState | ProxyMessage): void {
    if (isProxyMessage(framing)) {
      this.expectedAnswer = PROXY_ANSWERS[framing] ?? null;
      this.reader = new ProxyReader(framing, this);
      return;
    }
    this.framing = framing;
    const format = frameFormat(framing);
    if (format !== undefined) this.reader = format.open(this, this.direction);
    else if (framing === 'websocket') this.reader = this.webSocket = new WebSocketReader(this);
    else if (framing === 'text-lines') this.reader = this.lines = new TextLineReader(this);
    else if (framing === 'tls') this.reader = new HelloCollector(this);
  }

  /** The other direction turned out to speak lines; what this one has said is the beginning of some. */
  private joinLines(): void {
    const { head, headLength } = this;
    if (this.framing !== 'undecided' || headLength === 0 || opensObject(head, headLength)) return;
    this.head = NOTHING;
    this.headLength = 0;
    this.enter('text-lines');
    this.lines?.push(head, 0, headLength);
    this.lines?.flush();
  }

  /** The direction ends before its framing is known: a short line without end is still one. */
  private endHead(): void {
    const isLine = /^JOB,[\x20-\x7e]+$/.test(textOf(this.head, 0, this.headLength));
    if (isLine) this.joinLines();
  }

  private frameHttp(bytes: Uint8Array, from: number, to: number): number {
    const http = this.web();
    if (this.exchange.webSocket !== null && http.betweenMessages && isFrameByte(bytes[from])) {
      this.enter('websocket');
      return from;
    }
    // RFC 7540 3.2: behind the upgrade the client begins anew.
    if (this.exchange.http2 !== null && http.betweenMessages) {
      this.enter('http2');
      return from;
    }
    // No start line begins like an object: this side goes on in plain JSON.
    if (http.betweenMessages && bytes[from] === 0x7b) {
      this.framing = 'json';
      return from;
    }
    const at = http.push(bytes, from, to);
    if (http.upgraded && this.exchange.webSocket !== null) this.enter('websocket');
    else if (http.ended && this.exchange.http2 !== null) this.enter('http2');
    else if (http.ended) this.framing = 'foreign';
    else if (http.tunnel) {
      http.tunnel = false;
      this.framing = 'undecided';
    }
    return at;
  }
}

/** True if what comes first may be an object. */
function opensObject(head: Uint8Array, length: number): boolean {
  return head[afterBlanks(head, 0, length)] === 0x7b;
}

/** First byte of a WebSocket frame: no start line of HTTP begins with it. */
function isFrameByte(byte: number): boolean {
  return byte >= 0x80 || byte === 0x01 || byte === 0x41;
}
