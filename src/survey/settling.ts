/** Sessions of a run, or of several that are merged, settled: each with its pool, or left as a contact with it. */
import { addressWords } from '../address.ts';
import { type Contact, type Contacts, connectionVerdict } from '../endpoints/contact.ts';
import type { NameBook } from '../endpoints/name-book.ts';
import { coinByPort, matchPool, type PoolMatch } from '../endpoints/pool-match.ts';
import { hopsOf } from '../endpoints/servers.ts';
import { believed } from '../endpoints/through.ts';
import type { PoolSet } from '../pools/pool-set.ts';
import { foldAttempts } from '../sessions/attempts.ts';
import { compareEnds, type Session } from '../sessions/session.ts';
import { type SettledSession, settleSession } from '../sessions/settle.ts';
import { NOTHING_SAID } from './relation-contact.ts';

/** Those that speak of mining, in the order of time; the others become contacts if their server is a pool's. */
export function settleAll(
  sessions: readonly Session[],
  pools: PoolSet,
  names: NameBook,
  contacts: Contacts,
): SettledSession[] {
  const settled: SettledSession[] = [];
  for (const session of sessions) {
    if (session.connections.traffic.packetsOut + session.connections.traffic.packetsIn === 0) continue; // outside the window asked for
    const { port } = session.pool;
    const match = matchOf(session, pools, names);
    const settlement = settleSession(session, match, (algorithm) =>
      coinByPort(pools, port, algorithm, session.connections.startUs),
    );
    if (settlement !== null) {
      settled.push(settlement);
      continue;
    }
    const contact = sessionContact(session, match);
    if (contact !== null) contacts.add(contact);
  }
  settled.sort(
    (a, b) =>
      a.session.connections.startUs - b.session.connections.startUs || compareEnds(a.session, b.session),
  );
  return foldAttempts(settled);
}

function matchOf(session: Session, pools: PoolSet, nameBook: NameBook): PoolMatch {
  const { ip, port } = session.pool;
  const askers = [session.miner, ...hopsOf(session.via)].map((end) => end.ip);
  const booked = askers.flatMap((asker) => nameBook.namesOf(ip, asker)).map(({ name }) => name);
  const names = new Set([...(session.connections.names ?? []), ...booked]);
  // The host that a miner says it uses, or that a proxy is asked for, may be an address.
  const hostNames = [...names].filter((name) => addressWords(name.replace(/^\[|\]$/g, '')) === null);
  return matchPool(pools, hostNames, ip, port, session.connections.startUs);
}

/**
 * The contact that a session without any sign of mining comes to: its connections were made, and if their server is a pool's
 * endpoint, they count as any other contact with it. Null if it is nobody's that we know. How it behaves was not measured.
 */
function sessionContact(session: Session, match: PoolMatch): Contact | null {
  const { miner, pool, via } = session;
  const { traffic, startUs, endUs, through } = session.connections;
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
    place: session.firstPlace,
    ...believed(judged, through),
    ...(through.length === 0 ? {} : { through }),
    startUs,
    endUs,
    traffic: { ...traffic },
  };
}
