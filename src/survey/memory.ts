/** Whether the memory that Node.js may use is nearly full: a run then ends early, as at a signal, and has room to say so. */
import { getHeapStatistics } from 'node:v8';

/** Why such a run was aborted. */
export const SHORT_OF_MEMORY = 'short of memory';
/** The rows of the audit take the rest. */
const MOST_PART = 0.65;

export function isShortOfMemory(): boolean {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  return used > limit * MOST_PART;
}
