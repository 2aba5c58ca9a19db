/**
 * What the two lanes of a flow share: calls that wait for their reply, and HTTP requests that wait for their response.
 * Turns HTTP messages with JSON bodies into calls and replies, paired in the order of the connection (RFC 9112 9.3).
 */
import { limits } from '../limits.ts';
import { isWebSocketUpgrade, type StartLine } from './http-head.ts';
import { parseObject, textOf } from './json.ts';
import { JsonScanner } from './json-scan.ts';
import type { Call, HttpHead, JsonObject, Lane, MessageListener } from './message.ts';
import { type Arrival, RpcReader } from './rpc.ts';
import { salvage } from './salvage.ts';

/** HTTP requests that wait for their response, per flow. */
const OPEN_REQUESTS_LIMIT = 256;

interface OpenRequest {
  readonly method: string;
  readonly target: string;
  readonly calls: Call[];
}

export class Exchange {
  readonly listener: MessageListener;
  /** Objects in HTTP bodies that are not JSON. */
  badBodies = 0;
  /** The opening of the WebSocket that the connection becomes, as its messages carry it; null if it does not. */
  webSocket: HttpHead | null = null;
  private readonly requests: OpenRequest[] = [];
  private isBehind = false;
  private reader: RpcReader | null = null;

  constructor(listener: MessageListener) {
    this.listener = listener;
  }

  /** Made when the first object comes: most flows never have one. */
  get rpc(): RpcReader {
    this.reader ??= new RpcReader(this.listener);
    return this.reader;
  }

  get droppedCalls(): number {
    return this.reader?.droppedCalls ?? 0;
  }

  /** Method of the request that the next response answers, '' if that was not captured. */
  get answeredMethod(): string {
    this.catchUp();
    return this.requests[0]?.method ?? '';
  }

  /** Bytes of `lane` were lost, and replies with them. */
  doubt(lane: Lane): void {
    this.reader?.doubt(lane);
  }

  /** Whole responses may be lost: the next one answers the newest request. */
  loseResponses(): void {
    this.isBehind = true;
  }

  /** Takes an HTTP message: each JSON object of its body becomes a message, or the whole is a visit. */
  accept(start: StartLine, body: Uint8Array, arrival: Arrival): void {
    if (start.status === 0) this.acceptRequest(start, body, arrival);
    else this.acceptResponse(start, body, arrival);
  }

  private acceptRequest(head: StartLine, body: Uint8Array, arrival: Arrival): void {
    if (isWebSocketUpgrade(head.headers)) this.webSocket = { ...head, status: 101 };
    const calls: Call[] = [];
    const found = this.unfold(body, { ...arrival, http: head }, (object, part) => {
      const call = this.rpc.acceptRequest(object, part);
      if (call !== undefined) calls.push(call);
    });
    if (this.requests.length === OPEN_REQUESTS_LIMIT) this.requests.shift();
    this.requests.push({ method: head.method, target: head.target, calls });
    if (!found) this.listener.message({ kind: 'visit', ...arrival, http: head });
  }

  private acceptResponse(start: StartLine, body: Uint8Array, arrival: Arrival): void {
    this.catchUp();
    // An interim response (1xx) answers nothing yet.
    const isInterim = start.status < 200 && start.status !== 101;
    const request = isInterim ? this.requests[0] : this.requests.shift();
    const http: HttpHead = { ...start, method: request?.method ?? '', target: request?.target ?? '' };
    const calls = request?.calls ?? [];
    const found = this.unfold(body, { ...arrival, http }, (object, part) => {
      this.rpc.acceptResponse(object, part, calls);
    });
    if (!found) this.listener.message({ kind: 'visit', ...arrival, http });
    if (start.status === 101 && isWebSocketUpgrade(start.headers)) {
      this.webSocket ??= { ...http, headers: new Map() };
    }
  }

  private catchUp(): void {
    if (this.isBehind) this.requests.splice(0, this.requests.length - 1);
    this.isBehind = false;
  }

  /** Finds the objects in a body; the first one carries the bytes of head and framing. False if there are none. */
  private unfold(
    body: Uint8Array,
    arrival: Arrival,
    accept: (object: JsonObject, arrival: Arrival) => void,
  ): boolean {
    let found = false;
    let rest = arrival.bytes - body.length;
    const take = (object: JsonObject | null, length: number, cut: boolean): boolean => {
      if (object === null) return false;
      found = true;
      accept(object, { ...arrival, bytes: Math.max(0, length + rest), cut });
      rest = 0;
      return true;
    };
    const scanner = new JsonScanner(
      {
        object: (bytes, from, to, length) => take(parseObject(bytes, from, to), length, false),
        cutObject: (bytes, from, to, length) => {
          if (arrival.cut) take(salvage(textOf(bytes, from, to))?.body ?? null, length, true);
        },
      },
      limits['http-unpacked'],
    );
    scanner.push(body, 0, body.length);
    scanner.flush();
    this.badBodies += scanner.badJson + scanner.oversize;
    return found;
  }
}
