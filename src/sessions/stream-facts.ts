/**
 * What is known of a stream beside its messages: its two ends, the session that it belongs to, and what speaks against its
 * packets. What was seen before there was a session waits here for it.
 */
import { addressText, addressWords } from '../address.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { SentSecrets } from '../evidence/secrets.ts';
import { sharedText } from '../evidence/shared-text.ts';
import type { Direction, Message, ProxyRequest } from '../framing/message.ts';
import type { PacketRef } from '../packet-ref.ts';
import type { FlowTable } from '../packets/flow-table.ts';
import type { Doubt } from '../packets/stream.ts';
import type { Endpoint, Session, Via } from './session.ts';
import type { Sessions } from './sessions.ts';
import { NONE } from './short-list.ts';
import type { Silences } from './silences.ts';

/** What a stream asks of its flow. */
export type FlowEnds = Pick<FlowTable, 'endpoint' | 'sawStart' | 'isTunnelled' | 'isEnclosed'>;

/** A stream takes bytes for missing up to its window (kernel/packets/order.ts). */
const MOST_MISSED = 2 ** 24;
/** The pool of a device that is asked lies elsewhere. */
const NOWHERE: Endpoint = { ip: '', port: 0 };
const WORDS = new Int32Array(4);

export class StreamFacts {
  /** Null while or if the stream belongs to none. */
  session: Session | null = null;
  /** Direction of the miner in that session. */
  minerDirection: Direction = 0;
  /** There were as many sessions as there may be when this one was to be opened. */
  isLeftOut = false;
  /** Null before it is known. */
  dialect: Dialect | null = null;
  /** A message that only this dialect has was observed whole. */
  isCertain = false;
  /** Account of the first login, as far as the session is opened under its name; '' if none was observed. */
  account = '';
  /** The proxy that the stream goes through. */
  proxy: ProxyRequest | null = null;
  readonly secrets = new SentSecrets();
  /** Places in each direction where bytes are missing; null if there are none. And the bytes. */
  private gaps: [number, number] | null = null;
  private readonly missed: [number, number] = [0, 0];
  /** Payload in each direction that was captured. */
  readonly said: [number, number] = [0, 0];
  /** When the last of it was. */
  private readonly saidUs: [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  /** What spoke against the packets before there was a session. */
  private doubts: Map<Doubt, { count: number; readonly packetRef: PacketRef }> | null = null;
  /** Round trip to who gets the bytes of a direction, us, until the session knows it; null if none was seen. */
  private tripsUs: [number, number] | null = null;

  constructor(
    readonly flow: number,
    private readonly flows: FlowEnds,
  ) {}

  /** The connection was seen from its first packet on. */
  get sawStart(): boolean {
    return this.flows.sawStart(this.flow, 0);
  }

  /** Bytes of the direction are missing, or its beginning was not seen. */
  hasGap(direction: Direction): boolean {
    return (this.gaps?.[direction] ?? 0) > 0 || !this.flows.sawStart(this.flow, direction);
  }

  /** So many bytes of payload were captured. */
  captured(direction: Direction, bytes: number, timeUs: number): void {
    if (this.session?.inWindow(timeUs) !== false) this.said[direction] += bytes;
    this.saidUs[direction] = timeUs;
  }

  gap(direction: Direction, missing: number, isCut: boolean, timeUs: number, silences?: Silences): void {
    this.gaps ??= [0, 0];
    const places = Math.sign(missing);
    this.gaps[direction] += places;
    const { session } = this;
    if (session !== null && direction !== this.minerDirection) session.observed.messages.gaps += places;
    // A message that was cut is read as far as it goes. Numbers that are farther away are of another connection.
    if (isCut || !(missing < MOST_MISSED) || session?.inWindow(timeUs) === false) return;
    // Of a connection met in its middle, segments out of order may have passed before anybody looked at it.
    if (session === null && !this.sawStart) return;
    const times = { startUs: this.saidUs[direction], endUs: timeUs };
    const isOut = direction === this.minerDirection;
    if (session !== null && missing > 0 && silences?.lack(session, isOut, missing, times) === true) return;
    this.missed[direction] = Math.max(0, this.missed[direction] + missing);
  }

  /** The flow is over: its session has the payload that was captured, and that was not. */
  sum(): void {
    const { session, said, missed, minerDirection: out } = this;
    if (session === null) return;
    const { connections } = session;
    connections.saidOut += said[out];
    connections.saidIn += said[1 - out];
    connections.missedOut += missed[out];
    connections.missedIn += missed[1 - out];
  }

  roundTrip(direction: Direction, tripUs: number): void {
    if (this.session !== null) {
      // What the pool's side sent is acknowledged by the miner.
      if (direction !== this.minerDirection) this.session.connections.sawRoundTrip(tripUs);
      return;
    }
    this.tripsUs ??= [Number.NaN, Number.NaN];
    this.tripsUs[direction] = tripUs;
  }

  doubt(doubt: Doubt, { timeUs, record, input }: PacketRef, count: number): void {
    const packetRef = { timeUs, record, input };
    if (this.session !== null) {
      this.session.observed.doubt(doubt, count, packetRef);
      return;
    }
    this.doubts ??= new Map();
    const known = this.doubts.get(doubt);
    if (known === undefined) this.doubts.set(doubt, { count, packetRef });
    else known.count += count;
  }

  /** Who asks whom, if the end that sends in this direction asks: its address, and the other's with the port. */
  askedBy(direction: Direction): string {
    const { ip, port } = endpointOf(this.flows, this.flow, direction === 0 ? 1 : 0);
    return `${endpointOf(this.flows, this.flow, direction).ip} ${ip} ${port}`;
  }

  /** The session, opened by the first thing that is said in it, which shows the miner's direction; null if there is none. */
  openSession(sessions: Pick<Sessions, 'open'>, minerDirection: Direction, message: Message): Session | null {
    const { dialect, flows, flow } = this;
    if (dialect === null || this.isLeftOut) return null;
    this.minerDirection = minerDirection;
    const poolDirection = minerDirection === 0 ? 1 : 0;
    const session = sessions.open({
      dialect,
      certain: this.isCertain,
      transport: transportOf(message),
      ...this.ends(minerDirection, dialect),
      account: this.account,
      fromStart: this.sawStart,
      isTunnelled: flows.isTunnelled(flow),
      timeUs: message.timeUs,
    });
    this.session = session;
    this.isLeftOut = session === null;
    if (session === null) return null;
    // What came in HTTP says so itself.
    if (message.http === undefined && flows.isEnclosed(flow)) session.observed.enclosed = true;
    session.connections.sawRoundTrip(this.tripsUs?.[poolDirection] ?? Number.NaN);
    this.tripsUs = null;
    session.observed.messages.gaps += this.gaps?.[poolDirection] ?? 0;
    for (const [doubt, { count, packetRef }] of this.doubts ?? []) this.doubt(doubt, packetRef, count);
    return session;
  }

  /**
   * The ends of the session. Behind a proxy the miner is the client and the pool is the target that it asked for; the proxy
   * stands between them. The address of a target that was asked for by name is not known. The client that a PROXY protocol
   * header names is shown as it was claimed: anybody can send one, so that it accuses nobody.
   */
  private ends(
    direction: Direction,
    dialect: Dialect,
  ): { miner: Endpoint; pool: Endpoint; via: readonly Via[] } {
    const { flows, flow, proxy } = this;
    const miner = endpointOf(flows, flow, direction);
    if (dialect.isOfDevice === true) return { miner, pool: NOWHERE, via: NONE };
    const pool = endpointOf(flows, flow, direction === 0 ? 1 : 0);
    if (proxy === null) return { miner, pool, via: NONE };
    if (proxy.client !== undefined)
      return { miner, pool, via: [{ ...requestedEndpoint(proxy.client), kind: proxy.proxy }] };
    return { miner, pool: requestedEndpoint(proxy), via: [{ ...pool, kind: proxy.proxy }] };
  }
}

function transportOf({ kind, http }: Message): string {
  if (kind === 'opaque-message') return 'noise';
  if (http === undefined) return 'tcp';
  return http.status === 101 ? 'websocket' : 'http';
}

/** The end of a flow that sends in the direction. */
export function endpointOf(flows: Pick<FlowEnds, 'endpoint'>, flow: number, direction: Direction): Endpoint {
  const port = flows.endpoint(flow, direction, WORDS);
  return { ip: sharedText(addressText(WORDS)), port };
}

/** The end that a proxy was asked for, its address in canonical text: who asks writes it as they like. */
export function requestedEndpoint({ host, port }: { host: string; port: number }): Endpoint {
  const words = addressWords(host);
  return words === null ? { ip: '', port, name: host } : { ip: addressText(words), port };
}
