/** Where a session went, as people read it. */
import { endpointText } from '../address.ts';
import type { AuditSession } from './audit.ts';

/** The pool by its name, else that of its server, else its address. */
export function poolLabel({ pool, names, ip }: AuditSession['pool']): string {
  return pool ?? names[0] ?? ip;
}

/** The server's address and port. Through a proxy that was asked for a name, no address is known: the name and port. */
export function poolEnd({ ip, names, port }: AuditSession['pool']): string {
  return endpointText(ip === '' ? (names[0] ?? '') : ip, port);
}
