/**
 * What one lane of a candidate flow says, framed: a JSON-RPC call, the reply to it, any other JSON object, an
 * HTTP request without a JSON body, or the greeting of an encrypted channel. Made by the framers, immutable,
 * read by the dialects. Below this line there are only bytes.
 */

/** Direction of a flow: 0 is what the originator (who spoke first) sends, 1 is what the responder sends. */
export type Lane = 0 | 1;

/** Any JSON object, unproven. Narrow with the guards in `json.ts`. */
export type JsonObject = Readonly<Record<string, unknown>>;

interface MessageBase {
  readonly lane: Lane;
  /** Capture time, in us since 1970, of the packet that carries the last byte of the message. */
  readonly timeUs: number;
  /** 1-based number of that packet within its input. */
  readonly record: number;
  /** Ordinal of the input (file) that the packet came from. */
  readonly input: number;
  /** Bytes of the message on the lane, framing included. */
  readonly bytes: number;
  /**
   * True where the end of the message was not captured (snap length, loss): the object holds only the members
   * that were complete before the cut.
   */
  readonly cut: boolean;
  /** The HTTP head that the message came with; undefined on a plain stream. */
  readonly http: HttpHead | undefined;
}

export interface HttpHead {
  /** Upper-case method of a request; for a response, of the request it answers ('' where unseen). */
  readonly method: string;
  /** Request target as sent; for a response that of the request it answers ('' where unseen). */
  readonly target: string;
  /** Status of a response; 0 for a request. */
  readonly status: number;
  /** Header names in lower case; of a repeated header the values joined by ', '. */
  readonly headers: ReadonlyMap<string, string>;
}

/** A JSON object with a string `method` (request or notification), on its own or as an HTTP request body. */
export interface Call extends MessageBase {
  readonly kind: 'call';
  readonly method: string;
  /** `params` as sent, undefined where absent. */
  readonly params: unknown;
  /** JSON text of `id` ('1', '"1"', 'null'), undefined where absent. */
  readonly id: string | undefined;
  readonly body: JsonObject;
}

/**
 * A JSON object with `result` or `error` and no `method` (or with both and no `params`, as Grin and Alephium servers
 * send). An object with nothing but the `id` of an open call is a reply too: so EIP-1571 servers say yes.
 */
export interface Reply extends MessageBase {
  readonly kind: 'reply';
  readonly id: string | undefined;
  readonly result: unknown;
  readonly error: unknown;
  readonly body: JsonObject;
  /** The call of the other lane that this answers: equal id, first in first out; undefined where unseen. */
  readonly call: Call | undefined;
}

/** A JSON value that is neither: other envelopes (`type`, `identifier`, …), batches already unfolded. */
export interface Datum extends MessageBase {
  readonly kind: 'datum';
  readonly body: JsonObject;
}

/** An HTTP request or response without a JSON object in its body. */
export interface Visit extends MessageBase {
  readonly kind: 'visit';
  readonly http: HttpHead;
}

/** The first flight of TLS: what can be read before encryption starts. */
export interface TlsHello extends MessageBase {
  readonly kind: 'tls-hello';
  readonly role: 'client' | 'server';
  /** Server name of the client hello, lower case, '' where absent. */
  readonly serverName: string;
  readonly alpn: readonly string[];
}

export type Message = Call | Reply | Datum | Visit | TlsHello;
