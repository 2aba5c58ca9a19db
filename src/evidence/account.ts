/**
 * The logins of miners: an address or a user name, with a worker and other things attached (docs/reference/protocols.md 1.2).
 * A login is cut into its parts and shown as sent; only an address with a valid checksum proves anything. Passwords
 * never come here.
 */
import { identifyAddress } from './address.ts';
import { algorithmOfCoin } from './algorithm.ts';
import { remembered } from './shared-text.ts';

export interface Account {
  /** Tickers of the coins that the address may belong to. */
  readonly coins: readonly string[];
  /** 'none': the form has no checksum, so it proves nothing. */
  readonly checksum: 'valid' | 'none';
  /** Algorithm that all those coins are mined with; null if they differ, are not known or have no checksum. */
  readonly algorithm: string | null;
  /** True for coins that services pay out for work in other algorithms: such an address is a weaker sign. */
  readonly isPayoutCoin: boolean;
}

const LONGEST_LOGIN = 1024;
/** NiceHash, unMineable, zpool, MoneroOcean and the like pay in these. */
const PAYOUT_COINS = new Set(['BTC', 'BCH', 'LTC', 'DOGE', 'DASH', 'XMR', 'ETH', 'KAS']);

/** Checksums cost, and a miner logs in again and again. */
const addressIn = remembered(identifyAddress);

/**
 * The coin of an account, the part of a login before the worker, at a time (us since 1970; absent: today). Null if it
 * is not an address or its checksum is wrong.
 */
export function identifyAccount(text: string, timeUs?: number): Account | null {
  const address = addressIn(text);
  if (address === null) return null;
  const algorithms = new Set(address.coins.map((coin) => algorithmOfCoin(coin, timeUs)));
  const [algorithm] = algorithms;
  return {
    coins: address.coins,
    checksum: address.checksum,
    algorithm: address.checksum === 'valid' && algorithms.size === 1 ? (algorithm ?? null) : null,
    isPayoutCoin: address.coins.some((coin) => PAYOUT_COINS.has(coin)),
  };
}

export interface Login {
  readonly account: string;
  readonly worker: string | null;
  /** It names a payout coin before the address, as services take it: 'COIN:address'. */
  readonly isPayout: boolean;
}

/** Colons inside addresses come before anything that is not an address. */
const ADDRESS_WITH_COLON =
  /^(?:(?:bitcoincash|ecash|kaspa|karlsen|pyrin|nexa|xel|k|cfx(?::type\.[a-z]+)?):[0-9a-z]+|[a-z]{2,16}:[qp][02-9ac-hj-np-z]{41,63}(?![0-9a-z]))/i;
const EMAIL = /^[^@\s/]{1,64}@[^@\s/]{1,200}\.[a-z]{2,24}$/i;
const CRYPTONOTE = /^[1-9A-HJ-NP-Za-km-z]{90,220}$/;
const PAYMENT_ID = /^(?:[0-9a-f]{16}|[0-9a-f]{64})$/i;

/** Index at which the account ends: the first . / or +, except dots of an e-mail address or of an address prefix. */
function accountLength(text: string): number {
  const address = ADDRESS_WITH_COLON.exec(text);
  if (address !== null) return address[0].length;
  const slash = text.search(/[/+]/);
  const whole = slash < 0 ? text : text.slice(0, slash);
  if (whole.includes('@')) {
    if (EMAIL.test(whole)) return whole.length;
    const dot = whole.lastIndexOf('.');
    if (dot > 0 && EMAIL.test(whole.slice(0, dot))) return dot;
  }
  const cut = whole.search(/[.:]/);
  return cut < 0 ? whole.length : cut;
}

/**
 * Cuts a login into account and worker: 'wallet.worker', 'wallet/worker/e-mail', 'wallet+difficulty', 'wallet.paymentid',
 * 'user.worker', 'COIN:address.worker#referral', 'solo:wallet'. What follows several separators stays one worker
 * ('user.farm.7' has the worker 'farm.7'). Any text is a login; beyond 1,024 characters it is cut.
 */
export function splitLogin(login: string): Login {
  let text = login
    .slice(0, LONGEST_LOGIN)
    .trim()
    .replace(/^solo:/i, '');
  const coin = /^([A-Z0-9]{2,8}):(?=(?:[a-z]{1,16}:)?[^:]{20})/.exec(text)?.[0] ?? '';
  text = text.slice(coin.length);
  const referral = text.lastIndexOf('#');
  if (referral > 0) text = text.slice(0, referral);

  const end = accountLength(text);
  const account = text.slice(0, end);
  const isCryptonote = CRYPTONOTE.test(account);
  let worker = '';
  const parts = /([.:/+])([^.:/+]*)/y;
  parts.lastIndex = end;
  for (;;) {
    const from = parts.lastIndex;
    const [whole, separator, part] = parts.exec(text) ?? [];
    if (whole === undefined || separator === undefined || part === undefined) break;
    if (separator === '/' && EMAIL.test(text.slice(from + 1))) break;
    // A Monero pool takes 'wallet.50000' for a difficulty; short numbers are workers.
    const mayBeDifficulty = separator === '+' || (isCryptonote && separator === '.' && part.length >= 4);
    if (mayBeDifficulty && /^\d{1,15}$/.test(part)) continue;
    if (isCryptonote && PAYMENT_ID.test(part)) continue;
    worker += worker === '' ? part : whole;
  }
  return { account, worker: worker === '' ? null : worker, isPayout: coin !== '' };
}
