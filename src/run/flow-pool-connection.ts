/**
 * From a flow that ended without a session to a pool connection, if it was one: either with the endpoint of a pool (by a name, a
 * DNS answer, a certificate or the operator's list), or with an unknown server, if it behaved like a miner.
 */

import { addressText } from '../address.ts';
import type { NameBook } from '../endpoints/name-book.ts';
import { connectionVerdict, type NamedBy, type PoolConnection } from '../endpoints/pool-connection.ts';
import { matchPool, type PoolMatch } from '../endpoints/pool-match.ts';
import type { SharesSeen } from '../endpoints/shares-seen.ts';
import { believed, type Through } from '../endpoints/through.ts';
import { ownNames } from '../endpoints/tls-facts.ts';
import type { TrafficSum } from '../endpoints/traffic.ts';
import type { FlowTable } from '../packets/flow-table.ts';
import { NAMED, OPAQUE, SYN_ACK_SEEN } from '../packets/flow-table.ts';
import { endpointOf, requestedEndpoint } from '../sessions/stream-facts.ts';
import type { SeenName } from '../sessions/stream-reader.ts';
import type { RunOptions } from './lists.ts';
import type { TakenFlow } from './opaque-flows.ts';

/** What a client says to a proxy at most until it is through: handshake, credentials, request. */
const ASKING = 3;

/** All that is known of a flow when it ends. */
export interface EndedFlow extends Omit<TakenFlow, 'waiting'> {
  readonly flow: number;
  /** The pool's name that the client said in clear. */
  readonly name: SeenName | undefined;
  /** Tunnels that it came through. */
  readonly through: readonly Through[];
  /** Shares that were counted, by the direction of the client; null if it was not watched. */
  readonly sharesOf: (clientDirection: 0 | 1) => SharesSeen | null;
}

export interface PoolConnectionContext
  extends Pick<RunOptions, 'pools' | 'hasListedAddresses' | 'sinceUs' | 'untilUs'> {
  readonly flows: FlowTable;
  readonly nameBook: NameBook;
}

interface Claim {
  readonly match: PoolMatch;
  readonly by: NamedBy;
  readonly packetRef: PoolConnection['packetRef'] | undefined;
}

/** The pool connection, or null if the flow is none of our business. */
export function flowPoolConnection(ended: EndedFlow, around: PoolConnectionContext): PoolConnection | null {
  const { flow, name, isMarked } = ended;
  const { flows } = around;
  // Who names its server is believed: the address may be shared with a pool.
  if (name === undefined && !isMarked && (flows.row(flow).seen & NAMED) !== 0) return null;
  for (const serverDirection of [1, 0] as const) {
    if (name !== undefined && serverDirection === 0) continue;
    if (name === undefined && isMarked && serverDirection === ended.finding()?.clientDirection) continue;
    const poolConnection = poolConnectionWith(serverDirection, ended, around);
    if (poolConnection !== null) return poolConnection;
  }
  return null;
}

function poolConnectionWith(
  serverDirection: 0 | 1,
  ended: EndedFlow,
  around: PoolConnectionContext,
): PoolConnection | null {
  const { flow, name, tls, isMarked, through } = ended;
  const { flows } = around;
  const clientDirection = serverDirection === 1 ? 0 : 1;
  const { firstUs, lastUs } = flows.row(flow);
  const claim = claimOf(serverDirection, ended, around);
  if (claim === null) return null;
  const { match, by } = claim;
  const traffic = trafficOf(flows, flow, clientDirection);
  if ((match.by === null && !isMarked) || traffic.packetsOut + traffic.packetsIn === 0) return null;
  const finding = ended.finding();
  const client = endpointOf(flows, flow, clientDirection);
  const peer = endpointOf(flows, flow, serverDirection);
  const target = name?.target;
  const server = target === undefined ? peer : targetOf(target);
  const [pushesOut, pushesIn] = [flows.pushes(flow, clientDirection), flows.pushes(flow, serverDirection)];
  const sawHandshake = tls !== null && tls.isRefused !== true;
  const isEncrypted = (flows.row(flow).seen & OPAQUE) !== 0 || sawHandshake || finding?.isTls === true;
  const judged = connectionVerdict(match, server.port, {
    answered:
      target === undefined
        ? (flows.row(flow).seen & SYN_ACK_SEEN) !== 0 || (traffic.packetsIn > 0 && pushesOut + pushesIn > 0)
        : tls !== null || isMarked || pushesOut > ASKING,
    seconds: (lastUs - firstUs) / 1e6,
    bytesOut: traffic.bytesOut,
    bytesIn: traffic.bytesIn,
    pushesOut,
    pushesIn,
    namedBy: by,
    offersHttp2: tls?.alpn.includes('h2') === true,
    isMarked,
  });
  if (judged === null) return null;
  const sharesSeen = ended.sharesOf(clientDirection);
  const hardware = flows.hardware(flow, clientDirection);
  return {
    kind: 'connection',
    client,
    ...(hardware === null ? {} : { hardware }),
    server,
    ...(target === undefined ? {} : { via: [{ ...peer, kind: target.proxy }] }),
    match,
    ownName: match.by === 'address' ? '' : (name?.name ?? ''),
    isEncrypted,
    tls,
    marks: finding === null || finding.clientDirection !== clientDirection ? [] : finding.marks,
    duty: finding === null ? null : { activeMinutes: finding.activeMinutes, minutes: finding.minutes },
    namedBy: by,
    watchedFrom: finding?.packetRef ?? null,
    ...(sharesSeen === null ? {} : { sharesSeen }),
    packetRef: name?.packetRef ??
      claim.packetRef ??
      tls?.packetRef ??
      finding?.packetRef ?? { timeUs: firstUs, record: 0, input: 0 },
    ...believed(judged, through),
    ...(through.length === 0 ? {} : { through }),
    ...oneConnection(client, Math.max(firstUs, around.sinceUs), Math.min(lastUs, around.untilUs), traffic),
  };
}

/** Times, traffic and connections of a pool connection that is one connection. */
export function oneConnection(
  { port }: { readonly port: number },
  startUs: number,
  endUs: number,
  traffic: TrafficSum,
): Pick<PoolConnection, 'startUs' | 'endUs' | 'count' | 'traffic' | 'list'> {
  const { bytesOut, bytesIn } = traffic;
  return { startUs, endUs, count: 1, traffic, list: [{ port, startUs, endUs, bytesOut, bytesIn }] };
}

const WORDS = new Int32Array(4);

/** Whose the server is, by the strongest that says so; null if nothing can say it and nothing else counts. */
function claimOf(serverDirection: 0 | 1, ended: EndedFlow, around: PoolConnectionContext): Claim | null {
  const { flow, name, tls, isMarked } = ended;
  const { flows, pools, nameBook } = around;
  const timeUs = flows.row(flow).firstUs;
  const port = flows.endpoint(flow, serverDirection, WORDS);
  const mayBeListed = nameBook.mayHave(WORDS) || around.hasListedAddresses;
  const certified = tls?.certificate == null ? [] : ownNames(tls.certificate);
  if (name === undefined && !mayBeListed && certified.length === 0 && !isMarked) return null;
  const ip = addressText(WORDS);
  if (name !== undefined) {
    const end = name.target === undefined ? { ip, port } : targetOf(name.target);
    const match = matchPool(pools, [name.name], end.ip, end.port, timeUs);
    return { match, by: match.by === 'address' ? 'list' : 'client', packetRef: name.packetRef };
  }
  const isNamed = (flows.row(flow).seen & NAMED) !== 0;
  const booked = isNamed
    ? []
    : nameBook.namesOf(ip, endpointOf(flows, flow, serverDirection === 1 ? 0 : 1).ip);
  const match = matchPool(
    pools,
    booked.map((known) => known.name),
    ip,
    port,
    timeUs,
  );
  if (match.by !== null || isNamed || certified.length === 0) {
    const where = booked.find((known) => known.name === match.name)?.packetRef;
    // A name of a hosts file holds at all times, so at that of the connection.
    const packetRef = where === undefined || !Number.isNaN(where.timeUs) ? where : { ...where, timeUs };
    return { match, by: match.by === 'address' ? 'list' : 'dns', packetRef };
  }
  return { match: matchPool(pools, certified, ip, port, timeUs), by: 'certificate', packetRef: undefined };
}

/** The address of a target that a proxy was asked for by name is not known. */
function targetOf({ host, port }: NonNullable<SeenName['target']>): { ip: string; port: number } {
  const { ip } = requestedEndpoint({ host, port });
  return { ip, port };
}

/** Traffic of a flow, seen from the client. */
export function trafficOf(flows: FlowTable, flow: number, clientDirection: 0 | 1): TrafficSum {
  const serverDirection = clientDirection === 0 ? 1 : 0;
  return {
    bytesOut: flows.bytes(flow, clientDirection),
    bytesIn: flows.bytes(flow, serverDirection),
    packetsOut: flows.packets(flow, clientDirection),
    packetsIn: flows.packets(flow, serverDirection),
  };
}
