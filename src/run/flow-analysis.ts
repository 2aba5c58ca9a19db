/**
 * The watch over flow logs: records become conversations, names of the logs are matched with addresses, and the result
 * is pool connections, as for unreadable connections of a capture. If captures show the same traffic, captured.ts says which part
 * of the records counts.
 */

import { addressText, addressWords } from '../address.ts';
import type { NotJudged } from '../audit/audit.ts';
import { type BookedName, NameBook } from '../endpoints/name-book.ts';
import { type PoolConnection, PoolConnectionTable } from '../endpoints/pool-connection.ts';
import { matchPool, type PoolMatch } from '../endpoints/pool-match.ts';
import { joinThrough, THROUGH_NOBODY } from '../endpoints/through.ts';
import { noTraffic } from '../endpoints/traffic.ts';
import type { FlowConversation } from '../flows/conversation-summary.ts';
import { Conversations, type ShortConversation } from '../flows/conversations.ts';
import { EndpointWatch } from '../flows/endpoint-watch.ts';
import {
  countsToBehaviour,
  LEAST_MEAN_SECONDS,
  LEAST_SECONDS,
  MOST_AT_ONCE,
  type Unclear,
} from '../flows/flow-behaviour.ts';
import { Pair } from '../flows/pair.ts';
import type { FlowRelation } from '../flows/relation.ts';
import { judgedTogether } from '../flows/together.ts';
import { under } from '../order.ts';
import type { AlertRecord, FlowSink, MachineRecord, NameRecord } from '../rows/flow-sink.ts';
import { nameBits } from '../rows/records-kernel.ts';
import type { SieveSetup } from '../rows/sieve.ts';
import type { TimeSpan } from '../rows/time-spans.ts';
import { type Statement, statement } from '../statements/index.ts';
import type { Captured } from './captured.ts';
import { InputCopies } from './inputs/input-copies.ts';
import { InputRemarks } from './inputs/input-remarks.ts';
import { RefusedRecords } from './inputs/refused-records.ts';
import { StoreContents } from './inputs/store-contents.ts';
import type { Ledger } from './ledger.ts';
import { isAskedFor, type RunOptions } from './lists.ts';
import { lookUpPoolConnection } from './lookups.ts';
import { connectionOfRelation, NOTHING_SAID } from './relations.ts';
import { SharedAddresses } from './shared-addresses.ts';

type FlowAnalysisOptions = Omit<RunOptions, 'allowedNames' | 'allowList' | 'undecided'>;

const MAX_NAMED = 200_000;
const MAX_MACHINES = 200_000;
/** What begins or ends so close to an end of the log may be cut there. */
const EDGE_US = 60_000_000;
const MAX_RELATIONS = 1 << 18;

export class FlowAnalysis implements FlowSink {
  conversations: Conversations;
  copies = new InputCopies();
  remarks = new InputRemarks();
  /** What logs held that could not be read. */
  readonly refused = new RefusedRecords();
  /** What stores hold and was left there. */
  inStores = new StoreContents();
  readonly nameBook = new NameBook();
  /** Names of pools that clients gave their servers, by both ends. */
  private readonly namedByClients = new Map<
    string,
    NameRecord & { readonly packetRef: PoolConnection['packetRef'] }
  >();
  /** The operator's addresses, and those that names stand for. */
  private readonly watch = new EndpointWatch();
  /** Look-ups and alerts. */
  private mentions = new PoolConnectionTable();
  private readonly shared = new SharedAddresses();
  /** Which names pools may have; null until records come. */
  private poolNames: Uint8Array | null = null;
  private input = 0;
  /** Where the look-up stands that was counted last: one of several answers is one. */
  private lookedUp = '';
  /** True if addresses are listed, so that records can be matched by themselves. */
  hasAddresses = false;
  /** Conversations whose two ends did not fit. */
  relationOverflow = 0;
  /** Pairs of which these records show too little to judge them: other logs may show more. */
  pairsLeft = 0;
  /** What logs call the machines of addresses, in their order. */
  readonly machines: MachineRecord[] = [];
  /** Pairs of unlisted ends whose behaviour the records do not tell, by reason. */
  readonly unjudged = new Map<string, { reason: Statement; count: number }>();

  constructor(private options: FlowAnalysisOptions) {
    const { sinceUs, untilUs } = options;
    this.conversations = new Conversations({ watch: this.watch, sinceUs, untilUs });
    this.useLists(options);
  }

  /** Begins a period: names stay known, all else is of the one before. */
  turn(options: FlowAnalysisOptions): void {
    const { sinceUs, untilUs } = options;
    this.conversations = new Conversations({ watch: this.watch, sinceUs, untilUs });
    this.copies = new InputCopies();
    this.remarks = new InputRemarks();
    this.mentions = new PoolConnectionTable();
    this.inStores = new StoreContents();
    this.namedByClients.clear();
    this.unjudged.clear();
    this.relationOverflow = 0;
    this.refused.clear();
    Object.assign(this.named, { firstUs: Number.NaN, lastUs: Number.NaN });
    this.useLists(options);
  }

  /** Takes lists that were read again, beside those before. */
  useLists(options: FlowAnalysisOptions): void {
    this.options = options;
    this.poolNames = null;
    this.hasAddresses = false;
    for (const { network, ports } of options.pools.listedPrefixes()) {
      this.hasAddresses = true;
      for (const port of ports.length === 0 ? [0] : ports)
        this.watch.add(network.words, port, network.length);
    }
  }

  /**
   * The records to come are of this input; `exporters` is the list that its reader appends to, and `senders` who sent
   * the datagrams of each, of exports in captures. `head` are its first bytes, decompressed, by which a copy is told.
   */
  beginInput(
    ordinal: number,
    kind: string,
    exporters: readonly string[],
    senders: readonly string[] = [],
    path = '',
    head: Uint8Array = new Uint8Array(0),
  ): void {
    this.input = ordinal;
    const copy = this.copies.of(kind, path, head);
    this.conversations.beginInput(ordinal, copy === 0 ? kind : `${kind}, copy ${copy}`, exporters, senders);
  }

  addRows(numbers: Float64Array, from: number, count: number): void {
    this.conversations.addRows(numbers, from, count);
  }

  sieve(): SieveSetup {
    this.poolNames ??= nameBits(this.options.pools.domains());
    return { ...this.conversations.sieve(), names: this.poolNames };
  }

  counted(numbers: Float64Array, from: number): void {
    this.conversations.counted(numbers, from);
  }

  /** Few records of an input far from all its others. */
  readonly outliers: (TimeSpan & { readonly path: string })[] = [];
  /** From the first to the last name inside the times asked for, us since 1970; NaN if there was none. */
  readonly named = { firstUs: Number.NaN, lastUs: Number.NaN };

  name(record: NameRecord): void {
    this.remarks.observed++;
    this.seeTime(record.timeUs);
    const found = this.options.pools.byName(record.name);
    const words = record.server === '' ? null : addressWords(record.server);
    if (found === null) {
      if (words !== null) this.shared.add(words, record.name);
      return;
    }
    const packetRef = { timeUs: record.timeUs, record: record.number, input: this.input };
    if (words !== null) {
      const isSaid = record.kind === 'tls-sni' || record.kind === 'http-host';
      // Whose look-up it was many logs do not say: what operators log holds for all.
      const client = isSaid ? record.client : '';
      this.nameBook.book(words, { name: record.name, client, isSaid, packetRef });
      this.watch.add(words, 0);
    }
    if (record.kind === 'tls-sni' || record.kind === 'http-host') {
      const key = `${record.client} ${record.server} ${record.serverPort}`;
      if (this.namedByClients.size < MAX_NAMED) this.namedByClients.set(key, { ...record, packetRef });
    } else if (found.use === 'mining' && record.client !== '') this.lookUp(record, packetRef);
  }

  private seeTime(timeUs: number): void {
    if (!isAskedFor(timeUs, this.options)) return;
    const { named } = this;
    if (!(timeUs >= named.firstUs)) named.firstUs = timeUs;
    if (!(timeUs <= named.lastUs)) named.lastUs = timeUs;
  }

  /** A pool's name of an address that a capture has told. */
  learn(address: ArrayLike<number>, booked: BookedName): void {
    this.nameBook.book(address, booked);
    this.watch.add(address, 0);
  }

  private lookUp(record: NameRecord, packetRef: PoolConnection['packetRef']): void {
    if (!isAskedFor(record.timeUs, this.options)) return;
    const where = `${packetRef.input} ${packetRef.record}`;
    if (where === this.lookedUp) return;
    this.lookedUp = where;
    this.mentions.add(this.poolConnectionOfName(record, packetRef));
  }

  machine(record: MachineRecord): void {
    if (this.machines.length < MAX_MACHINES) this.machines.push(record);
  }

  alert(record: AlertRecord): void {
    this.remarks.observed++;
    const { timeUs, number, signature } = record;
    this.seeTime(timeUs);
    // An alert without a time is none of any.
    if (!isAskedFor(timeUs, this.options)) return;
    // The rule may have fired on what the server said: the server has the lower port.
    const isAnswer = record.sourcePort !== 0 && record.sourcePort < record.destinationPort;
    const from = { ip: record.source, port: record.sourcePort };
    const to = { ip: record.destination, port: record.destinationPort };
    const [client, server] = isAnswer ? [to, from] : [from, to];
    const match = matchPool(this.options.pools, [], server.ip, server.port, timeUs);
    this.mentions.add({
      ...NOTHING_SAID,
      kind: 'alert',
      client,
      server,
      match,
      packetRef: { timeUs, record: number, input: this.input },
      verdict: 'listed',
      reason: statement('alert', { signature }),
      startUs: timeUs,
      endUs: timeUs,
      traffic: noTraffic(),
    });
  }

  /**
   * Pool connections of the logs, about so many at most. A client that comes back to one server all day is judged by the whole
   * day. How all conversations were judged goes to the ledger.
   */
  *poolConnections(
    captured: Pick<Captured, 'shows' | 'minesAt'>,
    most: number,
    ledger: Ledger,
  ): Generator<PoolConnection> {
    yield* this.mentions.values();
    this.unjudged.clear();
    this.pairsLeft = 0;
    const relations = new Map<
      string,
      { readonly pair: Pair; readonly own: string; readonly match: PoolMatch }
    >();
    const { totals } = this.conversations;
    // In a log of minutes a connection is as short as that, and may go on in the next log.
    const isOfMinutes = totals.lastUs - totals.firstUs < LEAST_SECONDS * 1e6;
    // A client may have named any server.
    const leastSeconds = this.namedByClients.size > 0 || isOfMinutes ? 0 : LEAST_MEAN_SECONDS;
    for (const conversation of this.conversations.conversations(leastSeconds)) {
      const { client, server } = conversation;
      const ends = `${client.ip} ${server.ip} ${server.port}`;
      const own = this.namedByClients.get(ends)?.name ?? '';
      const match = this.matchOf(conversation, own);
      const counts = match.by === null ? countsToBehaviour(conversation) : 'counts';
      if (counts !== 'counts' && !(counts === 'too-short' && isOfMinutes)) {
        if (this.isOfStranger(conversation.senders)) continue;
        if (counts === 'unlike') ledger.sum.add('unlike', bytesOf(conversation));
        else addOpen(ledger, conversation, whyOf(counts, conversation, totals));
        continue;
      }
      const known = relations.get(ends);
      if (known !== undefined) known.pair.add(conversation);
      else if (relations.size < Math.min(MAX_RELATIONS, most)) {
        const pair = new Pair(client.ip, server);
        pair.add(conversation);
        relations.set(ends, { pair, own, match });
      } else {
        this.relationOverflow++;
        addOpen(ledger, conversation, 'limit');
      }
    }
    const unlisted = [...relations.values()].filter(({ match }) => match.by === null);
    const together = judgedTogether(
      unlisted.map(({ pair }) => pair),
      {
        minedAt: (ip) => this.minedAt(ip, captured),
        isDoubtful: ({ senders }) => this.isOfStranger(senders),
      },
    );
    const observed = this.conversations.observed();
    for (const { pair, own, match } of relations.values()) {
      const { whole, relation, behaviour } =
        match.by === null ? (together.get(pair) ?? pair.judged()) : pair.judgedWhole();
      const poolConnection = connectionOfRelation(relation, behaviour, match, {
        own,
        observed,
        isShared: this.shared.isShared(addressWords(relation.server.ip) ?? []),
        through: joinThrough(
          THROUGH_NOBODY,
          relation.senders.map((sender) => this.options.trust.ofExporter(sender)),
        ),
      });
      if (poolConnection !== null) yield poolConnection;
      // What a capture shows too is counted there; what a stranger's export says is no conversation of anybody.
      if (captured.shows(whole.client.ip, whole.server) || this.isOfStranger(whole.senders)) continue;
      const conversations = whole.connections + whole.unanswered;
      if (match.by !== null) ledger.sum.add('listed', bytesOf(whole), conversations);
      else if (behaviour.behaviour === 'unlike') ledger.sum.add('unlike', bytesOf(whole), conversations);
      else {
        const isUnclear = behaviour.behaviour === 'unclear';
        const reason = isUnclear ? behaviour.why : null;
        // What is like mining, and proven by nothing, stays open.
        const why = reason === null ? 'undecided' : whyOf(reason, whole, totals);
        addOpen(ledger, whole, why, conversations);
        if (isUnclear) this.countUnjudged(behaviour.reason);
        // What is short and over by far goes on in no other log.
        const isShort = reason === 'too-short' && isOfMinutes;
        if (isUnclear && (why === 'cut' || why === 'undecided' || isShort)) this.pairsLeft++;
      }
    }
    for (const [ends, named] of this.namedByClients)
      if (!relations.has(ends)) yield* this.onlyNamed(named, captured);
    this.addRest(ledger, leastSeconds);
  }

  /** How it is known that miners use the server; null if it is not, or others use it too. */
  private minedAt(ip: string, captured: Pick<Captured, 'minesAt'>): Statement | null {
    if (this.shared.isShared(addressWords(ip) ?? [])) return null;
    if (captured.minesAt(ip)) return statement('steady-beside-miner');
    const earlier = this.options.minersServers.get(ip);
    return earlier === undefined ? null : statement('steady-of-case', { case: earlier });
  }

  /** What no conversation of those above holds: short ones, and records that only counted. */
  private addRest(ledger: Ledger, leastSeconds: number): void {
    const { sum } = ledger;
    const { totals, losses } = this.conversations;
    if (this.isOfStranger(this.conversations.allSenders)) return;
    const { folded, evicted, keptOverflow, evictedBytes } = losses;
    this.inStores.judge(sum);
    for (const short of this.conversations.short(leastSeconds)) {
      const extent = { startUs: short.firstUs, endUs: short.lastUs, bytes: short.bytes };
      const ends = () => ({
        client: { ip: addressText(short.words0), port: short.port0 },
        server: { ip: addressText(short.words1), port: short.port1 },
        name: '',
        transport: 'tcp',
      });
      const isTimed = short.lastUs > short.firstUs || short.observed <= MOST_AT_ONCE;
      const why = isTimed ? whyOf(short.isThinned ? 'sampled' : 'too-short', short, totals) : 'no-times';
      if (why !== 'undecided') sum.add(why, short.bytes);
      else
        ledger.addRepeated(pairOf(short), why, { ...extent, kind: 'short' }, { ends, hostBit: () => -1 }, 0);
    }
    sum.add('undecided', totals.ordinaryBytes, totals.ordinaryRecords);
    sum.add('unlike', totals.visitBytes + totals.heavyBytes, totals.visitRecords + totals.heavyRecords);
    sum.add('unlike', totals.briefBytes, totals.briefRecords);
    sum.add('tunnel', totals.otherBytes, totals.otherRecords);
    // Their bytes count nowhere.
    sum.add('no-times', 0, totals.timelessRecords);
    sum.add(
      'limit',
      evictedBytes,
      Math.max(0, folded + evicted - this.conversations.keptEarly + keptOverflow),
    );
  }

  /** True if somebody from outside has sent all these exports, or some of them. */
  private isOfStranger(senders: readonly string[]): boolean {
    return senders.some((sender) => this.options.trust.ofExporter(sender).doubt !== null);
  }

  private matchOf({ client, server, firstUs }: FlowConversation, own: string): PoolMatch {
    const booked = this.nameBook.namesOf(server.ip, client.ip);
    const names = own === '' ? booked.map(({ name }) => name) : [own];
    return matchPool(this.options.pools, names, server.ip, server.port, firstUs);
  }

  private countUnjudged(reason: Statement | null): void {
    if (reason === null) return;
    under(this.unjudged, reason.text, () => ({ reason, count: 0 })).count++;
  }

  /** A connection of which the logs have a name of a pool, and no flow. */
  private *onlyNamed(
    { packetRef, ...record }: NameRecord & { readonly packetRef: PoolConnection['packetRef'] },
    captured: Pick<Captured, 'shows'>,
  ): Generator<PoolConnection> {
    const server = { ip: record.server, port: record.serverPort };
    if (!isAskedFor(record.timeUs, this.options) || captured.shows(record.client, server)) return;
    const poolConnection = this.poolConnectionOfName(record, packetRef);
    if (poolConnection.match.use !== 'mining') return;
    yield {
      ...poolConnection,
      kind: 'connection',
      server,
      namedBy: 'client',
      ownName: record.name,
      reason: statement('listed-endpoint'),
    };
  }

  private poolConnectionOfName(record: NameRecord, packetRef: PoolConnection['packetRef']): PoolConnection {
    const reason = statement(record.kind === 'request' ? 'asked-of-proxy' : 'looked-up');
    return lookUpPoolConnection(this.options.pools, record.name, record.client, packetRef, reason);
  }
}

/** What is short because the log begins or ends in it may go on there. */
function whyOf(
  why: Unclear,
  { firstUs, lastUs }: Pick<FlowConversation, 'firstUs' | 'lastUs'>,
  totals: Conversations['totals'],
): NotJudged {
  if (why === 'too-short') {
    const isCut = firstUs - totals.firstUs < EDGE_US || totals.lastUs - lastUs < EDGE_US;
    return isCut ? 'cut' : 'undecided';
  }
  return why === 'port' || why === 'no-roles' ? 'undecided' : why;
}

/** A conversation, or all of one client with one server, that could not be judged. */
function addOpen(
  ledger: Ledger,
  known: FlowConversation | FlowRelation,
  why: NotJudged,
  conversations = 1,
): void {
  const { client, server, firstUs: startUs, lastUs: endUs } = known;
  const extent = { startUs, endUs, bytes: bytesOf(known) };
  const described = () => ({ client: { ip: client.ip, port: 0 }, server, name: '', transport: 'tcp' });
  if (why === 'undecided' && endUs - startUs < LEAST_MEAN_SECONDS * 1e6 && conversations === 1)
    ledger.addRepeated(
      `${client.ip} ${server.ip} ${server.port}`,
      why,
      { ...extent, kind: 'short' },
      { ends: described, hostBit: () => -1 },
      0,
    );
  else ledger.add({ ...extent, ...described() }, why, conversations);
}

/** The same number for all short conversations of two hosts and the lower of their ports. */
function pairOf({ words0, words1, port0, port1 }: ShortConversation): number {
  let [low, high] = [0x811c9dc5, 0x01000193];
  for (const word of [...words0, ...words1, Math.min(port0, port1)]) {
    low = Math.imul(low ^ word, 0x85ebca6b) ^ (low >>> 13);
    high = Math.imul(high ^ word, 0xc2b2ae35) ^ (high >>> 15);
  }
  return (high & 0x1fffff) * 2 ** 32 + (low >>> 0);
}

function bytesOf({ traffic: { bytesOut, bytesIn } }: Pick<FlowConversation, 'traffic'>): number {
  return bytesOut + bytesIn;
}
