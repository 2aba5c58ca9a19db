/**
 * What the framings of a lane find, as messages: with the lane, the packet that carries the last byte, and the bytes.
 * JSON objects go through the exchange, where they meet the other lane's.
 */
import { agentFrame } from './agent-frames.ts';
import type { Exchange } from './exchange.ts';
import { connectTarget, type HopTarget } from './hop.ts';
import type { StartLine } from './http-head.ts';
import { parseObject, textOf } from './json.ts';
import type { HttpHead, Lane } from './message.ts';
import type { ObjectKind, ObjectSink, Place } from './object-scanner.ts';
import type { Arrival } from './rpc.ts';
import { salvage } from './salvage.ts';
import type { SizedFrame } from './sized-frames.ts';
import type { Frame } from './stratum-v2-frames.ts';
import type { Hello } from './tls-hello.ts';
import { objectsIn } from './websocket-json.ts';

/** The opening of a WebSocket that was not captured. */
const UNSEEN_OPENING: HttpHead = { method: '', target: '', status: 101, headers: new Map() };

export class LaneMessages implements ObjectSink {
  readonly takesAgentFrames = true;
  /** Messages whose end was not captured. */
  cut = 0;
  place: Place = { timeUs: 0, record: 0, input: 0 };

  private readonly lane: Lane;
  private readonly exchange: Exchange;

  constructor(lane: Lane, exchange: Exchange) {
    this.lane = lane;
    this.exchange = exchange;
  }

  /** A JSON object of a plain stream, or what stands between; false if the bytes are none. */
  object(bytes: Uint8Array, from: number, to: number, wireBytes: number, kind: ObjectKind): boolean {
    if (kind === 'cut') this.cutObject(bytes, from, to, wireBytes);
    if (kind === 'agent') {
      const arrival = this.arrival(wireBytes, false);
      this.exchange.listener.message({ kind: 'agent-frame', ...arrival, ...agentFrame(bytes, from, to) });
    }
    if (kind !== 'whole') return true;
    const body = parseObject(bytes, from, to);
    if (body === null) return false;
    this.exchange.object(body, this.arrival(wireBytes, false));
    return true;
  }

  private cutObject(bytes: Uint8Array, from: number, to: number, wireBytes: number): void {
    this.cut++;
    const saved = salvage(textOf(bytes, from, to));
    if (saved === null) return;
    const { body, begun } = saved;
    this.exchange.object(body, { ...this.arrival(wireBytes, true), begun });
  }

  /** An HTTP message, and the hop that a CONNECT asks for. */
  http(start: StartLine, body: Uint8Array, wireBytes: number, cut: boolean): void {
    if (cut) this.cut++;
    this.exchange.accept(start, body, this.arrival(wireBytes, cut));
    const target = start.method === 'CONNECT' ? connectTarget(start.target) : null;
    if (target !== null) this.hop(target, 0);
  }

  /** Method of the request that the next response answers, '' if unseen. */
  answered(): string {
    return this.exchange.answeredMethod;
  }

  /** A WebSocket message; false if it holds no JSON object. */
  webSocket(payload: Uint8Array, wireBytes: number, cut: boolean): boolean {
    const objects = objectsIn(payload, cut, this.exchange.scanners);
    if (cut) this.cut++;
    const http = this.exchange.webSocket ?? UNSEEN_OPENING;
    objects.forEach((object, index) => {
      const arrival = this.arrival(index === 0 ? wireBytes : 0, cut);
      this.exchange.object(object, { ...arrival, http });
    });
    return objects.length > 0;
  }

  hop(target: HopTarget, wireBytes: number): void {
    this.exchange.listener.message({ kind: 'hop', ...this.arrival(wireBytes, false), ...target });
  }

  line(text: string, wireBytes: number): void {
    this.exchange.listener.message({ kind: 'text-line', ...this.arrival(wireBytes, false), text });
  }

  frame(frame: Frame, wireBytes: number): void {
    this.exchange.listener.message({ kind: 'binary-frame', ...this.arrival(wireBytes, false), ...frame });
  }

  sizedFrame(frame: SizedFrame, wireBytes: number): void {
    this.exchange.listener.message({ kind: 'sized-frame', ...this.arrival(wireBytes, false), ...frame });
  }

  hello(hello: Hello, wireBytes: number, cut: boolean): void {
    if (cut) this.cut++;
    this.exchange.listener.message({ kind: 'tls-hello', ...this.arrival(wireBytes, cut), ...hello });
  }

  private arrival(bytes: number, cut: boolean): Arrival {
    const { timeUs, record, input } = this.place;
    return { lane: this.lane, timeUs, record, input, bytes, cut, http: undefined };
  }
}
