/**
 * JSON objects as calls, replies and other data, and the calls that wait for a reply (JSON-RPC 1.0 and 2.0 as pools bend
 * them, docs/protocols.md 1.1). Ids repeat: cpuminer numbers every submit 4, ethminer every hashrate 9. So equal ids
 * pair first in, first out. Over HTTP the order of the connection pairs, because servers get the ids wrong there.
 * A reply whose call was not captured has none. Open calls are bounded; the oldest are dropped and counted.
 */

import type { Call, Datum, HttpHead, JsonObject, Lane, Reply } from './message.ts';
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

/** Calls of one lane that wait for their reply, in the order in which they came. */
export class OpenCalls {
  private readonly calls: Call[] = [];
  private bytes = 0;

  /** Answers how many others had to be dropped for it. */
  add(call: Call): number {
    const before = this.calls.length;
    while (
      this.calls.length === OPEN_CALLS_LIMIT ||
      (this.calls.length > 0 && this.bytes + call.bytes > OPEN_CALLS_BYTES)
    )
      this.remove(0);
    this.bytes += call.bytes;
    return before + 1 - this.calls.push(call);
  }

  has(id: string): boolean {
    return this.calls.some((call) => call.id === id);
  }

  /** The oldest call with the id; if there is none, one that was cut before its id: any reply may be its own. */
  take(id: string): Call | undefined {
    const { calls } = this;
    let at = 0;
    while (at < calls.length && calls[at].id !== id) at++;
    return this.remove(at < calls.length ? at : calls.findIndex((call) => call.id === undefined));
  }

  /**
   * Replies may be lost: of calls with one id only the newest may still be answered, or every later reply would
   * go to the call before its own.
   */
  doubt(): void {
    const seen = new Set<string | undefined>();
    for (let at = this.calls.length - 1; at >= 0; at--) {
      const { id } = this.calls[at];
      if (seen.has(id)) this.remove(at);
      seen.add(id);
    }
  }

  private remove(at: number): Call | undefined {
    const [call] = at === -1 ? [] : this.calls.splice(at, 1);
    this.bytes -= call?.bytes ?? 0;
    return call;
  }
}

/** What log shippers put beside the fields of a message that they pass on; no protocol has them on its top level. */
const RECORD_FIELDS = ['@timestamp', '@version', 'timestamp', 'event_type', 'level', 'severity', 'tags'];

export function isRecord(body: JsonObject): boolean {
  for (const field of RECORD_FIELDS) if (Object.hasOwn(body, field)) return true;
  return false;
}

export function isCall(body: JsonObject): boolean {
  if (typeof body.method !== 'string') return false;
  return Object.hasOwn(body, 'params') || !isReply(body);
}

/** Asked after `isCall`: a result with or without `method`. */
export function isReply(body: JsonObject): boolean {
  return Object.hasOwn(body, 'result') || Object.hasOwn(body, 'error');
}

export function isBareId(body: JsonObject, cut: boolean): boolean {
  return !cut && Object.keys(body).every((key) => key === 'id' || key === 'jsonrpc');
}

/** JSON text of the id, undefined if there is none. Ids are scalars; anything else pairs with nothing. */
export function idText(body: JsonObject): string | undefined {
  const { id } = body;
  if (typeof id === 'string') return id.length <= 256 ? JSON.stringify(id) : undefined;
  return typeof id === 'number' || typeof id === 'boolean' || id === null ? String(id) : undefined;
}

// Written out: with spread objects the same costs five times as much.

export function callOf(body: JsonObject, id: string | undefined, arrival: Arrival): Call {
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

export function replyOf(
  body: JsonObject,
  id: string | undefined,
  arrival: Arrival,
  call: Call | undefined,
): Reply {
  const { lane, timeUs, record, input, bytes, cut, http } = arrival;
  const { result, error } = body;
  return { kind: 'reply', lane, timeUs, record, input, bytes, cut, http, id, result, error, body, call };
}

/** The message, with what is complete of `name` if the capture ended there. */
export function withBegun<T extends Call | Reply>(message: T, name: string, { begun }: Arrival): T {
  if (begun?.name !== name) return message;
  const { members, torn } = begun;
  return { ...message, begun: { members, torn } };
}

export function datumOf(body: JsonObject, arrival: Arrival): Datum {
  const { lane, timeUs, record, input, bytes, cut, http } = arrival;
  return { kind: 'datum', lane, timeUs, record, input, bytes, cut, http, body };
}
