/** Addresses in the order in which people look for them: IPv4 by number, then IPv6 by number. */

/** The place of each address in that order; what is not an address comes last, by its text. */
export function addressRanks(addresses: readonly string[]): Map<string, number> {
  const keyed = [...new Set(addresses)].map((address) => ({ address, key: keyOf(address) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return new Map(keyed.map(({ address }, rank) => [address, rank]));
}

function keyOf(address: string): string {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) {
    return `4${address
      .split('.')
      .map((part) => part.padStart(3, '0'))
      .join('')}`;
  }
  if (!/^[0-9a-f:]{2,39}$/i.test(address)) return `9${address}`;
  const [head = '', tail = ''] = address.split('::');
  const groups = (half: string): string[] => (half === '' ? [] : half.split(':'));
  const first = groups(head);
  const last = groups(tail);
  const between = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0');
  return `6${[...first, ...between, ...last].map((group) => group.padStart(4, '0')).join('')}`;
}
