/** What miner and pool say of themselves: software, logins, algorithms, coins, other pools, hashrates. */
import type { AlgorithmClaim, CoinClaim } from '../evidence/fact.ts';
import type { SentSecrets } from '../evidence/secrets.ts';
import { sharedText } from '../evidence/shared-text.ts';
import { NONE, withItem } from './short-list.ts';

/** Who logged in. */
export interface Login {
  readonly account: string;
  readonly worker: string | null;
}

/** Most of each kind. */
const MAX_CLAIMS = 256;
const MAX_SELF_REPORTS = 4096;

export class Claims {
  agent: string | null = null;
  logins: readonly Login[] = NONE;
  /** Shares name their account each time. */
  private lastLogin: Login | null = null;
  /** True once the pool accepted a login, false once it refused one and accepted none, null while unknown. */
  admitted: boolean | null = null;
  refusal = '';
  algorithms: readonly AlgorithmClaim[] = NONE;
  coins: readonly CoinClaim[] = NONE;
  targets: readonly { host: string; port: number }[] = NONE;
  reconnects: readonly { host: string; port: number; timeUs: number }[] = NONE;
  /** Within the times asked for. */
  selfReported: readonly { timeUs: number; hashrate: number }[] = NONE;
  /** What had no room in the lists above, and hashrates that nobody has. */
  overflow = 0;

  login(account: string, worker: string | null): void {
    const last = this.lastLogin;
    if (last?.account === account && last.worker === worker) return;
    const known = this.logins.find((login) => login.worker === worker && login.account === account);
    this.lastLogin = known ?? { account: sharedText(account), worker };
    if (known === undefined) this.logins = this.bounded(this.logins, this.lastLogin);
  }

  /** True if one of these accounts may have logged in; of none nothing is known. */
  mayBeOf(accounts: readonly string[]): boolean {
    const isOpen = accounts.length === 0 || this.logins.length === 0;
    return isOpen || this.logins.some(({ account }) => accounts.includes(account));
  }

  admission(admitted: boolean, reason: string): void {
    if (admitted) this.admitted = true;
    else {
      this.admitted ??= false;
      if (this.refusal === '') this.refusal = reason;
    }
  }

  algorithm(fact: AlgorithmClaim): void {
    if (lacks(this.algorithms, fact, 'algorithm', 'source'))
      this.algorithms = this.bounded(this.algorithms, fact);
  }

  coin(fact: CoinClaim): void {
    if (lacks(this.coins, fact, 'coin', 'source')) this.coins = this.bounded(this.coins, fact);
  }

  target(host: string, port: number): void {
    if (!this.targets.some((known) => known.host === host))
      this.targets = this.bounded(this.targets, { host, port });
  }

  reconnect(host: string, port: number, timeUs: number): void {
    this.reconnects = this.bounded(this.reconnects, { host, port, timeUs });
  }

  selfReport(hashrate: number, timeUs: number): void {
    this.selfReported = this.bounded(this.selfReported, { timeUs, hashrate }, MAX_SELF_REPORTS);
  }

  /** Takes out what was shown before it was known to be a secret. */
  conceal(secrets: SentSecrets): void {
    if (this.agent !== null) this.agent = secrets.without(this.agent);
    this.refusal = secrets.without(this.refusal);
    this.logins = this.logins.map(({ account, worker }) => ({
      account,
      worker: worker === null ? null : secrets.without(worker),
    }));
    this.lastLogin = null;
    this.targets = this.targets.map((target) => ({ ...target, host: secrets.without(target.host) }));
    this.reconnects = this.reconnects.map((each) => ({ ...each, host: secrets.without(each.host) }));
  }

  /** Adds what a later part of the session says. */
  absorb(later: Claims): void {
    this.agent ??= later.agent;
    this.logins = joined(this.logins, later.logins, 'account', 'worker');
    if (later.admitted === true) this.admitted = true;
    else this.admitted ??= later.admitted;
    if (this.refusal === '') this.refusal = later.refusal;
    this.algorithms = joined(this.algorithms, later.algorithms, 'algorithm', 'source');
    this.coins = joined(this.coins, later.coins, 'coin', 'source');
    this.targets = joined(this.targets, later.targets, 'host');
    this.reconnects = [...this.reconnects, ...later.reconnects];
    this.selfReported = [...this.selfReported, ...later.selfReported];
    this.overflow += later.overflow;
  }

  /** The list with the item, unless it is full. */
  private bounded<T>(list: readonly T[], item: T, limit = MAX_CLAIMS): readonly T[] {
    if (list.length < limit) return withItem(list, item);
    this.overflow++;
    return list;
  }
}

/** True if no item of the list is the same by these keys. */
function lacks<T>(list: readonly T[], item: T, ...keys: readonly (keyof T)[]): boolean {
  return !list.some((known) => keys.every((key) => known[key] === item[key]));
}

function joined<T>(list: readonly T[], later: readonly T[], ...keys: readonly (keyof T)[]): readonly T[] {
  return later.reduce((all, item) => (lacks(all, item, ...keys) ? withItem(all, item) : all), list);
}
