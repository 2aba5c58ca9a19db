/**
 * The kernel's memory and globals, as a state keeps them between two inputs: pages that hold something. What belongs to an
 * input alone (its block, its interfaces, the scratch) is left out. The build that wrote it reads the pages as they are;
 * another one takes from them what it finds by the names of structs and fields.
 */
import {
  AT,
  CLAIM,
  CONTROL,
  COUNTS,
  FLOW,
  FRAGMENTS,
  NAME_BYTES,
  PACKETS_MEMORY,
  TIME_INTERVAL,
  TUNNEL,
} from '../schema/packets-memory.ts';
import { copyRow, type StoredFields, storedFields } from '../schema/stored-rows.ts';
import { MINING, PROBING } from './flow-table.ts';
import type { PacketKernel } from './packet-kernel.ts';

export interface KernelImage {
  readonly globals: Readonly<Record<string, number>>;
  readonly pages: Int32Array;
  readonly bytes: Uint8Array;
  /** JSON of `Layout`. */
  readonly layout: string;
}

/** Where regions lie, how long they are, and the fields of structs. */
interface Layout {
  readonly at: Readonly<Record<string, number>>;
  readonly bytes: Readonly<Record<string, number>>;
  readonly structs: Readonly<Record<string, { readonly bytes: number; readonly fields: StoredFields }>>;
}

const PAGE_BYTES = 4096;
const NOTHING = Buffer.alloc(PAGE_BYTES);
/** Protocol number of IP. */
const TCP = 6;
/** One word for each place of the index. */
const INDEX_BYTES = 4;

/** Regions of one struct, or of several in a row. */
const STRUCTS = {
  counts: COUNTS,
  control: CONTROL,
  fragments: FRAGMENTS,
  intervals: TIME_INTERVAL,
  tunnels: TUNNEL,
  flows: FLOW,
};
/** Regions without structs: another build takes them if they are as long there. */
const BARE_REGIONS = [
  ...(['reasonPackets', 'reasonBytes', 'judged', 'key', 'tunnelKey'] as const),
  ...([
    'addressBits',
    'tunnelIndex',
    'questions',
    'free',
    'through',
    'flowNames',
    'hostBits',
    'leftBits',
    'services',
    'claims',
    'callers',
  ] as const),
];
/** Globals that say nothing of watches, the index or the heap, which another build begins anew. */
const LASTING_GLOBALS = [
  ...(['kept_flowsAlive', 'kept_flowsEnd', 'kept_freeFlows', 'kept_firstFree', 'kept_freeTunnels'] as const),
  ...(['kept_tunnels', 'kept_nextLookUs', 'kept_nextEndingUs', 'kept_packetsSinceEnding'] as const),
  ...(['kept_nextSweepUs', 'kept_seed'] as const),
];
/** Numbers of what is half read, which another build does not have. */
const HALF_READ = { undecided: 0, handshakes: 0, handshakeBytes: 0 };
const NO_FRAGMENTS = { inFlight: 0, held: 0, oldest: 0, newest: 0 };

const LAYOUT = JSON.stringify({
  at: AT,
  bytes: PACKETS_MEMORY.bytes,
  structs: Object.fromEntries(
    Object.entries(STRUCTS).map(([name, struct]) => [
      name,
      { bytes: struct.bytes, fields: storedFields(struct) },
    ]),
  ),
} satisfies Layout);

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
    [AT.handshakes, AT.handshakes + flows * 4],
    [AT.through, AT.through + flows * 4],
    [AT.callers, AT.leftBits + PACKETS_MEMORY.bytes.leftBits],
    [AT.claims, AT.claims + flows * CLAIM.bytes],
    [AT.flowNames, AT.flowNames + flows * NAME_BYTES],
    [AT.services, AT.services + flows],
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
  return { globals, pages: Int32Array.from(pages), bytes, layout: LAYOUT };
}

/** Of the same build, into a kernel that has read nothing. */
export function restoreKernel(kernel: PacketKernel, { globals, pages, bytes }: KernelImage): void {
  for (const [i, page] of pages.entries()) {
    kernel.bytes.set(bytes.subarray(i * PAGE_BYTES, (i + 1) * PAGE_BYTES), page);
  }
  kernel.setGlobals(globals);
}

/**
 * Of another build, into a kernel that has read nothing. Connections go on where somebody reads them (`isRead`), in the middle of
 * what they say; segments, fragments and handshakes that wait, and watches, are left out.
 */
export function restoreKernelByName(
  kernel: PacketKernel,
  image: KernelImage,
  isRead: (flow: number) => boolean,
): void {
  const old: Layout = JSON.parse(image.layout);
  const { firstWordEnd } = kernel.control;
  const memory = new StoredMemory(image);
  const { kept_flowsEnd: flows, kept_tunnels: tunnels } = image.globals;
  const numbers: Readonly<Record<string, number>> = { flows, tunnels: tunnels + 1, intervals: 8 };
  for (const [name, struct] of Object.entries(STRUCTS)) {
    const stored = old.structs[name];
    const at = AT[name as keyof typeof STRUCTS];
    for (let i = 0; stored !== undefined && i < (numbers[name] ?? 1); i++) {
      const row = memory.bytes(old.at[name] + i * stored.bytes, stored.bytes);
      copyRow(row, stored.fields, kernel.bytes, at + i * struct.bytes, struct);
    }
  }
  for (const name of BARE_REGIONS) {
    const length = PACKETS_MEMORY.bytes[name];
    if (old.bytes[name] === length) memory.copy(old.at[name], length, kernel.bytes, AT[name]);
  }
  kernel.setGlobals(
    Object.fromEntries(
      LASTING_GLOBALS.filter((name) => name in image.globals).map((name) => [name, image.globals[name]]),
    ),
  );
  Object.assign(kernel.control, HALF_READ, { firstWordEnd });
  Object.assign(kernel.fragments, NO_FRAGMENTS);
  kernel.calls.indexFlows();
  const { flow: row } = kernel.rows;
  for (let flow = 0; flow < flows; flow++) {
    row.at = AT.flows + flow * FLOW.bytes;
    // Builds that did not say it had flows of TCP alone.
    if (row.protocol === 0) row.protocol = TCP;
    if (row.state === MINING && !isRead(flow)) row.state = PROBING;
    kernel.calls.resumeFlow(flow);
  }
}

/** The pages of an image as one memory. */
class StoredMemory {
  private readonly places: ReadonlyMap<number, number>;

  constructor(private readonly image: KernelImage) {
    this.places = new Map([...image.pages].map((page, i) => [page, i]));
  }

  bytes(from: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    this.copy(from, length, bytes, 0);
    return bytes;
  }

  /** Pages begin where their regions do, which may be anywhere: each is laid where it overlaps with [from, from + length). */
  copy(from: number, length: number, target: Uint8Array, at: number): void {
    for (const [page, i] of this.places) {
      const begin = Math.max(from, page);
      const end = Math.min(from + length, page + PAGE_BYTES);
      if (begin >= end) continue;
      const inImage = i * PAGE_BYTES + begin - page;
      target.set(this.image.bytes.subarray(inImage, inImage + end - begin), at + begin - from);
    }
  }
}
