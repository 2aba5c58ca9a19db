/** Addresses in the order in which people look for them: IPv4 by number, then IPv6 by number. */
import { isV4, parseWords } from '../address.ts';
import { compareText } from '../order.ts';

/** The place of each address in that order; what is not an address comes last, by its text. */
export function addressRanks(addresses: readonly string[]): Map<string, number> {
  const keyed = [...new Set(addresses)].map((address) => ({ address, key: keyOf(address) }));
  keyed.sort((a, b) => compareText(a.key, b.key));
  return new Map(keyed.map(({ address }, rank) => [address, rank]));
}

function keyOf(address: string): string {
  const words = parseWords(address);
  if (words === null) return `9${address}`;
  return `${isV4(words) ? 4 : 6}${words.map((word) => word.toString(16).padStart(8, '0')).join('')}`;
}
