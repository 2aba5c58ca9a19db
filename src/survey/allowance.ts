/**
 * Sessions and contacts that the operator's list allows: they are not reported. The list is matched with the two ends
 * of a connection, and with names of the server from DNS answers or the operator's files. What a client says of its
 * target (CONNECT, Host, TLS server name) allows nothing, because any client can say it.
 */
import type { Contact } from '../endpoints/contact.ts';
import { realServer } from '../endpoints/servers.ts';
import type { Session } from '../sessions/session.ts';

/** An end of a session or contact; without a port it is that of a look-up. */
interface AllowedEnd {
  readonly ip: string;
  readonly port: number | null;
}

/** True if an end, or a name that is known of the pool's end, is allowed for. */
export type Allowance = (miner: AllowedEnd, pool: AllowedEnd, lookedUp: readonly string[]) => boolean;

/** The pool's end of a look-up of its name. */
const NO_END: AllowedEnd = { ip: '', port: null };

/** Whether a contact is allowed for, by its ends or by a name. */
export function isAllowed({ client, server, via = [], match }: Contact, allow: Allowance): boolean {
  if (server === null) return allow(client, NO_END, match.names);
  return allow(client, realServer(server, via), []);
}

export function isSessionAllowed({ miner, pool, via }: Session, allow: Allowance): boolean {
  return allow(miner, realServer(pool, via), []);
}
