/**
 * What the two lanes of a flow share: calls that wait for their reply, and HTTP requests that wait for their response.
 * Turns HTTP messages with JSON bodies into calls and replies, paired in the order of the connection (RFC 9112 9.3).
 */
import { limits } from '../limits.ts';
import { isWebSocketUpgrade, type StartLine } from './http-head.ts';
import { parseObject, textOf } from './json.ts';
import type { Call, HttpHead, JsonObject, Lane, Message, MessageListener } from './message.ts';
import type { ObjectSink, Scanners } from './object-scanner.ts';
import {
  type Arrival,
  callOf,
  datumOf,
  idText,
  isBareId,
  isCall,
  isRecord,
  isReply,
  OpenCalls,
  replyOf,
  withBegun,
} from './rpc.ts';
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
  readonly scanners: Scanners;
  /** Objects in HTTP bodies that are not JSON. */
  badBodies = 0;
  /** The opening of the WebSocket that the connection becomes, as its messages carry it; null if it does not. */
  webSocket: HttpHead | null = null;
  /** Calls that were dropped because too many were open. */
  droppedCalls = 0;
  private readonly requests: OpenRequest[] = [];
  private isBehind = false;
  /** Null for a lane that has not called. */
  private readonly open: [OpenCalls | null, OpenCalls | null] = [null, null];
  /** Lanes that have said an object, a bit each. */
  private heard = 0;

  constructor(listener: MessageListener, scanners: Scanners) {
    this.listener = listener;
    this.scanners = scanners;
  }

  /** Takes an object of a plain stream. */
  object(body: JsonObject, arrival: Arrival): void {
    const id = idText(body);
    const other = arrival.lane === 0 ? 1 : 0;
    this.heard |= 1 << arrival.lane;
    // A collector of logs says nothing; a pool does, whatever else a miner writes into its calls.
    if ((this.heard & (1 << other)) === 0 && isRecord(body)) {
      this.listener.message(datumOf(body, arrival));
      return;
    }
    if (isCall(body)) {
      const call = withBegun(callOf(body, id, arrival), 'params', arrival);
      // In a cut call the id may be what is missing.
      if (id !== undefined || arrival.cut) this.wait(call);
      this.listener.message(call);
      return;
    }
    const calls = this.open[other];
    const answers =
      isReply(body) ||
      arrival.begun?.name === 'result' ||
      (id !== undefined && isBareId(body, arrival.cut) && calls?.has(id) === true);
    if (answers) {
      const call = id === undefined || id === 'null' ? undefined : calls?.take(id);
      this.listener.message(withBegun(replyOf(body, id, arrival, call), 'result', arrival));
    } else this.listener.message(datumOf(body, arrival));
  }

  /** The call may be answered, unless it is a notification: id null. */
  private wait(call: Call): void {
    if (call.id === 'null') return;
    const calls = this.open[call.lane] ?? new OpenCalls();
    this.open[call.lane] = calls;
    this.droppedCalls += calls.add(call);
  }

  /** Method of the request that the next response answers, '' if that was not captured. */
  get answeredMethod(): string {
    this.catchUp();
    return this.requests[0]?.method ?? '';
  }

  /** Bytes of `lane` were lost, and replies with them. */
  doubt(lane: Lane): void {
    this.open[lane === 0 ? 1 : 0]?.doubt();
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
      const call = isCall(object) ? callOf(object, idText(object), part) : undefined;
      // A pool that speaks no HTTP may answer with a bare line, so the id is kept as well.
      if (call?.id !== undefined) this.wait(call);
      if (call !== undefined) calls.push(call);
      this.listener.message(call ?? datumOf(object, part));
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
      this.listener.message(this.answer(object, part, calls));
    });
    if (!found) this.listener.message({ kind: 'visit', ...arrival, http });
    if (start.status === 101 && isWebSocketUpgrade(start.headers)) {
      this.webSocket ??= { ...http, headers: new Map() };
    }
  }

  /** An object of an HTTP response to `calls`, of which the answered ones leave the list. */
  private answer(body: JsonObject, arrival: Arrival, calls: Call[]): Message {
    const id = idText(body);
    if (isCall(body)) return callOf(body, id, arrival);
    if (!isReply(body)) return datumOf(body, arrival);
    const sameId = calls.findIndex((call) => call.id === id);
    const [call] = calls.splice(Math.max(0, sameId), 1);
    if (call?.id !== undefined) this.open[call.lane]?.take(call.id);
    return replyOf(body, id, arrival, call);
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
    const object: ObjectSink['object'] = (bytes, from, to, length, kind) => {
      if (kind === 'whole') return take(parseObject(bytes, from, to), length, false);
      return arrival.cut && take(salvage(textOf(bytes, from, to))?.body ?? null, length, true);
    };
    const scanner = this.scanners.scanner({ takesAgentFrames: false, object }, limits['http-unpacked']);
    scanner.push(body, 0, body.length);
    scanner.flush();
    this.badBodies += scanner.badJson + scanner.oversize;
    scanner.close();
    return found;
  }
}
