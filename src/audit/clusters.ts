/**
 * Addresses that one account links: one operator with many hosts, or one machine that changed its address. A wallet
 * links wherever it is used; a user name only at the same pool, because each pool has its own user names. Workers link
 * nothing by themselves (every farm has a rig1), but the same worker of one account at several addresses is reported.
 */
import { identifyAccount } from '../evidence/account.ts';
import { addTo, compareText, distinct, groupBy } from '../order.ts';
import { wordList } from '../schema/words.ts';
import type { AuditCluster, AuditSession } from './audit.ts';

/** Names that people give if any name will do. */
const ANYBODY = wordList('anybody');
const LEAST_NAME = 3;
/** Accounts under a pseudonym: whether it was a wallet is not to be seen any more. */
const PSEUDONYM = /^acct-/;
const MOST_CLUSTERS = 10_000;

/** Groups of two addresses and more, those of most addresses first. */
export function clustersOf(sessions: readonly AuditSession[]): AuditCluster[] {
  const links = new Links();
  const members: Member[] = [];
  for (const session of sessions) {
    const { ip } = session.miner;
    for (const { account, worker } of session.logins) {
      const key = linkOf(account, session);
      if (key === null || ip === '') continue;
      links.join(`ip ${ip}`, key);
      members.push({ ip, session, account, worker });
    }
  }
  const groups = groupBy(members, ({ ip }) => links.root(`ip ${ip}`));
  return [...groups.values()]
    .map(clusterRow)
    .filter(({ addresses }) => addresses.length > 1)
    .sort((a, b) => b.addresses.length - a.addresses.length || compareText(a.addresses[0], b.addresses[0]))
    .slice(0, MOST_CLUSTERS);
}

/** A login of an address. */
interface Member {
  readonly ip: string;
  readonly session: AuditSession;
  readonly account: string;
  readonly worker: string | null;
}

function clusterRow(members: readonly Member[]): AuditCluster {
  const workers = new Map<string, Set<string>>();
  for (const { worker, ip } of members) if (worker !== null) addTo(workers, worker, ip);
  const moved = [...workers]
    .filter(([, seen]) => seen.size > 1)
    .map(([worker, seen]) => ({ worker, addresses: distinct([...seen]) }));
  return {
    accounts: distinct(members.map(({ account }) => account)),
    addresses: distinct(members.map(({ ip }) => ip)),
    workers: distinct([...workers.keys()]),
    sameWorker: moved.sort((a, b) => compareText(a.worker, b.worker)),
    pools: distinct(members.map(({ session: { pool } }) => pool.pool ?? pool.ip)),
  };
}

/** What an account links; null if it links nothing. */
function linkOf(account: string, { pool }: AuditSession): string | null {
  if (account.length < LEAST_NAME || ANYBODY.has(account.toLowerCase())) return null;
  if (PSEUDONYM.test(account) || identifyAccount(account) !== null) return `account ${account}`;
  return `account ${account} at ${pool.pool ?? `${pool.ip} ${pool.port}`}`;
}

/** Which keys hang together. */
class Links {
  readonly #parents = new Map<string, string>();

  root(key: string): string {
    let at = key;
    for (let parent = this.#parents.get(at); parent !== undefined; parent = this.#parents.get(at)) {
      const above = this.#parents.get(parent);
      if (above !== undefined) this.#parents.set(at, above);
      at = parent;
    }
    return at;
  }

  join(a: string, b: string): void {
    const [low, high] = [this.root(a), this.root(b)];
    if (low !== high) this.#parents.set(high, low);
  }
}
