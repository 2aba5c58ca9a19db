/**
 * One stream that may be mining, read: its messages (framing/stream-pair.ts) show its dialect (recognition.ts), whose reader
 * writes what they say into a session (writer.ts). A stream that only says what no dialect says is given up. Names and TLS
 * handshakes that were seen, and how the stream ended without a session, stand here for its owner.
 */
import type { Dialect, DialectReader } from '../dialects/dialect.ts';
import { candidates } from '../dialects/index.ts';
import { deniesMethod } from '../evidence/outcome.ts';
import type { FramingState } from '../framing/direction-framer.ts';
import { isEventStream } from '../framing/event-stream.ts';
import type { Direction, HttpHead, Message, Reply, TlsHello } from '../framing/message.ts';
import type { BodyScanner, FoundObject, JsonStart, ObjectCounts } from '../framing/object-scanner.ts';
import { StreamPair } from '../framing/stream-pair.ts';
import { jsonText } from '../json.ts';
import type { PacketRef } from '../packet-ref.ts';
import type { Doubt, Status, Stream } from '../packets/stream.ts';
import { type Choice, Recognition } from './recognition.ts';
import type { Sessions } from './sessions.ts';
import { type FlowEnds, StreamFacts } from './stream-facts.ts';
import { SessionWriter } from './writer.ts';

/** A host name that was said in clear before any session (TLS client hello, HTTP Host, request to a proxy). */
export interface SeenName {
  readonly kind: 'tls-sni' | 'http-host' | 'proxy-target';
  readonly name: string;
  /** Direction in which it was said. */
  readonly direction: Direction;
  readonly packetRef: PacketRef;
  /** Where a proxy was asked to go: the name is that end's, and not the proxy's; absent on a direct connection. */
  readonly target?: { readonly proxy: string; readonly host: string; readonly port: number };
}

/** How a stream ended without a session; `cut` if the capture has nothing whole of it. */
export type Ending = 'encrypted' | 'in clear' | 'cut' | 'unread';

/** What no side of an encrypted connection can be observed to speak. */
const IN_CLEAR: ReadonlySet<FramingState> = new Set([
  ...(['json', 'http', 'http2', 'websocket', 'text-lines'] as const),
  ...(['yamux', 'smux', 'frp', 'headed-messages'] as const),
]);
/** Bytes in which both sides of TLS have shown what they show in clear. */
const MAX_TLS_BYTES = 64 * 1024;
/** Messages that wait at most until their session can be named. */
const MOST_WAITING = 64;
/** Hosts of requests that are told of. */
const MOST_HOSTS = 4;
/**
 * Of a session that was read so many bytes of a direction may be something else, and this part of them: more where jobs and
 * shares were found, as some pools send each job again and again.
 */
const UNKNOWN_BYTES = 1024;
const UNKNOWN_PART = 1 / 8;
const UNKNOWN_PART_OF_MINING = 1 / 2;
/** Bytes before an object: its length in any form, and line ends. */
const MOST_BEFORE = 16;
/** A reply that says nothing of mining, as to a call that keeps a connection open, is not longer. */
const MOST_PLAIN_REPLY = 512;
/** Streams within the connection of which it is known who speaks; the oldest is forgotten for a new one. */
const MOST_CHANNELS = 1024;

export class StreamReader implements Stream {
  status: Status = 'undecided';
  /** Null while it goes on, and if it had a session. */
  ending: Ending | null = null;
  /** Messages that had begun when it ended; that were longer than they may be; and bytes that were passed over. */
  unfinished = 0;
  longMessages = 0;
  passedBytes = 0;
  /** Bytes of each direction of messages that its dialect has a meaning for. */
  private readonly understood: [number, number] = [0, 0];

  /** The session, and what is known of the packets. */
  readonly facts: StreamFacts;
  /** Null once the stream is over: its buffers are given back, as the rest stays until its flow ends. */
  private pair: StreamPair | null;
  private reader: DialectReader | null = null;
  private writer: SessionWriter | null = null;
  /** Finds the dialect; null before the first message, and once it is known. */
  private recognition: Recognition | null = null;
  /**
   * By stream within the connection (`Message.channel`): what finds its dialect, or reads it; null if it is of no interest. Null
   * in a connection without.
   */
  private channels: Map<number, Recognition | DialectReader | null> | null = null;
  /** Who asks whom, if the connection is or was a feed of events; '' if not. */
  private feed = '';
  asker: Direction = 0;
  /** The head that was read last: the messages of a WebSocket have one for all. */
  private head: HttpHead | null = null;
  /** True if the stream was encrypted from its first bytes on. */
  private isEncrypted = false;
  /** Bytes since the stream turned out to be TLS. */
  private bytesOfTls = 0;
  private seenHosts = 0;
  /** Names and TLS handshakes that were seen, in their order, until the owner takes them out. */
  readonly findings: (SeenName | TlsHello)[] = [];
  /**
   * Messages that are read again when their session can be named: one of a folded dialect first needs the account. Null
   * if there is nothing to wait for.
   */
  private waiting: Message[] | null = null;

  constructor(
    flow: number,
    flows: FlowEnds,
    private readonly sessions: Pick<Sessions, 'open'> & Partial<Pick<Sessions, 'feeds' | 'silences'>>,
    scanner: BodyScanner,
  ) {
    this.facts = new StreamFacts(flow, flows);
    this.pair = new StreamPair(scanner);
  }

  get hasFindings(): boolean {
    return this.findings.length > 0;
  }

  /** Nothing that follows can be of interest, unless it has shown that it mines. */
  dismiss(): void {
    if (this.status === 'undecided') this.status = 'foreign';
  }

  /** Goes on in the middle of what its session says, without what was half read; false if it has no session. */
  resume(): boolean {
    const { facts, sessions } = this;
    const { dialect, session } = facts;
    if (dialect === null || session === null) return false;
    this.reader = dialect.reader();
    this.writer = new SessionWriter(facts, sessions);
    this.waiting = null;
    this.channels = null;
    return true;
  }

  payload(
    direction: Direction,
    bytes: Uint8Array,
    from: number,
    to: number,
    packet: PacketRef,
  ): JsonStart | null {
    const { pair } = this;
    if (pair === null) return null;
    this.facts.captured(direction, to - from, packet.timeUs);
    const wasUndecided = this.status === 'undecided';
    this.take(pair.accept(direction, bytes, from, to, packet));
    if (wasUndecided) this.judge(pair, to - from);
    const start = pair.takeJson(direction);
    // What is scanned for objects is told of again.
    if (start !== null) this.facts.said[direction] -= start.to - start.from;
    return start;
  }

  object(direction: Direction, found: FoundObject, packet: PacketRef): boolean {
    this.facts.captured(direction, found.wireBytes, packet.timeUs);
    const messages = this.pair?.acceptObject(direction, found, packet) ?? null;
    if (messages === null) return false;
    // What stands before an object is a blank, or its length; anything else belongs to no message.
    const before = found.wireBytes - (found.to - found.from);
    if (before > MOST_BEFORE) this.understood[direction] -= before;
    this.take(messages);
    return true;
  }

  leaveJson(direction: Direction): void {
    const { pair } = this;
    if (pair === null) return;
    pair.leaveJson(direction);
    if (this.status === 'undecided') this.judge(pair, 0);
  }

  gap(direction: Direction, missing: number, isCut: boolean, { timeUs }: PacketRef): void {
    if (this.pair !== null) this.take(this.pair.gap(direction, missing));
    this.facts.gap(direction, missing, isCut, timeUs, this.sessions.silences);
  }

  roundTrip(direction: Direction, tripUs: number): void {
    this.facts.roundTrip(direction, tripUs);
  }

  doubt(doubt: Doubt, packet: PacketRef, count: number): void {
    this.facts.doubt(doubt, packet, count);
  }

  /** The stream is over: what can still be said is said. */
  end(objects: readonly [ObjectCounts | null, ObjectCounts | null]): void {
    const { pair } = this;
    if (pair === null) return;
    for (const direction of [0, 1] as const)
      if (objects[direction]?.isInside === true || pair.isInside(direction)) this.unfinished++;
    for (const direction of [0, 1] as const)
      this.facts.said[direction] += objects[direction]?.bytesBehind ?? 0;
    this.take(pair.end());
    if (this.feed !== '') this.sessions.feeds?.close(this.feed, this);
    const { session, minerDirection } = this.facts;
    if (session !== null) {
      const said = objects[minerDirection === 0 ? 1 : 0];
      session.observed.messages.emptyAnswers += said?.errorLines ?? 0;
      session.observed.messages.relayedLines += said?.relayLines ?? 0;
    }
    const [{ damage }, [a, b]] = [pair, objects];
    this.longMessages = damage.oversize + (a?.oversize ?? 0) + (b?.oversize ?? 0);
    this.passedBytes = damage.passedBytes + (a?.passedBytes ?? 0) + (b?.passedBytes ?? 0);
    const likely = this.recognition?.mostLikely() ?? null;
    if (likely !== null) this.choose(likely);
    for (const [channel, known] of this.channels ?? []) {
      const choice = known instanceof Recognition ? known.mostLikely() : null;
      if (choice !== null) this.chooseIn(channel, choice);
    }
    if (this.waiting !== null) this.readAgain();
    const isCut = this.recognition?.isCutOff === true;
    this.pair = null;
    this.head = null;
    this.reader = null;
    this.writer = null;
    this.recognition = null;
    this.channels = null;
    if (this.facts.session !== null) return;
    const how = IN_CLEAR.has(pair.state) ? 'in clear' : 'unread';
    this.ending = this.isEncrypted ? 'encrypted' : isCut ? 'cut' : how;
  }

  /** True if nearly all that both sides have said is messages that the dialect has a meaning for. */
  get isRead(): boolean {
    const { session } = this.facts;
    const isMining = session !== null && session.jobs.count > 0 && session.shares.submitted > 0;
    const part = isMining ? UNKNOWN_PART_OF_MINING : UNKNOWN_PART;
    return ([0, 1] as const).every((direction) => {
      const said = this.facts.said[direction];
      return said - this.understood[direction] <= UNKNOWN_BYTES + said * part;
    });
  }

  /** What the framing shows of a stream that is undecided, so many bytes further. */
  private judge(pair: StreamPair, bytes: number): void {
    const { state } = pair;
    // A hello that the other side answers in the clear has encrypted nothing.
    this.isEncrypted = state === 'tls';
    if (this.status !== 'undecided') return;
    if (state === 'foreign') this.status = pair.isGivenUp ? 'other' : 'foreign';
    else if (state === 'tls') {
      this.bytesOfTls += bytes;
      if (pair.isDecided || this.bytesOfTls > MAX_TLS_BYTES) this.status = 'foreign';
    }
  }

  /** Takes messages that are complete, in their order. */
  take(messages: readonly Message[]): void {
    for (let i = 0; i < messages.length; i++) this.message(messages[i]);
  }

  private message(message: Message): void {
    if (message.http !== undefined && message.http !== this.head) {
      this.head = message.http;
      const { secrets } = this.facts;
      const { count } = secrets;
      secrets.collectHead(message.http.headers);
      this.concealSince(count);
    }
    if (message.kind === 'proxy') {
      const { password, ...proxy } = message;
      if (password !== undefined) this.facts.secrets.add(password);
      this.facts.proxy = proxy;
      if (message.client === undefined) this.name('proxy-target', message.host, message);
      return;
    }
    // The Host of a call for a tunnel says where that is to lead.
    if (message.http !== undefined && message.http.method !== 'CONNECT') this.nameHost(message);
    if (message.kind === 'tls-hello') {
      if (message.role === 'client' && message.serverName !== '')
        this.name('tls-sni', message.serverName, message);
      // What one of its streams encrypts leaves the others in clear.
      if (message.channel !== undefined) return;
      this.isEncrypted = true;
      this.findings.push(message);
      return;
    }
    if (isProxyHandshake(message)) return;
    if (this.goesToFeed(message)) return;
    if (message.channel !== undefined) {
      this.channelMessage(message, message.channel);
      return;
    }
    if (this.facts.dialect !== null) {
      this.readMessage(message);
      return;
    }
    this.recognition ??= new Recognition();
    const choice = this.recognition.hear(message, this.mayAnswerUnseen(message));
    if (choice !== null) this.choose(choice);
    else if (this.recognition.givenUp !== null) this.status = this.recognition.givenUp;
  }

  /** A message of a stream within the connection: each is recognised on its own, and those of one dialect are one session. */
  private channelMessage(message: Message, channel: number): void {
    this.channels ??= new Map();
    const { channels, facts } = this;
    let known = channels.get(channel);
    if (known === null) return;
    if (known === undefined) {
      if (channels.size >= MOST_CHANNELS) {
        const [oldest] = channels.keys();
        channels.delete(oldest);
      }
      known = new Recognition();
      channels.set(channel, known);
    }
    if (!(known instanceof Recognition)) {
      this.reader = known;
      this.readMessage(message);
      return;
    }
    const choice = known.hear(message, this.mayAnswerUnseen(message));
    if (choice !== null) this.chooseIn(channel, choice);
    else if (known.givenUp !== null) {
      channels.set(channel, null);
      this.pair?.ignore(channel);
    }
    if (facts.isLeftOut) this.channels = null;
  }

  private chooseIn(channel: number, choice: Choice): void {
    const { dialect } = this.facts;
    if (dialect !== null && dialect.id !== choice.dialect.id) {
      this.channels?.set(channel, null);
      return;
    }
    this.channels?.set(channel, choice.reader);
    if (dialect === null) this.choose(choice);
    else {
      this.reader = choice.reader;
      for (const message of choice.messages) this.readMessage(message);
    }
  }

  /** True if the message is a request, or what answers one, beside a feed of events: it is read with these. */
  private goesToFeed(message: Message): boolean {
    const { feeds } = this.sessions;
    const { http } = message;
    if (feeds === undefined || http === undefined) return false;
    if (this.feed === '' && http.status !== 0 && isEventStream(http.headers)) {
      this.asker = message.direction === 0 ? 1 : 0;
      this.feed = this.facts.askedBy(this.asker);
      feeds.open(this.feed, this);
    }
    if (this.feed !== '' || feeds.isEmpty || message.kind === 'visit' || http.status === 101) return false;
    const asks = http.status === 0 ? message.direction : message.direction === 0 ? 1 : 0;
    const feed = feeds.beside(this.facts.askedBy(asks), this);
    // Of a connection that was met in its middle nobody knows who opened it.
    if (feed === undefined || feed.asker !== asks) return false;
    feed.adopt(message);
    return true;
  }

  /** Takes a message of another connection between the same ends, as if it had come on this one. */
  adopt(message: Message): void {
    const { pair } = this;
    if (pair === null) return;
    this.take([pair.adopt(message)]);
  }

  /** Replies to what came before the capture say nothing of what they answer. */
  private mayAnswerUnseen(message: Message): boolean {
    return message.kind === 'reply' && message.call === undefined && !this.facts.sawStart;
  }

  private choose({ dialect, certain, reader, messages }: Choice): void {
    this.recognition = null;
    this.facts.dialect = dialect;
    this.facts.isCertain = certain;
    this.reader = reader;
    if (dialect.perRequest === true) this.waiting = [];
    this.writer = new SessionWriter(this.facts, this.waiting === null ? this.sessions : null);
    this.status = 'mining';
    for (const message of messages) this.readMessage(message);
  }

  private readMessage(message: Message): void {
    const { facts } = this;
    if (message.kind === 'agent-frame') this.narrow(message);
    const { dialect } = facts;
    if (this.reader === null || dialect === null) return;
    if (!facts.isCertain && !message.cut && dialect.recognise(message) === 'certain') {
      facts.isCertain = true;
      if (facts.session !== null) facts.session.observed.certain = true;
    }
    this.read(message);
    if (this.writer?.hasSaid === true || isKnown(message, dialect))
      this.understood[message.direction] += message.bytes;
    if (this.waiting === null || this.writer?.hasSpoken !== true) return;
    facts.account ||= this.writer.account;
    this.waiting.push(message);
    if (facts.account !== '' || this.waiting.length >= MOST_WAITING) this.readAgain();
  }

  /** A dialect goes on that was taken for another. */
  private narrow(message: Message): void {
    const { facts } = this;
    const member = candidates(message).find(({ within }) => within === facts.dialect?.id);
    if (member === undefined) return;
    facts.dialect = member;
    this.reader = member.reader();
    if (facts.session !== null) facts.session.dialect = member.id;
  }

  /** The session can be named: what waited is read from its beginning. */
  private readAgain(): void {
    const { waiting } = this;
    const { dialect } = this.facts;
    this.waiting = null;
    if (dialect === null || waiting === null) return;
    this.reader = dialect.reader();
    this.writer = new SessionWriter(this.facts, this.sessions);
    for (const message of waiting) this.read(message);
  }

  /** Reads what the message says into its session; an answer that denies its call says nothing else. */
  private read(message: Message): void {
    const { reader, writer, facts } = this;
    if (reader === null || writer === null) return;
    this.takeSecrets(message);
    const isDenial = message.kind === 'reply' && !message.cut && deniesMethod(message.error);
    writer.begin(message, isDenial);
    reader.read(message, writer);
    if (facts.session !== null && message.kind === 'reply' && givesBack(message))
      facts.session.observed.messages.emptyAnswers++;
    // Nobody who has said nothing of a miner has tried a pool: a monitor asks a node for what it may not have.
    if (isDenial && writer.hasSpoken) {
      const method = message.call?.method ?? '';
      writer.denial(method);
      // A pool may lack other methods. What comes in place of these from elsewhere is no word of its own.
      if (facts.session !== null && IS_A_POOLS.test(method)) facts.session.observed.messages.emptyAnswers++;
    }
    writer.end();
    if (!facts.isLeftOut) return;
    this.status = 'other';
    this.reader = null;
  }

  /** A pool says nothing that the miner hides. */
  private takeSecrets(message: Message): void {
    if (message.kind !== 'call' && message.kind !== 'datum') return;
    const { session, minerDirection, secrets } = this.facts;
    if (session !== null && message.direction !== minerDirection) return;
    const { count } = secrets;
    secrets.collect(message.body);
    if (message.kind === 'call' && message.begun !== undefined) secrets.collectBegun(message.begun);
    this.concealSince(count);
  }

  /** What was shown before it was known to be a secret is taken out, if there are more of these than before. */
  private concealSince(count: number): void {
    const { secrets, session } = this.facts;
    if (secrets.count > count) session?.conceal(secrets);
  }

  private nameHost(message: Message): void {
    const host = message.http?.status === 0 ? message.http.headers.get('host') : undefined;
    if (host === undefined || this.seenHosts >= MOST_HOSTS) return;
    this.seenHosts++;
    this.name('http-host', host.replace(/:\d{1,5}$/, ''), message);
  }

  private name(kind: SeenName['kind'], name: string, { direction, timeUs, record, input }: Message): void {
    const { proxy } = this.facts;
    const found = { kind, name, direction, packetRef: { timeUs, record, input } };
    if (proxy === null || proxy.client !== undefined) this.findings.push(found);
    else this.findings.push({ ...found, target: { proxy: proxy.proxy, host: proxy.host, port: proxy.port } });
  }
}

/** So many digits of a result could not be the same by chance. */
const LEAST_RETURNED = 24;

/** Methods without which there is no pool: logins and shares. */
const IS_A_POOLS = /(?:login|authorize|submit|submitwork)$/i;

/** True if the dialect knows the message, though it says nothing of a session: a call of another purpose, or a short reply to one. */
function isKnown(message: Message, { methods }: Dialect): boolean {
  if (message.kind === 'opaque-message') return true;
  const call = message.kind === 'reply' ? message.call : message.kind === 'call' ? message : undefined;
  if (call === undefined || !methods.includes(call.method)) return false;
  // A login or a share without what makes it one is none.
  return message.kind === 'call' ? !IS_A_POOLS.test(call.method) : message.bytes <= MOST_PLAIN_REPLY;
}

/** True if the result is what the call itself carried: the server says nothing of its own. */
function givesBack({ result, call }: Reply): boolean {
  if (typeof result !== 'object' || result === null || call === undefined) return false;
  const text = jsonText(result) ?? '';
  return text.length >= LEAST_RETURNED && jsonText(call.params)?.includes(text) === true;
}

/** Asking a proxy for a tunnel, and its asking back for credentials, come before what the flow is about. */
function isProxyHandshake({ kind, http }: Message): boolean {
  return kind === 'visit' && http?.method === 'CONNECT' && (http.status === 0 || http.status === 407);
}
