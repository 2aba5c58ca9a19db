/** What is left of conversations that were neither listed nor like mining: sums by address, bounded. */
import { AddressTable } from './address-table.ts';

const MOST_HOSTS = 1 << 20;

export interface FoldedHost {
  readonly conversations: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** us since 1970. */
  readonly lastUs: number;
}

export class FoldedHosts {
  /** Ends of conversations whose address did not fit. */
  overflow = 0;
  readonly #addresses = new AddressTable(MOST_HOSTS);
  /** By address: conversations, bytes sent, bytes received, last time. */
  #sums = new Float64Array(this.#addresses.capacity * 4);

  get size(): number {
    return this.#addresses.size;
  }

  add(words: Int32Array, sent: number, received: number, lastUs: number): void {
    const host = this.#addresses.add(words[0], words[1], words[2], words[3]);
    if (host < 0) {
      this.overflow++;
      return;
    }
    if (this.#sums.length < this.#addresses.capacity * 4) {
      const sums = new Float64Array(this.#addresses.capacity * 4);
      sums.set(this.#sums);
      this.#sums = sums;
    }
    const at = host * 4;
    this.#sums[at]++;
    this.#sums[at + 1] += sent;
    this.#sums[at + 2] += received;
    this.#sums[at + 3] = Math.max(this.#sums[at + 3], lastUs);
  }

  /** Sums of an address, or null where nothing of it was folded. */
  get(words: ArrayLike<number>): FoldedHost | null {
    const host = this.#addresses.find(words[0] | 0, words[1] | 0, words[2] | 0, words[3] | 0);
    if (host < 0) return null;
    const at = host * 4;
    return {
      conversations: this.#sums[at],
      bytesSent: this.#sums[at + 1],
      bytesReceived: this.#sums[at + 2],
      lastUs: this.#sums[at + 3],
    };
  }
}
