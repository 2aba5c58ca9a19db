/**
 * Addresses of coins, by form and checksum (docs/protocols.md 1.2): the coins that an address may belong to, and whether
 * its checksum is valid. Text comes from the wire and is bounded; what is not an address, or has a checksum that is
 * wrong, gives null. Coins that share a version byte are all named.
 */
import { createHash } from 'node:crypto';
import { blake256 } from '@noble/hashes/blake1';
import { blake2b } from '@noble/hashes/blake2';
import { keccak_256 } from '@noble/hashes/sha3';
import { base58, base58xmr } from '@scure/base';
import { type Bech32, bytesOfWords, decodeBech32, decodeCashAddress } from './bech32.ts';

export interface Address {
  /** Tickers; empty if a checksum is valid but the version byte belongs to no coin that is known here. */
  readonly coins: readonly string[];
  readonly checksum: 'valid' | 'none';
}

const LONGEST_ADDRESS = 200;
/** Of base58 that is one number: reading it is quadratic in the digits; the longest address in use has 52. */
const MOST_DIGITS = 128;

/** Version bytes of base58check addresses with a 20-byte hash, in hex. */
const BASE58_VERSIONS: Readonly<Record<string, string>> = {
  '00': 'BTC BCH BSV',
  '05': 'BTC BCH LTC GRS',
  '10': 'DASH',
  '16': 'DOGE',
  '17': 'BTG CLORE',
  '1e': 'DOGE DGB XVG',
  '21': 'EVR',
  '24': 'GRS',
  '26': 'BTG',
  '30': 'LTC',
  '32': 'LTC MONA',
  '35': 'XNA',
  '3c': 'RVN KMD VRSC RTM',
  '3f': 'DGB',
  '47': 'VTC',
  '4c': 'DASH',
  '52': 'FIRO',
  '55': 'LBC',
  '7a': 'RVN LBC',
  '1cb8': 'ZEC FLUX BTCZ',
  '1cbd': 'ZEC FLUX BTCZ',
  '2089': 'ZEN',
  '2096': 'ZEN',
};
const DECRED_VERSIONS = new Set(['073f', '071f', '0701', '071a', '1386']);

/** Tags of CryptoNote addresses. */
const CRYPTONOTE_TAGS: Readonly<Record<string, string>> = {
  18: 'XMR',
  19: 'XMR',
  42: 'XMR',
  28: 'MSR',
  52: 'MSR',
  114: 'LOKI',
  116: 'LOKI',
  178: 'AEON',
  197: 'ZANO',
  4146: 'WOW',
  6810: 'WOW',
  12208: 'WOW',
  13944: 'ZANO',
  18018: 'ETN',
  31444: 'CCX',
  39112: 'ZANO',
  // Salvium has tags for CryptoNote's keys and for Carrot's.
  1576086: 'SAL',
  2935958: 'SAL',
  3230870: 'SAL',
  3914525: 'TRTL',
  4125464: 'SAL',
  90108696: 'SAL',
  257880856: 'SAL',
};

const SEGWIT_PREFIXES: Readonly<Record<string, string>> = {
  bc: 'BTC',
  ltc: 'LTC',
  dgb: 'DGB',
  vtc: 'VTC',
  grs: 'GRS',
  btg: 'BTG',
  mona: 'MONA',
  hs: 'HNS',
  prl: 'PRL',
  btx: 'BTX',
};

const CASH_PREFIXES: Readonly<Record<string, string>> = {
  bitcoincash: 'BCH',
  ecash: 'XEC',
  kaspa: 'KAS',
  karlsen: 'KLS',
  pyrin: 'PYI',
  nexa: 'NEXA',
  spectre: 'SPR',
  hoosat: 'HTN',
  nexellia: 'NXL',
  astrix: 'AIX',
  waglayla: 'WALA',
  sedracoin: 'SDR',
};

const BASE58 = /^[1-9A-HJ-NP-Za-km-z]+$/;
const BASE32 = /^[02-9ac-hj-np-z]+$/;
const HEX = /^[0-9a-f]+$/i;

function valid(tickers: string | undefined): Address {
  return { coins: tickers === undefined ? [] : tickers.split(' '), checksum: 'valid' };
}

function unchecked(tickers: string): Address {
  return { coins: tickers.split(' '), checksum: 'none' };
}

function own(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
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
    return valid(own(BASE58_VERSIONS, hex.slice(0, 2 * (body.length - 20))));
  }
  if (DECRED_VERSIONS.has(hex.slice(0, 4)) && startsWith(twice(blake256, body), sum)) return valid('DCR');
  // Ergo: network and kind in one byte, then a public key.
  if (bytes.length === 38 && (bytes[0] ?? 0) >> 4 === 0 && startsWith(blake2b(body, { dkLen: 32 }), sum)) {
    return valid('ERG');
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
  let tag = 0;
  for (let at = 0, worth = 1; at < 8; at += 1, worth *= 128) {
    const byte = bytes[at] ?? 0;
    tag += (byte & 0x7f) * worth;
    if (byte < 0x80) break;
  }
  return valid(own(CRYPTONOTE_TAGS, String(tag)));
}

/** True for an address of a CryptoNote coin, known here or not, that is not one of Monero, in which pools pay. */
export function isCryptonoteAddress(text: string): boolean {
  if (text.length < 90 || text.length > LONGEST_ADDRESS || !BASE58.test(text)) return false;
  const address = cryptonoteAddress(text);
  return address !== null && !address.coins.includes('XMR');
}

function segwitAddress({ prefix, words, variant }: Bech32): Address | null {
  const coin = own(SEGWIT_PREFIXES, prefix);
  const version = words[0];
  if (coin === undefined || version === undefined || version > 16) return null;
  const size = bytesOfWords(words.slice(1))?.length ?? 0;
  const fits = version === 0 ? size === 20 || size === 32 : size >= 2 && size <= 40;
  return fits && (variant === 'bech32') === (version === 0) ? valid(coin) : null;
}

function bech32Address(text: string): Address | null {
  const decoded = decodeBech32(text);
  if (decoded === null) return null;
  const size = bytesOfWords(decoded.words)?.length ?? 0;
  if (decoded.prefix === 'ckb') return size >= 21 ? valid('CKB') : null;
  if (decoded.prefix === 'aleo') return size === 32 && decoded.variant === 'bech32m' ? valid('ALEO') : null;
  if (decoded.prefix === 'grin') return size === 32 && decoded.variant === 'bech32' ? valid('GRIN') : null;
  return segwitAddress(decoded);
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
  const words = decodeCashAddress(prefix, text.slice(cut + 1));
  return words !== null && (bytesOfWords(words)?.length ?? 0) >= 21
    ? valid(own(CASH_PREFIXES, prefix))
    : null;
}

/** 'cfx:…' with or without 'type.user:', upper or lower case. */
function confluxAddress(text: string): Address | null {
  const match = /^cfx:(?:type\.[a-z]+:)?([a-z0-9]{42})$/i.exec(text);
  return match?.[1] !== undefined && decodeCashAddress('cfx', match[1], 'conflux') !== null
    ? valid('CFX')
    : null;
}

/** EIP-55: in mixed case, a letter is upper case where the digit of the hash of the lower-case text is 8 or more. */
function ethereumAddress(digits: string): Address | null {
  const coins = 'ETH ETC ETHW';
  const lower = digits.toLowerCase();
  if (digits === lower || digits === digits.toUpperCase()) return unchecked(coins);
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
  return remainder === 1 ? valid('NIM') : null;
}

function hexAddress(text: string): Address | null {
  if (text.length === 40) return ethereumAddress(text);
  if (text.length === 64) return unchecked('IRON');
  if (text.length === 76) {
    const bytes = Buffer.from(text, 'hex');
    return startsWith(blake2b(bytes.subarray(0, 32), { dkLen: 32 }), bytes.subarray(32)) ? valid('SC') : null;
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
  if (text.startsWith('xel:')) return decodeBech32(text.replace(':', '1')) === null ? null : valid('XEL');
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
