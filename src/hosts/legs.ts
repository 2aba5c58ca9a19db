/**
 * A session that goes through a proxy is captured twice if the capture shows both of its sides: from the miner to the proxy, and
 * from the proxy to the pool. Both together are one session of the miner, with the traffic and the shares of the pool's leg:
 * those are what the pool has in its books. The two are matched by what the proxy was asked for, or by the same login, and by
 * their times and shares. A proxy that gathers many miners on one connection has no leg of its own for each: it stays a host.
 */
import type { PoolConnection } from '../endpoints/pool-connection.ts';
import type { PoolMatch } from '../endpoints/pool-match.ts';
import { proxiesOf, realServer } from '../endpoints/servers.ts';
import { isAtLeast } from '../evidence/verdict.ts';
import { groupBy } from '../order.ts';
import type { FinalSession } from '../sessions/finalize.ts';
import { MOST_ALIKE, Session, type Via } from '../sessions/session.ts';
import type { TimeInterval } from '../time-interval.ts';

/** A proxy connects to the pool when it is asked to, and a failing pool may keep it waiting for so long, us. */
const SAME_START_US = 10e6;
/** One side may stay open for so long after the other, us. */
const SAME_END_US = 60e6;
/** Shares of one side that the other may lack, of all: packets are lost on either. */
const MOST_LACKING = 0.05;
const FEW_SHARES = 2;
/** What a proxy says beside what it passes on, of all bytes. */
const OWN_PART = 0.1;
const OWN_BYTES = 2000;
/** Of a proxy that was asked for nothing in clear: it takes part in mining itself. */
const RELAY = 'relay';

interface Joined {
  readonly sessions: FinalSession[];
  readonly poolConnections: PoolConnection[];
  /** Both legs of each session that was joined: a later merge joins them anew. */
  readonly legs: FinalSession[];
}

/** The sessions and pool connections, each proxied one once. */
export function joinLegs(
  sessions: readonly FinalSession[],
  poolConnections: readonly PoolConnection[],
): Joined {
  const outerOf = pairsOf(sessions, endsOfSession, fitsSession);
  const outers = new Set(outerOf.values());
  return {
    sessions: sessions.flatMap((own) => {
      const outer = outerOf.get(own);
      if (outer !== undefined) return [joinedSession(own, outer)];
      return outers.has(own) ? [] : [own];
    }),
    legs: sessions.filter((own) => outerOf.has(own) || outers.has(own)),
    poolConnections: joinConnectionLegs(poolConnections),
  };
}

interface Ends {
  readonly client: string;
  readonly server: string;
  readonly times: TimeInterval;
}

function endsOfSession({ session }: FinalSession): Ends {
  return {
    client: session.miner.ip,
    server: realServer(session.pool, session.via).ip,
    times: session.connections,
  };
}

/** The pool's leg of each that has one: the pairs that are nearest in time first, each leg once. */
function pairsOf<Leg extends object>(
  all: readonly Leg[],
  endsOf: (leg: Leg) => Ends,
  fits: (inner: Leg, outer: Leg) => boolean,
): Map<Leg, Leg> {
  const legs = all.map((leg) => ({ leg, ...endsOf(leg) })).sort((a, b) => a.times.startUs - b.times.startUs);
  const byClient = groupBy(legs, ({ client }) => client);
  /** By client: the first of its legs that one of those still to come may begin with. */
  const firsts = new Map<string, number>();
  const pairs: { inner: Leg; outer: Leg; apartUs: number }[] = [];
  for (const { leg: inner, client, server, times } of legs) {
    const outers = server === '' || server === client ? undefined : byClient.get(server);
    if (outers === undefined) continue;
    let at = firsts.get(server) ?? 0;
    while (at < outers.length && outers[at].times.startUs < times.startUs - SAME_START_US) at++;
    firsts.set(server, at);
    for (const { leg: outer, times: further } of outers.slice(at, at + MOST_ALIKE)) {
      if (further.startUs > times.startUs + SAME_START_US) break;
      const [startUs, endUs] = [further.startUs - times.startUs, further.endUs - times.endUs].map(Math.abs);
      if (endUs <= SAME_END_US && fits(inner, outer)) pairs.push({ inner, outer, apartUs: startUs + endUs });
    }
  }
  const gathers = gatherers(pairs, endsOf);
  const taken = new Set<Leg>();
  const outerOf = new Map<Leg, Leg>();
  for (const { inner, outer } of pairs.sort((a, b) => a.apartUs - b.apartUs)) {
    // A leg on the way between two proxies may be both.
    if (outerOf.has(inner) || taken.has(outer)) continue;
    if (taken.has(inner) || outerOf.has(outer) || gathers.has(endsOf(outer).client)) continue;
    taken.add(outer);
    outerOf.set(inner, outer);
  }
  return outerOf;
}

/** Servers to which more miners come than go on to a pool: those put the work of several miners on one connection. */
function gatherers<Leg>(
  pairs: readonly { readonly inner: Leg; readonly outer: Leg }[],
  endsOf: (leg: Leg) => Ends,
): ReadonlySet<string> {
  const byServer = groupBy(pairs, ({ outer }) => endsOf(outer).client);
  const isGatherer = (own: typeof pairs): boolean =>
    new Set(own.map(({ inner }) => inner)).size > new Set(own.map(({ outer }) => outer)).size;
  return new Set([...byServer].filter(([, own]) => isGatherer(own)).map(([server]) => server));
}

/** The same dialect, login and shares; where the proxy was asked in clear, the pool that it was asked for. */
function fitsSession(
  { session: a, match: asked }: FinalSession,
  { session: b, match }: FinalSession,
): boolean {
  if (a.dialect !== b.dialect || b.via.length > 0) return false;
  if (a.connections.attempts !== b.connections.attempts) return false;
  const [own, further] = [a.shares.submitted, b.shares.submitted];
  if (Math.abs(own - further) > Math.max(FEW_SHARES, MOST_LACKING * Math.max(own, further))) return false;
  const isAsked = proxiesOf(a.via).length > 0;
  if (isAsked && !isTarget(a.pool, asked, b.pool, match)) return false;
  const [logins, others] = [a.claims.logins, b.claims.logins];
  if (logins.length === 0 || others.length === 0) return isAsked;
  // Without the words of the proxy, the shares say as much only if there are some.
  return (
    (isAsked || Math.min(own, further) > FEW_SHARES) &&
    logins.some((login) =>
      others.some(({ account, worker }) => account === login.account && worker === login.worker),
    )
  );
}

/** True if the proxy was asked for this server. */
function isTarget(
  asked: { readonly ip: string; readonly port: number },
  askedMatch: PoolMatch,
  server: { readonly ip: string; readonly port: number },
  match: PoolMatch,
): boolean {
  if (asked.port !== server.port) return false;
  if (asked.ip !== '') return asked.ip === server.ip;
  const names = new Set(match.names);
  // The address has no name if nobody was seen to look it up.
  return (
    names.size === 0 || askedMatch.names.some((name) => names.has(name)) || askedMatch.pool === match.pool
  );
}

function joinedSession(inner: FinalSession, outer: FinalSession): FinalSession {
  const [own, further] = [inner.session, outer.session];
  const { traffic } = own.connections;
  const proxies = proxiesOf(own.via);
  const via: Via[] =
    proxies.length > 0
      ? own.via.map((proxy) => (proxy === proxies[0] ? { ...proxy, traffic } : proxy))
      : [{ ...own.pool, kind: RELAY, traffic }];
  // What was observed stands in packets of the miner itself; what is counted is what the pool saw.
  const { miner, claims, observed } = own;
  const pool =
    further.pool.name === undefined && own.pool.name !== undefined && proxies.length > 0
      ? { ...further.pool, name: own.pool.name }
      : further.pool;
  const session: Session = Object.assign(Object.create(Session.prototype), further, {
    miner,
    pool,
    via,
    claims,
    observed,
  });
  return {
    ...outer,
    session,
    isProxied: true,
    match: outer.match.pool === null && proxies.length > 0 ? inner.match : outer.match,
    verdict: isAtLeast(outer.verdict.verdict, inner.verdict.verdict) ? outer.verdict : inner.verdict,
  };
}

/** The same of connections in which nothing could be read: the proxy must have said in clear what it was asked for. */
function joinConnectionLegs(all: readonly PoolConnection[]): PoolConnection[] {
  const outerOf = pairsOf(
    all.filter(({ kind, server }) => kind === 'connection' && server !== null),
    (one) => ({
      client: one.client.ip,
      server: proxiesOf(one.via ?? [])[0]?.ip ?? '',
      times: one,
    }),
    fitsConnection,
  );
  const outers = new Set(outerOf.values());
  return all.flatMap((own) => {
    const outer = outerOf.get(own);
    if (outer === undefined) return outers.has(own) ? [] : [own];
    const [proxy] = proxiesOf(own.via ?? []);
    const via = (own.via ?? []).map((one) => (one === proxy ? { ...one, traffic: own.traffic } : one));
    const { server, list, more, traffic, startUs, endUs } = outer;
    return [{ ...own, server, via, traffic, startUs, endUs, list, more }];
  });
}

function fitsConnection(a: PoolConnection, b: PoolConnection): boolean {
  if (a.server === null || b.server === null || (b.via ?? []).length > 0 || a.count !== b.count) return false;
  const isLike = (own: number, further: number): boolean =>
    Math.abs(own - further) <= Math.max(OWN_BYTES * a.count, OWN_PART * Math.max(own, further));
  return (
    isTarget(a.server, a.match, b.server, b.match) &&
    isLike(a.traffic.bytesOut, b.traffic.bytesOut) &&
    isLike(a.traffic.bytesIn, b.traffic.bytesIn)
  );
}
