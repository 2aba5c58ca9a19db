/**
 * An IP address in a text log, as the kernel reads it (kernel/records/address.ts): four 32-bit words, IPv4 as
 * ::ffff:a.b.c.d (RFC 4291 section 2.2).
 */
import { addressText, parseWords } from '../../address.ts';
import { ADDRESS } from '../../kernel/records/cell-places.ts';
import { type RecordsKernel, textKernel } from '../../records-kernel.ts';
import { TEXT_BYTES } from './count-cell.ts';

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
    this.take(this.kernel.words, ADDRESS);
    return end + from - at;
  }

  /** Reads a value of a column, of so many bytes in the kernel's memory; false if it is no address. */
  readValue(at: number, length: number): boolean {
    this.kernel ??= textKernel();
    if (!this.kernel.calls.readAddressValue(at, length)) return false;
    this.take(this.kernel.words, ADDRESS);
    return true;
  }

  /** Takes the four words that stand there. */
  take(words: Int32Array, first: number): void {
    this.word0 = words[first];
    this.word1 = words[first + 1];
    this.word2 = words[first + 2];
    this.word3 = words[first + 3];
  }

  /** Puts the four words there. */
  put(words: Int32Array, first: number): void {
    words[first] = this.word0;
    words[first + 1] = this.word1;
    words[first + 2] = this.word2;
    words[first + 3] = this.word3;
  }
}

/** Canonical text of the address whose text stands in `text`, or null if it is none. */
export function canonicalAddress(text: string): string | null {
  const words = parseWords(text);
  return words === null ? null : addressText(words);
}

/** Canonical text of the words that were read last. */
export function addressOf({ word0, word1, word2, word3 }: AddressCell): string {
  return addressText([word0, word1, word2, word3]);
}
