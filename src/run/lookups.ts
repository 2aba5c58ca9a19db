/**
 * Names from DNS in captures and from the operator's files: which addresses are a pool's, and who asked for a pool. What they tell
 * of names holds for servers of flow records, too.
 */
import { addressText, addressWords } from '../address.ts';
import { aliasesOf, type NameBook } from '../endpoints/name-book.ts';
import type { PoolConnection } from '../endpoints/pool-connection.ts';
import { matchPool } from '../endpoints/pool-match.ts';
import { noTraffic } from '../endpoints/traffic.ts';
import { isResponse, readDns, TYPE_PTR } from '../framing/dns.ts';
import type { PacketRef } from '../packet-ref.ts';
import { DNS_FITS, DNS_IS_NOTHING } from '../packets/flow-table.ts';
import type { Packet } from '../packets/packet.ts';
import type { PacketEngine } from '../packets/packet-engine.ts';
import type { PoolSet } from '../pools/pool-set.ts';
import type { NameRecord } from '../rows/flow-sink.ts';
import { PACKET } from '../schema/packets-memory.ts';
import { type Statement, statement } from '../statements/index.ts';
import { isAskedFor, type RunOptions } from './lists.ts';
import type { PoolConnections } from './pool-connections.ts';
import { NOTHING_SAID } from './relations.ts';
import { ReverseNames } from './reverse-names.ts';

export class Lookups {
  /** Names of any kind. */
  count = 0;
  /** Messages of names of ours that were not read, as an outside sender put them in a tunnel. */
  unread = 0;
  readonly reverse = new ReverseNames();
  private readonly words = new Int32Array(4);

  constructor(
    private options: RunOptions,
    private readonly engine: PacketEngine,
    readonly book: NameBook,
    private readonly connections: PoolConnections,
  ) {}

  /** Begins a period: names stay known. */
  turn(): void {
    this.unread = 0;
  }

  /** Takes lists that were read again. */
  useLists(options: RunOptions): void {
    this.options = options;
  }

  /** A name that the operator's files tie to an address; a hosts file says no time. */
  learn({ name, server, timeUs, number }: NameRecord, input: number): void {
    this.count++;
    const words = server === '' ? null : addressWords(server);
    if (words === null || this.options.pools.byName(name) === null) return;
    this.book.book(words, { name, client: '', isSaid: false, packetRef: { timeUs, record: number, input } });
  }

  /** A DNS message in a packet's bytes[from, to). `fits`: a question that can be answered, or the first answer to one. */
  inPacket(packet: Packet, from: number, to: number, packetRef: PacketRef, fits: boolean): void {
    if (this.options.trust.isFromOutside(this.engine.tunnels, packet.through)) {
      this.unread++;
      return;
    }
    const bytes = packet.memory.u8;
    const client = isResponse(bytes, from) ? PACKET.at.destination0 : PACKET.at.source0;
    const word = (packet.at + client) / 4;
    this.words.set(packet.memory.i32.subarray(word, word + 4));
    this.add(this.poolConnectionOf(bytes, from, to, packetRef, fits));
  }

  /** One in bytes[from, to), which a flow over TCP carries in the direction. */
  inStream(
    flow: number,
    direction: 0 | 1,
    bytes: Uint8Array,
    from: number,
    to: number,
    packetRef: PacketRef,
  ): void {
    const { engine } = this;
    const said = engine.judgeDns(flow, direction, bytes, from, to, packetRef.timeUs);
    if (said === DNS_IS_NOTHING) return;
    const client = isResponse(bytes, from) === (direction === 0) ? 1 : 0;
    engine.flows.endpoint(flow, client, this.words);
    this.add(this.poolConnectionOf(bytes, from, to, packetRef, said === DNS_FITS));
  }

  private add(poolConnection: PoolConnection | null): void {
    if (poolConnection !== null && isAskedFor(poolConnection.startUs, this.options))
      this.connections.poolConnections.add(poolConnection);
  }

  /** The pool connection of the client, with the address `words`, that looked up a pool's name; null if it is none. */
  private poolConnectionOf(
    bytes: Uint8Array,
    from: number,
    to: number,
    { timeUs, record, input }: PacketRef,
    fits: boolean,
  ): PoolConnection | null {
    const message = readDns(bytes, from, to);
    if (message === null) return null;
    if (message.type === TYPE_PTR) {
      this.count++;
      this.reverse.learn(message);
      return null;
    }
    if (!fits) return null;
    const clientIp = addressText(this.words);
    const packetRef = { timeUs, record, input };
    if (message.isResponse && message.answers.length > 0) {
      this.book.learn(message, (name) => this.isOfInterest(name), clientIp, packetRef);
    }
    const { pools } = this.options;
    const asked = pools.byName(message.question);
    // A pool's own name says what it is for; any other may be another name of a pool.
    const names = asked === null ? [...aliasesOf(message)] : [message.question];
    const name = names.find((each) => pools.byName(each)?.use === 'mining');
    if (name === undefined) return null;
    return {
      ...lookUpPoolConnection(pools, name, clientIp, packetRef, lookUpReason(message, name)),
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
export function lookUpPoolConnection(
  pools: PoolSet,
  name: string,
  client: string,
  packetRef: PacketRef,
  reason: Statement,
): PoolConnection {
  return {
    ...NOTHING_SAID,
    kind: 'dns-lookup',
    client: { ip: client, port: 0 },
    server: null,
    match: matchPool(pools, [name], '', 0, packetRef.timeUs),
    packetRef,
    verdict: 'listed',
    reason,
    startUs: packetRef.timeUs,
    endUs: packetRef.timeUs,
    traffic: noTraffic(),
  };
}
