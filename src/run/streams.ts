/**
 * The connections of captures that may be mining, each read as one stream, and the sessions that they belong to. What a stream
 * shows beside its session goes to the pool connections.
 */
import { deviceApi } from '../dialects/device-api.ts';
import { FIN_0, FIN_1, OPAQUE, PASSED, RST_SEEN } from '../packets/flow-table.ts';
import type { Judgement } from '../packets/judgements.ts';
import type { PacketEngine } from '../packets/packet-engine.ts';
import type { Stream } from '../packets/stream.ts';
import { OPEN_US } from '../sessions/session.ts';
import { Sessions } from '../sessions/sessions.ts';
import { endpointOf } from '../sessions/stream-facts.ts';
import { StreamReader } from '../sessions/stream-reader.ts';
import { DnsStream } from './dns-stream.ts';
import { trafficOf } from './flow-pool-connection.ts';
import type { RunOptions } from './lists.ts';
import type { Lookups } from './lookups.ts';
import type { PoolConnections } from './pool-connections.ts';

const MOST_CLOCK_SETS = 16;

export class Streams {
  readonly sessions: Sessions;
  /** Messages that were longer than they may be, and bytes that were passed over. */
  longMessages = 0;
  passedBytes = 0;
  /** When the clock was set, and by how much, us: the first ones. */
  readonly clockSets: { readonly timeUs: number; readonly byUs: number }[] = [];
  /** By flow, until the stream ends without a session, or the flow ends. */
  private readonly readers = new Map<number, StreamReader>();

  constructor(
    options: RunOptions,
    private readonly engine: PacketEngine,
    private readonly lookups: Lookups,
    private readonly connections: PoolConnections,
  ) {
    this.sessions = new Sessions(options);
    engine.kernel.control.openUs = OPEN_US;
  }

  /** Begins a period: sessions of connections that are open go on, all else that was found is of the one before. */
  turn({ sinceUs, untilUs }: RunOptions): void {
    this.longMessages = 0;
    this.passedBytes = 0;
    this.clockSets.length = 0;
    const open = new Set([...this.readers.values()].map(({ facts }) => facts.session));
    this.sessions.turn(open, sinceUs, untilUs);
  }

  /**
   * The run comes from a state of another build, which keeps nothing half-read: streams with a session go on in their middle,
   * others are looked at anew. Answers which flows are read on.
   */
  resume(): (flow: number) => boolean {
    for (const [flow, reader] of this.readers) if (!reader.resume()) this.readers.delete(flow);
    this.engine.resume(this.readers);
    return (flow) => this.readers.has(flow);
  }

  open(flow: number, isDns: boolean): Stream {
    return isDns ? new DnsStream(flow, this.lookups) : this.reader(flow);
  }

  private reader(flow: number): StreamReader {
    const { flows, kernel } = this.engine;
    const reader = new StreamReader(flow, flows, this.sessions, kernel.bodies);
    this.readers.set(flow, reader);
    return reader;
  }

  clockSet(timeUs: number, byUs: number): void {
    if (this.clockSets.length < MOST_CLOCK_SETS) this.clockSets.push({ timeUs, byUs });
  }

  silence(startUs: number, endUs: number): void {
    this.sessions.silences.add(startUs, endUs);
  }

  /** The stream of the flow has seen names or TLS handshakes. */
  found(flow: number): void {
    const reader = this.readers.get(flow);
    for (const finding of reader?.findings.splice(0) ?? []) {
      if (finding.kind !== 'tls-hello') this.connections.named(flow, finding);
      else if (!this.connections.handshake(flow, finding)) reader?.dismiss();
    }
  }

  /** The stream of the flow has ended; the flow may go on. */
  closed(flow: number): void {
    const reader = this.readers.get(flow);
    if (reader === undefined) return;
    this.longMessages += reader.longMessages;
    this.passedBytes += reader.passedBytes;
    if (reader.longMessages > 0) this.engine.flows.mark(flow, PASSED);
    if (reader.ending === null) return;
    this.readers.delete(flow);
    this.connections.unread(flow, reader.ending);
  }

  /** The flow has ended; answers how it was judged. */
  ended(flow: number): Judgement {
    const { connections, engine } = this;
    const { flows, kernel } = engine;
    const reader = this.readers.get(flow);
    const session = reader?.facts.session ?? null;
    if (session?.transport === 'noise') flows.mark(flow, OPAQUE);
    this.readers.delete(flow);
    if (kernel.calls.hasHandshake(flow) !== 0 && connections.asksForHandshake(flow)) {
      engine.readHandshake(flow, this.reader(flow));
      this.readers.delete(flow);
    }
    if (reader === undefined || session === null) return connections.ended(flow);
    const { minerDirection } = reader.facts;
    session.observed.hardware ??= flows.hardware(flow, minerDirection);
    reader.facts.sum();
    const name = connections.endedWithSession(flow);
    if (session.dialect === deviceApi.id) connections.asked(flow, minerDirection, session);
    const { firstUs, lastUs } = flows.row(flow);
    const { port } = endpointOf(flows, flow, minerDirection);
    session.connected(port, firstUs, lastUs, trafficOf(flows, flow, minerDirection));
    session.connections.isClosed = (flows.row(flow).seen & (FIN_0 | FIN_1 | RST_SEEN)) !== 0;
    session.connections.cameThrough(connections.throughOf(flow));
    if (kernel.calls.isOpen(flow) !== 0) {
      session.connections.isOpen = true;
      session.connections.unfinished += reader.unfinished;
    }
    if (name !== null) session.connections.name(name);
    for (const target of session.claims.targets) session.connections.name(target.host);
    const { packets0, packets1 } = flows.row(flow);
    if (packets0 === 0 || packets1 === 0) return 'one-direction';
    // What follows a login may be anything.
    return reader.isRead ? 'read' : 'unread';
  }
}
