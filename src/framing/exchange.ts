/**
 * What the two directions of a stream share: messages that are complete, calls that wait for their reply, and HTTP requests that
 * wait for their response. Turns JSON objects, of plain streams and of HTTP bodies, into calls, replies and other data. Over HTTP the order of the
 * connection pairs (RFC 9112 9.3), because servers get the ids wrong there. A reply whose call was not captured has none.
 */
import { isObject } from '../json.ts';
import { limits } from '../limits.ts';
import { isHttp2Upgrade, isWebSocketUpgrade, type StartLine } from './http-head.ts';
import { Http2Streams } from './http2-streams.ts';
import type { InnerStreams } from './inner-streams.ts';
import { objectsIn, objectsInMessage } from './json-objects.ts';
import type { Arrival, Call, Datum, Direction, HttpHead, JsonObject, Message, Reply } from './message.ts';
import type { BodyScanner } from './object-scanner.ts';
import { OpenCalls } from './open-calls.ts';
import type { Salvage } from './salvage.ts';

const NONE: readonly Message[] = [];
/** HTTP requests that wait for their response, per stream. */
const OPEN_REQUESTS_LIMIT = 256;
const UPGRADED_STREAM = 1;

interface OpenRequest {
  readonly method: string;
  readonly target: string;
  readonly calls: Call[];
}

export class Exchange {
  /** The opening of the WebSocket that the connection becomes, as its messages carry it; null if it does not. */
  webSocket: HttpHead | null = null;
  private readonly requests: OpenRequest[] = [];
  private isBehind = false;
  /** Null for a direction that has not called. */
  private readonly open: [OpenCalls | null, OpenCalls | null] = [null, null];
  /** Directions that have said an object, a bit each. */
  private observed = 0;

  /** Messages that are complete and not taken yet. */
  private messages: Message[] = [];

  /** What the two directions of HTTP/2 share, and the streams that the connection carries; null before there are any. */
  http2: Http2Streams | null = null;
  inner: InnerStreams | null = null;
  /** The head of the events that came last; null before there are any. */
  private events: HttpHead | null = null;

  /** @param depth Connections that this one is carried in. */
  constructor(
    readonly scanner: BodyScanner,
    readonly depth: number,
  ) {}

  openHttp2(): Http2Streams {
    this.http2 ??= new Http2Streams();
    return this.http2;
  }

  /** A message is complete. */
  add(message: Message): void {
    this.messages.push(message);
  }

  /** The messages that are complete since this was asked last. */
  take(): readonly Message[] {
    const { messages } = this;
    if (messages.length === 0) return NONE;
    this.messages = [];
    return messages;
  }

  /** The message that an object is; `begun` is the member in which the capture of a cut one ended. */
  messageOf(said: JsonObject, arrival: Arrival, begun?: Salvage['begun']): Message {
    const { direction, cut } = arrival;
    const body = withoutEnvelope(said);
    const id = idText(body);
    const other = direction === 0 ? 1 : 0;
    this.observed |= 1 << direction;
    // A collector of logs says nothing; a pool does, whatever else a miner writes into its calls.
    if ((this.observed & (1 << other)) === 0 && isRecord(body)) return datumOf(body, arrival);
    if (isCall(body)) {
      const call = callOf(body, id, arrival, begun);
      // In a cut call the id may be what is missing.
      if (id !== undefined || cut) this.wait(call);
      return call;
    }
    const calls = this.open[other];
    const isBare = id !== undefined && isBareId(body, cut) && calls?.has(id) === true;
    if (!isBare && !isReply(body) && begun?.name !== 'result') return datumOf(body, arrival);
    const call = id === undefined || id === 'null' ? undefined : calls?.take(id);
    return replyOf(body, id, arrival, call, begun);
  }

  /** The message of a request of another connection, or what answers one, a call waiting here for its reply, a reply with the call of this one. */
  adopt(message: Message): Message {
    const { direction } = message;
    this.observed |= 1 << direction;
    const call = message.kind === 'reply' ? message.call : message.kind === 'call' ? message : undefined;
    if (call !== undefined && message.http !== undefined) this.converse(message.http);
    if (message.kind === 'call' && message.id !== undefined) this.wait(message);
    else if (message.kind === 'reply' && message.call?.id !== undefined)
      this.open[message.call.direction]?.take(message.call.id);
    return message;
  }

  /** The request is part of a conversation with the events. */
  private converse(http: HttpHead): void {
    http.isConversation = true;
    if (this.events !== null) this.events.isConversation = true;
  }

  /** The call may be answered, unless it is a notification: id null. */
  private wait(call: Call): void {
    if (call.id === 'null') return;
    const calls = this.open[call.direction] ?? new OpenCalls();
    this.open[call.direction] = calls;
    calls.add(call);
  }

  /** Method of the request that the next response answers, '' if that was not captured. */
  get answeredMethod(): string {
    this.catchUp();
    return this.requests[0]?.method ?? '';
  }

  /** Bytes of `direction` were lost, and replies with them. */
  doubt(direction: Direction): void {
    this.open[direction === 0 ? 1 : 0]?.doubt();
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
    this.unfold(body, { ...arrival, http: head }, (said, part) => {
      const object = withoutEnvelope(said);
      const call = isCall(object) ? callOf(object, idText(object), part) : undefined;
      // A pool that speaks no HTTP may answer with a bare line, so the id is kept as well.
      if (call?.id !== undefined) this.wait(call);
      if (call !== undefined) calls.push(call);
      return call ?? datumOf(object, part);
    });
    if (this.requests.length === OPEN_REQUESTS_LIMIT) this.requests.shift();
    this.requests.push({ method: head.method, target: head.target, calls });
  }

  private acceptResponse(start: StartLine, body: Uint8Array, arrival: Arrival): void {
    this.catchUp();
    // An interim response (1xx) answers nothing yet.
    const isInterim = start.status < 200 && start.status !== 101;
    const request = isInterim ? this.requests[0] : this.requests.shift();
    const { method = '', target = '', calls = [] } = request ?? {};
    const http: HttpHead = { ...start, method, target };
    this.unfold(body, { ...arrival, http }, (object, part) => this.answer(object, part, calls));
    if (start.status !== 101) return;
    if (isWebSocketUpgrade(start.headers)) this.webSocket ??= { ...http, headers: new Map() };
    // The request that was upgraded is the first stream (RFC 7540 3.2).
    if (isHttp2Upgrade(start.headers)) {
      const client = arrival.direction === 0 ? 1 : 0;
      this.openHttp2().side(UPGRADED_STREAM, client).head = { method, target, status: 0, headers: new Map() };
    }
  }

  /** Takes an event of a response that goes on. */
  acceptEvent(start: StartLine, data: Uint8Array, arrival: Arrival): void {
    this.catchUp();
    // All events of a response have one head.
    if (this.events?.headers !== start.headers) {
      const { method = 'GET', target = '', calls = [] } = this.requests[0] ?? {};
      this.events = { ...start, method, target };
      // A call that is answered by events.
      for (const { http } of calls) if (http !== undefined) this.converse(http);
    }
    const http = this.events;
    if (data.length === 0) this.add({ kind: 'visit', ...arrival, http });
    const objects = objectsInMessage(data, arrival.cut, this.scanner);
    for (const object of objects) this.add(this.messageOf(object, { ...arrival, http }));
  }

  /** An object of an HTTP response to `calls`, of which the answered ones leave the list. */
  private answer(said: JsonObject, arrival: Arrival, calls: Call[]): Message {
    const body = withoutEnvelope(said);
    const id = idText(body);
    if (isCall(body)) return callOf(body, id, arrival);
    if (!isReply(body)) return datumOf(body, arrival);
    const sameId = calls.findIndex((call) => call.id === id);
    const [call] = calls.splice(Math.max(0, sameId), 1);
    if (call?.id !== undefined) this.open[call.direction]?.take(call.id);
    return replyOf(body, id, arrival, call);
  }

  private catchUp(): void {
    if (this.isBehind) this.requests.splice(0, this.requests.length - 1);
    this.isBehind = false;
  }

  /** Says the objects in a body; the first one carries the bytes of head and framing. Without any it is a visit. */
  private unfold(
    body: Uint8Array,
    arrival: Arrival & { readonly http: HttpHead },
    messageOf: (object: JsonObject, arrival: Arrival) => Message,
  ): void {
    const objects = objectsIn(body, this.scanner, limits['http-unpacked'], arrival.cut);
    let rest = arrival.bytes - body.length;
    for (const { object, length, cut } of objects) {
      this.add(messageOf(object, { ...arrival, bytes: Math.max(0, length + rest), cut }));
      rest = 0;
    }
    if (objects.length === 0) this.add({ kind: 'visit', ...arrival });
  }
}

/** What log shippers put beside the fields of a message that they pass on; no protocol has them on its top level. */
const RECORD_FIELDS = ['@timestamp', '@version', 'timestamp', 'event_type', 'level', 'severity', 'tags'];

function isRecord(body: JsonObject): boolean {
  for (const field of RECORD_FIELDS) if (Object.hasOwn(body, field)) return true;
  return false;
}

/** Members of an envelope at most: what it carries, and a few plain values beside it. */
const ENVELOPE_MEMBERS = 4;

/** The message in an object that is only its envelope, `{"v":{…}}`; the object itself if it is none. One level is taken off. */
function withoutEnvelope(body: JsonObject): JsonObject {
  if (typeof body.method === 'string' || isReply(body) || isRecord(body)) return body;
  let inner: unknown = null;
  let members = 0;
  for (const name in body) {
    const value = body[name];
    if (++members > ENVELOPE_MEMBERS) return body;
    if (typeof value !== 'object' || value === null) continue;
    if (inner !== null) return body;
    inner = value;
  }
  if (!isObject(inner)) return body;
  // The id may stand on the envelope.
  const message =
    Object.hasOwn(body, 'id') && !Object.hasOwn(inner, 'id') ? { ...inner, id: body.id } : inner;
  return isMessage(message) ? message : body;
}

/** True of a call with its parameters, and of a reply to one. */
function isMessage(body: JsonObject): boolean {
  if (typeof body.method === 'string') return Object.hasOwn(body, 'params');
  return isReply(body) && Object.hasOwn(body, 'id');
}

function isCall(body: JsonObject): boolean {
  if (typeof body.method !== 'string') return false;
  return Object.hasOwn(body, 'params') || !isReply(body);
}

/** Asked after `isCall`: a result with or without `method`. */
function isReply(body: JsonObject): boolean {
  return Object.hasOwn(body, 'result') || Object.hasOwn(body, 'error');
}

function isBareId(body: JsonObject, cut: boolean): boolean {
  return !cut && Object.keys(body).every((key) => key === 'id' || key === 'jsonrpc');
}

/** Characters of an id that tell calls apart: its last ones, if there are more. */
const ID_LENGTH = 256;

/** JSON text of the id, undefined if there is none. Ids are scalars; anything else pairs with nothing. */
function idText(body: JsonObject): string | undefined {
  const { id } = body;
  if (typeof id === 'string') return JSON.stringify(id.slice(-ID_LENGTH));
  return typeof id === 'number' || typeof id === 'boolean' || id === null ? String(id) : undefined;
}

// Written out: with spread objects the same costs five times as much.

function callOf(body: JsonObject, id: string | undefined, arrival: Arrival, begun?: Salvage['begun']): Call {
  const { direction, timeUs, record, input, bytes, cut, http } = arrival;
  const method = String(body.method);
  const { params } = body;
  const call = {
    kind: 'call',
    direction,
    timeUs,
    record,
    input,
    bytes,
    cut,
    http,
    method,
    params,
    id,
    body,
  } as const;
  return withBegun(call, 'params', begun);
}

function replyOf(
  body: JsonObject,
  id: string | undefined,
  arrival: Arrival,
  call: Call | undefined,
  begun?: Salvage['begun'],
): Reply {
  const { direction, timeUs, record, input, bytes, cut, http } = arrival;
  const { result, error } = body;
  const reply = {
    kind: 'reply',
    direction,
    timeUs,
    record,
    input,
    bytes,
    cut,
    http,
    id,
    result,
    error,
    body,
    call,
  } as const;
  return withBegun(reply, 'result', begun);
}

/** The message, with what is complete of `name` if the capture ended there. */
function withBegun<T extends Call | Reply>(message: T, name: string, begun: Salvage['begun'] = null): T {
  return begun?.name === name
    ? { ...message, begun: { members: begun.members, cutMember: begun.cutMember } }
    : message;
}

function datumOf(body: JsonObject, arrival: Arrival): Datum {
  const { direction, timeUs, record, input, bytes, cut, http } = arrival;
  return { kind: 'datum', direction, timeUs, record, input, bytes, cut, http, body };
}
