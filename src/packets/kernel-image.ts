/**
 * The kernel's memory and globals, as a state keeps them between two inputs: pages that hold something. What belongs to an
 * input alone (its block, its interfaces, the scratch) is left out.
 */
import {
  FLOW_BYTES,
  FLOWS_AT,
  FLOWS_END,
  FREE_AT,
  GREETED_AT,
  INDEX_AT,
  INPUT_AT,
  INTERFACES_AT,
  PACKET_AT,
  THROUGH_AT,
  TUNNELS_AT,
  WATCHES_AT,
} from '../kernel/packets/memory.ts';
import type { PacketKernel } from './packet-kernel.ts';

export interface KernelImage {
  readonly globals: Readonly<Record<string, number>>;
  readonly pages: Int32Array;
  readonly bytes: Uint8Array;
}

const PAGE_BYTES = 4096;
const NOTHING = Buffer.alloc(PAGE_BYTES);
const KEPT = /^kept_/;
/** One word for each place of the index. */
const INDEX_BYTES = 4;

export function kernelImage(kernel: PacketKernel): KernelImage {
  const pages: number[] = [];
  const globals = kernel.globals(KEPT);
  const { kept_mask: mask, kept_flowsEnd: flows, kept_freeFlows: free, kept_heapTop: heapTop } = globals;
  for (const [from, to] of [
    // The compiler's own data lies below.
    [PACKET_AT, INTERFACES_AT],
    [TUNNELS_AT, INPUT_AT],
    [WATCHES_AT, INDEX_AT],
    [INDEX_AT, INDEX_AT + (mask + 1) * INDEX_BYTES],
    [FLOWS_AT, FLOWS_AT + flows * FLOW_BYTES],
    [FREE_AT, FREE_AT + free * 4],
    [GREETED_AT, GREETED_AT + flows * 4],
    [THROUGH_AT, THROUGH_AT + flows * 4],
    [FLOWS_END, heapTop],
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
