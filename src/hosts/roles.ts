/** What a host is in the mining world, from its sessions: rules of stratum-dialects 1.28 and the contract's roles. */
import type { HostLedger, HostVerdict } from './ledger.ts';

export type HostRole = 'miner' | 'proxy' | 'browser-miner' | 'solo' | 'pool' | 'scanner' | 'honeypot';

/** Tries at so many different endpoints without one session make a scanner, not a miner with a bad network. */
const SCANNER_ENDPOINTS = 5;
const SOLO_DIALECTS: ReadonlySet<string> = new Set(['monero-daemon', 'getblocktemplate']);

/** Dialects that pages in browsers speak, where they come over WebSocket. */
const BROWSER_DIALECTS: ReadonlySet<string> = new Set(['websocket-miner', 'cryptonote']);

/** @param serves True where other hosts of the input mine at this one. */
export function rolesOf(ledger: HostLedger, verdict: HostVerdict, serves = false): HostRole[] {
  const roles = new Set<HostRole>();
  if (verdict === 'confirmed' || verdict === 'probable' || verdict === 'suspected') {
    for (const { session, match, verdict: own } of ledger.sessions) {
      if (own.verdict === 'attempted') continue;
      if (SOLO_DIALECTS.has(session.dialect)) roles.add('solo');
      const isInPage = session.transport === 'websocket' && BROWSER_DIALECTS.has(session.dialect);
      if (isInPage || match.kind === 'browser-miner') roles.add('browser-miner');
      if (serves) roles.add('proxy');
    }
    if (
      ledger.contacts.some(({ match, verdict: own }) => match.kind === 'browser-miner' && own === 'probable')
    ) {
      roles.add('browser-miner');
    }
    if (roles.size === 0) roles.add('miner');
  }
  if (verdict === 'attempted') {
    const endpoints = new Set(
      ledger.sessions.map(({ session }) => `${session.pool.ip} ${session.pool.port}`),
    );
    for (const { server } of ledger.contacts)
      if (server !== null) endpoints.add(`${server.ip} ${server.port}`);
    if (endpoints.size >= SCANNER_ENDPOINTS) roles.add('scanner');
  }
  return [...roles];
}
