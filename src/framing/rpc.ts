/**
 * JSON objects to calls, replies and other data, and replies to their calls (JSON-RPC 1.0 and 2.0 as pools bend
 * them, docs/protocols.md 1.1). Ids repeat: cpuminer numbers every submit 4, ethminer every hashrate 9. So equal ids
 * pair first in, first out. Over HTTP the order of the connection pairs, because servers get the ids wrong there.
 * A reply whose call was not captured has none. Open calls are bounded; the oldest are dropped and counted.
 */

import type { Call, Datum, HttpHead, JsonObject, Lane, MessageListener, Reply } from './message.ts';
import type { Salvage } from './salvage.ts';

/** When, where and how an object came. */
export interface Arrival {
  readonly lane: Lane;
  readonly timeUs: number;
  readonly record: number;
  readonly input: number;
  readonly bytes: number;
  readonly cut: boolean;
  readonly http: HttpHead | undefined;
  /** The member in which the capture of a cut object ended, if that is an object. */
  readonly begun?: Salvage['begun'];
}

/** Calls of one lane that may still be answered. */
const OPEN_CALLS_LIMIT = 1024;
/** And their bytes; one call alone may have more. */
const OPEN_CALLS_BYTES = 1024 * 1024;

export class OpenCalls {
  private readonly byId = new Map<string, Call[]>();
  /** Calls that were cut before their id: any reply without another call may be theirs. */
  private readonly nameless: Call[] = [];
  /** How many there are. */
  count = 0;
  private bytes = 0;

  /** Answers how many others had to be dropped for it. */
  add(call: Call): number {
    let dropped = 0;
    while (
      this.count === OPEN_CALLS_LIMIT ||
      (this.count > 0 && this.bytes + call.bytes > OPEN_CALLS_BYTES)
    ) {
      this.dropOldest();
      dropped++;
    }
    if (call.id === undefined) this.nameless.push(call);
    else {
      const sameId = this.byId.get(call.id);
      if (sameId === undefined) this.byId.set(call.id, [call]);
      else sameId.push(call);
    }
    this.count++;
    this.bytes += call.bytes;
    return dropped;
  }

  has(id: string): boolean {
    return this.byId.has(id);
  }

  take(id: string): Call | undefined {
    return this.counted(this.byId.has(id) ? this.takeFirst(id) : this.nameless.shift());
  }

  /**
   * Replies may be lost: of calls with one id only the newest may still be answered, or every later reply would
   * go to the call before its own.
   */
  doubt(): void {
    for (const [id, calls] of this.byId) this.byId.set(id, calls.slice(-1));
    this.nameless.splice(0, this.nameless.length - 1);
    const left = [...this.byId.values(), this.nameless].flat();
    this.count = left.length;
    this.bytes = left.reduce((sum, call) => sum + call.bytes, 0);
  }

  private takeFirst(id: string): Call | undefined {
    const calls = this.byId.get(id);
    const call = calls?.shift();
    if (calls?.length === 0) this.byId.delete(id);
    return call;
  }

  private dropOldest(): void {
    const oldest = this.byId.keys().next();
    this.counted(oldest.done === true ? this.nameless.shift() : this.takeFirst(oldest.value));
  }

  /** The call has left. */
  private counted(call: Call | undefined): Call | undefined {
    if (call === undefined) return undefined;
    this.count--;
    this.bytes -= call.bytes;
    return call;
  }
}

/** Turns the objects of both lanes of a flow into messages. */
export class RpcReader {
  private readonly listener: MessageListener;
  /** Calls that were dropped because too many were open. */
  droppedCalls = 0;
  /** Null for a lane of which no call waits: that is so most of the time. */
  private readonly open: [OpenCalls | null, OpenCalls | null] = [null, null];
  /** Lanes that have said an object, a bit each. */
  private heard = 0;

  constructor(listener: MessageListener) {
    this.listener = listener;
  }

  /** The call may be answered. */
  private wait(call: Call): void {
    const calls = this.open[call.lane] ?? new OpenCalls();
    this.open[call.lane] = calls;
    this.droppedCalls += calls.add(call);
  }

  /** The call of the lane that a reply with the id answers. */
  private answered(lane: Lane, id: string): Call | undefined {
    const call = this.open[lane]?.take(id);
    if (this.open[lane]?.count === 0) this.open[lane] = null;
    return call;
  }

  /** Takes an object of a plain stream. */
  accept(body: JsonObject, arrival: Arrival): void {
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
      // A notification (id null or absent) has no answer; in a cut call the id may be what is missing.
      if ((id !== undefined && id !== 'null') || (id === undefined && arrival.cut)) {
        this.wait(call);
      }
      this.listener.message(call);
      return;
    }
    const calls = this.open[other];
    const answers =
      isReply(body) ||
      arrival.begun?.name === 'result' ||
      (isBareId(body, arrival.cut) && id !== undefined && calls?.has(id) === true);
    if (!answers) {
      this.listener.message(datumOf(body, arrival));
      return;
    }
    const call = id === undefined || id === 'null' ? undefined : this.answered(other, id);
    this.listener.message(withBegun(replyOf(body, id, arrival, call), 'result', arrival));
  }

  /** Bytes of `lane` were lost, and replies with them. */
  doubt(lane: Lane): void {
    this.open[lane === 0 ? 1 : 0]?.doubt();
  }

  /** Takes an object of an HTTP request; answers the call that it makes, if it makes one. */
  acceptRequest(body: JsonObject, arrival: Arrival): Call | undefined {
    const id = idText(body);
    if (!isCall(body)) {
      this.listener.message(datumOf(body, arrival));
      return undefined;
    }
    const call = callOf(body, id, arrival);
    // A pool that speaks no HTTP may answer with a bare line, so the id is kept as well.
    if (id !== undefined && id !== 'null') this.wait(call);
    this.listener.message(call);
    return call;
  }

  /** Takes an object of an HTTP response to `calls`, of which the answered ones leave the list. */
  acceptResponse(body: JsonObject, arrival: Arrival, calls: Call[]): void {
    const id = idText(body);
    if (isCall(body)) {
      this.listener.message(callOf(body, id, arrival));
      return;
    }
    if (!isReply(body)) {
      this.listener.message(datumOf(body, arrival));
      return;
    }
    const sameId = calls.findIndex((call) => call.id === id);
    const [call] = calls.splice(Math.max(0, sameId), 1);
    if (call?.id !== undefined) this.answered(call.lane, call.id);
    this.listener.message(replyOf(body, id, arrival, call));
  }
}

/** What log shippers put beside the fields of a message that they pass on; no protocol has them on its top level. */
const RECORD_FIELDS = ['@timestamp', '@version', 'timestamp', 'event_type', 'level', 'severity', 'tags'];

function isRecord(body: JsonObject): boolean {
  for (const field of RECORD_FIELDS) if (Object.hasOwn(body, field)) return true;
  return false;
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

/** JSON text of the id, undefined if there is none. Ids are scalars; anything else pairs with nothing. */
function idText(body: JsonObject): string | undefined {
  const { id } = body;
  if (typeof id === 'string') return id.length <= 256 ? JSON.stringify(id) : undefined;
  return typeof id === 'number' || typeof id === 'boolean' || id === null ? String(id) : undefined;
}

// Written out: with spread objects the same costs five times as much.

function callOf(body: JsonObject, id: string | undefined, arrival: Arrival): Call {
  const { lane, timeUs, record, input, bytes, cut, http } = arrival;
  const method = String(body.method);
  return {
    kind: 'call',
    lane,
    timeUs,
    record,
    input,
    bytes,
    cut,
    http,
    method,
    params: body.params,
    id,
    body,
  };
}

function replyOf(body: JsonObject, id: string | undefined, arrival: Arrival, call: Call | undefined): Reply {
  const { lane, timeUs, record, input, bytes, cut, http } = arrival;
  const { result, error } = body;
  return { kind: 'reply', lane, timeUs, record, input, bytes, cut, http, id, result, error, body, call };
}

/** The message, with what is complete of `name` if the capture ended there. */
function withBegun<T extends Call | Reply>(message: T, name: string, { begun }: Arrival): T {
  if (begun?.name !== name) return message;
  const { members, torn } = begun;
  return { ...message, begun: { members, torn } };
}

function datumOf(body: JsonObject, arrival: Arrival): Datum {
  const { lane, timeUs, record, input, bytes, cut, http } = arrival;
  return { kind: 'datum', lane, timeUs, record, input, bytes, cut, http, body };
}
