/**
 * The watch over a run: what the tap reports becomes conversations, sessions and contacts. Above the waterline;
 * one object per candidate flow, none per packet. `finish` hands over what was found.
 */

import type { FlowTable } from '../capture/flow-table.ts';
import { NAMED, OPAQUE, SYN_SEEN, WANTED, WEB } from '../capture/flow-table.ts';
import type { Packet } from '../capture/packet.ts';
import type { Stamp } from '../capture/stream.ts';
import type { CandidateListener, TapObserver } from '../capture/tap.ts';
import type { WatchedFlow } from '../capture/watch.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { addressText } from '../endpoints/address.ts';
import { Contacts } from '../endpoints/contact.ts';
import { NameBook } from '../endpoints/name-book.ts';
import { coinByPort, matchPool, type PoolMatch } from '../endpoints/pool-match.ts';
import { addTraffic, noTraffic } from '../endpoints/traffic.ts';
import { ExportCollector } from '../flowlogs/export-collector.ts';
import type { FlowDamageRow } from '../flowlogs/flow-damage.ts';
import { mayConcern, readDns } from '../framing/dns.ts';
import { FirstLook, TLS_HELLO, UNSETTLED, WEB_VISIT } from '../framing/first-look.ts';
import type { TlsHello } from '../framing/message.ts';
import { NameGate } from '../framing/name-gate.ts';
import type { PoolSet } from '../pools/pool-set.ts';
import {
  Conversation,
  type ConversationContext,
  type SeenName,
  type SessionRequest,
} from '../sessions/conversation.ts';
import { CounterBudget } from '../sessions/counter.ts';
import { type Endpoint, Session } from '../sessions/session.ts';
import { type SettledSession, settleSession } from '../sessions/settle.ts';
import { DnsFlow } from './dns-flow.ts';
import { flowContact, trafficOf } from './flow-contact.ts';
import type { FlowSurvey } from './flow-survey.ts';
import { OpaqueFlows } from './opaque-flows.ts';

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
}

export interface SurveyFinding {
  readonly sessions: readonly SettledSession[];
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
  readonly #nameBook = new NameBook();
  readonly #contacts = new Contacts();
  readonly #opaque = new OpaqueFlows();
  readonly #words = new Int32Array(4);
  readonly #look = new FirstLook();
  readonly #gate: NameGate;
  /** Paths that dialects poll without a body. */
  readonly #polls: ReadonlySet<string>;
  #serial = 0;
  #flows: FlowTable | null = null;
  #exports: { readonly collector: ExportCollector; readonly flows: FlowSurvey; input: number } | null = null;

  constructor(options: SurveyOptions) {
    this.#options = options;
    this.dialects = options.dialects;
    this.#pools = options.pools;
    this.#gate = new NameGate(options.pools.domains());
    this.#polls = new Set(options.dialects.flatMap((dialect) => dialect.polls ?? []));
  }

  /** Names the table that flow numbers refer to. Call once, before the first packet. */
  /** Export datagrams in the captures (NetFlow, IPFIX, sFlow) are flow records for this one. */
  collectFlows(flows: FlowSurvey): void {
    const collector = new ExportCollector(flows);
    this.#exports = { collector, flows, input: -1 };
  }

  exportDatagram(packet: Packet, stamp: Stamp): void {
    const exports = this.#exports;
    if (exports === null) return;
    if (exports.input !== stamp.input) {
      exports.input = stamp.input;
      exports.flows.beginInput(stamp.input, 'export', exports.collector.exporters);
    }
    exports.collector.datagram(packet, stamp.timeUs, stamp.record);
  }

  /** Reads export data that still waits for its template; tells what was lost on the way. Call after the last packet. */
  finishExports(): readonly FlowDamageRow[] {
    this.#exports?.collector.finish();
    return this.#exports?.collector.damage ?? [];
  }

  watch(flows: FlowTable): void {
    this.#flows = flows;
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
    const conversation = new Conversation(flow, this.#serial++, this);
    this.#conversations.set(flow, conversation);
    return conversation;
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
    const place = { timeUs: stamp.timeUs, record: stamp.record, input: stamp.input };
    if (message.isResponse && message.answers.length > 0) {
      this.#nameBook.learn(message, (name) => this.#pools.byName(name) !== null, place);
    }
    const found = this.#pools.byName(message.question);
    if (found === null || found.use !== 'mining') return;
    if (stamp.timeUs < this.#options.sinceUs || stamp.timeUs >= this.#options.untilUs) return;
    this.#contacts.add({
      kind: 'dns-lookup',
      client: { ip: clientOf(message.isResponse), port: 0 },
      server: null,
      match: matchPool(this.#pools, [message.question], '', 0, stamp.timeUs),
      ownName: '',
      isEncrypted: false,
      namedBy: 'client',
      watchedFrom: null,
      tls: null,
      marks: [],
      duty: null,
      place,
      verdict: 'listed',
      because: message.code === 3 ? 'its name was looked up and does not exist' : 'its name was looked up',
      startUs: place.timeUs,
      endUs: place.timeUs,
      count: message.isResponse ? 0 : 1,
      traffic: noTraffic(),
    });
  }

  endpoints(flow: number): readonly [Endpoint, Endpoint] {
    return [this.#endpoint(flow, 0), this.#endpoint(flow, 1)];
  }

  session(request: SessionRequest): Session {
    const { ip, port, name = '' } = request.pool;
    const key = `${request.dialect.id} ${request.miner.ip} ${ip}${name} ${port}`;
    const folded = request.dialect.perRequest === true ? this.#folds.get(key) : undefined;
    const last = folded?.findLast(
      (session) => request.timeUs - session.heardUs <= FOLD_GAP_US && isSameAccount(session, request.account),
    );
    if (last !== undefined) {
      last.certain ||= request.certain;
      return last;
    }
    const { dialect, miner, pool, via, transport, certain } = request;
    const session = new Session({ dialect: dialect.id, miner, pool, via, transport, certain }, this.#options);
    // A request-per-connection dialect opens a connection in the middle of its session too.
    session.fromStart = request.fromStart && dialect.perRequest !== true;
    this.#sessions.push(session);
    if (dialect.perRequest === true) {
      if (folded === undefined) this.#folds.set(key, [session]);
      else folded.push(session);
    }
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
    this.#opaque.watched(flow, watched, this.#flowNames.has(flow));
  }

  gaveUp(flow: number, isEncrypted: boolean): void {
    this.#conversations.delete(flow);
    if (isEncrypted && this.#flows !== null) this.#flows.seen[flow] |= OPAQUE;
  }

  named(flow: number, name: SeenName): void {
    if (this.#pools.byName(name.name) === null) {
      if (this.#flows !== null) this.#flows.seen[flow] |= NAMED;
      return;
    }
    this.#flows?.endpoint(flow, name.lane === 0 ? 1 : 0, this.#words);
    this.#nameBook.book(this.#words, name.name, name.place);
    const known = this.#flowNames.get(flow);
    // The name under which encryption started says more than the Host line of a proxy request before it.
    if (known === undefined || known.kind === 'http-host') this.#flowNames.set(flow, name);
  }

  flowEnded(flow: number): void {
    const flows = this.#flows;
    if (flows === null) return;
    const conversation = this.#conversations.get(flow);
    const name = this.#flowNames.get(flow);
    this.#conversations.delete(flow);
    this.#flowNames.delete(flow);
    this.#countCoverage(flows, flow);
    const { tls, finding } = this.#opaque.take(flow);
    const session = conversation?.session ?? null;
    if (conversation === undefined || session === null) {
      const { hasListedAddresses, sinceUs, untilUs } = this.#options;
      const contact = flowContact(
        { flow, name, tls, finding },
        {
          flows,
          pools: this.#pools,
          nameBook: this.#nameBook,
          hasListedAddresses,
          sinceUs,
          untilUs,
        },
      );
      if (contact !== null) this.#contacts.add(contact);
      return;
    }
    addTraffic(session.traffic, trafficOf(flows, flow, conversation.minerLane));
    session.cover(flows.firstUs[flow], flows.lastUs[flow]);
    if (name !== undefined) session.names.add(name.name);
    for (const target of session.targets) session.names.add(target.host);
  }

  /** Settles what was found. Call once, after the tap has ended. */
  finish(): SurveyFinding {
    const sessions: SettledSession[] = [];
    const budget = new CounterBudget();
    for (const session of this.#sessions) {
      if (session.traffic.packetsOut + session.traffic.packetsIn === 0) continue; // outside the window asked for
      const { port } = session.pool;
      const settled = settleSession(
        session,
        this.#matchOf(session),
        (algorithm) => coinByPort(this.#pools, port, algorithm, session.startUs),
        budget,
      );
      if (settled !== null) sessions.push(settled);
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
    return matchPool(this.#pools, [...names], ip, port, session.startUs);
  }

  #endpoint(flow: number, lane: 0 | 1): Endpoint {
    const port = this.#flows?.endpoint(flow, lane, this.#words) ?? 0;
    return { ip: addressText(this.#words), port };
  }

  #countCoverage(flows: FlowTable, flow: number): void {
    const packets = flows.packets0[flow] + flows.packets1[flow];
    const bytes = flows.bytes0[flow] + flows.bytes1[flow];
    if ((flows.seen[flow] & OPAQUE) !== 0) {
      this.encrypted.bytes += bytes;
      this.encrypted.packets += packets;
    }
    const isOneSided = flows.packets0[flow] === 0 || flows.packets1[flow] === 0;
    if (isOneSided && flows.pushes0[flow] + flows.pushes1[flow] > 0) {
      this.oneSided.bytes += bytes;
      this.oneSided.packets += packets;
    }
  }
}

/** The request target up to its query, as far as a poll's path can be long. */
function targetText(bytes: Uint8Array, look: FirstLook): string {
  let text = '';
  const to = Math.min(look.targetTo, look.targetFrom + MAX_POLL_PATH);
  for (let i = look.targetFrom; i < to && bytes[i] !== 0x3f; i++) text += String.fromCharCode(bytes[i]);
  return text;
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
