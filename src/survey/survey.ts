/**
 * The watch over a run: what the tap reports becomes conversations, sessions and contacts. Above the waterline;
 * one object per candidate flow, none per packet. `finish` hands over what was found.
 */

import type { AuditEdges, FlowState } from '../audit/edges.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { addressText, addressWords } from '../endpoints/address.ts';
import { type Contact, Contacts } from '../endpoints/contact.ts';
import { aliasesOf, NameBook } from '../endpoints/name-book.ts';
import { coinByPort, matchPool, type PoolMatch } from '../endpoints/pool-match.ts';
import type { TlsFacts } from '../endpoints/tls-facts.ts';
import { addTraffic, noTraffic } from '../endpoints/traffic.ts';
import type { FlowDamageRow } from '../flows/flow-damage.ts';
import type { NameRecord } from '../flows/flow-record.ts';
import { mayConcern, readDns, TYPE_PTR } from '../framing/dns.ts';
import { FirstLook, TLS_HELLO, UNSETTLED, WEB_VISIT } from '../framing/first-look.ts';
import type { TlsHello } from '../framing/message.ts';
import { NameGate } from '../framing/name-gate.ts';
import type { FlowTable } from '../packets/flow-table.ts';
import { NAMED, OPAQUE, SYN_SEEN, WANTED, WEB } from '../packets/flow-table.ts';
import type { Packet } from '../packets/packet.ts';
import type { Stamp } from '../packets/stream.ts';
import type { CandidateListener, Tap, TapObserver } from '../packets/tap.ts';
import type { WatchedFlow } from '../packets/watch.ts';
import type { PoolSet } from '../pools/pool-set.ts';
import { ExportCollector } from '../readers/netflow/export-collector.ts';
import { absorb } from '../sessions/absorb.ts';
import { goesOn, restoreSession, saveSession } from '../sessions/carry.ts';
import {
  Conversation,
  type ConversationContext,
  type SeenName,
  type SessionRequest,
} from '../sessions/conversation.ts';
import { type Endpoint, Session } from '../sessions/session.ts';
import { type Settlement, settleSession } from '../sessions/settle.ts';
import { DnsFlow } from './dns-flow.ts';
import { EdgeBook } from './edge-book.ts';
import { exportNotes } from './export-notes.ts';
import { type ContactSurroundings, flowContact, trafficOf } from './flow-contact.ts';
import type { FlowSurvey } from './flow-survey.ts';
import { OpaqueFlows } from './opaque-flows.ts';
import { addUnseen } from './quiet-flows.ts';
import { type Adopted, resume } from './resume.ts';
import { REVERSE_DOMAINS, ReverseNames } from './reverse-names.ts';
import { sessionContact } from './session-contact.ts';
import type { SurveyParts } from './survey-parts.ts';

/** Numbers of conversations stay below this, so that share tokens stay whole numbers. */
const MAX_SERIAL = 2 ** 28;
/** Requests of one miner to one endpoint belong to one session while gaps stay below this (contract, Session). */
const FOLD_GAP_US = 120_000_000;

const MAX_POLL_PATH = 64;
const DNS_PORT = 53;

export interface SurveyOptions {
  readonly dialects: readonly Dialect[];
  readonly pools: PoolSet;
  /** True where the operator's files list addresses. */
  readonly hasListedAddresses: boolean;
  readonly sinceUs: number;
  readonly untilUs: number;
  /** True where no packets are to be carried for a merge, as what they say of people is to be replaced. */
  readonly sealed?: boolean;
}

export interface SurveyFinding {
  readonly sessions: readonly Settlement[];
  readonly contacts: Contacts;
  readonly nameOverflow: number;
  /** Openings of TLS, and watched flows, that did not fit. */
  readonly opaqueOverflow: number;
}

export class Survey implements TapObserver, ConversationContext {
  readonly dialects: readonly Dialect[];
  /** Bytes and packets of flows that were TLS from the start, and of flows seen in one direction only. */
  readonly encrypted = { bytes: 0, packets: 0 };
  readonly oneSided = { bytes: 0, packets: 0 };
  readonly #options: SurveyOptions;
  readonly #pools: PoolSet;
  readonly #conversations = new Map<number, Conversation>();
  readonly #sessions: Session[] = [];
  readonly #folds = new Map<string, Session[]>();
  readonly #flowNames = new Map<number, SeenName>();
  readonly reverseNames = new ReverseNames();
  /** What captures tell of names holds for servers of flow records, too. */
  readonly #nameBook = new NameBook((address, booked) => this.#exports?.flows.learn(address, booked));
  readonly #contacts = new Contacts();
  readonly #opaque = new OpaqueFlows();
  readonly #words = new Int32Array(4);
  readonly #look = new FirstLook();
  readonly #gate: NameGate;
  /** Paths that dialects poll without a body. */
  readonly #polls: ReadonlySet<string>;
  /** What is held apart for a merge. */
  readonly edges: EdgeBook;
  #parts: SurveyParts | null = null;
  /** What tells whether a flow that ended is a contact. */
  #around: ContactSurroundings | null = null;
  #adopted: Adopted | null = null;
  /** True once what a merge needs has been written down. */
  #isOver = false;
  #serial = 0;
  #flows: FlowTable | null = null;
  #exports: { readonly collector: ExportCollector; readonly flows: FlowSurvey; input: number } | null = null;

  constructor(options: SurveyOptions) {
    this.#options = options;
    this.edges = new EdgeBook(options.sealed);
    this.dialects = options.dialects;
    this.#pools = options.pools;
    this.#gate = new NameGate([...options.pools.domains(), ...REVERSE_DOMAINS]);
    this.#polls = new Set(options.dialects.flatMap((dialect) => dialect.polls ?? []));
  }

  /** Export datagrams in the captures (NetFlow, IPFIX, sFlow) are flow records for this one. */
  collectFlows(flows: FlowSurvey): void {
    const collector: ExportCollector = new ExportCollector(flows, 0, (input) =>
      flows.beginInput(input, 'export', collector.exporters),
    );
    this.#exports = { collector, flows, input: -1 };
  }

  exportDatagram(packet: Packet, stamp: Stamp): void {
    const exports = this.#exports;
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
    return this.#exports?.collector.takeDamage() ?? [];
  }

  /** Reads export data that still waits for its template, and counts what never came. Call after the last packet. */
  finishExports(): void {
    const exports = this.#exports;
    if (exports === null || exports.input < 0) return;
    // Another input may have been read since: whose exporters these are must be said again.
    exports.flows.beginInput(exports.input, 'export', exports.collector.exporters);
    exports.collector.finish();
  }

  /** What of the exports never came, in words. Call after `finishExports`. */
  exportNotes(): string[] {
    return this.#exports === null ? [] : exportNotes(this.#exports.collector);
  }

  /** Ordinal of the last input that held exports; -1 where none did. */
  get exportInput(): number {
    return this.#exports?.input ?? -1;
  }

  /** A dated name that the operator's files tie to an address. */
  learn({ name, server, timeUs, number }: NameRecord, input: number): void {
    const words = server === '' || Number.isNaN(timeUs) ? null : addressWords(server);
    if (words === null || this.#pools.byName(name) === null) return;
    this.#nameBook.book(words, name, { timeUs, record: number, input });
  }

  /** Names the tap that flow numbers refer to. Call once, before the first packet. */
  watch(tap: Tap): void {
    const { flows } = tap;
    this.#flows = flows;
    this.#parts = {
      flows,
      tap,
      conversations: this.#conversations,
      flowNames: this.#flowNames,
      sessions: this.#sessions,
      nameBook: this.#nameBook,
      opaque: this.#opaque,
      unseen: this,
      isFolded: this.#isFolded,
    };
    const { hasListedAddresses, sinceUs, untilUs } = this.#options;
    const [pools, nameBook] = [this.#pools, this.#nameBook];
    this.#around = { flows, pools, nameBook, hasListedAddresses, sinceUs, untilUs };
  }

  settles(flow: number, packet: Packet, stamp: Stamp): boolean {
    const look = this.#look;
    const settled = look.look(packet.bytes, packet.payloadStart, packet.payloadEnd);
    if (settled === UNSETTLED) return false;
    if (settled === WEB_VISIT && this.#polls.has(targetText(packet.bytes, look))) return false;
    if (settled === TLS_HELLO) return this.#settlesHello(flow, packet);
    if (this.#flows !== null) this.#flows.seen[flow] |= WEB;
    if (look.nameTo === look.nameFrom) return true;
    if (!this.#gate.mayHold(packet.bytes, look.nameFrom, look.nameTo)) {
      if (this.#flows !== null) this.#flows.seen[flow] |= NAMED;
    } else {
      this.named(flow, {
        kind: 'http-host',
        name: look.name(packet.bytes),
        lane: this.#flows?.lane === 1 ? 1 : 0,
        place: { ...stamp },
      });
    }
    return true;
  }

  /** Of a hello in the manner of the web, to a server that is no pool's, the rest of the flow tells nothing. */
  #settlesHello(flow: number, packet: Packet): boolean {
    const { hasAlpn, nameFrom, nameTo } = this.#look;
    if (!hasAlpn || nameTo === nameFrom || this.#gate.mayHold(packet.bytes, nameFrom, nameTo)) return false;
    if (this.#flows !== null) this.#flows.seen[flow] |= OPAQUE | NAMED | WEB;
    return true;
  }

  candidate(flow: number): CandidateListener {
    if (this.#endpoint(flow, 0).port !== DNS_PORT && this.#endpoint(flow, 1).port !== DNS_PORT) {
      return this.#conversation(flow);
    }
    return new DnsFlow(
      (lane, bytes, from, to, stamp) => {
        const other = lane === 0 ? 1 : 0;
        this.#dnsMessage(
          bytes,
          from,
          to,
          stamp,
          (isResponse) => this.#endpoint(flow, isResponse ? other : lane).ip,
        );
      },
      () => this.#conversation(flow),
    );
  }

  #conversation(flow: number): Conversation {
    const adopted = this.#adopted;
    const conversation = new Conversation(flow, adopted?.serial ?? this.#serial++ % MAX_SERIAL, this);
    this.#conversations.set(flow, conversation);
    if (adopted?.standing != null) {
      const { at, session } = adopted.standing;
      conversation.adopt({ ...at, minerLane: at.minerLane === 1 ? 1 : 0 }, session);
    }
    return conversation;
  }

  get dnsBits(): Int32Array {
    return this.#gate.bits;
  }

  dns(packet: Packet, stamp: Stamp): void {
    this.#dnsMessage(packet.bytes, packet.payloadStart, packet.payloadEnd, stamp, (isResponse) => {
      const words = this.#words;
      words[0] = isResponse ? packet.destination0 : packet.source0;
      words[1] = isResponse ? packet.destination1 : packet.source1;
      words[2] = isResponse ? packet.destination2 : packet.source2;
      words[3] = isResponse ? packet.destination3 : packet.source3;
      return addressText(words);
    });
  }

  /** @param clientOf The address of who asks, given whether the message is the answer. */
  #dnsMessage(
    bytes: Uint8Array,
    from: number,
    to: number,
    stamp: Stamp,
    clientOf: (isResponse: boolean) => string,
  ): void {
    if (!mayConcern(bytes, from, to, this.#gate)) return;
    const message = readDns(bytes, from, to);
    if (message === null) return;
    if (message.type === TYPE_PTR) {
      if (message.isResponse) this.reverseNames.learn(message);
      return;
    }
    const place = { timeUs: stamp.timeUs, record: stamp.record, input: stamp.input };
    if (message.isResponse && message.answers.length > 0) {
      this.#nameBook.learn(message, (name) => this.#pools.byName(name) !== null, place);
    }
    const asked = this.#pools.byName(message.question);
    // A pool's own name says what it is for; a stranger's may be another name of a pool.
    const names = asked === null ? [...aliasesOf(message)] : [message.question];
    const name = names.find((each) => this.#pools.byName(each)?.use === 'mining');
    if (name === undefined) return;
    const how = name === message.question ? '' : `, by its other name ${message.question}`;
    if (stamp.timeUs < this.#options.sinceUs || stamp.timeUs >= this.#options.untilUs) return;
    const contact: Contact = {
      kind: 'dns-lookup',
      client: { ip: clientOf(message.isResponse), port: 0 },
      server: null,
      match: matchPool(this.#pools, [name], '', 0, stamp.timeUs),
      ownName: '',
      isEncrypted: false,
      namedBy: 'client',
      watchedFrom: null,
      tls: null,
      marks: [],
      duty: null,
      place,
      verdict: 'listed',
      because: `its name was looked up${message.code === 3 ? ' and does not exist' : how}`,
      startUs: place.timeUs,
      endUs: place.timeUs,
      count: message.isResponse ? 0 : 1,
      traffic: noTraffic(),
    };
    this.#contacts.add(contact);
    this.edges.addContact(contact);
  }

  endpoints(flow: number): readonly [Endpoint, Endpoint] {
    return [this.#endpoint(flow, 0), this.#endpoint(flow, 1)];
  }

  session(request: SessionRequest): Session {
    const { dialect, miner, pool, via, transport, certain, fromStart } = request;
    const isFolded = dialect.perRequest === true;
    const last = isFolded ? this.#fold(dialect.id, miner, pool, request.account, request.timeUs) : undefined;
    if (last !== undefined) {
      last.certain ||= certain;
      // What a connection says whose beginning was not seen is told apart from the rest.
      if (!fromStart) last.twin ??= restoreSession(saveSession(last), this.#options);
      else if (last.twin !== null) last.twin.certain ||= certain;
      return last;
    }
    const origin = { dialect: dialect.id, miner, pool, via, transport, certain };
    const session = new Session(origin, this.#options);
    // A request-per-connection dialect opens a connection in the middle of its session too.
    session.fromStart = fromStart && !isFolded;
    if (!fromStart && isFolded) session.twin = new Session(origin, this.#options);
    else if (!fromStart) this.edges.midway.add(session);
    this.#add(session);
    return session;
  }

  goesOn(session: Session): Session {
    return goesOn(session, this.#options);
  }

  /** Takes in what the audit of a later part carries; `firstInput` is the number of its first input among all. */
  resume(edges: AuditEdges, firstInput: number, goesOn: (state: FlowState) => boolean): void {
    const parts = this.#parts;
    if (parts === null) return;
    for (const contact of edges.contacts) {
      const place = { ...contact.place, input: contact.place.input + firstInput };
      this.#contacts.add({ ...structuredClone(contact), place });
    }
    for (const kind of ['encrypted', 'oneSided'] as const) {
      for (const sum of [this[kind], this.edges[kind]]) {
        sum.packets += edges.weights[kind].packets;
        sum.bytes += edges.weights[kind].bytes;
      }
    }
    resume(edges, firstInput, {
      parts,
      book: this.edges,
      window: this.#options,
      reserve: (count) => {
        const first = this.#serial;
        this.#serial += count;
        return first;
      },
      adopt: (next) => {
        this.#adopted = next;
      },
      file: (session) => this.#file(session),
      goesOn,
      rest: (flow) => this.#conversation(flow),
      nameNameless: (flow, tls) => this.#nameNameless(flow, tls),
    });
  }

  /** Ends flows that will not go on after `nowUs`: between two parts, where the next one begins then. */
  endSilent(nowUs: number): void {
    const parts = this.#parts;
    if (parts !== null && Number.isFinite(nowUs)) this.edges.endSilent(parts, nowUs);
  }

  /** What a merge needs of the run. Call once, after the last packet and before the tap ends. */
  carry(
    rest: Pick<AuditEdges, 'window' | 'options' | 'records'>,
    weights: Omit<AuditEdges['weights'], 'encrypted' | 'oneSided'>,
  ) {
    const parts = this.#parts;
    if (parts === null) throw new Error('a survey without a tap has nothing to carry');
    const { encrypted, oneSided } = this.edges;
    const saved = this.edges.save(parts, { ...rest, weights: { ...weights, encrypted, oneSided } });
    this.#isOver = true;
    // Connections that were over are only now counted.
    return { ...saved, weights: { ...weights, encrypted: { ...encrypted }, oneSided: { ...oneSided } } };
  }

  /** The session that a request-per-connection dialect goes on with. */
  #fold(
    dialect: string,
    miner: Endpoint,
    pool: Endpoint,
    account: string,
    timeUs: number,
  ): Session | undefined {
    return this.#folds
      .get(foldKey(dialect, miner, pool))
      ?.findLast((session) => timeUs - session.heardUs <= FOLD_GAP_US && isSameAccount(session, account));
  }

  #add(session: Session): void {
    this.#sessions.push(session);
    if (!this.#isFolded(session)) return;
    const key = foldKey(session.dialect, session.miner, session.pool);
    const folded = this.#folds.get(key);
    if (folded === undefined) this.#folds.set(key, [session]);
    else folded.push(session);
  }

  readonly #isFolded = ({ dialect }: Session): boolean =>
    this.dialects.some(({ id, perRequest }) => id === dialect && perRequest === true);

  /** Files a session of a later part, or joins it to the one that it goes on. */
  #file(session: Session): Session {
    if (this.#isFolded(session)) {
      const [login] = session.logins.values();
      const { dialect, miner, pool, memory } = session;
      const last = this.#fold(dialect, miner, pool, login?.account ?? '', memory.firstHeardUs);
      if (last !== undefined) {
        const again = last.twin === null ? null : restoreSession(saveSession(session), this.#options);
        absorb(last, session);
        if (last.twin !== null && again !== null) absorb(last.twin, again);
        return last;
      }
    }
    this.#add(session);
    return session;
  }

  sawStart(flow: number): boolean {
    return this.#flows !== null && (this.#flows.seen[flow] & SYN_SEEN) !== 0;
  }

  greeted(flow: number, hello: TlsHello): boolean {
    if (hello.server !== null) this.#opaque.server(flow, hello.server);
    if (hello.client === null || this.#flows === null) return false;
    const isPool = this.#flowNames.has(flow);
    if (hello.alpn.length > 0) this.#flows.seen[flow] |= WEB;
    if (isPool) this.#flows.seen[flow] |= WANTED;
    if (!isPool && hello.serverName !== '' && hello.alpn.length > 0) return false;
    const { timeUs, record, input } = hello;
    return this.#opaque.hello(flow, hello.client, { timeUs, record, input });
  }

  watched(flow: number, watched: WatchedFlow): void {
    const parts = this.#isOver ? null : this.#parts;
    // Its slot is free from now on; a merge needs what it knew beside what the part before does.
    if (parts !== null && this.edges.mayHaveBegunBefore(parts, flow)) this.edges.watches.set(flow, watched);
    this.#opaque.watched(flow, watched, this.#flowNames.has(flow));
  }

  gaveUp(flow: number, isEncrypted: boolean, isInClear: boolean): void {
    this.#conversations.delete(flow);
    if (this.#flows === null) return;
    if (isEncrypted) this.#flows.seen[flow] |= OPAQUE;
    else if (isInClear && (this.#flows.seen[flow] & OPAQUE) === 0) this.#opaque.refused(flow);
  }

  named(flow: number, name: SeenName): void {
    if (this.#pools.byName(name.name) === null) {
      if (this.#flows !== null) this.#flows.seen[flow] |= NAMED;
      return;
    }
    if (name.target === undefined) {
      this.#flows?.endpoint(flow, name.lane === 0 ? 1 : 0, this.#words);
      this.#nameBook.book(this.#words, name.name, name.place);
    }
    const known = this.#flowNames.get(flow);
    // The name under which encryption started says more than the request to a proxy before it.
    if (known === undefined || known.kind !== 'tls-sni') this.#flowNames.set(flow, name);
  }

  flowEnded(flow: number): void {
    const around = this.#around;
    if (around === null) return;
    const { flows } = around;
    const conversation = this.#conversations.get(flow);
    const name = this.#flowNames.get(flow);
    if (conversation?.session?.transport === 'noise') flows.seen[flow] |= OPAQUE;
    const parts = this.#isOver ? null : this.#parts;
    const isApart = parts === null || this.edges.mayHaveBegunBefore(parts, flow);
    if (parts !== null && isApart) this.edges.ended(parts, flow);
    this.#conversations.delete(flow);
    this.#flowNames.delete(flow);
    addUnseen(this, flows, flow);
    if (!isApart) addUnseen(this.edges, flows, flow);
    const watched = this.edges.watches.get(flow);
    if (watched !== undefined) this.watched(flow, watched);
    this.edges.forget(flow);
    const opaque = this.#opaque.take(flow);
    const session = conversation?.session ?? null;
    if (conversation === undefined || session === null) {
      const contact = flowContact({ flow, name, ...opaque }, around);
      if (contact === null && !isApart && parts !== null && mayBeNamed(flows, flow)) {
        this.edges.endedNameless(parts, flow, opaque.tls);
      }
      if (contact !== null && !isApart) this.edges.addContact(contact);
      if (contact !== null) this.#contacts.add(contact);
      return;
    }
    for (const each of isApart ? [session] : [session, session.twin]) {
      if (each === null) continue;
      addTraffic(each.traffic, trafficOf(flows, flow, conversation.minerLane));
      each.cover(flows.firstUs[flow], flows.lastUs[flow]);
      if (name !== undefined) each.names.add(name.name);
      for (const target of each.targets) each.names.add(target.host);
    }
  }

  /** A flow of a part whose server nobody named in that part: the name may have been learned before. */
  #nameNameless(flow: number, tls: TlsFacts | null): boolean {
    const around = this.#around;
    const unmarked = { isMarked: false, finding: () => null };
    const contact = around === null ? null : flowContact({ flow, name: undefined, tls, ...unmarked }, around);
    if (contact === null) return false;
    this.#contacts.add(contact);
    this.edges.addContact(contact);
    return true;
  }

  /** Settles what was found; nonces are still to be read. Call once, after the tap has ended. */
  finish(): SurveyFinding {
    const sessions: Settlement[] = [];
    for (const session of this.#sessions) {
      if (session.traffic.packetsOut + session.traffic.packetsIn === 0) continue; // outside the window asked for
      const { port } = session.pool;
      const match = this.#matchOf(session);
      const settlement = settleSession(session, match, (algorithm) =>
        coinByPort(this.#pools, port, algorithm, session.startUs),
      );
      if (settlement !== null) {
        sessions.push(settlement);
        continue;
      }
      const contact = sessionContact(session, match);
      if (contact !== null) this.#contacts.add(contact);
    }
    sessions.sort((a, b) => a.session.startUs - b.session.startUs || compareEnds(a.session, b.session));
    return {
      sessions,
      contacts: this.#contacts,
      nameOverflow: this.#nameBook.overflow,
      opaqueOverflow: this.#opaque.overflow,
    };
  }

  #matchOf(session: Session): PoolMatch {
    const { ip, port } = session.pool;
    const names = new Set([...session.names, ...this.#nameBook.namesOf(ip).map((booked) => booked.name)]);
    // Where a miner says which host it was told to use, or a proxy is asked for one, it may be an address.
    const said = [...names].filter((name) => addressWords(name.replace(/^\[|\]$/g, '')) === null);
    return matchPool(this.#pools, said, ip, port, session.startUs);
  }

  #endpoint(flow: number, lane: 0 | 1): Endpoint {
    const port = this.#flows?.endpoint(flow, lane, this.#words) ?? 0;
    return { ip: addressText(this.#words), port };
  }
}

/** Both sides have spoken and the client has named nobody: a name may tell whose the server is. */
function mayBeNamed(flows: FlowTable, flow: number): boolean {
  return (flows.seen[flow] & (NAMED | WEB)) === 0 && flows.pushes0[flow] > 0 && flows.pushes1[flow] > 0;
}

/** The request target up to its query, as far as a poll's path can be long. */
function targetText(bytes: Uint8Array, look: FirstLook): string {
  let text = '';
  const to = Math.min(look.targetTo, look.targetFrom + MAX_POLL_PATH);
  for (let i = look.targetFrom; i < to && bytes[i] !== 0x3f; i++) text += String.fromCharCode(bytes[i]);
  return text;
}

function foldKey(dialect: string, miner: Endpoint, { ip, port, name = '' }: Endpoint): string {
  return `${dialect} ${miner.ip} ${ip}${name} ${port}`;
}

function isSameAccount(session: Session, account: string): boolean {
  if (account === '' || session.logins.size === 0) return true;
  for (const login of session.logins.values()) if (login.account === account) return true;
  return false;
}

function compareEnds(a: Session, b: Session): number {
  return (
    compareText(a.miner.ip, b.miner.ip) || a.miner.port - b.miner.port || compareText(a.pool.ip, b.pool.ip)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
