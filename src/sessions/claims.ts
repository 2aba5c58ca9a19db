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

  admission(admitted: boolean, reason: string): void {
    if (admitted) this.admitted = true;
    else {
      this.admitted ??= false;
      if (this.refusal === '') this.refusal = reason;
    }
  }

  algorithm(fact: AlgorithmClaim): void {
    if (!this.algorithms.some((known) => isSameAlgorithm(known, fact)))
      this.algorithms = this.bounded(this.algorithms, fact);
  }

  coin(fact: CoinClaim): void {
    if (!this.coins.some((known) => isSameCoin(known, fact))) this.coins = this.bounded(this.coins, fact);
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
    for (const login of later.logins) {
      const { account, worker } = login;
      const isKnown = this.logins.some((known) => known.account === account && known.worker === worker);
      if (!isKnown) this.logins = withItem(this.logins, login);
    }
    if (later.admitted === true) this.admitted = true;
    else this.admitted ??= later.admitted;
    if (this.refusal === '') this.refusal = later.refusal;
    for (const fact of later.algorithms)
      if (!this.algorithms.some((known) => isSameAlgorithm(known, fact)))
        this.algorithms = withItem(this.algorithms, fact);
    for (const fact of later.coins)
      if (!this.coins.some((known) => isSameCoin(known, fact))) this.coins = withItem(this.coins, fact);
    for (const target of later.targets)
      if (!this.targets.some(({ host }) => host === target.host))
        this.targets = withItem(this.targets, target);
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

function isSameAlgorithm(a: AlgorithmClaim, b: AlgorithmClaim): boolean {
  return a.algorithm === b.algorithm && a.source === b.source;
}

function isSameCoin(a: CoinClaim, b: CoinClaim): boolean {
  return a.coin === b.coin && a.source === b.source;
}
