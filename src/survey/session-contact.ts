/**
 * From a session without any sign of mining to a contact: its connections were made, and if their server is a pool's
 * endpoint, they count as any other contact with it.
 */
import { type Contact, connectionVerdict } from '../endpoints/contact.ts';
import type { PoolMatch } from '../endpoints/pool-match.ts';
import { believed } from '../endpoints/through.ts';
import type { Session } from '../sessions/session.ts';

/** The contact, or null if the server is nobody's that we know. How it behaves was not measured. */
export function sessionContact(session: Session, match: PoolMatch): Contact | null {
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
    kind: 'connection',
    client: { ip: miner.ip, port: miner.port },
    server: { ip: pool.ip, port: pool.port },
    ...(via.length === 0 ? {} : { via }),
    match,
    ownName,
    isEncrypted: false,
    tls: null,
    marks: [],
    duty: null,
    namedBy,
    watchedFrom: null,
    place: session.firstPlace,
    ...believed(judged, through),
    ...(through.length === 0 ? {} : { through }),
    startUs,
    endUs,
    count: 1,
    traffic: { ...traffic },
  };
}
