/**
 * The kernel's memory and globals, as a state keeps them between two inputs: pages that hold something. What belongs to an
 * input alone (its block, its interfaces, the scratch) is left out.
 */
import { AT, FLOW } from '../schema/packets-memory.ts';
import type { PacketKernel } from './packet-kernel.ts';

export interface KernelImage {
  readonly globals: Readonly<Record<string, number>>;
  readonly pages: Int32Array;
  readonly bytes: Uint8Array;
}

const PAGE_BYTES = 4096;
const NOTHING = Buffer.alloc(PAGE_BYTES);
/** One word for each place of the index. */
const INDEX_BYTES = 4;

export function kernelImage(kernel: PacketKernel): KernelImage {
  const pages: number[] = [];
  const globals = kernel.globals();
  const { kept_mask: mask, kept_flowsEnd: flows, kept_freeFlows: free, kept_heapTop: heapTop } = globals;
  for (const [from, to] of [
    // The compiler's own data lies below.
    [AT.packet, AT.interfaces],
    [AT.tunnels, AT.block],
    [AT.watches, AT.index],
    [AT.index, AT.index + (mask + 1) * INDEX_BYTES],
    [AT.flows, AT.flows + flows * FLOW.bytes],
    [AT.free, AT.free + free * 4],
    [AT.greeted, AT.greeted + flows * 4],
    [AT.through, AT.through + flows * 4],
    [AT.heap, heapTop],
  ]) {
    for (let at = from; at < to; at += PAGE_BYTES) {
      const page = kernel.bytes.subarray(at, Math.min(at + PAGE_BYTES, to));
      if (NOTHING.compare(page, 0, page.length, 0, page.length) !== 0) pages.push(at);
    }
  }
  const bytes = new Uint8Array(pages.length * PAGE_BYTES);
  for (const [i, page] of pages.entries()) {
    bytes.set(kernel.bytes.subarray(page, page + PAGE_BYTES), i * PAGE_BYTES);
  }
  return { globals, pages: Int32Array.from(pages), bytes };
}

/** Into a kernel that has read nothing. */
export function restoreKernel(kernel: PacketKernel, { globals, pages, bytes }: KernelImage): void {
  for (const [i, page] of pages.entries()) {
    kernel.bytes.set(bytes.subarray(i * PAGE_BYTES, (i + 1) * PAGE_BYTES), page);
  }
  kernel.setGlobals(globals);
}
