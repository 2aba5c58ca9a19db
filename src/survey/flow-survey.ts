/**
 * The watch over flow logs: records become conversations, names of the logs stand for addresses, and what remains
 * are contacts, as for connections of a capture in which nothing could be read. Where a capture shows the same
 * conversation, the capture counts and the records do not (captures are exact, records are summaries).
 */
import { addressText, addressWords } from '../endpoints/address.ts';
import { type Contact, connectionVerdict } from '../endpoints/contact.ts';
import { NameBook } from '../endpoints/name-book.ts';
import { matchPool } from '../endpoints/pool-match.ts';
import { noTraffic } from '../endpoints/traffic.ts';
import { Conversations, type FlowConversation } from '../flowlogs/conversations.ts';
import { connectionFigures, flowBehaviour } from '../flowlogs/flow-behaviour.ts';
import type { AlertRecord, FlowRecord, FlowSink, NameRecord } from '../flowlogs/flow-record.ts';
import type { PoolSet } from '../pools/pool-set.ts';

export interface FlowSurveyOptions {
  readonly pools: PoolSet;
  readonly hasListedAddresses: boolean;
  readonly sinceUs: number;
  readonly untilUs: number;
}

const MAX_NAMED = 200_000;
const MAX_LOOKED_UP = 1 << 20;

export class FlowSurvey implements FlowSink {
  readonly conversations: Conversations;
  readonly #options: FlowSurveyOptions;
  readonly #nameBook = new NameBook();
  /** Names that clients gave their servers, by both ends. */
  readonly #named = new Map<string, string>();
  /** Whether an address and port are on the operator's lists: asked once each. */
  readonly #listed = new Map<number, boolean>();
  readonly #lookups: Contact[] = [];
  readonly #alerts: Contact[] = [];
  #input = 0;

  constructor(options: FlowSurveyOptions) {
    this.#options = options;
    const { sinceUs, untilUs } = options;
    const watch = { has: this.#isWatched.bind(this) };
    this.conversations = new Conversations({ watch, sinceUs, untilUs });
  }

  /** The records to come are of this input; `exporters` is the list that its reader appends to. */
  beginInput(ordinal: number, kind: string, exporters: readonly string[]): void {
    this.#input = ordinal;
    this.conversations.beginInput(ordinal, kind, exporters);
  }

  flow(record: FlowRecord): void {
    this.conversations.flow(record);
  }

  name(record: NameRecord): void {
    const found = this.#options.pools.byName(record.name);
    if (found === null) return;
    const place = { timeUs: record.timeUs, record: record.number, input: this.#input };
    const words = record.server === '' ? null : addressWords(record.server);
    if (words !== null) this.#nameBook.book(words, record.name, place);
    if (record.kind === 'tls-sni' || record.kind === 'http-host') {
      const key = `${record.client} ${record.server} ${record.serverPort}`;
      if (this.#named.size < MAX_NAMED) this.#named.set(key, record.name);
    } else if (found.use === 'mining' && record.client !== '') {
      this.#lookups.push(this.#contactOfName(record, place));
    }
  }

  alert(record: AlertRecord): void {
    const { timeUs, number, source, sourcePort, destination, destinationPort, signature } = record;
    const match = matchPool(this.#options.pools, [], destination, destinationPort, timeUs);
    this.#alerts.push({
      ...EMPTY,
      kind: 'alert',
      client: { ip: source, port: sourcePort },
      server: { ip: destination, port: destinationPort },
      match,
      place: { timeUs, record: number, input: this.#input },
      verdict: 'listed',
      because: signature,
      startUs: timeUs,
      endUs: timeUs,
      traffic: noTraffic(),
    });
  }

  /** Contacts of the logs, less those conversations that `isCaptured` says a capture shows. */
  *contacts(isCaptured: (client: string, server: string, port: number) => boolean): Generator<Contact> {
    yield* this.#lookups;
    yield* this.#alerts;
    for (const conversation of this.conversations.conversations()) {
      const { client, server } = conversation;
      if (isCaptured(client.ip, server.ip, server.port)) continue;
      const contact = this.#contactOf(conversation);
      if (contact !== null) yield contact;
    }
  }

  #contactOf(conversation: FlowConversation): Contact | null {
    const { client, server, firstUs, lastUs, traffic, duty, bucketSeconds, busyBuckets } = conversation;
    const own = this.#named.get(`${client.ip} ${server.ip} ${server.port}`);
    const booked = this.#nameBook.namesOf(server.ip);
    const names = own === undefined ? booked.map(({ name }) => name) : [own];
    const match = matchPool(this.#options.pools, names, server.ip, server.port, firstUs);
    const behaviour = flowBehaviour(conversation);
    const isMarked = match.by === null && behaviour.behaviour === 'like-mining';
    if (match.by === null && !isMarked) return null;
    const namedBy = own !== undefined ? 'client' : match.by === 'address' ? 'list' : 'dns';
    const judged = connectionVerdict(match, server.port, {
      ...connectionFigures(conversation),
      answered: conversation.answered && !conversation.denied,
      namedBy,
      offersHttp2: false,
      isMarked,
    });
    if (judged === null) return null;
    const minutes = duty > 0 ? Math.round((busyBuckets * bucketSeconds) / 60 / duty) : 0;
    return {
      ...EMPTY,
      kind: 'connection',
      client,
      server,
      match,
      namedBy,
      ownName: own ?? '',
      duty: { activeMinutes: Math.round((busyBuckets * bucketSeconds) / 60), minutes },
      place: { timeUs: firstUs, record: conversation.record, input: conversation.input },
      verdict: judged.verdict,
      because: isMarked ? behaviour.because : judged.because,
      startUs: Math.max(firstUs, this.#options.sinceUs),
      endUs: Math.min(lastUs, this.#options.untilUs),
      traffic: { ...traffic },
    };
  }

  #contactOfName(record: NameRecord, place: Contact['place']): Contact {
    return {
      ...EMPTY,
      kind: 'dns-lookup',
      client: { ip: record.client, port: 0 },
      server: null,
      match: matchPool(this.#options.pools, [record.name], '', 0, record.timeUs),
      place,
      verdict: 'listed',
      because: 'its name was looked up',
      startUs: record.timeUs,
      endUs: record.timeUs,
      traffic: noTraffic(),
    };
  }

  /** HOT: asked of both ends of every record. Addresses that names stand for, and those of the operator's lists. */
  #isWatched(w0: number, w1: number, w2: number, w3: number, port: number): boolean {
    WORDS[0] = w0;
    WORDS[1] = w1;
    WORDS[2] = w2;
    WORDS[3] = w3;
    if (this.#nameBook.mayHave(WORDS)) return true;
    if (!this.#options.hasListedAddresses) return false;
    // IPv4 only has a key of its own; a shared one of IPv6 keeps a row that nobody needs, no more.
    const key = (w3 >>> 0) * 65_536 + port;
    const known = this.#listed.get(key);
    if (known !== undefined) return known;
    const isListed = this.#options.pools.byAddress(addressText(WORDS), port) !== null;
    if (isListed || (w0 === 0 && w1 === 0 && this.#listed.size < MAX_LOOKED_UP))
      this.#listed.set(key, isListed);
    return isListed;
  }
}

const WORDS = new Int32Array(4);

/** What a contact out of records cannot have. */
const EMPTY = {
  namedBy: 'dns',
  ownName: '',
  isEncrypted: false,
  tls: null,
  marks: [],
  duty: null,
  watchedFrom: null,
  count: 1,
} as const;
