/**
 * Addresses of coins, by form and checksum (docs/reference/protocols.md 1.2): the coins that an address may belong to, and whether
 * its checksum is valid. Text comes from the wire and is bounded; what is not an address, or has a checksum that is
 * wrong, gives null.
 */
import { createHash } from 'node:crypto';
import { blake256 } from '@noble/hashes/blake1';
import { blake2b } from '@noble/hashes/blake2';
import { keccak_256 } from '@noble/hashes/sha3';
import { base58, base58xmr, bech32, bech32m } from '@scure/base';
import prefixes from '../../data/address-prefixes.tsv?raw';
import { oneOf, table, text, words } from '../schema/table.ts';
import { varint } from './coin-chain.ts';

export interface Address {
  /** Tickers; empty if a checksum is valid but the prefix belongs to no coin that is known here. */
  readonly coins: readonly string[];
  readonly checksum: 'valid' | 'none';
}

const LONGEST_ADDRESS = 200;
/** Of base58 that is one number: reading it is quadratic in the digits; the longest address in use has 52. */
const MOST_DIGITS = 128;

const rows = table('address-prefixes.tsv', prefixes, {
  form: oneOf('base58check', 'decred', 'cryptonote', 'segwit', 'cash'),
  prefix: text,
  coins: words,
});
const COINS = new Map(rows().map(({ form, prefix, coins }) => [`${form} ${prefix}`, coins]));

const BASE58 = /^[1-9A-HJ-NP-Za-km-z]+$/;
const BASE32 = /^[02-9ac-hj-np-z]+$/;
const HEX = /^[0-9a-f]+$/i;

function valid(coins: readonly string[] = []): Address {
  return { coins, checksum: 'valid' };
}

function unchecked(...coins: readonly string[]): Address {
  return { coins, checksum: 'none' };
}

function startsWith(hash: Uint8Array, tail: Uint8Array): boolean {
  return tail.every((byte, at) => byte === hash[at]);
}

function twice(hash: (bytes: Uint8Array) => Uint8Array, bytes: Uint8Array): Uint8Array {
  return hash(hash(bytes));
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

/** Null for text that is no base58. */
function decoded(coder: typeof base58, text: string): Uint8Array | null {
  try {
    return coder.decode(text);
  } catch {
    return null;
  }
}

function base58Address(text: string): Address | null {
  const bytes = text.length > MOST_DIGITS ? null : decoded(base58, text);
  if (bytes === null) return null;
  const body = bytes.subarray(0, -4);
  const sum = bytes.subarray(-4);
  const hex = Buffer.from(body).toString('hex');
  if (bytes.length >= 25 && bytes.length <= 26 && startsWith(twice(sha256, body), sum)) {
    return valid(COINS.get(`base58check ${hex.slice(0, 2 * (body.length - 20))}`));
  }
  const decred = COINS.get(`decred ${hex.slice(0, 4)}`);
  if (decred !== undefined && startsWith(twice(blake256, body), sum)) return valid(decred);
  // Ergo: network and kind in one byte, then a public key.
  if (bytes.length === 38 && (bytes[0] ?? 0) >> 4 === 0 && startsWith(blake2b(body, { dkLen: 32 }), sum)) {
    return valid(['ERG']);
  }
  // Alephium: a kind and a hash, no checksum.
  return bytes.length === 33 && (bytes[0] ?? 9) <= 3 && text.length >= 44 ? unchecked('ALPH') : null;
}

/** Tag (varint), two public keys, maybe a payment id, and 4 bytes of keccak-256. */
function cryptonoteAddress(text: string): Address | null {
  const bytes = decoded(base58xmr, text);
  if (bytes === null || bytes.length < 69) return null;
  const body = bytes.subarray(0, -4);
  if (!startsWith(keccak_256(body), bytes.subarray(-4))) return null;
  return valid(COINS.get(`cryptonote ${varint(bytes, 0)?.value}`));
}

/** True for an address of a CryptoNote coin, known here or not, that is not one of Monero, in which pools pay. */
export function isCryptonoteAddress(text: string): boolean {
  if (text.length < 90 || text.length > LONGEST_ADDRESS || !BASE58.test(text)) return false;
  const address = cryptonoteAddress(text);
  return address !== null && !address.coins.includes('XMR');
}

/** Bytes of words of 5 bits; 0 if the bits left over are a whole word or not all zero. */
function sizeOf(words: number[]): number {
  return bech32.fromWordsUnsafe(words)?.length ?? 0;
}

/** Bech32 (`isPlain`) or bech32m (BIP 173, BIP 350); null if it is neither. */
function decodeBech32(text: string): { prefix: string; words: number[]; isPlain: boolean } | null {
  const plain = bech32.decodeUnsafe(text, LONGEST_ADDRESS);
  const decoded = plain ?? bech32m.decodeUnsafe(text, LONGEST_ADDRESS);
  return decoded === undefined ? null : { ...decoded, isPlain: plain !== undefined };
}

function bech32Address(text: string): Address | null {
  const decoded = decodeBech32(text);
  if (decoded === null) return null;
  const { prefix, words, isPlain } = decoded;
  const size = sizeOf(words);
  if (prefix === 'ckb') return size >= 21 ? valid(['CKB']) : null;
  if (prefix === 'aleo') return size === 32 && !isPlain ? valid(['ALEO']) : null;
  if (prefix === 'grin') return size === 32 && isPlain ? valid(['GRIN']) : null;
  const coins = COINS.get(`segwit ${prefix}`);
  const version = words[0];
  if (coins === undefined || version === undefined || version > 16) return null;
  const program = sizeOf(words.slice(1));
  const fits = version === 0 ? program === 20 || program === 32 : program >= 2 && program <= 40;
  return fits && isPlain === (version === 0) ? valid(coins) : null;
}

const CASH_DIGITS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const CONFLUX_DIGITS = 'abcdefghjkmnprstuvwxyz0123456789';
const CASH_GENERATORS = [0x98f2bc8e61n, 0x79b76d99e2n, 0xf33e5fb3c4n, 0xae2eabe2a8n, 0x1e4f43e470n];

function cashChecksum(words: readonly number[]): bigint {
  let sum = 1n;
  for (const word of words) {
    const top = sum >> 35n;
    sum = ((sum & 0x07ffffffffn) << 5n) ^ BigInt(word);
    CASH_GENERATORS.forEach((generator, bit) => {
      if ((top >> BigInt(bit)) & 1n) sum ^= generator;
    });
  }
  return sum ^ 1n;
}

/** Words of a cash address (without its prefix and colon, in one case) whose 8 last words are the checksum for `prefix`. */
function cashWords(prefix: string, text: string, digits: string): number[] | null {
  if (text !== text.toLowerCase() && text !== text.toUpperCase()) return null;
  const words = Array.from(text.toLowerCase(), (digit) => digits.indexOf(digit));
  if (words.includes(-1) || words.length <= 8) return null;
  const spread = Array.from(prefix, (letter) => letter.charCodeAt(0) & 31);
  return cashChecksum([...spread, 0, ...words]) === 0n ? words.slice(0, -8) : null;
}

/**
 * 'kaspa:…', 'bitcoincash:…' and such, or their part after the colon if the length tells the coin. A valid checksum under
 * another prefix is an address of a coin that is not known here.
 */
function cashAddress(text: string): Address | null {
  const cut = text.indexOf(':');
  if (cut < 0 && !(text.length === 42 || (text.length >= 60 && text.length <= 63))) return null;
  const prefix = cut >= 0 ? text.slice(0, cut).toLowerCase() : text.length === 42 ? 'bitcoincash' : 'kaspa';
  if (!/^[a-z]{2,16}$/.test(prefix)) return null;
  const words = cashWords(prefix, text.slice(cut + 1), CASH_DIGITS);
  return words !== null && sizeOf(words) >= 21 ? valid(COINS.get(`cash ${prefix}`)) : null;
}

/** 'cfx:…' with or without 'type.user:', upper or lower case. */
function confluxAddress(text: string): Address | null {
  const digits = /^cfx:(?:type\.[a-z]+:)?([a-z0-9]{42})$/i.exec(text)?.[1] ?? '';
  return cashWords('cfx', digits, CONFLUX_DIGITS) === null ? null : valid(['CFX']);
}

/** EIP-55: in mixed case, a letter is upper case where the digit of the hash of the lower-case text is 8 or more. */
function ethereumAddress(digits: string): Address | null {
  const coins = ['ETH', 'ETC', 'ETHW'];
  const lower = digits.toLowerCase();
  if (digits === lower || digits === digits.toUpperCase()) return unchecked(...coins);
  const hash = Buffer.from(keccak_256(Buffer.from(lower))).toString('hex');
  for (let at = 0; at < 40; at += 1) {
    const raised = Number.parseInt(hash.charAt(at), 16) >= 8;
    const letter = lower.charAt(at);
    if (digits.charAt(at) !== (raised ? letter.toUpperCase() : letter)) return null;
  }
  return valid(coins);
}

/** IBAN: the first four characters moved to the end, letters as two digits, remainder 1 modulo 97. */
function nimiqAddress(text: string): Address | null {
  const packed = text.replaceAll(' ', '');
  if (!/^NQ\d{2}[0-9A-HJ-NP-VXY]{32}$/.test(packed)) return null;
  let remainder = 0;
  for (const letter of packed.slice(4) + packed.slice(0, 4)) {
    const worth = Number.parseInt(letter, 36);
    remainder = (remainder * (worth > 9 ? 100 : 10) + worth) % 97;
  }
  return remainder === 1 ? valid(['NIM']) : null;
}

function hexAddress(text: string): Address | null {
  if (text.length === 40) return ethereumAddress(text);
  if (text.length === 64) return unchecked('IRON');
  if (text.length === 76) {
    const bytes = Buffer.from(text, 'hex');
    return startsWith(blake2b(bytes.subarray(0, 32), { dkLen: 32 }), bytes.subarray(32))
      ? valid(['SC'])
      : null;
  }
  return text.length >= 62 && text.length <= 80 ? unchecked('BEAM') : null;
}

/** The coins of an address and what vouches for it; null for what is not an address (a wrong checksum included). */
export function identifyAddress(text: string): Address | null {
  if (text.length < 25 || text.length > LONGEST_ADDRESS) return null;
  if (/^0x[0-9a-f]{40}$/i.test(text)) return ethereumAddress(text.slice(2));
  if (HEX.test(text)) return hexAddress(text);
  if (/^k:[0-9a-f]{64}$/i.test(text)) return unchecked('KDA');
  if (text.startsWith('NQ')) return nimiqAddress(text);
  if (/^cfx:/i.test(text)) return confluxAddress(text);
  // Bech32 but for the sign between prefix and words.
  if (text.startsWith('xel:')) return decodeBech32(text.replace(':', '1')) === null ? null : valid(['XEL']);
  if (text.includes(':')) return cashAddress(text);
  const lower = text.toLowerCase();
  const cut = lower.lastIndexOf('1');
  if (cut > 0 && BASE32.test(lower.slice(cut + 1))) {
    const address = bech32Address(text);
    if (address !== null) return address;
  }
  if (BASE32.test(text)) {
    const address = cashAddress(text);
    if (address !== null) return address;
  }
  if (!BASE58.test(text)) return null;
  return text.length >= 90 ? cryptonoteAddress(text) : base58Address(text);
}
