/** Sessions of a run, or of several that are merged, finalized: each with its pool, or left as a pool connection with it. */
import type { Watched } from '../assessment/watched.ts';
import type { NameBook } from '../endpoints/name-book.ts';
import {
  connectionVerdict,
  type PoolConnection,
  type PoolConnectionTable,
} from '../endpoints/pool-connection.ts';
import { coinByPort, matchPool, type PoolMatch } from '../endpoints/pool-match.ts';
import { proxiesOf } from '../endpoints/servers.ts';
import { believed } from '../endpoints/through.ts';
import type { PoolSet } from '../pools/pool-set.ts';
import { foldAttempts } from '../sessions/attempts.ts';
import { type FinalSession, finalizeSession } from '../sessions/finalize.ts';
import { MiningTimes } from '../sessions/mining-time.ts';
import { compareEnds, type Session } from '../sessions/session.ts';
import { NOTHING_SAID } from './relations.ts';

/** Those that speak of mining, in the order of time; the others become pool connections if their server is a pool's. */
export function finalizeAll(
  sessions: readonly Session[],
  pools: PoolSet,
  names: NameBook,
  poolConnections: PoolConnectionTable,
  watched: Watched,
): FinalSession[] {
  const finalized: FinalSession[] = [];
  const times = new MiningTimes(sessions, ({ observed }) => watched.of(observed.observations));
  for (const session of sessions) {
    if (session.connections.traffic.packetsOut + session.connections.traffic.packetsIn === 0) continue; // outside the window asked for
    const { port } = session.pool;
    const match = matchOf(session, pools, names);
    const coinOfPort = (algorithm: string) => coinByPort(pools, port, algorithm, session.connections.startUs);
    const finalSession = finalizeSession(session, match, coinOfPort, times);
    if (finalSession !== null) {
      finalized.push(finalSession);
      continue;
    }
    const poolConnection = sessionPoolConnection(session, match);
    if (poolConnection !== null) poolConnections.add(poolConnection);
  }
  finalized.sort(
    (a, b) =>
      a.session.connections.startUs - b.session.connections.startUs || compareEnds(a.session, b.session),
  );
  return foldAttempts(finalized);
}

function matchOf(session: Session, pools: PoolSet, nameBook: NameBook): PoolMatch {
  const { ip, port } = session.pool;
  const askers = [session.miner, ...proxiesOf(session.via)].map((end) => end.ip);
  const booked = askers.flatMap((asker) => nameBook.namesOf(ip, asker)).map(({ name }) => name);
  const names = new Set([...(session.connections.names ?? []), ...booked]);
  return matchPool(pools, names, ip, port, session.connections.startUs);
}

/**
 * The pool connection that a session without any sign of mining comes to: its connections were made, and if their server is a pool's
 * endpoint, they count as any other pool connection with it. Null if it is nobody's that we know. How it behaves was not measured.
 */
function sessionPoolConnection(session: Session, match: PoolMatch): PoolConnection | null {
  const { miner, pool, via } = session;
  const { traffic, startUs, endUs, through, list, more } = session.connections;
  if (match.by === null) return null;
  const ownName =
    match.name !== null && session.connections.names?.has(match.name) === true ? match.name : '';
  const namedBy = match.by === 'address' ? 'list' : ownName === '' ? 'dns' : 'client';
  const judged = connectionVerdict(match, pool.port, {
    answered: traffic.packetsIn > 0,
    seconds: (endUs - startUs) / 1e6,
    bytesOut: traffic.bytesOut,
    bytesIn: traffic.bytesIn,
    pushesOut: 0,
    pushesIn: 0,
    namedBy,
    offersHttp2: false,
    isMarked: false,
  });
  if (judged === null) return null;
  return {
    ...NOTHING_SAID,
    kind: 'connection',
    client: { ip: miner.ip, port: miner.port },
    server: { ip: pool.ip, port: pool.port },
    ...(via.length === 0 ? {} : { via }),
    match,
    ownName,
    namedBy,
    packetRef: session.firstPacketRef,
    ...believed(judged, through),
    ...(through.length === 0 ? {} : { through }),
    startUs,
    endUs,
    traffic: { ...traffic },
    list,
    ...(more > 0 ? { more } : {}),
  };
}
