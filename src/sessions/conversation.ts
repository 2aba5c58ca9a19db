/**
 * One candidate flow, heard: its bytes are framed, the dialect of its messages is found (recognition.ts), and once it is
 * known they become a session. A flow that only says what no dialect says is given up.
 */
import { addressText, addressWords } from '../address.ts';
import type { Dialect, DialectReader } from '../dialects/dialect.ts';
import { candidates } from '../dialects/index.ts';
import { deniesMethod } from '../evidence/outcome.ts';
import { SentSecrets } from '../evidence/secrets.ts';
import { FlowFramer } from '../framing/flow-framer.ts';
import type { FramingState } from '../framing/lane-framer.ts';
import type { Hop, HttpHead, Lane, Message, Reply, TlsHello } from '../framing/message.ts';
import type { FoundObject, ObjectScanner, Scanners } from '../framing/object-scanner.ts';
import { jsonText } from '../json.ts';
import type { Place } from '../place.ts';
import { type Choice, Recognition } from './recognition.ts';
import type { Endpoint, Session, Via } from './session.ts';
import { NONE } from './short-list.ts';
import type { VOICE_OF } from './voices.ts';
import { SessionWriter, type Spoken } from './writer.ts';

/** What a conversation needs from its surroundings. */
export interface ConversationContext {
  /** What finds objects in lanes of JSON. */
  readonly scanners: Scanners;
  /** The lane says objects from now on, which the scanner finds: only they are told. */
  handOver(flow: number, lane: Lane, scanner: ObjectScanner): void;
  /** The ends of the flow, by lane. */
  endpoints(flow: number): readonly [Endpoint, Endpoint];
  /**
   * Opens a session, or finds the one that a request-per-connection dialect goes on with; null if there are as many
   * sessions as there may be.
   */
  session(request: SessionRequest): Session | null;
  /** True if the SYN was seen of the flow's opener, lane 0, or its answer of lane 1. */
  sawStart(flow: number, lane?: Lane): boolean;
  /** The flow said a host name in clear before any session (TLS client hello, HTTP Host). */
  named(flow: number, name: SeenName): void;
  /** What one side of TLS said in clear; false if nothing that follows can be of interest. */
  greeted(flow: number, hello: TlsHello): boolean;
  /** So many messages of the flow were longer than they may be, and so many of its bytes were passed over. */
  passedOver(messages: number, bytes: number): void;
  /** The conversation ended without a session; `cut` if the capture has nothing whole of it. */
  gaveUp(flow: number, how: 'encrypted' | 'in clear' | 'cut' | 'unread'): void;
}

export interface SessionRequest {
  readonly dialect: Dialect;
  readonly certain: boolean;
  readonly transport: string;
  readonly miner: Endpoint;
  readonly pool: Endpoint;
  readonly via: readonly Via[];
  /** Account of the first login heard; '' if none was. */
  readonly account: string;
  /** The connection was seen from its first packet on. */
  readonly fromStart: boolean;
  readonly timeUs: number;
  /** The flow that it is heard on. */
  readonly flow: number;
}

export interface SeenName {
  readonly kind: 'tls-sni' | 'http-host' | 'proxy-target';
  readonly name: string;
  /** Lane that said it. */
  readonly lane: Lane;
  readonly place: Place;
  /** Where a proxy was asked to go: the name is that end's, and not the proxy's; absent on a direct connection. */
  readonly target?: { readonly hop: string; readonly host: string; readonly port: number };
}

/** What speaks against the packets of a flow (packets/candidate.ts). */
type Doubt = keyof typeof VOICE_OF;

/** What no side of an encrypted connection can be heard to speak. */
const IN_CLEAR: ReadonlySet<FramingState> = new Set(['json', 'http', 'websocket', 'text-lines']);
/** Bytes in which both sides of TLS have shown what they show in clear. */
const MAX_TLS_BYTES = 64 * 1024;
/** A stream takes bytes for missing up to its window (kernel/packets/order.ts). */
const MOST_MISSED = 2 ** 24;
/** The pool of a device that is asked lies elsewhere. */
const NOWHERE: Endpoint = { ip: '', port: 0 };
/** Messages that wait at most until their session can be named. */
const MOST_WAITING = 64;

export class Conversation implements Spoken {
  standing: 'undecided' | 'foreign' | 'other' | 'mining' = 'undecided';
  /** Session that the flow's packets belong to; null while or if there is none. */
  session: Session | null = null;
  /** Lane of the miner in that session. */
  minerLane: Lane = 0;
  /** Messages that had begun when the flow ended. */
  unfinished = 0;

  /** Null once the flow is over: its buffers are given back, as the conversation stays until the run ends. */
  private framer: FlowFramer | null;
  /** Lanes whose objects the kernel finds. */
  private readonly isHandedOver: [boolean, boolean] = [false, false];
  private dialect: Dialect | null = null;
  /** A message that only this dialect has was heard whole. */
  private certain = false;
  private reader: DialectReader | null = null;
  private writer: SessionWriter | null = null;
  /** Finds the dialect; null before the first message, and once it is known. */
  private recognition: Recognition | null = null;
  /** The head that was heard last: the messages of a WebSocket have one for all. */
  private head: HttpHead | null = null;
  /** The proxy that the flow goes through. */
  private hop: Hop | null = null;
  /** True if the flow was encrypted from its first bytes on. */
  private isEncrypted = false;
  /** Bytes since the flow turned out to be TLS. */
  private bytesOfTls = 0;
  private heardHosts = 0;
  readonly secrets = new SentSecrets();
  /** Places in each lane where bytes are missing; null if there are none. And bytes that were missing before there was a session. */
  private torn: [number, number] | null = null;
  private missed = 0;
  /** What spoke against the flow before it had a session. */
  private doubts: Map<Doubt, { count: number; readonly place: Place }> | null = null;
  /** Round trip to who gets the bytes of a lane, us, until the session knows it; null if none was seen. */
  private tripsUs: [number, number] | null = null;
  /**
   * Messages that are read again when their session can be named: one of a folded dialect first needs the account. Null
   * if there is nothing to wait for.
   */
  private waiting: Message[] | null = null;
  /** First account that those name. */
  private account = '';

  constructor(
    private readonly flow: number,
    private readonly context: ConversationContext,
  ) {
    this.framer = new FlowFramer(this, context.scanners);
  }

  payload(lane: Lane, bytes: Uint8Array, from: number, to: number, place: Place): void {
    const framer = this.framer;
    if (framer === null) return;
    const wasUndecided = this.standing === 'undecided';
    framer.push(lane, bytes, from, to, place);
    if (!this.isHandedOver[lane]) {
      const scanner = framer.handOver(lane);
      this.isHandedOver[lane] = scanner !== null;
      if (scanner !== null) this.context.handOver(this.flow, lane, scanner);
    }
    if (!wasUndecided) return;
    const { state } = framer;
    // A hello that the other side answers in the clear has encrypted nothing.
    this.isEncrypted = state === 'tls';
    if (this.standing !== 'undecided') return;
    if (state === 'foreign') this.standing = framer.isGivenUp ? 'other' : 'foreign';
    else if (state === 'tls') {
      this.bytesOfTls += to - from;
      if (framer.isDecided || this.bytesOfTls > MAX_TLS_BYTES) this.standing = 'foreign';
    }
  }

  object(lane: Lane, found: FoundObject, place: Place): boolean {
    return this.framer?.object(lane, found, place) === true;
  }

  gap(lane: Lane, missing: number, isCut = false): void {
    this.framer?.gap(lane, missing);
    this.torn ??= [0, 0];
    const places = Math.sign(missing);
    this.torn[lane] += places;
    if (this.session !== null && lane !== this.minerLane) this.session.heard.voices.torn += places;
    // A message that was cut is read as far as it goes. Numbers that are farther away are of another connection.
    if (isCut || !(missing < MOST_MISSED)) return;
    if (this.session === null) this.missed = Math.max(0, this.missed + missing);
    else this.session.connections.missed = Math.max(0, this.session.connections.missed + missing);
  }

  /** Other bytes came for a place that was heard. Nobody knows which of them the other end took: both are read. */
  conflict(lane: Lane, bytes: Uint8Array, from: number, to: number, place: Place): void {
    this.framer?.gap(lane, 0);
    this.payload(lane, bytes, from, to, place);
  }

  isTorn(lane: Lane): boolean {
    return (this.torn?.[lane] ?? 0) > 0 || !this.context.sawStart(this.flow, lane);
  }

  roundTrip(lane: Lane, tripUs: number): void {
    if (this.session !== null) {
      // What the pool's side sent is acknowledged by the miner.
      if (lane !== this.minerLane) this.session.connections.sawRoundTrip(tripUs);
      return;
    }
    this.tripsUs ??= [Number.NaN, Number.NaN];
    this.tripsUs[lane] = tripUs;
  }

  doubt(doubt: Doubt, _: Lane, { timeUs, record, input }: Place, count: number): void {
    const place = { timeUs, record, input };
    if (this.session !== null) {
      this.session.heard.doubt(doubt, count, place);
      return;
    }
    this.doubts ??= new Map();
    const known = this.doubts.get(doubt);
    if (known === undefined) this.doubts.set(doubt, { count, place });
    else known.count += count;
  }

  /** The flow is over: what can still be said is said. */
  end(): void {
    const framer = this.framer;
    if (framer === null) return;
    for (const lane of [0, 1] as const) if (framer.isInside(lane)) this.unfinished++;
    framer.end();
    this.hearPlainText(framer);
    const { oversize, passedBytes } = framer.damage;
    this.context.passedOver(oversize, passedBytes);
    framer.close();
    const likely = this.recognition?.mostLikely() ?? null;
    if (likely !== null) this.choose(likely);
    if (this.waiting !== null) this.readAgain();
    this.framer = null;
    this.head = null;
    this.reader = null;
    this.writer = null;
    const isCut = this.recognition?.isCutOff === true;
    this.recognition = null;
    if (this.session !== null) return;
    const how = IN_CLEAR.has(framer.state) ? 'in clear' : 'unread';
    this.context.gaveUp(this.flow, this.isEncrypted ? 'encrypted' : isCut ? 'cut' : how);
  }

  /** Of the framer. */
  message(message: Message): void {
    if (message.http !== undefined && message.http !== this.head) {
      this.head = message.http;
      const { count } = this.secrets;
      this.secrets.collectHead(message.http.headers);
      this.concealSince(count);
    }
    if (message.kind === 'hop') {
      const { password, ...hop } = message;
      if (password !== undefined) this.secrets.add(password);
      this.hop = hop;
      if (message.client === undefined) this.name('proxy-target', message.host, message);
      return;
    }
    // The Host of a call for a tunnel says where that is to lead.
    if (message.http !== undefined && message.http.method !== 'CONNECT') this.hearHost(message);
    if (message.kind === 'tls-hello') {
      if (message.role === 'client' && message.serverName !== '') {
        this.name('tls-sni', message.serverName, message);
      }
      this.isEncrypted = true;
      if (!this.context.greeted(this.flow, message) && this.standing === 'undecided') {
        this.standing = 'foreign';
      }
      return;
    }
    if (isProxyHandshake(message)) return;
    if (this.dialect !== null) {
      this.readMessage(message);
      return;
    }
    this.recognition ??= new Recognition();
    const choice = this.recognition.hear(message, this.mayAnswerUnseen(message));
    if (choice !== null) this.choose(choice);
    else if (this.recognition.givenUp !== null) this.standing = this.recognition.givenUp;
  }

  /** Replies to what came before the capture say nothing of what they answer. */
  private mayAnswerUnseen(message: Message): boolean {
    return message.kind === 'reply' && message.call === undefined && !this.context.sawStart(this.flow);
  }

  private choose({ dialect, certain, reader, messages }: Choice): void {
    this.recognition = null;
    this.dialect = dialect;
    this.certain = certain;
    this.reader = reader;
    this.writer = new SessionWriter(this);
    if (dialect.perRequest === true) this.waiting = [];
    this.standing = 'mining';
    for (const message of messages) this.readMessage(message);
  }

  private readMessage(message: Message): void {
    if (message.kind === 'agent-frame') this.narrow(message);
    const { dialect } = this;
    if (this.reader === null || dialect === null) return;
    if (!this.certain && !message.cut && dialect.recognise(message) === 'certain') {
      this.certain = true;
      if (this.session !== null) this.session.heard.certain = true;
    }
    this.hear(message);
    if (this.waiting === null || this.writer?.hasSpoken !== true) return;
    this.account ||= this.writer.account;
    this.waiting.push(message);
    if (this.account !== '' || this.waiting.length >= MOST_WAITING) this.readAgain();
  }

  /** A dialect goes on that was taken for another. */
  private narrow(message: Message): void {
    const member = candidates(message).find(({ within }) => within === this.dialect?.id);
    if (member === undefined) return;
    this.dialect = member;
    this.reader = member.reader();
    if (this.session !== null) this.session.dialect = member.id;
  }

  /** The session can be named: what waited is read from its beginning. */
  private readAgain(): void {
    const { waiting, dialect } = this;
    this.waiting = null;
    if (dialect === null || waiting === null) return;
    this.reader = dialect.reader();
    this.writer = new SessionWriter(this);
    for (const message of waiting) this.hear(message);
  }

  /** What the message says; an answer that denies its call says nothing else. */
  private hear(message: Message): void {
    const { reader, writer } = this;
    if (reader === null || writer === null) return;
    this.takeSecrets(message);
    const isDenial = message.kind === 'reply' && !message.cut && deniesMethod(message.error);
    writer.begin(message, isDenial);
    reader.read(message, writer);
    if (this.session !== null && message.kind === 'reply' && givesBack(message))
      this.session.heard.voices.hollow++;
    // Nobody who has said nothing of a miner has tried a pool: a monitor asks a node for what it may not have.
    if (isDenial && writer.hasSpoken) {
      const method = message.call?.method ?? '';
      writer.denial(method);
      // A pool may lack other methods. What comes in place of these from elsewhere is no word of its own.
      if (this.session !== null && IS_A_POOLS.test(method)) this.session.heard.voices.hollow++;
    }
    writer.end();
  }

  private hearPlainText(framer: FlowFramer): void {
    if (this.session === null) return;
    const { errors, relays } = framer.plainText(this.minerLane === 0 ? 1 : 0);
    this.session.heard.voices.hollow += errors;
    this.session.heard.voices.relays += relays;
  }

  /** A pool says nothing that the miner hides. */
  private takeSecrets(message: Message): void {
    if (message.kind !== 'call' && message.kind !== 'datum') return;
    if (this.session !== null && message.lane !== this.minerLane) return;
    const { count } = this.secrets;
    this.secrets.collect(message.body);
    if (message.kind === 'call' && message.begun !== undefined) this.secrets.collectBegun(message.begun);
    this.concealSince(count);
  }

  /** What was shown before it was known to be a secret is taken out, if there are more of these than before. */
  private concealSince(count: number): void {
    if (this.secrets.count > count) this.session?.conceal(this.secrets);
  }

  /** Of the writer. */
  opened(lane: Lane, message: Message): Session | null {
    if (this.waiting !== null || this.dialect === null || this.reader === null) return null;
    this.minerLane = lane;
    const ends = this.context.endpoints(this.flow);
    const { miner, pool, via } =
      this.dialect.isOfDevice === true
        ? { miner: ends[lane], pool: NOWHERE, via: NONE }
        : throughHop(ends, lane, this.hop);
    const session = this.context.session({
      dialect: this.dialect,
      certain: this.certain,
      transport: transportOf(message),
      miner,
      pool,
      via,
      account: this.account,
      fromStart: this.context.sawStart(this.flow),
      timeUs: message.timeUs,
      flow: this.flow,
    });
    if (session === null) {
      this.standing = 'other';
      this.reader = null;
      return null;
    }
    this.session = session;
    session.connections.sawRoundTrip(this.tripsUs?.[lane === 0 ? 1 : 0] ?? Number.NaN);
    this.tripsUs = null;
    session.connections.missed += this.missed;
    session.heard.voices.torn += this.torn?.[lane === 0 ? 1 : 0] ?? 0;
    for (const [doubt, { count, place }] of this.doubts ?? []) this.doubt(doubt, 0, place, count);
    return session;
  }

  private hearHost(message: Message): void {
    const host = message.http?.status === 0 ? message.http.headers.get('host') : undefined;
    if (host === undefined || this.heardHosts >= 4) return;
    this.heardHosts++;
    this.name('http-host', host.replace(/:\d{1,5}$/, ''), message);
  }

  private name(kind: SeenName['kind'], name: string, { lane, timeUs, record, input }: Message): void {
    const place = { timeUs, record, input };
    const hop = this.hop;
    const target = hop === null || hop.client !== undefined ? {} : { target: targetOf(hop) };
    this.context.named(this.flow, { kind, name, lane, place, ...target });
  }
}

/** So many digits of a result could not be the same by chance. */
const LEAST_RETURNED = 24;

/** Methods without which there is no pool: logins and shares. */
const IS_A_POOLS = /(?:login|authorize|submit|submitwork)$/i;

/** True if the result is what the call itself carried: the server says nothing of its own. */
function givesBack({ result, call }: Reply): boolean {
  if (typeof result !== 'object' || result === null || call === undefined) return false;
  const text = jsonText(result) ?? '';
  return text.length >= LEAST_RETURNED && jsonText(call.params)?.includes(text) === true;
}

function transportOf({ kind, http }: Message): string {
  if (kind === 'opaque-flight') return 'noise';
  if (http === undefined) return 'tcp';
  return http.status === 101 ? 'websocket' : 'http';
}

function targetOf({ hop, host, port }: Hop): NonNullable<SeenName['target']> {
  return { hop, host, port };
}

/** Asking a proxy for a tunnel, and its asking back for credentials, come before what the flow is about. */
function isProxyHandshake({ kind, http }: Message): boolean {
  return kind === 'visit' && http?.method === 'CONNECT' && (http.status === 0 || http.status === 407);
}

/**
 * The ends of a session behind a proxy: the miner is the client and the pool is the target that it asked for; the
 * proxy stands between them. The address of a target that was asked for by name is not known. The client that a PROXY
 * protocol header names is shown as it was claimed: anybody can send one, so that it accuses nobody.
 */
function throughHop(
  ends: readonly [Endpoint, Endpoint],
  minerLane: Lane,
  hop: Hop | null,
): { miner: Endpoint; pool: Endpoint; via: readonly Via[] } {
  const miner = ends[minerLane];
  const pool = ends[minerLane === 0 ? 1 : 0];
  if (hop === null) return { miner, pool, via: NONE };
  if (hop.client !== undefined) {
    return { miner, pool, via: [{ ...requestedEndpoint(hop.client), kind: hop.hop }] };
  }
  return { miner, pool: requestedEndpoint(hop), via: [{ ...pool, kind: hop.hop }] };
}

/** The end that a proxy was asked for, its address in canonical text: who asks writes it as they like. */
export function requestedEndpoint({ host, port }: { host: string; port: number }): Endpoint {
  const words = addressWords(host);
  return words === null ? { ip: '', port, name: host } : { ip: addressText(words), port };
}
