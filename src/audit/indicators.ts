/**
 * What of an audit other networks can look for: the ends of pools, the names by which they were reached, and the accounts
 * that were paid. Only of sessions that are confirmed or probable.
 */
import { useOfName } from '../endpoints/pool-match.ts';
import { identifyAccount } from '../evidence/account.ts';
import { isPublic } from '../networks.ts';
import { compareText } from '../order.ts';
import type { Audit, AuditSession } from './audit.ts';
import { isMiner } from './miners.ts';

export { isPublic };

export interface Indicator {
  readonly kind: 'endpoint' | 'name' | 'account';
  /** An address, a host name or an account, as it was seen. */
  readonly value: string;
  /** Of an endpoint, else 0. */
  readonly port: number;
  readonly pool: AuditSession['pool'];
  readonly coin: string | null;
  /** Coins of which an account is a valid address. */
  readonly walletOf: readonly string[];
  readonly confirmed: boolean;
  readonly first: string;
  readonly last: string;
  readonly sessions: number;
  /**
   * False if it means nothing elsewhere: a pseudonym, an account that is too short for a wallet, or an address that belongs to
   * nobody alone (private, documentation, multicast …; the warninglists of MISP have these, too).
   */
  readonly isTelling: boolean;
}

export function indicatorsOf(audit: Audit): Indicator[] {
  const hides = (code: string): boolean => audit.notes.some((note) => note.code === code);
  const [noAccounts, noAddresses] = [hides('pseudonyms-of-accounts'), hides('pseudonyms-of-addresses')];
  const found = new Map<string, Indicator>();
  for (const session of audit.sessions) {
    if (!isMiner(session.verdict)) continue;
    const { pool, coin, start, end } = session;
    const add = (kind: Indicator['kind'], value: string, port: number, isTelling: boolean): void => {
      const key = `${kind} ${value} ${port}`;
      const known = found.get(key);
      found.set(key, {
        kind,
        value,
        port,
        pool,
        coin,
        isTelling,
        walletOf: kind === 'account' ? walletCoins(value) : [],
        confirmed: session.verdict === 'confirmed' || known?.confirmed === true,
        first: known === undefined || start < known.first ? start : known.first,
        last: known === undefined || end > known.last ? end : known.last,
        sessions: (known?.sessions ?? 0) + 1,
      });
    };
    // Through a proxy that was asked for a name, no address is known.
    if (pool.ip !== '') add('endpoint', pool.ip, pool.port, isPublic(pool.ip));
    // A server may have names that have nothing to do with mining, its pool a web site, and pseudonyms mean nothing.
    const known = new Map(pool.names.map((name) => [name, useOfName(name)]));
    const isOnly = pool.names.length === 1 && (!noAddresses || pool.pool !== null);
    for (const [name, use] of known)
      add('name', name, 0, isHostName(name) && (use === 'mining' || (isOnly && use !== 'web')));
    for (const { account } of session.logins)
      if (account !== null && account !== '')
        add('account', account, 0, !noAccounts && /^[\w:.-]{25,}$/.test(account));
  }
  return [...found.values()].sort(
    (a, b) => compareText(a.kind, b.kind) || compareText(a.value, b.value) || a.port - b.port,
  );
}

/** Those of a text whose checksum is right. */
function walletCoins(text: string): readonly string[] {
  const account = identifyAccount(text);
  return account?.checksum === 'valid' ? account.coins : [];
}

/** Names are of the wire: what no resolver would be asked for is none. */
function isHostName(name: string): boolean {
  return name.length <= 253 && /^(?:[a-z0-9_](?:[a-z0-9_-]{0,62})\.)+[a-z][a-z0-9-]{1,62}$/i.test(name);
}
