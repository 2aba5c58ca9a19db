/**
 * What the operator's list allows for: sessions and contacts that are left out of the audit. By the ends of the connection,
 * and by names that answers of DNS or the operator's files give its server: what a client says of its target (CONNECT,
 * Host, TLS server name) allows nothing, for anybody can say it.
 */
import type { Contact } from '../endpoints/contact.ts';
import { realServer } from '../endpoints/servers.ts';
import type { Session } from '../sessions/session.ts';

/** An end of a session or contact; without a port it is that of a look-up. */
export interface AllowedEnd {
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
