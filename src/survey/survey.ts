/**
 * The watch over a run: what the tap reports becomes conversations, sessions and contacts. Above the waterline;
 * one object per candidate flow, none per packet. `finish` hands over what was found.
 */

import { bound } from '../bound.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { addressText } from '../endpoints/address.ts';
import { type Contact, Contacts } from '../endpoints/contact.ts';
import type { BookedName, NameBook } from '../endpoints/name-book.ts';
import { addTraffic } from '../endpoints/traffic.ts';
import { sharedText } from '../evidence/shared-text.ts';
import type { TlsHello } from '../framing/message.ts';
import type { CandidateListener, Opening } from '../packets/candidate.ts';
import type { FlowTable } from '../packets/flow-table.ts';
import { HELLO_CONCERNS, NAMED, OPAQUE, SYN_SEEN, WANTED, WEB } from '../packets/flow-table.ts';
import type { Packet } from '../packets/packet.ts';
import type { Stamp } from '../packets/stream.ts';
import type { Tap, TapObserver } from '../packets/tap.ts';
import type { WatchedFlow } from '../packets/watched-flow.ts';
import type { PoolSet } from '../pools/pool-set.ts';
import {
  Conversation,
  type ConversationContext,
  type SeenName,
  type SessionRequest,
} from '../sessions/conversation.ts';
import { type Endpoint, OPEN_US, type Session } from '../sessions/session.ts';
import type { Settlement } from '../sessions/settle.ts';
import { CapturedExports } from './captured-exports.ts';
import { DnsFlow, type DnsFlowContext } from './dns-flow.ts';
import { type ContactContext, flowContact, trafficOf } from './flow-contact.ts';
import type { FlowSurvey } from './flow-survey.ts';
import { Greeting, type GreetingContext } from './greeting.ts';
import { Greetings } from './greetings.ts';
import { HeardNames } from './heard-names.ts';
import { type Chain, chainsOf, InStepFinder } from './in-step.ts';
import { joined, type Piece, replay } from './kept-opening.ts';
import type { End } from './lookups.ts';
import { OpaqueFlows } from './opaque-flows.ts';
import { PushTrains } from './push-trains.ts';
import { REVERSE_DOMAINS } from './reverse-names.ts';
import { SessionList } from './session-list.ts';
import { settleAll } from './settling.ts';
import { VisitHead } from './visit-head.ts';

/** Numbers of conversations stay below this, so that share tokens stay whole numbers. */
const MAX_SERIAL = 2 ** 28;
export interface SurveyOptions {
  readonly dialects: readonly Dialect[];
  readonly pools: PoolSet;
  /** True if the operator's files list addresses. */
  readonly hasListedAddresses: boolean;
  /** Names that the operator allows for, as those below them are: the addresses of their servers must be known. */
  readonly allowedNames: readonly string[];
  readonly sinceUs: number;
  readonly untilUs: number;
}

export interface SurveyFinding {
  readonly sessions: Settlement[];
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
  private readonly conversations = new Map<number, Conversation>();
  readonly sessions: SessionList;
  private readonly flowNames = new Map<number, SeenName>();
  /** What captures tell of names holds for servers of flow records, too. */
  readonly heardNames: HeardNames;
  readonly exports: CapturedExports;
  private contacts = new Contacts();
  private readonly opaque = new OpaqueFlows();
  private readonly pushes = new PushTrains();
  private inStep = new InStepFinder();
  private readonly words = new Int32Array(4);
  private readonly greetings = new Greetings();
  /** What tells whether a flow that ended is a contact. */
  private around: ContactContext | null = null;
  private serial = 0;
  /** Messages that were longer than they may be. */
  longMessages = 0;
  private tap: Tap | null = null;
  private runEndUs = Number.NEGATIVE_INFINITY;
  private flows: FlowTable | null = null;

  constructor(options: SurveyOptions, flows: FlowSurvey) {
    this.options = options;
    this.dialects = options.dialects;
    this.sessions = new SessionList(options.dialects);
    this.heardNames = new HeardNames(options, bound(this, this.learned));
    this.exports = new CapturedExports(flows);
  }

  /** Begins a period: sessions of connections that are open go on, all else that was found is of the one before. */
  turn(options: SurveyOptions, tap: Tap): void {
    const { sinceUs, untilUs } = options;
    tap.turn(sinceUs, untilUs);
    const open = new Set([...this.conversations.values()].map(({ session }) => session));
    this.sessions.turn(open, sinceUs, untilUs);
    this.contacts = new Contacts();
    this.inStep = new InStepFinder();
    this.exports.turn();
    this.takeLists(options, tap);
  }

  /** Takes lists that were read again. What was found by those before stays. */
  takeLists(options: SurveyOptions, tap: Tap): void {
    this.options = options;
    this.heardNames.lists = options;
    this.watch(tap);
  }

  /** What the catalogue knows, and names of addresses. */
  get pools(): PoolSet {
    return this.options.pools;
  }

  get names(): Iterable<string> {
    return [...this.pools.domains(), ...REVERSE_DOMAINS, ...this.options.allowedNames];
  }

  get polls(): Iterable<string> {
    return this.dialects.flatMap((dialect) => dialect.polls ?? []);
  }

  get anyAddress(): boolean {
    return this.options.hasListedAddresses;
  }

  private learned(address: ArrayLike<number>, booked: BookedName): void {
    this.tap?.concern(address);
    this.exports.learn(address, booked);
  }

  exportDatagram(packet: Packet, stamp: Stamp): void {
    this.exports.datagram(packet, stamp);
  }

  /** Names the tap that flow numbers refer to. Call once, before the first packet. */
  watch(tap: Tap): void {
    const { flows } = tap;
    this.flows = flows;
    this.tap = tap;
    tap.openUs = OPEN_US;
    const { hasListedAddresses, sinceUs, untilUs } = this.options;
    const [pools, nameBook] = [this.pools, this.heardNames.book];
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
    const [source, destination] = [endOf(lane), endOf(lane === 0 ? 1 : 0)];
    this.lookedUp(this.heardNames.message(bytes, from, to, stamp, source, destination, true));
  }

  otherwise(flow: number): CandidateListener {
    return this.conversation(flow);
  }

  private conversation(flow: number): Conversation {
    const conversation = new Conversation(flow, this.serial++ % MAX_SERIAL, this);
    this.conversations.set(flow, conversation);
    return conversation;
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
    const [from, to] = [payloadStart, payloadEnd];
    this.lookedUp(this.heardNames.message(bytes, from, to, stamp, source, destination, isOfName));
  }

  /** Somebody looked up a pool's name, if a message says so. */
  private lookedUp(contact: Contact | null): void {
    if (contact === null) return;
    const { sinceUs, untilUs } = this.options;
    if (contact.startUs >= sinceUs && contact.startUs < untilUs) this.contacts.add(contact);
  }

  endpoints(flow: number): readonly [Endpoint, Endpoint] {
    return [this.endpoint(flow, 0), this.endpoint(flow, 1)];
  }

  session(request: SessionRequest): Session | null {
    return this.sessions.open(request, this.options);
  }

  tooLong(messages: number): void {
    this.longMessages += messages;
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
      this.heardNames.book.book(address, { name: name.name, client, isSaid: true, place: name.place });
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
    addTraffic(session.connections.traffic, trafficOf(flows, flow, conversation.minerLane));
    session.cover(flows.firstUs(flow), flows.lastUs(flow));
    if (this.tap?.isOpen(flow) === true) {
      session.connections.isOpen = true;
      session.connections.unfinished += conversation.unfinished;
    }
    if (name !== undefined) session.connections.name(name.name);
    for (const target of session.claims.targets) session.connections.name(target.host);
    return true;
  }

  /** True if something asks what was said in clear on a flow: its behaviour, its server's address or certificate. */
  private isWanted(
    flow: number,
    greeting: readonly Piece[],
    { flows, nameBook, hasListedAddresses }: ContactContext,
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

  /**
   * Settles what was found, beside blocks that are known; nonces are still to be read. Call once, after the tap has
   * ended.
   */
  finish(blocks: readonly Chain[] = []): SurveyFinding {
    const { book } = this.heardNames;
    const { all, blocks: jobBlocks } = this.sessions;
    this.sessions.markOpen(this.runEndUs);
    const sessions = settleAll(all, this.pools, book, this.contacts);
    this.sessions.all = [];
    this.inStep.mark(this.contacts, [...blocks, ...chainsOf(jobBlocks, sessions)]);
    return {
      sessions,
      contacts: this.contacts,
      names: book,
      nameOverflow: book.overflow,
      opaqueOverflow: this.opaque.overflow + this.greetings.overflow,
      inStepOverflow: this.pushes.overflow + jobBlocks.overflow + this.inStep.overflow,
    };
  }

  private endpoint(flow: number, lane: 0 | 1): Endpoint {
    const port = this.flows?.endpoint(flow, lane, this.words) ?? 0;
    return { ip: sharedText(addressText(this.words)), port };
  }
}
