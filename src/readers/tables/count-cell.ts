/**
 * Numbers of a text log, protocols, TCP flags and Zeek's history, as the kernel reads them (kernel/records/count.ts). Bytes
 * that do not lie in its memory are copied there. Each `read` returns the offset behind what it read, -1 if there is nothing
 * of its kind.
 */
import { CELL_AT } from '../../kernel/records/memory.ts';
import { type RecordsKernel, textKernel } from '../../records-kernel.ts';

/** Bytes that are looked at, if they have to be copied. */
export const TEXT_BYTES = 256;

export class CountCell {
  /** The whole number read last, 0 and up; beyond 2^53 only roughly. */
  value = 0;
  /** True if digits other than 0 followed a decimal point (nfdump writes ICMP as `3.1`). */
  isFractional = false;
  private readonly kernel: RecordsKernel;
  /** Where the kernel leaves what it read (kernel/records/cell.ts). */
  private readonly cell: number;

  constructor(kernel: RecordsKernel = textKernel()) {
    this.kernel = kernel;
    this.cell = CELL_AT;
  }

  /** A number, decimal or `0x`. */
  read(bytes: Uint8Array, from: number): number {
    const at = this.kernel.place(bytes, from, TEXT_BYTES);
    return this.taken(this.kernel.calls.readCount(at), from - at);
  }

  /** Hexadecimal digits without a prefix. */
  readHex(bytes: Uint8Array, from: number): number {
    const at = this.kernel.place(bytes, from, TEXT_BYTES);
    return this.taken(this.kernel.calls.readHex(at), from - at);
  }

  /** An IP protocol, by number or name. Names that are none of the usual ones read as 0, unknown. */
  readProtocol(bytes: Uint8Array, from: number): number {
    const at = this.kernel.place(bytes, from, TEXT_BYTES);
    return this.taken(this.kernel.calls.readProtocol(at), from - at);
  }

  /** TCP flags: letters as nfdump and SiLK write them (dots and blanks between), or a number. */
  readFlags(bytes: Uint8Array, from: number): number {
    const at = this.kernel.place(bytes, from, TEXT_BYTES);
    return this.taken(this.kernel.calls.readFlags(at), from - at);
  }

  private taken(end: number, shift: number): number {
    if (end === 0) return -1;
    this.value = this.kernel.numbers[this.cell / 8 + 1];
    this.isFractional = this.kernel.words[this.cell / 4 + 9] !== 0;
    return end + shift;
  }
}

/** Zeek's `history`: upper case is the originator's doing, lower case the responder's. */
export class HistoryCell {
  originatorFlags = 0;
  responderFlags = 0;
  /** True if Zeek swapped the sides by its own guess. */
  isFlipped = false;
  private readonly kernel: RecordsKernel;
  private readonly words: number;

  constructor(kernel: RecordsKernel = textKernel()) {
    this.kernel = kernel;
    this.words = CELL_AT / 4;
  }

  read(bytes: Uint8Array, from: number): number {
    const { kernel } = this;
    const at = kernel.place(bytes, from, TEXT_BYTES);
    const end = kernel.calls.readHistory(at) + from - at;
    this.originatorFlags = kernel.words[this.words + 10];
    this.responderFlags = kernel.words[this.words + 11];
    this.isFlipped = kernel.words[this.words + 12] !== 0;
    return end;
  }
}
