/**
 * An IP address in a text log, as the kernel reads it (kernel/records/address.ts): four 32-bit words, IPv4 as
 * ::ffff:a.b.c.d (RFC 4291 section 2.2).
 */
import { addressText, parseWords } from '../../address.ts';
import { type RecordsKernel, textKernel } from '../../rows/records-kernel.ts';
import { TEXT_BYTES } from './count-cell.ts';

/** An address as four words, IPv4 as ::ffff:a.b.c.d. */
interface AddressWords {
  readonly word0: number;
  readonly word1: number;
  readonly word2: number;
  readonly word3: number;
}

export class AddressCell {
  word0 = 0;
  word1 = 0;
  word2 = 0;
  word3 = 0;
  private kernel: RecordsKernel | null;

  constructor(kernel: RecordsKernel | null = null) {
    this.kernel = kernel;
  }

  /** Reads the address at `at` into the words; returns the offset behind it, or -1 if there is none. */
  read(bytes: Uint8Array, from: number): number {
    this.kernel ??= textKernel();
    const at = this.kernel.place(bytes, from, TEXT_BYTES);
    const end = this.kernel.calls.readAddress(at);
    if (end === 0) return -1;
    this.copy(this.kernel.cell);
    return end + from - at;
  }

  /** Copies the four words. */
  copy({ word0, word1, word2, word3 }: AddressWords): void {
    this.word0 = word0;
    this.word1 = word1;
    this.word2 = word2;
    this.word3 = word3;
  }
}

/** Canonical text of the address whose text stands in `text`, or null if it is none. */
export function canonicalAddress(text: string): string | null {
  const words = parseWords(text);
  return words === null ? null : addressText(words);
}

/** Canonical text of the words that were read last. */
export function addressOf({ word0, word1, word2, word3 }: AddressWords): string {
  return addressText([word0, word1, word2, word3]);
}
