/**
 * The logins of miners: an address or a user name, with a worker and other things attached (docs/protocols.md 1.2).
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
  readonly extras: LoginExtras;
}

interface LoginExtras {
  /** Fixed difficulty that the login asks for ('wallet+5000'). */
  readonly difficulty: number | null;
  /** CryptoNote payment id, 16 or 64 hex digits. */
  readonly paymentId: string | null;
  readonly email: string | null;
  /** Payout coin of services that take 'COIN:address'. */
  readonly coin: string | null;
  /** Referral code after '#'. */
  readonly referral: string | null;
  readonly isSolo: boolean;
}

/** Colons inside addresses come before anything that is not an address. */
const ADDRESS_WITH_COLON =
  /^(?:(?:bitcoincash|ecash|kaspa|karlsen|pyrin|nexa|xel|k|cfx(?::type\.[a-z]+)?):[0-9a-z]+|[a-z]{2,16}:[qp][02-9ac-hj-np-z]{41,63}(?![0-9a-z]))/i;
const EMAIL = /^[^@\s/]{1,64}@[^@\s/]{1,200}\.[a-z]{2,24}$/i;
const CRYPTONOTE = /^[1-9A-HJ-NP-Za-km-z]{90,220}$/;

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
 * Cuts a login into account, worker and extras: 'wallet.worker', 'wallet/worker/e-mail', 'wallet+difficulty',
 * 'wallet.paymentid', 'user.worker', 'COIN:address.worker#referral', 'solo:wallet'. What follows several separators
 * stays one worker ('user.farm.7' has the worker 'farm.7'). Any text is a login; beyond 1,024 characters it is cut.
 */
export function splitLogin(login: string): Login {
  let text = login.slice(0, LONGEST_LOGIN).trim();
  const isSolo = /^solo:/i.test(text);
  if (isSolo) text = text.slice(5);
  const named = /^([A-Z0-9]{2,8}):(?=(?:[a-z]{1,16}:)?[^:]{20})/.exec(text);
  const coin = named?.[1] ?? null;
  if (named !== null) text = text.slice(named[0].length);
  const hash = text.lastIndexOf('#');
  const referral = hash > 0 ? text.slice(hash + 1) : null;
  if (hash > 0) text = text.slice(0, hash);

  const end = accountLength(text);
  const account = text.slice(0, end);
  let worker = '';
  let difficulty: number | null = null;
  let paymentId: string | null = null;
  let email: string | null = null;
  const parts = /([.:/+])([^.:/+]*)/y;
  parts.lastIndex = end;
  for (;;) {
    const from = parts.lastIndex;
    const [whole, separator, part] = parts.exec(text) ?? [];
    if (whole === undefined || separator === undefined || part === undefined) break;
    const rest = text.slice(from + 1);
    if (separator === '/' && EMAIL.test(rest)) {
      email = rest;
      break;
    }
    const digits = /^\d{1,15}$/.test(part);
    const isCryptonote = CRYPTONOTE.test(account);
    // A Monero pool takes 'wallet.50000' for a difficulty; short numbers are workers.
    if (digits && (separator === '+' || (isCryptonote && separator === '.' && part.length >= 4))) {
      difficulty = Number(part);
    } else if (isCryptonote && /^(?:[0-9a-f]{16}|[0-9a-f]{64})$/i.test(part)) paymentId = part;
    else worker += worker === '' ? part : whole;
  }
  return {
    account,
    worker: worker === '' ? null : worker,
    extras: { difficulty, paymentId, email, coin, referral, isSolo },
  };
}
