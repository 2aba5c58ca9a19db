/** Which conversations a capture shows, so that flow records of them do not count again. */
import type { Contacts } from '../endpoints/contact.ts';
import type { SettledSession } from '../sessions/settle.ts';

/** Says of two ends whether a capture showed them in a session or contact. */
export function capturedBy(
  sessions: readonly SettledSession[],
  contacts: Contacts,
): (client: string, server: string, port: number) => boolean {
  const seen = new Set<string>();
  for (const { session } of sessions) {
    for (const { ip, port } of [session.pool, ...session.via]) seen.add(`${session.miner.ip} ${ip} ${port}`);
  }
  for (const { client, server } of contacts.values()) {
    if (server !== null) seen.add(`${client.ip} ${server.ip} ${server.port}`);
  }
  return (client, server, port) => seen.has(`${client} ${server} ${port}`);
}
