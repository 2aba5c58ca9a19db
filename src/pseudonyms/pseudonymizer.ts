/**
 * Pseudonyms that a key makes: the same word with the same key is the same pseudonym in every run, so that merged and
 * compared audits still join; without the key nobody can try wallets against them. Each kind of word has a key of its
 * own.
 */
import { createHmac } from 'node:crypto';
import { addressText, addressWords } from '../address.ts';
import { fail } from '../errors.ts';
import { PrefixPreserving } from './prefix-preserving.ts';

interface PseudonymOptions {
  /** The operator's secret, 16 bytes or more. */
  readonly key: Uint8Array | string;
  /** Accounts and workers. */
  readonly accounts: boolean;
  /** Addresses, and what leads to them: names of hosts, owners, files. */
  readonly addresses: boolean;
  /** True if networks are not to be recognised in the pseudonyms of their hosts. */
  readonly isRandom?: boolean;
}

export type Pseudonymizer = ReturnType<typeof createPseudonymizer>;

/** The range of all pseudonyms of addresses, so that nobody takes one for a real host: documentation (RFC 3849). */
export const PSEUDONYM_RANGE = '2001:db8::/32';
const RANGE_WORD = 0x2001_0db8;

const LEAST_KEY_BYTES = 16;
/** Distinct words that are remembered; others are computed again. */
const MAX_REMEMBERED = 500_000;

/** Throws USAGE if the key is shorter than 16 bytes. */
export function createPseudonymizer({ key, accounts, addresses, isRandom = false }: PseudonymOptions) {
  const secret = typeof key === 'string' ? Buffer.from(key.trim(), 'utf8') : key;
  if (secret.length < LEAST_KEY_BYTES) {
    fail(
      'USAGE',
      `the key for pseudonyms has ${secret.length} bytes, wanted are ${LEAST_KEY_BYTES} or more`,
      { hint: 'Make one with: openssl rand -hex 32' },
    );
  }
  const subkey = (purpose: string): Buffer => mac(secret, `minesweep pseudonyms 1: ${purpose}`);
  const named = (purpose: string, prefix: string, letters: number): ((text: string) => string) => {
    const own = subkey(purpose);
    return remembered((text) => (text === '' ? '' : `${prefix}-${base32(mac(own, text), letters)}`));
  };
  const account = named('account', 'acct', 12);
  const hostName = named('host name', 'host', 8);
  const file = named('file', 'input', 8);
  const tree = new PrefixPreserving(subkey('address'));
  const interfaces = subkey('interface');
  const hosts = subkey('random address');
  const mapped = isRandom
    ? (words: AddressWords) => randomAddress(hosts, words)
    : (words: AddressWords) => mappedAddress(tree, interfaces, words);
  const address = remembered((text) => {
    const words = addressWords(text);
    return words === null ? hostName(text.toLowerCase()) : mapped(words);
  });
  const asIs = (text: string): string => text;
  return {
    accounts,
    addresses,
    /** A wallet or user: 'acct-' and 12 letters. Unchanged where accounts are shown. */
    account: accounts ? (text: string) => account(canonicalAccount(text)) : asIs,
    /** A worker: 'wkr-' and 8 letters. */
    worker: accounts ? named('worker', 'wkr', 8) : asIs,
    /** The name of a job: 'job-' and 12 letters. */
    job: accounts ? named('job', 'job', 12) : asIs,
    /** An address in PSEUDONYM_RANGE; text that is not an address gets a name's pseudonym. */
    address: addresses ? address : asIs,
    /** A network: 'net-' and 8 letters. As an address it would tell how the bits of its hosts begin. */
    network: addresses ? named('network', 'net', 8) : asIs,
    /** A host name: 'host-' and 8 letters. */
    hostName: addresses ? (text: string) => hostName(text.toLowerCase()) : asIs,
    /** An organisation, department or pool connection: 'org-' and 8 letters. */
    organisation: addresses ? named('organisation', 'org', 8) : asIs,
    /** An input file: 'input-', 8 letters, and the ending that the file had. */
    file: addresses ? (path: string) => file(path) + (/\.[A-Za-z0-9]{1,8}$/.exec(path)?.[0] ?? '') : asIs,
  };
}

/** Spellings of one wallet: hex and bech32 addresses do not care about case, base58 does. */
function canonicalAccount(text: string): string {
  const trimmed = text.trim();
  return /^0x[0-9a-f]{40}$/i.test(trimmed) || /^[a-z]{2,12}1[ac-hj-np-z02-9]{20,}$/i.test(trimmed)
    ? trimmed.toLowerCase()
    : trimmed;
}

/**
 * IPv4 keeps its prefixes in the last 32 bits; of IPv6 the first 64 keep theirs, and the rest becomes 32 bits that a
 * key makes.
 */
function mappedAddress(tree: PrefixPreserving, interfaces: Buffer, words: AddressWords): string {
  const isV4 = words[0] === 0 && words[1] === 0 && words[2] === 0xffff;
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < 4; i++) view.setInt32(4 * i, words[i]);
  if (isV4) {
    const mapped = new DataView(tree.map(bytes.subarray(12)).buffer);
    return addressText([RANGE_WORD, 0, 0, mapped.getInt32(0)]);
  }
  const mapped = new DataView(tree.map(bytes).buffer);
  const rest = mac(interfaces, addressText(words)).readInt32BE(0);
  return addressText([RANGE_WORD, mapped.getInt32(0), mapped.getInt32(4), rest]);
}

/** 96 bits that a key makes of all bits of an address. */
function randomAddress(key: Buffer, words: AddressWords): string {
  const made = mac(key, addressText(words));
  return addressText([RANGE_WORD, made.readInt32BE(0), made.readInt32BE(4), made.readInt32BE(8)]);
}

type AddressWords = NonNullable<ReturnType<typeof addressWords>>;

function mac(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest();
}

/** Letters and digits that nobody takes for each other; five bits each. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz023456789';

function base32(bytes: Uint8Array, letters: number): string {
  let text = '';
  for (let i = 0; i < letters; i++) {
    const bit = 5 * i;
    const pair = (bytes[bit >>> 3] << 8) | (bytes[(bit >>> 3) + 1] ?? 0);
    text += LETTERS[(pair >>> (11 - (bit & 7))) & 31];
  }
  return text;
}

function remembered(make: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    let pseudonym = known.get(text);
    if (pseudonym === undefined) {
      pseudonym = make(text);
      if (known.size < MAX_REMEMBERED) known.set(text, pseudonym);
    }
    return pseudonym;
  };
}
