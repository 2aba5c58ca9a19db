/** Where a session went, as people read it. */
import { endpointText } from '../address.ts';
import type { AuditSession } from './audit.ts';

/** The server's address and port. Through a proxy that was asked for a name, no address is known: the name and port. */
export function poolEnd({ ip, names, port }: AuditSession['pool']): string {
  return endpointText(ip === '' ? (names[0] ?? '') : ip, port);
}
