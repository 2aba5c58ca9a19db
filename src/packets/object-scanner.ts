/** Finds the JSON objects in the body of a message: a scanner of the kernel (src/kernel/packets/payload/objects.ts), driven. */

import type * as Calling from '../../dist/kernel/packets/index.d.ts';
import type { BodyScanner, FoundObject, ObjectKind } from '../framing/object-scanner.ts';
import type { Calls } from '../kernel.ts';
import { AT, PACKETS_MEMORY } from '../schema/packets-memory.ts';

/** By OBJECT_ of src/kernel/packets/flow-state.ts. */
export const OBJECT_KINDS: readonly ObjectKind[] = ['whole', 'cut', 'agent'];

interface Kernel {
  readonly calls: Calls<typeof Calling>;
  readonly bytes: Uint8Array;
  put(bytes: Uint8Array, from?: number, to?: number): number;
}

type Taker = (found: FoundObject) => boolean;

export interface PieceScanner {
  /** Takes `bytes[from, to)`, the next ones. */
  push(bytes: Uint8Array, from: number, to: number): void;
  /** Nothing more follows: an object that is not complete comes out cut. */
  end(): void;
}

export class KernelBodyScanner implements BodyScanner {
  /** Takes the objects of the current bytes; null between two calls. */
  private taker: Taker | null = null;

  constructor(private readonly kernel: Kernel) {}

  objectsIn(bytes: Uint8Array, limit: number, found: Taker): void {
    const scanner = this.open(limit, found);
    scanner.push(bytes, 0, bytes.length);
    scanner.end();
  }

  saysLength(prefix: Uint8Array, size: number): boolean {
    this.kernel.put(prefix, 0, size);
    return this.kernel.calls.saysLength(AT.scratch, size) !== 0;
  }

  /** One for bytes that come in pieces, and objects of at most `limit` bytes. */
  open(limit: number, taker: Taker): PieceScanner {
    const { kernel } = this;
    const { calls } = kernel;
    const at = calls.openScanner(limit, false);
    // There is no room for one.
    if (at === 0) return { push: () => {}, end: () => {} };
    return {
      push: (bytes, from, to) => {
        for (let next = from; next < to; next += PACKETS_MEMORY.bytes.scratch)
          this.give(taker, () => calls.scan(at, AT.scratch, kernel.put(bytes, next, to)));
      },
      end: () => {
        this.give(taker, () => calls.endBody(at));
        calls.closeScanner(at);
      },
    };
  }

  /** What the call finds goes to the taker. */
  give(taker: Taker, call: () => void): void {
    const before = this.taker;
    this.taker = taker;
    call();
    this.taker = before;
  }

  /** Of the kernel: an object in its memory [from, to). */
  found(from: number, to: number, wireBytes: number, kind: number): boolean {
    const found = { bytes: this.kernel.bytes, from, to, wireBytes, kind: OBJECT_KINDS[kind] };
    return this.taker?.(found) === true;
  }
}
