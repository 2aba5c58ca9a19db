/**
 * The bytes of one lane, in order, to its messages: first to the framing that its first bytes show, then through that
 * framing to the objects, exchanges and hellos in them. Framers are made when a lane needs them.
 */
import { limits } from '../limits.ts';
import type { Place } from '../place.ts';
import { textOf } from './bytes.ts';
import { detect, type Framing, HEAD_LIMIT } from './detect.ts';
import type { Exchange } from './exchange.ts';
import { connectTarget, type HopForm, HopLane, isHopForm } from './hop.ts';
import { HttpLane, type HttpSink } from './http.ts';
import { afterBlanks } from './http-body.ts';
import type { StartLine } from './http-head.ts';
import { parseObject } from './json.ts';
import { objectsInMessage } from './json-objects.ts';
import type { LaneReader } from './lane-reader.ts';
import type { Arrival, HttpHead, Lane, LaneSink, Said } from './message.ts';
import type { FoundObject, ObjectScanner, ObjectSink } from './object-scanner.ts';
import { salvage } from './salvage.ts';
import { SizedFrameLane } from './sized-frames.ts';
import { StratumV2Lane } from './stratum-v2-frames.ts';
import { TextLineLane } from './text-lines.ts';
import { HelloCollector } from './tls-hello.ts';
import { WebSocketLane, type WebSocketSink } from './websocket.ts';

/** What a lane or flow carries, as far as it has shown. `opaque`: an encrypted channel that mining may use. */
export type FramingState = Framing | 'opaque';

const NOTHING = new Uint8Array(0);
/** What answers each form of a handshake with a proxy. */
const HOP_ANSWERS: Partial<Record<HopForm, HopForm>> = { socks4: 'socks4-answer', socks5: 'socks5-answer' };

/** The opening of a WebSocket that was not captured. */
const UNSEEN_OPENING: HttpHead = { method: '', target: '', status: 101, headers: new Map() };
/** Bytes in front of what a binary message of BTCAgent says (src/kernel/packets/payload/agent-frame.ts). */
const AGENT_HEAD_BYTES = 4;

export class LaneFramer implements LaneSink, ObjectSink, HttpSink, WebSocketSink {
  readonly takesAgentFrames = true;
  framing: FramingState = 'undecided';
  bytes = 0;
  /** Bytes behind what ended the patience with the lane, though it had spoken. */
  private unheardBytes = 0;
  /** Made when the lane turns out to need them: most candidates are dismissed before. */
  scanner: ObjectScanner | null = null;
  http: HttpLane | null = null;
  private webSocket: WebSocketLane | null = null;
  /** Answer to the handshake with a proxy that this lane has begun; null if there is none. */
  expectedAnswer: HopForm | null = null;

  /** The packet of the last bytes. One object that is written over: a new one for each packet costs time. */
  private readonly place = { timeUs: 0, record: 0, input: 0 };
  /** Whatever else has taken over the lane: a handshake with a proxy, frames, lines. */
  private reader: LaneReader | null = null;
  private lines: TextLineLane | null = null;
  private head: Uint8Array = NOTHING;
  private headLength = 0;

  constructor(
    private readonly lane: Lane,
    readonly exchange: Exchange,
  ) {}

  private json(): ObjectScanner {
    this.scanner ??= this.exchange.scanners.scanner(this, limits.json);
    return this.scanner;
  }

  private web(): HttpLane {
    this.http ??= new HttpLane(this);
    return this.http;
  }

  /** True if the lane can say nothing more. */
  get closed(): boolean {
    return this.framing === 'foreign' || (this.framing === 'tls' && this.reader === null);
  }

  /** True if a message has begun whose end has not come. */
  get isInside(): boolean {
    if (this.reader !== null) return this.reader.isInside;
    if (this.framing === 'json') return this.scanner?.isInside === true;
    if (this.framing === 'http')
      return this.http?.betweenMessages === false && !this.http.isLost && !this.http.ended;
    return this.framing === 'undecided' && this.headLength > 0;
  }

  push(bytes: Uint8Array, from: number, to: number, place: Place, other: LaneFramer): void {
    if (from >= to) return;
    this.answer(other);
    this.setPlace(place);
    this.bytes += to - from;
    this.join(other);
    let at = from;
    while (at < to && !this.closed) at = this.frame(bytes, at, to, other);
    if (this.isGivenUp) this.unheardBytes += to - at;
  }

  /** Objects, heads, bodies and messages above their limits. */
  get oversize(): number {
    const { scanner, http, webSocket } = this;
    return (scanner?.row?.oversize ?? 0) + (http?.oversize ?? 0) + (webSocket?.oversize ?? 0);
  }

  /** Bytes of those, and of a lane that was given up. */
  get passedBytes(): number {
    const { scanner, http, webSocket, unheardBytes } = this;
    const read = [scanner?.row, http, webSocket].map((each) => each?.passedBytes ?? 0);
    return read.reduce((sum, bytes) => sum + bytes, unheardBytes);
  }

  /** True if it has spoken, and what follows is not heard all the same. */
  get isGivenUp(): boolean {
    if (this.framing !== 'foreign') return false;
    return this.webSocket !== null || this.scanner?.foreign === true || this.http?.hasSpoken === true;
  }

  /** The place of what its scanner finds from now on, while the other side waits. */
  standAt(place: Place, other: LaneFramer): void {
    this.answer(other);
    this.setPlace(place);
  }

  /** A side that leaves line ends or lengths out has said what there is when the other one answers. */
  private answer(other: LaneFramer): void {
    other.lines?.flush();
    other.http?.settle();
  }

  /** A JSON object of a plain stream, or what stands between; false if the bytes are none. */
  object({ bytes, from, to, wireBytes, kind }: FoundObject): boolean {
    if (kind === 'agent') {
      const body = bytes.slice(from + AGENT_HEAD_BYTES, to);
      this.say({ kind: 'agent-frame', type: bytes[from + 1], body }, wireBytes);
      return true;
    }
    const isCut = kind === 'cut';
    const saved = isCut ? salvage(textOf(bytes, from, to)) : null;
    const body = isCut ? (saved?.body ?? null) : parseObject(bytes, from, to);
    if (body !== null) this.exchange.object(body, this.arrival(wireBytes, isCut), saved?.begun);
    return body !== null || isCut;
  }

  say(said: Said, wireBytes: number, cut = false): void {
    this.exchange.listener.message({ ...this.arrival(wireBytes, cut), ...said });
  }

  /** Of the HTTP lane: a message, and the hop that a CONNECT asks for. */
  httpMessage(start: StartLine, body: Uint8Array, wireBytes: number, cut: boolean): void {
    this.exchange.accept(start, body, this.arrival(wireBytes, cut));
    const target = start.method === 'CONNECT' ? connectTarget(start.target) : null;
    if (target !== null) this.say(target, 0);
  }

  answeredMethod(): string {
    return this.exchange.answeredMethod;
  }

  /** Of the WebSocket lane: a message; false if it holds no JSON object. */
  webSocketMessage(payload: Uint8Array, wireBytes: number, cut: boolean): boolean {
    const objects = objectsInMessage(payload, cut, this.exchange.scanners);
    const http = this.exchange.webSocket ?? UNSEEN_OPENING;
    objects.forEach((object, index) => {
      this.exchange.object(object, { ...this.arrival(index === 0 ? wireBytes : 0, cut), http });
    });
    return objects.length > 0;
  }

  private arrival(bytes: number, cut: boolean): Arrival {
    const { lane, place } = this;
    const { timeUs, record, input } = place;
    return { lane, timeUs, record, input, bytes, cut, http: undefined };
  }

  /** If the other side speaks JSON or frames of a WebSocket, this one may begin to do so after its first messages. */
  private join(other: LaneFramer): void {
    if (this.framing !== 'foreign') return;
    if (other.framing === 'json' && this.scanner === null) {
      this.framing = 'json';
      this.json().gap();
    } else if (other.framing === 'websocket' && this.webSocket === null) {
      this.enter('websocket');
      this.reader?.gap(0);
    }
  }

  gap(missing: number): void {
    this.setPlace();
    this.exchange.doubt(this.lane);
    if (this.framing === 'json') this.json().gap();
    else if (this.framing === 'http') {
      const http = this.web();
      http.gap(missing > 0 ? missing : Number.POSITIVE_INFINITY);
      if (http.isLost) this.exchange.loseResponses();
    } else if (this.reader !== null) {
      this.reader.gap(missing > 0 ? missing : Number.POSITIVE_INFINITY);
      this.leave(this.reader);
    } else if (this.framing === 'undecided') this.headLength = 0;
  }

  /** What comes out now is of this packet; by default of the one whose bytes came last. */
  private setPlace({ timeUs, record, input }: Place = this.scanner?.place ?? this.place): void {
    this.place.timeUs = timeUs;
    this.place.record = record;
    this.place.input = input;
  }

  end(): void {
    this.setPlace();
    if (this.framing === 'json') this.json().flush();
    else if (this.framing === 'http') this.web().flush();
    else if (this.reader !== null) this.reader.end();
    else if (this.framing === 'undecided' && this.headLength > 0) this.endHead();
  }

  /** Hands bytes to the framing of the lane; answers the offset up to which they were taken. */
  private frame(bytes: Uint8Array, from: number, to: number, other: LaneFramer): number {
    if (this.reader !== null) {
      const at = this.reader.push(bytes, from, to);
      this.leave(this.reader);
      this.join(other);
      return at;
    }
    switch (this.framing) {
      case 'json': {
        const scanner = this.json();
        scanner.push(bytes, from, to);
        if (scanner.foreign) this.framing = 'foreign';
        return to;
      }
      case 'http': {
        const at = this.frameHttp(bytes, from, to);
        this.join(other);
        return at;
      }
      default:
        return this.decide(bytes, from, to, other);
    }
  }

  /** If the reader is through, the lane starts again, as behind a handshake with a proxy, or nothing more can be read. */
  private leave({ standing }: LaneReader): void {
    if (standing === 'open') return;
    this.reader = null;
    this.lines = null;
    if (standing === 'passed') this.framing = 'undecided';
    else if (this.framing !== 'tls') this.framing = 'foreign';
  }

  /** Collects the beginning of the lane until its framing is known. */
  private decide(bytes: Uint8Array, from: number, to: number, other: LaneFramer): number {
    if (this.headLength === 0 && other.expectedAnswer !== null) {
      this.reader = new HopLane(other.expectedAnswer, null);
      other.expectedAnswer = null;
      return from;
    }
    const length = Math.min(to - from, HEAD_LIMIT - this.headLength);
    const part = bytes.subarray(from, from + length);
    const head = this.headLength === 0 ? part : Buffer.concat([this.head, part]);
    const headLength = head.length;
    const found = detect(head, headLength, this.exchange.scanners);
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
      if (inside) this.json().enterAtLineStart();
    }
    for (let next = at; next < headLength && !this.closed; ) next = this.frame(head, next, headLength, other);
    return from + length;
  }

  private enter(framing: FramingState | HopForm): void {
    if (isHopForm(framing)) {
      this.expectedAnswer = HOP_ANSWERS[framing] ?? null;
      this.reader = new HopLane(framing, this);
      return;
    }
    this.framing = framing;
    if (framing === 'websocket') this.reader = this.webSocket = new WebSocketLane(this);
    else if (framing === 'stratum-v2') this.reader = new StratumV2Lane(this);
    else if (framing === 'sized-frames') this.reader = new SizedFrameLane(this);
    else if (framing === 'text-lines') this.reader = this.lines = new TextLineLane(this);
    else if (framing === 'tls') this.reader = new HelloCollector(this);
  }

  /** The other lane turned out to speak lines; what this one has said is the beginning of some. */
  private joinLines(): void {
    const { head, headLength } = this;
    if (this.framing !== 'undecided' || headLength === 0 || opensObject(head, headLength)) return;
    this.head = NOTHING;
    this.headLength = 0;
    this.enter('text-lines');
    this.lines?.push(head, 0, headLength);
    this.lines?.flush();
  }

  /** The lane ends before its framing is known: a short line without end is still one. */
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
    // No start line begins like an object: this side goes on in plain JSON.
    if (http.betweenMessages && bytes[from] === 0x7b) {
      this.framing = 'json';
      return from;
    }
    const at = http.push(bytes, from, to);
    if (http.upgraded && this.exchange.webSocket !== null) this.enter('websocket');
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
