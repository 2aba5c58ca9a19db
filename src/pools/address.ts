/**
 * IPv4 and IPv6 addresses and prefixes as numbers, for the lists that operators bring. Reads what people write;
 * anything else is null. Cold path: one BigInt an address.
 */
import { isIP, isIPv4 } from 'node:net';

export interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** Addresses that share their first `length` bits. */
export interface Prefix {
  readonly bits: 32 | 128;
  readonly value: bigint;
  readonly length: number;
}

/** An address in any usual spelling, IPv4-mapped IPv6 as IPv4; null if the text is none. */
export function parseAddress(text: string): Address | null {
  const family = text.length > 45 || text.includes('%') ? 0 : isIP(text);
  if (family === 4) return { bits: 32, value: v4Value(text) };
  if (family === 0) return null;
  const value = v6Value(text);
  return value >> 32n === 0xffffn ? { bits: 32, value: value & 0xffff_ffffn } : { bits: 128, value };
}

function v4Value(text: string): bigint {
  return text.split('.').reduce((sum, octet) => sum * 256n + BigInt(octet), 0n);
}

function v6Value(text: string): bigint {
  const [left = '', right] = text.split('::');
  const head = groupsOf(left);
  const tail = right === undefined ? [] : groupsOf(right);
  const zeros = new Array<bigint>(8 - head.length - tail.length).fill(0n);
  return [...head, ...zeros, ...tail].reduce((sum, group) => sum * 65536n + group, 0n);
}

function groupsOf(text: string): bigint[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!isIPv4(group)) return [BigInt(`0x${group}`)];
    const value = v4Value(group);
    return [value >> 16n, value & 0xffffn];
  });
}

/** 'address/length'; null if it is none. Bits beyond the length are cleared. */
export function parsePrefix(text: string): Prefix | null {
  const slash = text.indexOf('/');
  if (slash === -1 || !/^\d{1,3}$/.test(text.slice(slash + 1))) return null;
  const address = parseAddress(text.slice(0, slash));
  const length = Number(text.slice(slash + 1));
  if (address === null || length > address.bits) return null;
  const host = BigInt(address.bits - length);
  return { bits: address.bits, value: (address.value >> host) << host, length };
}

export function prefixHolds(prefix: Prefix, address: Address): boolean {
  const host = BigInt(prefix.bits - prefix.length);
  return prefix.bits === address.bits && prefix.value >> host === address.value >> host;
}

/** Text that is equal for equal addresses. */
export function addressKey(address: Address): string {
  return `${address.bits}/${address.value.toString(16)}`;
}

/** The address of such a text. */
export function addressOfKey(key: string): Address {
  const [bits, value] = key.split('/');
  return { bits: bits === '32' ? 32 : 128, value: BigInt(`0x${value}`) };
}

/** Canonical text (RFC 5952). */
export function addressText({ bits, value }: Address): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join('.');
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16),
  );
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

/** Private, shared, loopback, link-local, documentation, benchmark, multicast and unassigned space. */
const RESERVED = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  '::/8',
  '100::/64',
  '2001:db8::/32',
  '3fff::/20',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
];

let reserved: readonly Prefix[] | undefined;

/** True for an address that no public pool can have. */
export function isReserved(address: Address): boolean {
  reserved ??= RESERVED.map(parsePrefix).filter((prefix) => prefix !== null);
  return reserved.some((prefix) => prefixHolds(prefix, address));
}
