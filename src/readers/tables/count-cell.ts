/**
 * Numbers of a text log, protocols and TCP flags, as the kernel reads them (kernel/records/count.ts, protocol.ts, flags.ts). Bytes
 * that do not lie in its memory are copied there. Each `read` returns the offset behind what it read, -1 if there is nothing
 * of its kind.
 */
import { type RecordsKernel, textKernel } from '../../rows/records-kernel.ts';

/** Bytes that are looked at, if they have to be copied. */
export const TEXT_BYTES = 256;

export class CountCell {
  /** The whole number read last, 0 and up; beyond 2^53 only roughly. */
  value = 0;
  private readonly kernel: RecordsKernel;

  constructor(kernel: RecordsKernel = textKernel()) {
    this.kernel = kernel;
  }

  /** A number, decimal or `0x`. */
  read(bytes: Uint8Array, from: number): number {
    const at = this.kernel.place(bytes, from, TEXT_BYTES);
    return this.after(this.kernel.calls.readCount(at), from - at);
  }

  /** An IP protocol, by number or name. Names that are none of the usual ones read as 0, unknown. */
  readProtocol(bytes: Uint8Array, from: number): number {
    const at = this.kernel.place(bytes, from, TEXT_BYTES);
    return this.after(this.kernel.calls.readProtocol(at), from - at);
  }

  /** TCP flags: letters as nfdump and SiLK write them (dots and blanks between), or a number. */
  readFlags(bytes: Uint8Array, from: number): number {
    const at = this.kernel.place(bytes, from, TEXT_BYTES);
    return this.after(this.kernel.calls.readFlags(at), from - at);
  }

  private after(end: number, shift: number): number {
    if (end === 0) return -1;
    this.value = this.kernel.cell.value;
    return end + shift;
  }
}
