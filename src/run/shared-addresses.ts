/**
 * Which addresses have names of several owners, by the DNS and TLS data of the logs: fronts and hosters, where a
 * pool's name says little of a connection that does not name it itself. Bounded; addresses that do not fit count as
 * not shared.
 */

import { AddressTable } from '../flows/address-table.ts';
import { grown } from '../packets/columns.ts';

const MOST_ADDRESSES = 1 << 20;
/** Foreign domains from which on an address is shared: a server may have its hoster's name and its own. */
const LEAST_DOMAINS = 3;

export class SharedAddresses {
  private readonly addresses = new AddressTable(MOST_ADDRESSES);
  /** By address: hashes of the first foreign domains, 0 if there is none. */
  private domains = new Int32Array(this.addresses.capacity * LEAST_DOMAINS);

  /** The address was seen under a name that is not a pool's. */
  add(words: ArrayLike<number>, name: string): void {
    const address = this.addresses.add(words[0] | 0, words[1] | 0, words[2] | 0, words[3] | 0);
    if (address < 0) return;
    if (this.domains.length < this.addresses.capacity * LEAST_DOMAINS) {
      this.domains = grown(this.domains, new Int32Array(this.addresses.capacity * LEAST_DOMAINS));
    }
    const domain = hashOf(name.split('.').slice(-2).join('.'));
    for (let i = address * LEAST_DOMAINS; i < (address + 1) * LEAST_DOMAINS; i++) {
      if (this.domains[i] === domain) return;
      if (this.domains[i] !== 0) continue;
      this.domains[i] = domain;
      return;
    }
  }

  isShared(words: ArrayLike<number>): boolean {
    const address = this.addresses.find(words[0] | 0, words[1] | 0, words[2] | 0, words[3] | 0);
    return address >= 0 && this.domains[(address + 1) * LEAST_DOMAINS - 1] !== 0;
  }
}

/** FNV-1a, never 0. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash === 0 ? 1 : hash;
}
