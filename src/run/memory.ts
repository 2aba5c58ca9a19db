/** Whether the memory that Node.js may use is nearly full: a run then ends early, as at a signal, and has room to say so. */
import { totalmem } from 'node:os';
import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Why such a run was aborted. */
export const SHORT_OF_MEMORY = 'short of memory';
/** The rows of the audit take less than what the connections leave free when they end; the rest is for what was counted. */
const MOST_PART = 0.75;
/** Room for what is new, which V8 counts to its limit: three times 16 MiB. What lasts has no place there. */
const YOUNG_BYTES = 3 * 16 * 1024 * 1024;
/** From here on garbage is looked for more often: two fifths of so much would be most of what a run takes. */
const LARGE_BYTES = 256 * 1024 * 1024;
const TIGHT_PERCENT = 5;
/** When the connections are gone, their room is there for garbage. */
const LOOSE_PERCENT = 12;

/** A pool connection of a host, its copies, and its rows in the audit. */
const POOL_CONNECTION_BYTES = 10_000;

/** Two halves of 8 MiB for what is young, where V8 would let them double once more (docs/internals/performance.md). */
const YOUNG_SPACE_BYTES = 2 * 8 * 1024 * 1024;

/** Of the memory that the machine or the container has. */
const MOST_RESIDENT = 0.9;
let givenBytes: number | null = null;

let isTight = false;
let isYoungBounded = false;

/** Call often, with what the kernel has taken: a heap that has become large is kept small from then on. */
export function isShortOfMemory(kernelBytes: number): boolean {
  const heap = getHeapStatistics();
  const { used_heap_size: used, external_memory: outside } = heap;
  if (used > LARGE_BYTES && !isTight) {
    isTight = true;
    setFlag(`--heap-growing-percent=${TIGHT_PERCENT}`);
  }
  if (!isYoungBounded) boundYoung();
  const room = (limitOf(heap) - YOUNG_BYTES) * MOST_PART - used - kernelBytes;
  if (isResidentFull()) return true;
  // V8's own figure is never too low, and costs a hundredth.
  return outside > room && bufferBytes() > room;
}

/**
 * True if the process takes nearly all that the machine or its container gives: then the system ends it without a word. Whatever
 * takes the memory, heap, buffers or a library.
 */
function isResidentFull(): boolean {
  try {
    return process.memoryUsage.rss() > memoryGiven() * MOST_RESIDENT;
  } catch {
    return false; // a container without /proc
  }
}

/** What the machine or its container gives, bytes. */
function memoryGiven(): number {
  givenBytes ??= Math.min(process.constrainedMemory() || Number.POSITIVE_INFINITY, totalmem());
  return givenBytes;
}

/** Bytes. The engine of Bun has no limit of its own: what Bun says is ten times what it has at that moment. */
function limitOf({ heap_size_limit: limit }: { readonly heap_size_limit: number }): number {
  return process.versions.bun === undefined ? limit : memoryGiven();
}

/** V8 takes a limit for what is young at its start alone, from the command line; but it asks each time how much to grow. */
function boundYoung(): void {
  const young = spacesOfHeap().find(({ space_name: name }) => name === 'new_space');
  isYoungBounded = young === undefined || young.space_size >= YOUNG_SPACE_BYTES;
  if (isYoungBounded) setFlag('--semi-space-growth-factor=1');
}

/** Buffers lie outside of the heap, and no limit of V8 bounds them: messages that nobody ends fill them. */
function bufferBytes(): number {
  try {
    return process.memoryUsage().arrayBuffers;
  } catch {
    // In a container without /proc. V8's own figure is too high where the process has run scans before.
    return getHeapStatistics().external_memory;
  }
}

/** Call if what fills the memory may be garbage: what a run has left that was dropped, for example. */
export function collectGarbage(): void {
  if (!setFlag('--expose-gc')) return;
  // Bun takes the flag, and has no such function all the same.
  const collect: unknown = runInNewContext('globalThis.gc');
  if (typeof collect === 'function') collect();
}

/** None where the engine has no such, as that of Bun. */
function spacesOfHeap(): ReturnType<typeof getHeapSpaceStatistics> {
  try {
    return getHeapSpaceStatistics();
  } catch {
    return [];
  }
}

/** False for an engine that has no such flags, as that of Bun. */
function setFlag(flag: string): boolean {
  try {
    setFlagsFromString(flag);
    return true;
  } catch {
    return false;
  }
}

/** So many pool connections fit into the memory that is left, with all that is made of them; more than `wanted` need not be counted. */
export function poolConnectionsThatFit(wanted: number): number {
  const room = (): number => {
    const heap = getHeapStatistics();
    return Math.max(
      0,
      Math.floor((limitOf(heap) - YOUNG_BYTES - heap.used_heap_size) / POOL_CONNECTION_BYTES),
    );
  };
  // Garbage is no reason to leave pool connections out.
  if (room() < wanted) collectGarbage();
  return room();
}

/** The last packet has passed, and connections are over: a heap that was kept small need not be any longer. */
export function readingHasEnded(): void {
  if (isTight) setFlag(`--heap-growing-percent=${LOOSE_PERCENT}`);
  isTight = false;
}
