/**
 * One message of one direction of a candidate flow: a JSON-RPC call, the reply to it, any other JSON object, an
 * HTTP request without a JSON body, a line of text, a binary frame, the handshake of an encrypted channel, the sizes
 * of what an opaque one carries, or the proxy that the flow takes through a proxy. Made by the framers, immutable,
 * read by the dialects. Below this line there are only bytes.
 */

import type { ClientHello } from './client-hello.ts';
import type { ServerHandshake } from './server-handshake.ts';

/** Direction of a flow: 0 is what the originator (who spoke first) sends, 1 is what the responder sends. */
export type Direction = 0 | 1;

/** Any JSON object, unproven. Narrow with the guards in `json.ts`. */
export type JsonObject = Readonly<Record<string, unknown>>;

interface MessageBase {
  readonly direction: Direction;
  /** Capture time, in us since 1970, of the packet that carries the last byte of the message. */
  readonly timeUs: number;
  /** 1-based number of that packet within its input. */
  readonly record: number;
  /** Ordinal of the input (file) that the packet came from. */
  readonly input: number;
  /** Bytes of the message on the direction, framing included. */
  readonly bytes: number;
  /**
   * True if the end of the message was not captured (snap length, loss): the object holds only the members
   * that were complete before the cut.
   */
  readonly cut: boolean;
  /**
   * The HTTP head that the message came with; undefined on a plain stream. A message out of a WebSocket carries the
   * opening handshake: method, target and fields of the request, and status 101.
   */
  readonly http: HttpHead | undefined;
  /** The stream that it came in, of a connection that carries many (inner-streams.ts); undefined in any other. */
  channel?: number;
  /** The share that it submits, by the number that who took it gave it; null if it belongs to no session. */
  share?: number | null;
}

/** An object in which the capture ended. */
export interface Begun {
  /** Its complete members, and those of the objects within it in which the capture ended. */
  readonly members: JsonObject;
  /** The member in which it ended, if that is a text: its name, and the beginning of the text. */
  readonly cutMember: { readonly name: string; readonly text: string } | null;
}

export interface HttpHead {
  /** Upper-case method of a request; for a response, of the request it answers ('' if unseen). */
  readonly method: string;
  /** Request target as sent; for a response that of the request it answers ('' if unseen). */
  readonly target: string;
  /** Status of a response; 0 for a request. */
  readonly status: number;
  /** Header names in lower case; of a repeated header the values joined by ', '. */
  readonly headers: ReadonlyMap<string, string>;
  /**
   * True once both sides have shown that the body is part of a conversation, as opposed to a request or a response: messages of
   * gRPC, a body of HTTP/2 that goes on while the other side answers, events and the requests beside them.
   */
  isConversation?: boolean;
}

/** A JSON object with a string `method` (request or notification), on its own or as an HTTP request body. */
export interface Call extends MessageBase {
  readonly kind: 'call';
  readonly method: string;
  /** `params` as sent, undefined if absent. */
  readonly params: unknown;
  /** The captured part of `params`, if the capture of a plain stream ended inside of them. */
  readonly begun?: Begun;
  /** JSON text of `id` ('1', '"1"', 'null'), undefined if absent. */
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
  /** The captured part of `result`, if the capture of a plain stream ended inside of it. */
  readonly begun?: Begun;
  readonly error: unknown;
  readonly body: JsonObject;
  /** The call of the other direction that this answers: equal id, first in first out; undefined if unseen. */
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
  /** Server name of the client hello, lower case, '' if absent. */
  readonly serverName: string;
  readonly alpn: readonly string[];
  /** All that the client offers; null in a server's hello. */
  readonly client: ClientHello | null;
  /** All that the server says in clear, its certificate up to TLS 1.2; null in a client's hello. */
  readonly server: ServerHandshake | null;
}

/** A line of comma-separated text, without its end; or all texts in a row, if the sender leaves out line ends. */
export interface TextLine extends MessageBase {
  readonly kind: 'text-line';
  readonly text: string;
}

/** A frame of Stratum V2 in clear (sv2-spec 03): extension and type of its header, and the payload. */
export interface BinaryFrame extends MessageBase {
  readonly kind: 'binary-frame';
  /** Extension without the channel bit; 0 is the core protocol. */
  readonly extension: number;
  /** The channel bit of the extension: the message belongs to one channel. */
  readonly isChannel: boolean;
  readonly type: number;
  /** Bytes of its own, valid for good. */
  readonly payload: Uint8Array;
}

/** A message of Alephium's node interface: its type, and what stands behind. */
export interface SizedFrame extends MessageBase {
  readonly kind: 'sized-frame';
  readonly type: number;
  /** Bytes of its own, valid for good. */
  readonly payload: Uint8Array;
}

/**
 * A message of gRPC that holds no JSON object (framing/grpc.ts). Its head has the path that says what it is, such as
 * `/protowire.RPC/MessageStream`, and the content type.
 */
export interface GrpcMessage extends MessageBase {
  readonly kind: 'grpc-message';
  readonly http: HttpHead;
  /** Bytes of its own, valid for good. */
  readonly payload: Uint8Array;
}

/** A binary message of BTCAgent, which stands between JSON lines: its type, and what stands behind. */
export interface AgentMessage extends MessageBase {
  readonly kind: 'agent-frame';
  readonly type: number;
  /** Bytes of its own, valid for good. */
  readonly body: Uint8Array;
}

/**
 * What one side of an encrypted channel said in a row, of which only the size is known (`bytes`). Said only of flows
 * that open as a Noise handshake of Stratum V2 does, the handshake's two acts first.
 */
export interface OpaqueMessage extends MessageBase {
  readonly kind: 'opaque-message';
  /** Bytes of the direction before this flight. */
  readonly offset: number;
}

/**
 * The flow goes through a proxy, and what follows on both directions is framed anew. `host` and `port` are the target that
 * the originator asked for: the miner's pool. `client` is the end on whose behalf a PROXY protocol header was sent, as
 * its sender claims.
 */
export interface ProxyRequest extends MessageBase {
  readonly kind: 'proxy';
  readonly proxy: 'socks4' | 'socks5' | 'http-connect' | 'proxy-protocol';
  /** Host name or canonical address, lower case. */
  readonly host: string;
  readonly port: number;
  readonly client: { readonly host: string; readonly port: number } | undefined;
  /** What the originator said in secret to the proxy; absent if nothing. */
  readonly password?: string;
}

export type Message =
  | Call
  | Reply
  | Datum
  | Visit
  | TlsHello
  | TextLine
  | BinaryFrame
  | SizedFrame
  | AgentMessage
  | GrpcMessage
  | OpaqueMessage
  | ProxyRequest;

/** What a direction says that is no JSON, without where and when it said so. */
export type Said =
  Exclude<Message, Call | Reply | Datum | Visit | GrpcMessage> extends infer Each
    ? Each extends Message
      ? Omit<Each, keyof MessageBase>
      : never
    : never;
/** When, where and how something came. */
export type Arrival = Omit<MessageBase, 'share' | 'channel'>;

/** Hears what a direction says, in so many bytes. */
export interface DirectionSink {
  say(said: Said, wireBytes: number, cut?: boolean): void;
}
