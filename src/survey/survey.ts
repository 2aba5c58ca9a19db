/**
 * The watch over a run: what the tap reports becomes conversations, sessions and contacts. Above the waterline;
 * one object per candidate flow, none per packet. `finish` hands over what was found.
 */

import { addressText } from '../address.ts';
import { deviceApi } from '../dialects/device-api.ts';
import { DIALECTS } from '../dialects/index.ts';
import type { Contact } from '../endpoints/contact.ts';
import type { BookedName } from '../endpoints/name-book.ts';
import { matchPool } from '../endpoints/pool-match.ts';
import { doubtful, type Through } from '../endpoints/through.ts';
import { addTraffic } from '../endpoints/traffic.ts';
import { sharedText } from '../evidence/shared-text.ts';
import { isResponse } from '../framing/dns.ts';
import type { TlsHello } from '../framing/message.ts';
import type { ObjectScanner, Scanners } from '../framing/object-scanner.ts';
import type { CandidateListener, Opening } from '../packets/candidate.ts';
import {
  BY_PROTOCOL,
  DNS_FITS,
  DNS_IS_NOTHING,
  IS_CUT,
  KEPT,
  NAMED,
  NOT_TOLD,
  OPAQUE,
  SYN_ACK_SEEN,
  SYN_SEEN,
} from '../packets/flow-table.ts';
import type { Packet } from '../packets/packet.ts';
import { Tap, type TapObserver } from '../packets/tap.ts';
import type { WatchedFlow } from '../packets/watched-flow.ts';
import type { Place } from '../place.ts';
import type { PoolSet } from '../pools/pool-set.ts';
import { PACKET } from '../schema/packets-memory.ts';
import {
  Conversation,
  type ConversationContext,
  type SeenName,
  type SessionRequest,
} from '../sessions/conversation.ts';
import { type Endpoint, OPEN_US, type Session } from '../sessions/session.ts';
import type { SettledSession } from '../sessions/settle.ts';
import { statement } from '../statements/index.ts';
import type { Stretch } from '../stretch.ts';
import { CapturedExports } from './captured-exports.ts';
import { ContactFinder } from './contact-finder.ts';
import { DnsFlow, type DnsFlowContext } from './dns-flow.ts';
import { type ContactContext, trafficOf } from './flow-contact.ts';
import type { FlowSurvey } from './flow-survey.ts';
import { HeardNames } from './heard-names.ts';
import { type Chain, chainsOf } from './in-step.ts';
import { isAskedFor, type SurveyOptions } from './lists.ts';
import { LEAST_MESSAGES } from './opaque-flows.ts';
import { NOTHING_SAID } from './relation-contact.ts';
import { REVERSE_DOMAINS } from './reverse-names.ts';
import { SessionList } from './session-list.ts';
import { settleAll } from './settling.ts';
import type { Trust } from './trust.ts';

export class Survey implements TapObserver, ConversationContext, DnsFlowContext {
  readonly sessions: SessionList;
  /** What captures tell of names holds for servers of flow records, too. */
  readonly heardNames: HeardNames;
  readonly exports: CapturedExports;
  /** What this watches: it tells of its flows by their numbers. */
  readonly tap: Tap;
  /** Messages that were longer than they may be, and bytes that were passed over. */
  longMessages = 0;
  passedBytes = 0;
  /** Exports, and DNS messages of names of ours, that were not read, as an outside sender put them in a tunnel. */
  readonly unread = { exports: 0, names: 0 };
  readonly found: ContactFinder;
  private readonly conversations = new Map<number, Conversation>();
  /** Flows of whose messages the capture has beginnings alone, until they end. */
  private readonly cut = new Set<number>();
  private readonly words = new Int32Array(4);

  constructor(
    private options: SurveyOptions,
    private readonly flows: FlowSurvey,
  ) {
    this.sessions = new SessionList();
    this.heardNames = new HeardNames(options, this);
    this.exports = new CapturedExports(flows);
    this.tap = new Tap(this);
    const { sinceUs, untilUs } = options;
    Object.assign(this.tap.kernel.control, { openUs: OPEN_US, sinceUs, untilUs });
    this.found = new ContactFinder(this.around());
  }

  /** Begins a period: sessions of connections that are open go on, all else that was found is of the one before. */
  turn(options: SurveyOptions): void {
    const { sinceUs, untilUs } = options;
    this.tap.turn(sinceUs, untilUs);
    Object.assign(this.unread, { exports: 0, names: 0 });
    this.longMessages = 0;
    this.passedBytes = 0;
    const open = new Set([...this.conversations.values()].map(({ session }) => session));
    this.sessions.turn(open, sinceUs, untilUs);
    this.found.turn();
    this.exports.turn();
    this.useLists(options);
  }

  /** Takes lists that were read again. What was found by those before stays. */
  useLists(options: SurveyOptions): void {
    this.options = options;
    this.heardNames.lists = options;
    this.found.around = this.around();
    this.tap.useNames();
  }

  private around(): ContactContext {
    return { ...this.options, flows: this.tap.flows, nameBook: this.heardNames.book };
  }

  get scanners(): Scanners {
    return this.tap.kernel.scanners;
  }

  handOver(flow: number, lane: 0 | 1, scanner: ObjectScanner): void {
    this.tap.kernel.calls.attachScanner(flow, lane, scanner.at);
  }

  /** What the catalogue knows, and names of addresses. */
  get pools(): PoolSet {
    return this.options.pools;
  }

  get names(): Iterable<string> {
    return [...this.pools.domains(), ...REVERSE_DOMAINS, ...this.options.allowedNames];
  }

  get polls(): Iterable<string> {
    return DIALECTS.flatMap((dialect) => dialect.polls ?? []);
  }

  readonly leastMessages = LEAST_MESSAGES;

  get anyAddress(): boolean {
    return this.options.hasListedAddresses;
  }

  /** Of the names that are heard. */
  learned(address: ArrayLike<number>, booked: BookedName): void {
    this.tap.concern(address);
    this.exports.learn(address, booked);
  }

  exportDatagram(packet: Packet, place: Place): void {
    if (this.isFromOutside(packet)) this.unread.exports++;
    else this.exports.datagram(packet, place);
  }

  visit(flow: number, lane: 0 | 1, host: string, place: Place): void {
    this.named(flow, { kind: 'http-host', name: host, lane, place: { ...place } });
  }

  candidate(flow: number, opening: Opening): CandidateListener {
    return opening === 'dns' ? new DnsFlow(flow, this) : this.conversation(flow);
  }

  dnsOverTcp(flow: number, lane: 0 | 1, bytes: Uint8Array, from: number, to: number, place: Place): void {
    const said = this.tap.judgeDns(flow, lane, bytes, from, to, place.timeUs);
    if (said === DNS_IS_NOTHING) return;
    const client = isResponse(bytes, from) === (lane === 0) ? 1 : 0;
    this.tap.flows.endpoint(flow, client, this.words);
    this.lookedUp(this.heardNames.message(bytes, from, to, place, this.words, said === DNS_FITS));
  }

  otherwise(flow: number): CandidateListener {
    const conversation = this.conversation(flow);
    this.tap.hear(flow, conversation);
    return conversation;
  }

  private conversation(flow: number): Conversation {
    const conversation = new Conversation(flow, this);
    this.conversations.set(flow, conversation);
    return conversation;
  }

  dns(packet: Packet, from: number, to: number, place: Place, fits: boolean): void {
    if (this.isFromOutside(packet)) {
      this.unread.names++;
      return;
    }
    const bytes = packet.memory.u8;
    const client = isResponse(bytes, from) ? PACKET.at.destination0 : PACKET.at.source0;
    const word = (packet.at + client) / 4;
    this.words.set(packet.memory.i32.subarray(word, word + 4));
    this.lookedUp(this.heardNames.message(bytes, from, to, place, this.words, fits));
  }

  /** True if an outside sender put it in a tunnel. */
  private isFromOutside({ through }: Packet): boolean {
    return this.options.trust.isFromOutside(this.tap.tunnels, through);
  }

  private throughOf(flow: number): readonly Through[] {
    return this.options.trust.ofFlow(this.tap.flows, this.tap.tunnels, flow);
  }

  get trust(): Trust {
    return this.options.trust;
  }

  /** Somebody looked up a pool's name, if a message says so. */
  private lookedUp(contact: Contact | null): void {
    if (contact === null) return;
    if (isAskedFor(contact.startUs, this.options)) this.found.contacts.add(contact);
  }

  endpoints(flow: number): readonly [Endpoint, Endpoint] {
    return [this.endpoint(flow, 0), this.endpoint(flow, 1)];
  }

  session(request: SessionRequest): Session | null {
    const { flows } = this.tap;
    const isTunnelled = flows.through(request.flow, 0) + flows.through(request.flow, 1) > 0;
    return this.sessions.open(request, isTunnelled, this.options);
  }

  passedOver(messages: number, bytes: number): void {
    this.longMessages += messages;
    this.passedBytes += bytes;
  }

  sawStart(flow: number, lane: 0 | 1 = 0): boolean {
    return (this.tap.flows.row(flow).seen & (lane === 0 ? SYN_SEEN : SYN_ACK_SEEN)) !== 0;
  }

  greeted(flow: number, hello: TlsHello): boolean {
    this.tap.flows.mark(flow, KEPT);
    return this.found.greeted(flow, hello);
  }

  watched(flow: number, watched: WatchedFlow, slot: number): void {
    this.found.watched(flow, watched, slot);
  }

  filled(slot: number, watched: WatchedFlow): void {
    this.found.book.filled(slot, watched);
  }

  gaveUp(flow: number, how: Parameters<ConversationContext['gaveUp']>[1]): void {
    const { flows } = this.tap;
    this.conversations.delete(flow);
    if (how === 'encrypted') flows.mark(flow, OPAQUE);
    else if (how === 'cut') {
      flows.mark(flow, KEPT);
      this.cut.add(flow);
    } else if (how === 'in clear' && (flows.row(flow).seen & OPAQUE) === 0) this.found.opaque.refused(flow);
  }

  named(flow: number, name: SeenName): void {
    const { flows } = this.tap;
    if (this.pools.byName(name.name) === null) {
      flows.mark(flow, NAMED);
      return;
    }
    flows.mark(flow, KEPT);
    if (name.target === undefined && doubtful(this.throughOf(flow)) === null) {
      flows.endpoint(flow, name.lane === 0 ? 1 : 0, this.words);
      const address = Int32Array.from(this.words);
      const client = this.endpoint(flow, name.lane).ip;
      this.heardNames.book.book(address, { name: name.name, client, isSaid: true, place: name.place });
    }
    this.found.named(flow, name);
  }

  flowEnded(flow: number): number {
    const { flows } = this.tap;
    const conversation = this.conversations.get(flow);
    if (conversation?.session?.transport === 'noise') flows.mark(flow, OPAQUE);
    this.conversations.delete(flow);
    if (this.tap.kernel.calls.hasGreeted(flow) !== 0 && this.isWanted(flow)) this.frame(flow);
    const through = this.throughOf(flow);
    const kept = this.found.take(flow, through);
    const session = conversation?.session ?? null;
    const isCut = this.cut.delete(flow);
    if (conversation === undefined || session === null) {
      const judgement = this.found.add(kept);
      return isCut && judgement === NOT_TOLD ? IS_CUT : judgement;
    }
    if (session.dialect === deviceApi.id) this.asked(flow, conversation.minerLane, session);
    addTraffic(session.connections.traffic, trafficOf(flows, flow, conversation.minerLane));
    session.cover(flows.row(flow).firstUs, flows.row(flow).lastUs);
    session.connections.cameThrough(through);
    if (this.tap.kernel.calls.isOpen(flow) !== 0) {
      session.connections.isOpen = true;
      session.connections.unfinished += conversation.unfinished;
    }
    if (kept.name !== undefined) session.connections.name(kept.name.name);
    for (const target of session.claims.targets) session.connections.name(target.host);
    return BY_PROTOCOL;
  }

  /** A client that asks a mining device for its state is a monitor: it gets a contact, too. */
  private asked(flow: number, deviceLane: 0 | 1, { firstPlace: place }: Session): void {
    const { flows } = this.tap;
    const clientLane = deviceLane === 0 ? 1 : 0;
    const client = this.endpoint(flow, clientLane);
    const server = this.endpoint(flow, deviceLane);
    if (client.ip === server.ip) return;
    const startUs = flows.row(flow).firstUs;
    this.found.contacts.add({
      ...NOTHING_SAID,
      kind: 'asked',
      client,
      server,
      place,
      startUs,
      endUs: flows.row(flow).lastUs,
      match: matchPool(this.pools, [], '', 0, startUs),
      verdict: 'listed',
      reason: statement('device-asked', { endpoint: `${server.ip}:${server.port}` }),
      traffic: trafficOf(flows, flow, clientLane),
    });
  }

  isNamed(flow: number): boolean {
    return ([0, 1] as const).some((lane) => {
      this.tap.flows.endpoint(flow, lane, this.words);
      return this.flows.isNamed(this.words);
    });
  }

  /** True if something asks what was said in clear on a flow: its behaviour, its server's address or certificate. */
  private isWanted(flow: number): boolean {
    const { flows } = this.tap;
    if (this.found.opaque.isMarked(flow)) return true;
    // Who names its server is believed: neither its address nor its certificate says more.
    if ((flows.row(flow).seen & NAMED) !== 0) return false;
    if (this.found.mayBePools(flow)) return true;
    return this.tap.kernel.calls.greetingMayConcern(flow) !== 0;
  }

  /** Reads what was kept. */
  private frame(flow: number): void {
    const conversation = this.conversation(flow);
    this.tap.hearGreeting(flow, conversation);
    conversation.end();
    this.conversations.delete(flow);
  }

  /**
   * The last packet has passed, at this time, us: what is open then may go on in another part of the input. Null if none
   * has.
   */
  end(endUs: number | null): void {
    if (endUs !== null) this.tap.kernel.control.endUs = endUs;
    this.tap.end();
    if (endUs !== null) this.sessions.markOpen(endUs);
  }

  /** Times far from all others are of a wrong clock: no session lasts until then. */
  narrow({ startUs, endUs }: Stretch): void {
    for (const session of this.sessions.all) session.narrow(startUs, endUs);
  }

  /** The sessions settled, beside blocks that are known, contacts marked; nonces are still to be read. Call once, after `end`. */
  finish(blocks: readonly Chain[] = []): SettledSession[] {
    const { all, blocks: jobBlocks } = this.sessions;
    const { contacts, inStep } = this.found;
    const sessions = settleAll(all, this.pools, this.heardNames.book, contacts);
    this.sessions.all = [];
    inStep.mark(contacts, [...blocks, ...chainsOf(jobBlocks, sessions)]);
    return sessions;
  }

  private endpoint(flow: number, lane: 0 | 1): Endpoint {
    const port = this.tap.flows.endpoint(flow, lane, this.words);
    return { ip: sharedText(addressText(this.words)), port };
  }
}
