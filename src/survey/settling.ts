/** Sessions of a run, or of several that are merged, settled: each with its pool, or left as a contact with it. */
import { addressWords } from '../address.ts';
import type { Contacts } from '../endpoints/contact.ts';
import type { NameBook } from '../endpoints/name-book.ts';
import { coinByPort, matchPool, type PoolMatch } from '../endpoints/pool-match.ts';
import { hopsOf } from '../endpoints/servers.ts';
import type { PoolSet } from '../pools/pool-set.ts';
import { foldAttempts } from '../sessions/attempts.ts';
import { compareEnds, type Session } from '../sessions/session.ts';
import { type SettledSession, settleSession } from '../sessions/settle.ts';
import { sessionContact } from './session-contact.ts';

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
