/** Messages between the main thread and the reading thread, except batches of records. */

import type { MessagePort } from 'node:worker_threads';
import type { KernelMemory } from '../kernel.ts';
import type { LimitName } from '../limits.ts';
import type { FlowReadResult, PlainReadOptions } from '../readers/flow-reading.ts';
import type { SieveSetup } from '../rows/sieve.ts';

/** Given to the thread as it starts. */
export interface ThreadSetup {
  /** Of its kernel, with the ring of batches. */
  readonly memory: KernelMemory;
  /** Takes what travels beside batches. */
  readonly sideEventPort: MessagePort;
  readonly limits: Record<LimitName, number>;
}

/** A file that the thread reads by itself. */
export interface LogFile {
  readonly descriptor: number;
  /** True if its SHA-256 is wanted. */
  readonly hash: boolean;
}

/** What became of that. */
export interface FileReading {
  readonly bytes: number;
  readonly readErrorAt: number | null;
  /** Null if it is not wanted, or the end was not reached. */
  readonly sha256: string | null;
}

/** What a log held, and its file where the thread read that by itself. */
export type ThreadReadResult = FlowReadResult & { readonly file?: FileReading };

/** To the thread. Bytes belong to a reading by its number; none are its end. */
export type Order =
  | {
      readonly what: 'read';
      readonly reading: number;
      readonly format: string;
      readonly options: PlainReadOptions;
      /** Null if its bytes are sent. */
      readonly file: LogFile | null;
      /** Null if all records are wanted. */
      readonly sieve: SieveSetup | null;
    }
  | {
      readonly what: 'bytes';
      readonly reading: number;
      readonly block: Uint8Array<ArrayBuffer>;
      readonly count: number;
    };

/** From the thread. */
export type Report =
  | { readonly what: 'ready' }
  | { readonly what: 'spent'; readonly block: Uint8Array<ArrayBuffer> }
  | { readonly what: 'batch' }
  | { readonly what: 'read'; readonly result: ThreadReadResult; readonly exporters: readonly string[] }
  | { readonly what: 'failed'; readonly error: unknown };
