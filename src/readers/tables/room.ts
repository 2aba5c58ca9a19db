/** Memory that text may lie in, and where programs of WebAssembly that read it find and leave what they need. */
import type { SharedMemory } from '../../wasm.ts';

/** Bytes of it that such programs take. */
export const ROOM_BYTES = 64 * 1024;

export interface Room {
  readonly memory: SharedMemory;
  /** Where ROOM_BYTES begin in which nobody else writes; a whole number of 64. */
  readonly at: number;
}
