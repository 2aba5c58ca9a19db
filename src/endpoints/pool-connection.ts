/**
 * Pool connections in which no protocol could be read: connections with listed pool endpoints, connections that behave like a
 * miner, and look-ups of a name. Repeated pool connections of one client with one endpoint fold into one row.
 */

import { behavesLikeMining, type ConnectionFigures } from '../evidence/behaviour.ts';
import type { MiningMark } from '../evidence/mining-marks.ts';
import { isAtLeast, type Judged, judged, type Verdict } from '../evidence/verdict.ts';
import { limits } from '../limits.ts';
import type { PacketRef } from '../packet-ref.ts';
import type { Statement } from '../statements/index.ts';
import { type TimeInterval, within } from '../time-interval.ts';
import { joinConnections, NO_CONNECTIONS, type OneConnection, sameConnections } from './connection-list.ts';
import type { PoolMatch } from './pool-match.ts';
import { joinSeen, type SharesSeen } from './shares-seen.ts';
import { joinThrough, type Through } from './through.ts';
import { addTraffic, type TrafficSum } from './traffic.ts';

/** What an encrypted connection said in clear, kept for the audit: names, fingerprints, the server's certificate. */
export interface TlsFacts {
  /** Where the client's hello was seen. */
  readonly packetRef: PacketRef;
  /** '' if the client names no server. */
  readonly serverName: string;
  /** An encrypted client hello travels along: the name may be an outer one. */
  readonly hasEncryptedHello: boolean;
  /** Protocols that the client offers. */
  readonly alpn: readonly string[];
  readonly ja3: string;
  readonly ja4: string;
  /** Version that the server chose, 0x0303 for TLS 1.2; null if its hello was not seen. */
  version: number | null;
  /** Null if it was not seen: from TLS 1.3 on it is encrypted. */
  certificate: {
    readonly subject: string;
    readonly names: readonly string[];
    readonly issuer: string;
    readonly selfSigned: boolean;
  } | null;
  /** True if the server answered in the clear: nothing was encrypted. */
  isRefused?: boolean;
}

type PoolConnectionVerdict = Exclude<Verdict, 'confirmed'>;

/** Who gives the endpoint to a pool: the client itself, answers of DNS, the server's certificate, the operator. */
export type NamedBy = 'client' | 'dns' | 'certificate' | 'list';

/** Score of behaviour in flow records (flows/behaviour-score.ts), with what each feature took from it. */
export interface Likeness {
  readonly score: number;
  /** From which on it is suspected. */
  readonly threshold: number;
  readonly parts: readonly { readonly id: string; readonly value: number | null; readonly cost: number }[];
}

/** What flow records tell of the connections of two ends; sampling multiplied. */
export interface PoolConnectionFlow {
  /** Answered TCP connections, and tries without an answer. */
  readonly connections: number;
  readonly unanswered: number;
  /** Time with a connection open. */
  readonly activeSeconds: number;
  /** Mean length of a connection. */
  readonly meanSeconds: number;
  /** Variance of the packets of a record over that of chance; null if no record tells. */
  readonly scatter: number | null;
  /** How like mining it is; null if the records do not let one judge. */
  readonly likeness: Likeness | null;
  /** One packet in so many was looked at, and how many those were. */
  readonly samplingInterval: number;
  readonly observedPackets: number;
}

/** That what the server pushes comes when new blocks do (run/in-step.ts). */
export interface InStep {
  /** Null if it is not known whose blocks. */
  readonly coin: string | null;
  /** Who tells of the blocks: the operator's file, jobs that could be read, or another unreadable session. */
  readonly source: 'file' | 'sessions' | 'unreadable';
  /** Blocks that came while it was watched, and those that a push followed. */
  readonly blocks: number;
  readonly followed: number;
  /** Tests of the scan, and the chance that one of them finds as much if there is nothing. */
  readonly tests: number;
  readonly chance: number;
}

export interface PoolConnection {
  /** `asked`: the client asked a mining device for its state. */
  readonly kind: 'connection' | 'dns-lookup' | 'alert' | 'asked';
  client: { readonly ip: string; readonly port: number };
  /** Hardware address of the client, as frames show it that no router forwarded; absent if none does. */
  hardware?: string;
  /** Null for a look-up. */
  readonly server: { readonly ip: string; readonly port: number } | null;
  /** Proxies between client and server; absent if there is none. */
  readonly via?: readonly {
    readonly ip: string;
    readonly port: number;
    readonly kind: string;
    /** Of the client with the proxy, if `traffic` is that of the proxy with the server. */
    readonly traffic?: Readonly<TrafficSum>;
  }[];
  readonly match: PoolMatch;
  readonly namedBy: NamedBy;
  /** Name in the client's own words (TLS server name …); '' if only DNS or a list tells. */
  readonly ownName: string;
  isEncrypted: boolean;
  /** What TLS said in clear; null if it was not kept, or there is none. */
  tls: TlsFacts | null;
  /** Marks of mining that its sizes and times have or lack; empty if they were not measured. */
  marks: readonly MiningMark[];
  /** Minutes in which something was said, of the minutes that were measured. */
  duty: { readonly activeMinutes: number; readonly minutes: number } | null;
  /** Where the watch over its sizes and times began; null if there was none. */
  watchedFrom: PacketRef | null;
  packetRef: PacketRef;
  verdict: PoolConnectionVerdict;
  reason: Statement;
  /** Of flow records: times that only exporters watched which do not see its ends. Absent if there are none. */
  unseen?: readonly TimeInterval[];
  startUs: number;
  endUs: number;
  count: number;
  readonly traffic: TrafficSum;
  /** Its connections one by one, and how many there are beyond these; absent if there are none, as of look-ups. */
  list?: readonly OneConnection[];
  more?: number;
  /** Absent if a capture shows it. */
  flow?: PoolConnectionFlow;
  /** Most connections of flow records at one time. */
  atOnce?: number;
  /** Absent if it is not in step with blocks, or nobody could tell. */
  inStep?: InStep;
  /** Shares that were counted in it by sizes and times; absent if it was not watched. */
  sharesSeen?: SharesSeen;
  /** Words of mining that its two sides used in text that nobody frames; absent if they used none. */
  words?: { readonly out: number; readonly in: number };
  /** Tunnels and exporters that it came through; absent if there were none. */
  through?: readonly Through[];
}

export interface ConnectionSeen extends ConnectionFigures {
  readonly answered: boolean;
  readonly namedBy: NamedBy;
  /** The client offers HTTP/2: it is a browser, or reads pages like one. */
  readonly offersHttp2: boolean;
  /** Its sizes and times have every mark of mining. */
  readonly isMarked: boolean;
  /** Of sampled records: hour after hour with the endpoint, both ways and thin. */
  readonly lastsForHours?: boolean;
  /** The address has names of several owners; absent if that is not known, as in captures. */
  readonly isShared?: boolean;
}

/**
 * What a connection amounts to, or null if it is none of our business (docs/guide/reading-an-audit.md): a pool's web site is
 * nothing; an unanswered try is `attempted`; a dedicated name with a session that behaves like mining is `probable`;
 * every mark of mining without such a name is `suspected`; the rest is `listed`.
 */
export function connectionVerdict(
  match: PoolMatch,
  port: number,
  seen: ConnectionSeen,
): Judged<PoolConnectionVerdict> | null {
  const suspected = seen.isMarked ? judged('suspected', 'marks-alone') : null;
  if (match.use === null || match.use === 'web') return suspected;
  const isWebPort = port === 80 || port === 443 || port === 8080 || port === 8443;
  if (match.use === 'unsure' && (isWebPort || !match.portListed)) return suspected;
  if (!seen.answered) return judged('attempted', 'not-answered');
  const isSure = match.use === 'mining' && (match.dedicated || (match.portListed && !isWebPort));
  if (isSure && seen.isMarked) return judged('probable', 'pool-and-marks');
  // An address may be shared: without the client's word, web ports and certificates need the marks of mining.
  // If nobody knows that, only a port of the pool's own distinguishes its endpoint from other services there.
  const isIts = !isWebPort && (match.portListed || seen.isShared === false);
  const isNamed = seen.namedBy === 'list' || seen.namedBy === 'client' || (seen.namedBy === 'dns' && isIts);
  if (isSure && isNamed && !seen.offersHttp2 && behavesLikeMining(seen))
    return judged('probable', 'pool-and-behaviour');
  if (isSure && isNamed && seen.lastsForHours === true) return judged('probable', 'pool-for-hours');
  if (suspected !== null) return suspected;
  if (match.use === 'mining' && match.portListed && isNamed && !seen.offersHttp2 && isLongAndThin(seen))
    return judged('suspected', 'pool-port-long');
  if (seen.namedBy === 'certificate' && match.use !== 'mining') return null;
  const isOfMany = seen.isShared === true && seen.namedBy === 'dns';
  return judged('listed', isOfMany ? 'shared-address' : 'listed-endpoint');
}

/** Visits of a pool's port do not last so long. */
const LONG_SECONDS = 3600;
const THIN_BYTES_PER_SECOND = 6000;

function isLongAndThin({ seconds, bytesOut, bytesIn }: ConnectionSeen): boolean {
  return seconds >= LONG_SECONDS && bytesOut > 0 && (bytesOut + bytesIn) / seconds <= THIN_BYTES_PER_SECOND;
}

/** The better of two TLS openings: one that the server accepted, then the earlier. */
function betterTls(a: TlsFacts | null, b: TlsFacts | null): TlsFacts | null {
  if (a === null || b === null) return a ?? b;
  const [isARefused, isBRefused] = [a.isRefused === true, b.isRefused === true];
  if (isARefused !== isBRefused) return isARefused ? b : a;
  return b.packetRef.timeUs < a.packetRef.timeUs ? b : a;
}

/** Joins two parts of the input that do not overlap in time. If a capture shows one, it was open all that time. */
function joinedFlow(known: PoolConnection, poolConnection: PoolConnection): PoolConnectionFlow | undefined {
  const [a, b] = [known.flow, poolConnection.flow];
  if (a === undefined || b === undefined) {
    const flow = a ?? b;
    const { startUs, endUs } = a === undefined ? known : poolConnection;
    return flow && { ...flow, activeSeconds: flow.activeSeconds + (endUs - startUs) / 1e6 };
  }
  const connections = a.connections + b.connections;
  const [longer, other] = a.activeSeconds >= b.activeSeconds ? [a, b] : [b, a];
  return {
    connections,
    unanswered: a.unanswered + b.unanswered,
    activeSeconds: a.activeSeconds + b.activeSeconds,
    meanSeconds: (a.meanSeconds * a.connections + b.meanSeconds * b.connections) / Math.max(1, connections),
    scatter: longer.scatter ?? other.scatter,
    likeness: longer.likeness ?? other.likeness,
    samplingInterval: Math.max(a.samplingInterval, b.samplingInterval),
    observedPackets: a.observedPackets + b.observedPackets,
  };
}

const MINUTE_US = 60_000_000;

/** Minutes in which something was said, of those from the first to the last; null if a part does not tell. */
function joinedDuty(a: Readonly<PoolConnection>, b: Readonly<PoolConnection>): PoolConnection['duty'] {
  if (a.duty === null || b.duty === null) return null;
  const minuteOf = (timeUs: number): number => Math.floor(timeUs / MINUTE_US);
  const minutes = minuteOf(Math.max(a.endUs, b.endUs)) - minuteOf(Math.min(a.startUs, b.startUs)) + 1;
  // One minute may be the last of one part and the first of the other.
  const [first, next] = a.startUs <= b.startUs ? [a, b] : [b, a];
  const shared = minuteOf(first.endUs) === minuteOf(next.startUs) ? 1 : 0;
  return { activeMinutes: Math.min(minutes, a.duty.activeMinutes + b.duty.activeMinutes - shared), minutes };
}

/** Pool connections of one key are one row: client, endpoint and kind. */
export function poolConnectionKey({ client, server, kind, match, ownName }: PoolConnection): string {
  const packetRef = server === null ? match.name : `${server.ip} ${server.port} ${ownName}`;
  return `${kind} ${client.ip} ${packetRef}`;
}

/** Pool connections of the run, folded by client, endpoint and kind. */
export class PoolConnectionTable {
  private readonly rows = new Map<string, PoolConnection>();
  /** Pool connections that did not fit. */
  overflow = 0;

  constructor(private limit = limits.contacts) {}

  add(poolConnection: PoolConnection): void {
    const key = poolConnectionKey(poolConnection);
    const known = this.rows.get(key);
    if (known === undefined) {
      if (this.rows.size < this.limit) this.rows.set(key, poolConnection);
      else this.overflow++;
      return;
    }
    this.addConnections(known, poolConnection);
    const flow = joinedFlow(known, poolConnection);
    const duty = flow === undefined ? null : joinedDuty(known, poolConnection);
    if (flow !== undefined) known.flow = flow;
    if (flow !== undefined) known.atOnce = Math.max(known.atOnce ?? 1, poolConnection.atOnce ?? 1);
    known.count += poolConnection.count;
    if (poolConnection.packetRef.timeUs < known.packetRef.timeUs) known.packetRef = poolConnection.packetRef;
    // The first connection stands for all, whichever came in first: a merge may add them in another order.
    const hardware =
      poolConnection.startUs < known.startUs
        ? (poolConnection.hardware ?? known.hardware)
        : (known.hardware ?? poolConnection.hardware);
    if (hardware !== undefined) known.hardware = hardware;
    if (poolConnection.startUs < known.startUs) {
      known.startUs = poolConnection.startUs;
      known.client = poolConnection.client;
    }
    known.endUs = Math.max(known.endUs, poolConnection.endUs);
    known.unseen = within(known.unseen ?? [], poolConnection.unseen ?? []);
    if (known.unseen.length === 0) delete known.unseen;
    addTraffic(known.traffic, poolConnection.traffic);
    if (poolConnection.through !== undefined)
      known.through = joinThrough(known.through ?? [], poolConnection.through);
    known.isEncrypted ||= poolConnection.isEncrypted;
    known.tls = betterTls(known.tls, poolConnection.tls);
    if (!isAtLeast(known.verdict, poolConnection.verdict)) {
      known.verdict = poolConnection.verdict;
      known.reason = poolConnection.reason;
      known.marks = poolConnection.marks;
      known.duty = poolConnection.duty;
      known.watchedFrom = poolConnection.watchedFrom;
    }
    if (duty !== null) known.duty = duty;
    const { sharesSeen } = poolConnection;
    if (sharesSeen !== undefined)
      known.sharesSeen = known.sharesSeen === undefined ? sharesSeen : joinSeen(known.sharesSeen, sharesSeen);
    if (poolConnection.inStep !== undefined && poolConnection.inStep.chance < (known.inStep?.chance ?? 1))
      known.inStep = poolConnection.inStep;
  }

  private addConnections(known: PoolConnection, { list = [], more = 0, flow }: PoolConnection): void {
    if (list.length + more === 0) return;
    const own = known.list === undefined ? NO_CONNECTIONS : { list: known.list, more: known.more ?? 0 };
    const isOfOneSource = (known.flow === undefined) === (flow === undefined);
    const joined = (isOfOneSource ? joinConnections : sameConnections)(own, { list, more });
    known.list = joined.list;
    if (joined.more > 0) known.more = joined.more;
  }

  /** Keeps the first `most`, and takes no more. */
  narrow(most: number): void {
    this.limit = Math.min(this.limit, most);
    for (const key of [...this.rows.keys()].slice(this.limit)) {
      this.rows.delete(key);
      this.overflow++;
    }
  }

  get(key: string): PoolConnection | undefined {
    return this.rows.get(key);
  }

  values(): Iterable<PoolConnection> {
    return this.rows.values();
  }
}

/** A copy that stays what it is when the pool connection is added to others. */
export function copyPoolConnection(poolConnection: PoolConnection): PoolConnection {
  return { ...poolConnection, traffic: { ...poolConnection.traffic } };
}
