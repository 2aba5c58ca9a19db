/**
 * Names from DNS in captures and from the operator's files: which addresses are a pool's, and who asked for a pool. What they tell
 * of names holds for servers of flow records, too.
 */
import { addressText, addressWords } from '../address.ts';
import type { Contact } from '../endpoints/contact.ts';
import { aliasesOf, type NameBook } from '../endpoints/name-book.ts';
import { matchPool } from '../endpoints/pool-match.ts';
import { noTraffic } from '../endpoints/traffic.ts';
import { isResponse, readDns, TYPE_PTR } from '../framing/dns.ts';
import { DNS_FITS, DNS_IS_NOTHING } from '../packets/flow-table.ts';
import type { Packet } from '../packets/packet.ts';
import type { PacketEngine } from '../packets/packet-engine.ts';
import type { Place } from '../place.ts';
import type { PoolSet } from '../pools/pool-set.ts';
import type { NameRecord } from '../rows/flow-sink.ts';
import { PACKET } from '../schema/packets-memory.ts';
import { type Statement, statement } from '../statements/index.ts';
import { isAskedFor, type SurveyOptions } from './lists.ts';
import type { PoolConnections } from './pool-connections.ts';
import { NOTHING_SAID } from './relation-contact.ts';
import { ReverseNames } from './reverse-names.ts';

export class Lookups {
  /** Names of any kind. */
  count = 0;
  /** Messages of names of ours that were not read, as an outside sender put them in a tunnel. */
  unread = 0;
  readonly reverse = new ReverseNames();
  private readonly words = new Int32Array(4);

  constructor(
    private options: SurveyOptions,
    private readonly engine: PacketEngine,
    readonly book: NameBook,
    private readonly connections: PoolConnections,
  ) {}

  /** Begins a period: names stay known. */
  turn(): void {
    this.unread = 0;
  }

  /** Takes lists that were read again. */
  useLists(options: SurveyOptions): void {
    this.options = options;
  }

  /** A dated name that the operator's files tie to an address. */
  learn({ name, server, timeUs, number }: NameRecord, input: number): void {
    this.count++;
    const words = server === '' || Number.isNaN(timeUs) ? null : addressWords(server);
    if (words === null || this.options.pools.byName(name) === null) return;
    this.book.book(words, { name, client: '', isSaid: false, place: { timeUs, record: number, input } });
  }

  /** A DNS message in a packet's bytes[from, to). `fits`: a question that can be answered, or the first answer to one. */
  inPacket(packet: Packet, from: number, to: number, place: Place, fits: boolean): void {
    if (this.options.trust.isFromOutside(this.engine.tunnels, packet.through)) {
      this.unread++;
      return;
    }
    const bytes = packet.memory.u8;
    const client = isResponse(bytes, from) ? PACKET.at.destination0 : PACKET.at.source0;
    const word = (packet.at + client) / 4;
    this.words.set(packet.memory.i32.subarray(word, word + 4));
    this.add(this.contactOf(bytes, from, to, place, fits));
  }

  /** One in bytes[from, to), which a flow over TCP carries in the direction. */
  inStream(flow: number, direction: 0 | 1, bytes: Uint8Array, from: number, to: number, place: Place): void {
    const { engine } = this;
    const said = engine.judgeDns(flow, direction, bytes, from, to, place.timeUs);
    if (said === DNS_IS_NOTHING) return;
    const client = isResponse(bytes, from) === (direction === 0) ? 1 : 0;
    engine.flows.endpoint(flow, client, this.words);
    this.add(this.contactOf(bytes, from, to, place, said === DNS_FITS));
  }

  private add(contact: Contact | null): void {
    if (contact !== null && isAskedFor(contact.startUs, this.options)) this.connections.contacts.add(contact);
  }

  /** The contact of the client, with the address `words`, that looked up a pool's name; null if it is none. */
  private contactOf(
    bytes: Uint8Array,
    from: number,
    to: number,
    { timeUs, record, input }: Place,
    fits: boolean,
  ): Contact | null {
    const message = readDns(bytes, from, to);
    if (message === null) return null;
    if (message.type === TYPE_PTR) {
      this.count++;
      this.reverse.learn(message);
      return null;
    }
    if (!fits) return null;
    const clientIp = addressText(this.words);
    const place = { timeUs, record, input };
    if (message.isResponse && message.answers.length > 0) {
      this.book.learn(message, (name) => this.isOfInterest(name), clientIp, place);
    }
    const { pools } = this.options;
    const asked = pools.byName(message.question);
    // A pool's own name says what it is for; any other may be another name of a pool.
    const names = asked === null ? [...aliasesOf(message)] : [message.question];
    const name = names.find((each) => pools.byName(each)?.use === 'mining');
    if (name === undefined) return null;
    return {
      ...lookUpContact(pools, name, clientIp, place, lookUpReason(message, name)),
      namedBy: 'client',
      count: message.isResponse ? 0 : 1,
    };
  }

  private isOfInterest(name: string): boolean {
    const { pools, allowedNames } = this.options;
    if (pools.byName(name) !== null) return true;
    return allowedNames.some((allowed) => name === allowed || name.endsWith(`.${allowed}`));
  }
}

/** That a pool's name was looked up, by which name, and whether it exists. */
function lookUpReason({ code, question }: { code: number; question: string }, name: string): Statement {
  if (code === 3) return statement('looked-up-missing');
  return name === question ? statement('looked-up') : statement('looked-up-alias', { alias: question });
}

/** That a client looked up the name of a pool. */
export function lookUpContact(
  pools: PoolSet,
  name: string,
  client: string,
  place: Place,
  reason: Statement,
): Contact {
  return {
    ...NOTHING_SAID,
    kind: 'dns-lookup',
    client: { ip: client, port: 0 },
    server: null,
    match: matchPool(pools, [name], '', 0, place.timeUs),
    place,
    verdict: 'listed',
    reason,
    startUs: place.timeUs,
    endUs: place.timeUs,
    traffic: noTraffic(),
  };
}
