/**
 * The watch over a run: what the tap reports becomes conversations, sessions and contacts. Above the waterline;
 * one object per candidate flow, none per packet. `finish` hands over what was found.
 */

import { bound } from '../bound.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { addressText, addressWords } from '../endpoints/address.ts';
import { Contacts } from '../endpoints/contact.ts';
import { aliasesOf, type BookedName, NameBook } from '../endpoints/name-book.ts';
import { matchPool } from '../endpoints/pool-match.ts';
import { addTraffic, noTraffic } from '../endpoints/traffic.ts';
import type { FlowDamageRow } from '../flows/flow-damage.ts';
import type { NameRecord } from '../flows/flow-record.ts';
import { readDns, TYPE_PTR } from '../framing/dns.ts';
import type { TlsHello } from '../framing/message.ts';
import { limits } from '../limits.ts';
import type { CandidateListener, Opening } from '../packets/candidate.ts';
import type { FlowTable } from '../packets/flow-table.ts';
import { HELLO_CONCERNS, NAMED, OPAQUE, SYN_SEEN, WANTED, WEB } from '../packets/flow-table.ts';
import type { Packet } from '../packets/packet.ts';
import type { Stamp } from '../packets/stream.ts';
import type { Tap, TapObserver } from '../packets/tap.ts';
import type { WatchedFlow } from '../packets/watched-flow.ts';
import type { PoolSet } from '../pools/pool-set.ts';
import { ExportCollector } from '../readers/netflow/export-collector.ts';
import { BlockBook } from '../sessions/block-book.ts';
import {
  Conversation,
  type ConversationContext,
  type SeenName,
  type SessionRequest,
} from '../sessions/conversation.ts';
import { type Endpoint, OPEN_US, Session } from '../sessions/session.ts';
import type { Settlement } from '../sessions/settle.ts';
import { type Statement, statement } from '../statements/index.ts';
import { DnsFlow, type DnsFlowContext } from './dns-flow.ts';
import { exportNotes } from './export-notes.ts';
import { type ContactSurroundings, flowContact, trafficOf } from './flow-contact.ts';
import type { FlowSurvey } from './flow-survey.ts';
import { Greeting, type GreetingContext } from './greeting.ts';
import { Greetings } from './greetings.ts';
import { type Chain, chainsOf, InStepFinder } from './in-step.ts';
import { joined, type Piece, replay } from './kept-opening.ts';
import { type End, Lookups, lookupKey } from './lookups.ts';
import { OpaqueFlows } from './opaque-flows.ts';
import { PushTrains } from './push-trains.ts';
import { REVERSE_DOMAINS, ReverseNames } from './reverse-names.ts';
import { settleAll } from './settling.ts';
import { VisitHead } from './visit-head.ts';

/** Numbers of conversations stay below this, so that share tokens stay whole numbers. */
const MAX_SERIAL = 2 ** 28;
/** Requests of one miner to one endpoint belong to one session while gaps stay below this (contract, Session). */
const FOLD_GAP_US = 120_000_000;

export interface SurveyOptions {
  readonly dialects: readonly Dialect[];
  readonly pools: PoolSet;
  /** True if the operator's files list addresses. */
  readonly hasListedAddresses: boolean;
  /** Names that the operator allows for, as those below them are: the addresses of their servers must be known. */
  readonly allowedNames?: readonly string[];
  readonly sinceUs: number;
  readonly untilUs: number;
}

export interface SurveyFinding {
  readonly sessions: readonly Settlement[];
  readonly contacts: Contacts;
  readonly names: NameBook;
  readonly nameOverflow: number;
  /** Openings of TLS, and watched flows, that did not fit. */
  readonly opaqueOverflow: number;
  /** Pushes, blocks and sessions that were left out of the look for what is in step with blocks. */
  readonly inStepOverflow: number;
}

export class Survey implements TapObserver, ConversationContext, GreetingContext, DnsFlowContext {
  readonly dialects: readonly Dialect[];
  private options: SurveyOptions;
  private pools: PoolSet;
  private readonly conversations = new Map<number, Conversation>();
  private sessions: Session[] = [];
  private readonly folds = new Map<string, Session[]>();
  private readonly flowNames = new Map<number, SeenName>();
  /** Names of any kind: of the operator's files, and of DNS in captures. */
  namesHeard = 0;
  readonly reverseNames = new ReverseNames();
  /** What captures tell of names holds for servers of flow records, too. */
  private readonly nameBook = new NameBook(bound(this, this.learned));
  private readonly lookups = new Lookups();
  private allowedNames: readonly string[];
  private contacts = new Contacts();
  private readonly opaque = new OpaqueFlows();
  private readonly pushes = new PushTrains();
  private inStep = new InStepFinder();
  private readonly blocks = new BlockBook();
  private readonly words = new Int32Array(4);
  private readonly greetings = new Greetings();
  /** What tells whether a flow that ended is a contact. */
  private around: ContactSurroundings | null = null;
  private serial = 0;
  /** Sessions that were not kept as there were too many, and messages that were longer than they may be. */
  sessionsLeft = 0;
  longMessages = 0;
  private tap: Tap | null = null;
  private runEndUs = Number.NEGATIVE_INFINITY;
  private flows: FlowTable | null = null;
  private readonly allExportDamage: FlowDamageRow[] = [];
  private exports: { readonly collector: ExportCollector; readonly flows: FlowSurvey; input: number } | null =
    null;

  constructor(options: SurveyOptions) {
    this.options = options;
    this.dialects = options.dialects;
    this.pools = options.pools;
    this.allowedNames = options.allowedNames ?? [];
  }

  /** Begins a period: sessions of connections that are open go on, all else that was found is of the one before. */
  turn(options: SurveyOptions, tap: Tap): void {
    const { sinceUs, untilUs } = options;
    tap.turn(sinceUs, untilUs);
    const open = new Set([...this.conversations.values()].map(({ session }) => session));
    const kept = this.sessions.filter(
      (session) => open.has(session) || (this.isFolded(session) && sinceUs - session.heardUs <= FOLD_GAP_US),
    );
    this.sessions = [];
    this.folds.clear();
    for (const session of kept) {
      session.turn(sinceUs, untilUs);
      this.add(session);
    }
    this.contacts = new Contacts();
    this.allExportDamage.length = 0;
    this.inStep = new InStepFinder();
    this.blocks.clear();
    if (this.exports !== null) this.exports.input = -1;
    this.takeLists(options, tap);
  }

  /** Takes lists that were read anew. What was found by those before stays. */
  takeLists(options: SurveyOptions, tap: Tap): void {
    this.options = options;
    this.pools = options.pools;
    this.allowedNames = options.allowedNames ?? [];
    this.watch(tap);
  }

  /** What the catalogue knows, and names of addresses. */
  get poolSet(): PoolSet {
    return this.pools;
  }

  get names(): Iterable<string> {
    return [...this.pools.domains(), ...REVERSE_DOMAINS, ...this.allowedNames];
  }

  get polls(): Iterable<string> {
    return this.dialects.flatMap((dialect) => dialect.polls ?? []);
  }

  get anyAddress(): boolean {
    return this.options.hasListedAddresses;
  }

  private learned(address: ArrayLike<number>, booked: BookedName): void {
    this.tap?.concern(address);
    this.exports?.flows.learn(address, booked);
  }

  /** Export datagrams in the captures (NetFlow, IPFIX, sFlow) are flow records for this one. */
  collectFlows(flows: FlowSurvey): void {
    const collector = new ExportCollector(flows, 0, bound(this, this.enterExports));
    this.exports = { collector, flows, input: -1 };
  }

  private enterExports(input: number): void {
    const exports = this.exports;
    exports?.flows.beginInput(input, 'export', exports.collector.exporters);
  }

  exportDatagram(packet: Packet, stamp: Stamp): void {
    const exports = this.exports;
    if (exports === null) return;
    if (exports.input !== stamp.input) {
      exports.input = stamp.input;
      exports.collector.input = stamp.input;
      exports.flows.beginInput(stamp.input, 'export', exports.collector.exporters);
    }
    exports.collector.datagram(packet, stamp.timeUs, stamp.record);
  }

  /** What was wrong with the exports since the last call; `at` is a packet's number. */
  exportDamage(): readonly FlowDamageRow[] {
    const damage = this.exports?.collector.takeDamage() ?? [];
    this.allExportDamage.push(...damage);
    return damage;
  }

  /** The exports that captures held, and all that was wrong with them; null if there were none. */
  get exported(): { readonly collector: ExportCollector; readonly damage: readonly FlowDamageRow[] } | null {
    return this.exports === null ? null : { collector: this.exports.collector, damage: this.allExportDamage };
  }

  /** Reads export data that still waits for its template, and counts what never came. Call after the last packet. */
  finishExports(): void {
    const exports = this.exports;
    if (exports === null || exports.input < 0) return;
    // Another input may have been read since: whose exporters these are must be said again.
    exports.flows.beginInput(exports.input, 'export', exports.collector.exporters);
    exports.collector.finish();
  }

  /** What of the exports never came, in words. Call after `finishExports`. */
  exportNotes(): Statement[] {
    return this.exports === null ? [] : exportNotes(this.exports.collector);
  }

  /** Ordinal of the last input that held exports; -1 if none did. */
  get exportInput(): number {
    return this.exports?.input ?? -1;
  }

  /** A dated name that the operator's files tie to an address. */
  learn({ name, server, timeUs, number }: NameRecord, input: number): void {
    this.namesHeard++;
    const words = server === '' || Number.isNaN(timeUs) ? null : addressWords(server);
    if (words === null || this.pools.byName(name) === null) return;
    this.nameBook.book(words, { name, client: '', isSaid: false, place: { timeUs, record: number, input } });
  }

  /** Names the tap that flow numbers refer to. Call once, before the first packet. */
  watch(tap: Tap): void {
    const { flows } = tap;
    this.flows = flows;
    this.tap = tap;
    tap.openUs = OPEN_US;
    const { hasListedAddresses, sinceUs, untilUs } = this.options;
    const [pools, nameBook] = [this.pools, this.nameBook];
    this.around = { flows, pools, nameBook, hasListedAddresses, sinceUs, untilUs };
  }

  visit(flow: number, lane: 0 | 1, host: string, stamp: Stamp): void {
    this.named(flow, { kind: 'http-host', name: host, lane, place: { ...stamp } });
  }

  candidate(flow: number, opening: Opening): CandidateListener {
    switch (opening) {
      case 'tls':
        return new Greeting(flow, this);
      case 'visit':
        return new VisitHead(flow, this);
      case 'dns':
        return new DnsFlow(flow, this);
      default:
        return this.conversation(flow);
    }
  }

  judgeHello(flow: number, hello: Uint8Array): number {
    return this.tap?.judgeHello(flow, hello) ?? HELLO_CONCERNS;
  }

  judgeVisit(flow: number, lane: 0 | 1, head: Uint8Array): boolean {
    return this.tap?.judgeVisit(flow, lane, head) === true;
  }

  greetedInClear(flow: number, pieces: readonly Piece[]): void {
    this.flows?.mark(flow, OPAQUE);
    this.greetings.keep(flow, pieces);
  }

  dnsOverTcp(flow: number, lane: 0 | 1, bytes: Uint8Array, from: number, to: number, stamp: Stamp): void {
    const { flows } = this;
    if (flows === null) return;
    const endOf = (side: 0 | 1): End => {
      const words = new Int32Array(4);
      return { words, port: flows.endpoint(flow, side, words) };
    };
    this.dnsMessage(bytes, from, to, stamp, endOf(lane), endOf(lane === 0 ? 1 : 0), true);
  }

  otherwise(flow: number): CandidateListener {
    return this.conversation(flow);
  }

  private conversation(flow: number): Conversation {
    const conversation = new Conversation(flow, this.serial++ % MAX_SERIAL, this);
    this.conversations.set(flow, conversation);
    return conversation;
  }

  private isOfInterest(name: string): boolean {
    if (this.pools.byName(name) !== null) return true;
    for (const allowed of this.allowedNames)
      if (name === allowed || name.endsWith(`.${allowed}`)) return true;
    return false;
  }

  dns(packet: Packet, stamp: Stamp, isOfName: boolean): void {
    const { bytes, payloadStart, payloadEnd } = packet;
    const { source0, source1, source2, source3 } = packet;
    const { destination0, destination1, destination2, destination3 } = packet;
    const source = { words: Int32Array.of(source0, source1, source2, source3), port: packet.sourcePort };
    const destination = {
      words: Int32Array.of(destination0, destination1, destination2, destination3),
      port: packet.destinationPort,
    };
    this.dnsMessage(bytes, payloadStart, payloadEnd, stamp, source, destination, isOfName);
  }

  private dnsMessage(
    bytes: Uint8Array,
    from: number,
    to: number,
    stamp: Stamp,
    source: End,
    destination: End,
    isOfName: boolean,
  ): void {
    const isResponse = (bytes[from + 2] & 0x80) !== 0;
    const [client, server] = isResponse ? [destination, source] : [source, destination];
    const key = lookupKey(bytes, from, to, client, server);
    if (!isResponse && key !== null) this.lookups.ask(key, stamp.timeUs);
    if (!isOfName) return;
    const message = readDns(bytes, from, to);
    if (message === null) return;
    if (message.type === TYPE_PTR) {
      this.namesHeard++;
      if (message.isResponse) this.reverseNames.learn(message);
      return;
    }
    if (key === null || (isResponse && !this.lookups.answer(key, stamp.timeUs))) return;
    const clientIp = addressText(client.words);
    const place = { timeUs: stamp.timeUs, record: stamp.record, input: stamp.input };
    if (message.isResponse && message.answers.length > 0) {
      this.nameBook.learn(message, (name) => this.isOfInterest(name), clientIp, place);
    }
    const asked = this.pools.byName(message.question);
    // A pool's own name says what it is for; a stranger's may be another name of a pool.
    const names = asked === null ? [...aliasesOf(message)] : [message.question];
    const name = names.find((each) => this.pools.byName(each)?.use === 'mining');
    if (name === undefined) return;
    if (stamp.timeUs < this.options.sinceUs || stamp.timeUs >= this.options.untilUs) return;
    this.contacts.add({
      kind: 'dns-lookup',
      client: { ip: clientIp, port: 0 },
      server: null,
      match: matchPool(this.pools, [name], '', 0, stamp.timeUs),
      ownName: '',
      isEncrypted: false,
      namedBy: 'client',
      watchedFrom: null,
      tls: null,
      marks: [],
      duty: null,
      place,
      verdict: 'listed',
      reason: lookUpReason(message, name),
      startUs: place.timeUs,
      endUs: place.timeUs,
      count: message.isResponse ? 0 : 1,
      traffic: noTraffic(),
    });
  }

  endpoints(flow: number): readonly [Endpoint, Endpoint] {
    return [this.endpoint(flow, 0), this.endpoint(flow, 1)];
  }

  session(request: SessionRequest): Session | null {
    const { dialect, miner, pool, via, transport, certain, fromStart } = request;
    const isFolded = dialect.perRequest === true;
    const last = isFolded ? this.fold(dialect.id, miner, pool, request.account, request.timeUs) : undefined;
    if (last !== undefined) {
      last.certain ||= certain;
      return last;
    }
    if (this.sessions.length >= limits.sessions) {
      this.sessionsLeft++;
      return null;
    }
    const origin = { dialect: dialect.id, miner, pool, via, transport, certain };
    const { sinceUs, untilUs } = this.options;
    const session = new Session(origin, { sinceUs, untilUs, blocks: this.blocks });
    // A request-per-connection dialect opens a connection in the middle of its session too.
    session.fromStart = fromStart && !isFolded;
    this.add(session);
    return session;
  }

  tooLong(messages: number): void {
    this.longMessages += messages;
  }

  /** The session that a request-per-connection dialect goes on with. */
  private fold(
    dialect: string,
    miner: Endpoint,
    pool: Endpoint,
    account: string,
    timeUs: number,
  ): Session | undefined {
    return this.folds
      .get(foldKey(dialect, miner, pool))
      ?.findLast((session) => timeUs - session.heardUs <= FOLD_GAP_US && isSameAccount(session, account));
  }

  private add(session: Session): void {
    this.sessions.push(session);
    if (!this.isFolded(session)) return;
    const key = foldKey(session.dialect, session.miner, session.pool);
    const folded = this.folds.get(key);
    if (folded === undefined) this.folds.set(key, [session]);
    else folded.push(session);
  }

  private isFolded({ dialect }: Session): boolean {
    return this.dialects.some(({ id, perRequest }) => id === dialect && perRequest === true);
  }

  sawStart(flow: number): boolean {
    return this.flows !== null && (this.flows.seen(flow) & SYN_SEEN) !== 0;
  }

  greeted(flow: number, hello: TlsHello): boolean {
    if (hello.server !== null) this.opaque.server(flow, hello.server);
    if (hello.client === null || this.flows === null) return false;
    const isPool = this.flowNames.has(flow);
    if (hello.alpn.length > 0) this.flows.mark(flow, WEB);
    if (isPool) this.flows.mark(flow, WANTED);
    if (!isPool && hello.serverName !== '' && hello.alpn.length > 0) return false;
    const { timeUs, record, input } = hello;
    return this.opaque.hello(flow, hello.client, { timeUs, record, input });
  }

  watched(flow: number, watched: WatchedFlow, slot: number): void {
    const isNamed = this.flowNames.has(flow);
    this.opaque.watched(flow, watched, isNamed);
    this.pushes.end(flow, slot, watched, isNamed || this.opaque.isMarked(flow));
  }

  filled(slot: number, watched: WatchedFlow): void {
    this.pushes.filled(slot, watched);
  }

  gaveUp(flow: number, isEncrypted: boolean, isInClear: boolean): void {
    this.conversations.delete(flow);
    if (this.flows === null) return;
    if (isEncrypted) this.flows.mark(flow, OPAQUE);
    else if (isInClear && (this.flows.seen(flow) & OPAQUE) === 0) this.opaque.refused(flow);
  }

  named(flow: number, name: SeenName): void {
    if (this.pools.byName(name.name) === null) {
      this.flows?.mark(flow, NAMED);
      return;
    }
    if (name.target === undefined) {
      this.flows?.endpoint(flow, name.lane === 0 ? 1 : 0, this.words);
      const address = Int32Array.from(this.words);
      const client = this.endpoint(flow, name.lane).ip;
      this.nameBook.book(address, { name: name.name, client, isSaid: true, place: name.place });
    }
    const known = this.flowNames.get(flow);
    // The name under which encryption started says more than the request to a proxy before it.
    if (known === undefined || known.kind !== 'tls-sni') this.flowNames.set(flow, name);
  }

  flowEnded(flow: number): boolean {
    const around = this.around;
    if (around === null) return false;
    const { flows } = around;
    const conversation = this.conversations.get(flow);
    const name = this.flowNames.get(flow);
    if (conversation?.session?.transport === 'noise') flows.mark(flow, OPAQUE);
    this.conversations.delete(flow);
    this.flowNames.delete(flow);
    const greeting = this.greetings.take(flow);
    if (greeting !== null && this.isWanted(flow, greeting, around)) this.frame(flow, greeting);
    const opaque = this.opaque.take(flow);
    const pushes = this.pushes.take(flow, () => opaque.finding()?.clientLane ?? 0);
    const session = conversation?.session ?? null;
    if (conversation === undefined || session === null) {
      const contact = flowContact({ flow, name, ...opaque }, around);
      if (contact === null) return false;
      this.contacts.add(contact);
      if (pushes !== null) this.inStep.add(contact, pushes);
      return true;
    }
    addTraffic(session.traffic, trafficOf(flows, flow, conversation.minerLane));
    session.cover(flows.firstUs(flow), flows.lastUs(flow));
    if (this.tap?.isOpen(flow) === true) {
      session.isOpen = true;
      session.unfinished += conversation.unfinished;
    }
    if (name !== undefined) session.names.add(name.name);
    for (const target of session.targets) session.names.add(target.host);
    return true;
  }

  /** True if something asks what was said in clear on a flow: its behaviour, its server's address or certificate. */
  private isWanted(
    flow: number,
    greeting: readonly Piece[],
    { flows, nameBook, hasListedAddresses }: ContactSurroundings,
  ) {
    if (this.opaque.isMarked(flow)) return true;
    // Who names its server is believed: neither its address nor its certificate says more.
    if ((flows.seen(flow) & NAMED) !== 0) return false;
    for (const lane of [0, 1] as const) {
      flows.endpoint(flow, lane, this.words);
      if (hasListedAddresses || nameBook.mayHave(this.words)) return true;
      if (this.tap?.certificateMayConcern(joined(greeting, lane)) === true) return true;
    }
    return false;
  }

  /** Reads what was kept. */
  private frame(flow: number, greeting: readonly Piece[]): void {
    const conversation = this.conversation(flow);
    replay(greeting, conversation);
    conversation.end();
    this.conversations.delete(flow);
  }

  /** Call after the last packet and before the tap ends: what is open then may go on in another part of the input. */
  closeRun(endUs: number): void {
    this.runEndUs = endUs;
    this.tap?.closeRun(endUs);
  }

  /** Settles what was found, beside blocks that are known; nonces are still to be read. Call once, after the tap has ended. */
  finish(blocks: readonly Chain[] = []): SurveyFinding {
    for (const session of this.sessions) {
      if (this.isFolded(session) && this.runEndUs - session.heardUs <= FOLD_GAP_US) session.isOpen = true;
    }
    const sessions = settleAll(this.sessions, this.pools, this.nameBook, this.contacts);
    this.inStep.mark(this.contacts, [...blocks, ...chainsOf(this.blocks, sessions)]);
    return {
      sessions,
      contacts: this.contacts,
      names: this.nameBook,
      nameOverflow: this.nameBook.overflow,
      opaqueOverflow: this.opaque.overflow + this.greetings.overflow,
      inStepOverflow: this.pushes.overflow + this.blocks.overflow + this.inStep.overflow,
    };
  }

  private endpoint(flow: number, lane: 0 | 1): Endpoint {
    const port = this.flows?.endpoint(flow, lane, this.words) ?? 0;
    return { ip: addressText(this.words), port };
  }
}

/** That a pool's name was looked up, by which name, and whether it exists. */
function lookUpReason({ code, question }: { code: number; question: string }, name: string): Statement {
  if (code === 3) return statement('looked-up-missing');
  return name === question ? statement('looked-up') : statement('looked-up-alias', { alias: question });
}

function foldKey(dialect: string, miner: Endpoint, { ip, port, name = '' }: Endpoint): string {
  return `${dialect} ${miner.ip} ${ip}${name} ${port}`;
}

function isSameAccount(session: Session, account: string): boolean {
  if (account === '' || session.logins.size === 0) return true;
  for (const login of session.logins.values()) if (login.account === account) return true;
  return false;
}
