/** What miner and pool say of themselves: software, logins, algorithms, coins, other pools, hashrates. */

import { agentShown } from '../evidence/agent-shown.ts';
import type { AlgorithmClaim, CoinClaim } from '../evidence/fact.ts';
import type { SentSecrets } from '../evidence/secrets.ts';
import { sharedText } from '../evidence/shared-text.ts';
import type { Login } from './field-types.ts';
import { ClaimsFields } from './fields.ts';
import { lacks } from './groups.ts';
import { withItem } from './short-list.ts';

/** Most of each kind. */
const MAX_CLAIMS = 256;
const MAX_SELF_REPORTS = 4096;

export class Claims extends ClaimsFields {
  /** Shares name their account each time. */
  private lastLogin: Login | null = null;

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
    if (lacks(this.algorithms, fact, ['algorithm', 'source']))
      this.algorithms = this.bounded(this.algorithms, fact);
  }

  coin(fact: CoinClaim): void {
    if (lacks(this.coins, fact, ['coin', 'source'])) this.coins = this.bounded(this.coins, fact);
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
    if (this.agent !== null) this.agent = agentShown(this.agent, secrets);
    this.refusal = secrets.without(this.refusal);
    this.logins = this.logins.map(({ account, worker }) => ({
      account,
      worker: worker === null ? null : secrets.without(worker),
    }));
    this.lastLogin = null;
    this.targets = this.targets.map((target) => ({ ...target, host: secrets.without(target.host) }));
    this.reconnects = this.reconnects.map((each) => ({ ...each, host: secrets.without(each.host) }));
  }

  /** The list with the item, unless it is full. */
  private bounded<T>(list: readonly T[], item: T, limit = MAX_CLAIMS): readonly T[] {
    if (list.length < limit) return withItem(list, item);
    this.overflow++;
    return list;
  }
}
