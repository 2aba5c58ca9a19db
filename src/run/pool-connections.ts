/**
 * Connections with pools that have no session: what is kept of a flow of captures until it ends (a pool's name, its TLS opening,
 * marks of mining, pushes of its server), and whether it was one.
 */

import type { NameBook } from '../endpoints/name-book.ts';
import { type PoolConnection, PoolConnectionTable } from '../endpoints/pool-connection.ts';
import { matchPool } from '../endpoints/pool-match.ts';
import { doubtful, type Through } from '../endpoints/through.ts';
import type { PushTrain } from '../evidence/in-step.ts';
import type { TlsHello } from '../framing/message.ts';
import type { PacketRef } from '../packet-ref.ts';
import { KEPT, NAMED, OPAQUE, WANTED, WEB, WORDS } from '../packets/flow-table.ts';
import type { Judgement } from '../packets/judgements.ts';
import type { PacketEngine } from '../packets/packet-engine.ts';
import type { WatchedFlow } from '../packets/watched-flow.ts';
import type { Session } from '../sessions/session.ts';
import { endpointOf, requestedEndpoint } from '../sessions/stream-facts.ts';
import type { Ending, SeenName } from '../sessions/stream-reader.ts';
import { statement } from '../statements/index.ts';
import {
  type EndedFlow,
  flowPoolConnection,
  oneConnection,
  type PoolConnectionContext,
  trafficOf,
} from './flow-pool-connection.ts';
import { InStepFinder } from './in-step.ts';
import type { RunOptions } from './lists.ts';
import { OpaqueFlows } from './opaque-flows.ts';
import { NOTHING_SAID } from './relations.ts';
import { sharesIn, WatchBook } from './watch-book.ts';

/** What was kept of a flow that has ended. */
interface KeptFlow extends EndedFlow {
  readonly pushes: PushTrain | null;
}

export class PoolConnections {
  poolConnections = new PoolConnectionTable();
  inStep = new InStepFinder();
  readonly opaque = new OpaqueFlows();
  readonly watches = new WatchBook();
  private readonly names = new Map<number, SeenName>();
  /** Flows of whose messages the capture has beginnings alone, until they end. */
  private readonly cut = new Set<number>();
  private readonly words = new Int32Array(4);
  /** What tells whether a flow that ended is a pool connection. */
  private around: PoolConnectionContext;

  constructor(
    private options: RunOptions,
    private readonly engine: PacketEngine,
    private readonly book: NameBook,
  ) {
    this.around = { ...options, flows: engine.flows, nameBook: book };
  }

  /** Takes lists that were read again. What was found by those before stays. */
  useLists(options: RunOptions): void {
    this.options = options;
    this.around = { ...options, flows: this.engine.flows, nameBook: this.book };
  }

  /** Begins a period, in which no pool connection was found yet. */
  turn(): void {
    this.poolConnections = new PoolConnectionTable();
    this.inStep = new InStepFinder();
    this.watches.turn();
  }

  /** The client of a web visit, which is no candidate, named its host. */
  visit(flow: number, direction: 0 | 1, host: string, { timeUs, record, input }: PacketRef): void {
    this.named(flow, { kind: 'http-host', name: host, direction, packetRef: { timeUs, record, input } });
  }

  /** The client of a flow said a host name in clear. */
  named(flow: number, name: SeenName): void {
    const { flows } = this.engine;
    const isPoolName = this.options.pools.byName(name.name) !== null;
    if (!isPoolName && !this.isPoolAddress(name)) {
      flows.mark(flow, NAMED);
      // Who names its server is believed, also behind a proxy that was asked for a pool's address.
      if (this.restsOnAddress(flow)) this.names.delete(flow);
      return;
    }
    flows.mark(flow, KEPT);
    if (name.target === undefined && doubtful(this.throughOf(flow)) === null) {
      flows.endpoint(flow, name.direction === 0 ? 1 : 0, this.words);
      const address = Int32Array.from(this.words);
      const client = endpointOf(flows, flow, name.direction).ip;
      this.book.book(address, { name: name.name, client, isSaid: true, packetRef: name.packetRef });
    }
    // The name under which encryption started says more than the request to a proxy before it.
    if (this.names.get(flow)?.kind !== 'tls-sni') this.names.set(flow, name);
  }

  /** True if a proxy is asked for an address that a list knows. */
  private isPoolAddress({ kind, target }: SeenName): boolean {
    if (kind !== 'proxy-target' || target === undefined) return false;
    const { ip, port } = requestedEndpoint(target);
    return ip !== '' && this.options.pools.byAddress(ip, port) !== null;
  }

  private restsOnAddress(flow: number): boolean {
    const known = this.names.get(flow);
    return known !== undefined && this.isPoolAddress(known);
  }

  /** What one side of TLS said in clear; false if nothing that follows can be of interest. */
  handshake(flow: number, { server, client, alpn, serverName, timeUs, record, input }: TlsHello): boolean {
    const { flows } = this.engine;
    flows.mark(flow, KEPT);
    if (server !== null) this.opaque.server(flow, server);
    if (client === null) return false;
    const isPool = this.names.has(flow);
    if (alpn.length > 0) flows.mark(flow, WEB);
    if (isPool) flows.mark(flow, WANTED);
    if (!isPool && serverName !== '' && alpn.length > 0) return false;
    return this.opaque.hello(flow, client, { timeUs, record, input });
  }

  /** What the sides of a flow said in sizes and times; its watch is over. */
  watched(flow: number, watched: WatchedFlow, slot: number): void {
    const isNamed = this.names.has(flow);
    this.opaque.watched(flow, watched, isNamed, this.watches.longer(slot, watched));
    this.watches.end(flow, slot, watched, isNamed || this.opaque.isMarked(flow) || this.mayBePools(flow));
  }

  /** The same of a flow in mid-watch: its oldest messages are forgotten next. */
  filled(slot: number, watched: WatchedFlow): void {
    this.watches.filled(slot, watched);
  }

  /** The stream of a flow ended without a session. */
  unread(flow: number, how: Ending): void {
    const { flows } = this.engine;
    if (how === 'encrypted') flows.mark(flow, OPAQUE);
    else if (how === 'cut') {
      flows.mark(flow, KEPT);
      this.cut.add(flow);
    } else if (how === 'in clear' && (flows.row(flow).seen & OPAQUE) === 0) this.opaque.refused(flow);
  }

  /** True if something asks what was said in clear on a flow: its behaviour, its server's address or certificate. */
  asksForHandshake(flow: number): boolean {
    const { flows, kernel } = this.engine;
    if (this.opaque.isMarked(flow)) return true;
    // Who names its server is believed: neither its address nor its certificate says more.
    if ((flows.row(flow).seen & NAMED) !== 0) return false;
    return this.mayBePools(flow) || kernel.calls.handshakeMayConcern(flow) !== 0;
  }

  /** Tunnels that a flow came through. */
  throughOf(flow: number): readonly Through[] {
    return this.options.trust.ofFlow(this.engine.flows, this.engine.tunnels, flow);
  }

  /** True if one end of the flow may be a pool's by its address. */
  private mayBePools(flow: number): boolean {
    const { flows, nameBook, hasListedAddresses } = this.around;
    return (
      hasListedAddresses ||
      ([0, 1] as const).some((direction) => {
        flows.endpoint(flow, direction, this.words);
        return nameBook.mayHave(this.words);
      })
    );
  }

  /** What was kept of a flow that ends, and came through these tunnels; it is forgotten here. */
  private take(flow: number, through: readonly Through[]): KeptFlow {
    const name = this.names.get(flow);
    this.names.delete(flow);
    const { waiting, ...opaque } = this.opaque.take(flow);
    const kept = this.watches.take(flow);
    return {
      flow,
      name,
      through,
      ...opaque,
      sharesOf: (direction) =>
        kept?.(direction).shares ?? (waiting === null ? null : sharesIn(waiting, direction)),
      pushes: kept?.(opaque.finding()?.clientDirection ?? 0).pushes ?? null,
    };
  }

  /** A flow has ended that has a session; answers the name of a pool that its client said, null if none. */
  endedWithSession(flow: number): string | null {
    this.cut.delete(flow);
    return this.take(flow, []).name?.name ?? null;
  }

  /** A flow has ended that has no session: adds its pool connection, if it is one; says how the flow was judged. */
  ended(flow: number): Judgement {
    const isCut = this.cut.delete(flow);
    const kept = this.take(flow, this.throughOf(flow));
    const poolConnection = flowPoolConnection(kept, this.around);
    if (poolConnection === null && (this.engine.flows.row(flow).seen & WORDS) !== 0) {
      this.poolConnections.add(this.spoken(flow));
      return 'undecided';
    }
    // A pool's web site is nothing at all.
    if (poolConnection === null && kept.name !== undefined) return 'listed';
    if (poolConnection === null) return isCut ? 'cut' : 'not-told';
    this.poolConnections.add(poolConnection);
    if (kept.pushes !== null) this.inStep.add(poolConnection, kept.pushes);
    // What is like mining, and proven by nothing, stays open.
    return poolConnection.match.by === null ? 'undecided' : 'listed';
  }

  /** Both sides of the flow used words of mining, in text that nobody frames. */
  private spoken(flow: number): PoolConnection {
    const { flows } = this.engine;
    const [client, server] = [endpointOf(flows, flow, 0), endpointOf(flows, flow, 1)];
    const { firstUs: startUs, lastUs: endUs, wordCount0, wordCount1 } = flows.row(flow);
    return {
      ...NOTHING_SAID,
      kind: 'connection',
      client,
      server,
      packetRef: { timeUs: startUs, record: 0, input: 0 },
      match: matchPool(this.options.pools, [], server.ip, server.port, startUs),
      verdict: 'suspected',
      reason: statement('words-alone'),
      words: { out: wordCount0, in: wordCount1 },
      ...oneConnection(client, startUs, endUs, trafficOf(flows, flow, 0)),
    };
  }

  /** A client that asks a mining device for its state is a monitor: it gets a pool connection, too. */
  asked(flow: number, deviceDirection: 0 | 1, { firstPacketRef: packetRef }: Session): void {
    const { flows } = this.engine;
    const clientDirection = deviceDirection === 0 ? 1 : 0;
    const client = endpointOf(flows, flow, clientDirection);
    const server = endpointOf(flows, flow, deviceDirection);
    if (client.ip === server.ip) return;
    const { firstUs: startUs, lastUs: endUs } = flows.row(flow);
    this.poolConnections.add({
      ...NOTHING_SAID,
      kind: 'asked',
      client,
      server,
      packetRef,
      match: matchPool(this.options.pools, [], '', 0, startUs),
      verdict: 'listed',
      reason: statement('device-asked', { endpoint: `${server.ip}:${server.port}` }),
      ...oneConnection(client, startUs, endUs, trafficOf(flows, flow, clientDirection)),
    });
  }
}
