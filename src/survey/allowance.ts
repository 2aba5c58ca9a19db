/** What the operator's list allows for: sessions and contacts that are left out of the audit. */
import type { Contact } from '../endpoints/contact.ts';

/** An end of a session or contact; without a port it is that of a look-up. */
export interface AllowedEnd {
  readonly ip: string;
  readonly port: number | null;
}

/** True where an end, or a name of the pool's end, is allowed for. */
export type Allowance = (miner: AllowedEnd, pool: AllowedEnd, names: readonly string[]) => boolean;

/** The pool's end of a look-up of its name. */
const NO_END: AllowedEnd = { ip: '', port: null };

/** Whether a contact is allowed for, by its ends or by a name. */
export function isAllowed({ client, server, match, ownName }: Contact, allow: Allowance): boolean {
  return allow(client, server ?? NO_END, [...match.names, ownName]);
}
