/**
 * Sessions and pool connections that the operator's list allows: they are not reported. The list is matched with the two ends
 * of a connection, and with names of the server from DNS answers or the operator's files. What a client says of its
 * target (CONNECT, Host, TLS server name) allows nothing, because any client can say it.
 */

import type { BookedName } from '../endpoints/name-book.ts';
import type { PoolConnection } from '../endpoints/pool-connection.ts';
import { realServer } from '../endpoints/servers.ts';
import { type AllowList, dayOf } from '../pools/allow.ts';
import type { Session } from '../sessions/session.ts';
import { type Statement, statement } from '../statements/index.ts';

/** Says what the list allows. */
export interface Allowance {
  poolConnection(poolConnection: PoolConnection): boolean;
  session(session: Session): boolean;
}

/** By the rules that hold at that time, us since 1970, and names that a server has for a client. */
export function allowanceOf(
  list: AllowList,
  timeUs: number,
  namesOf: (server: string, client: string) => readonly BookedName[],
  warn: (note: Statement) => void,
): Allowance {
  const { file } = list;
  const day = dayOf(timeUs);
  for (const { line, until } of list.expired(day))
    warn(statement('allow-expired', { file, line, day: until ?? '' }));
  for (const line of list.unread) warn(statement('allow-no-rule', { file, line }));
  const allows = (
    miner: PoolConnection['client'],
    pool: { readonly ip: string; readonly port: number | null },
    names: readonly string[],
  ): boolean => {
    const lookedUp = namesOf(pool.ip, miner.ip).filter(({ isSaid }) => !isSaid);
    return (
      list.allowsAddress(miner.ip, miner.port, day) !== null ||
      list.allowsAddress(pool.ip, pool.port, day) !== null ||
      [...names, ...lookedUp.map(({ name }) => name)].some(
        (name) => list.allowsName(name, pool.port, day) !== null,
      )
    );
  };
  return {
    // The pool's end of a look-up of its name is none.
    poolConnection: ({ client, server, via = [], match }) =>
      server === null
        ? allows(client, { ip: '', port: null }, match.names)
        : allows(client, realServer(server, via), []),
    session: ({ miner, pool, via }) => allows(miner, realServer(pool, via), []),
  };
}
