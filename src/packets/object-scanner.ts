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

export class KernelBodyScanner implements BodyScanner {
  /** Takes the objects of the current bytes; null between two calls. */
  private taker: Taker | null = null;

  constructor(readonly kernel: Kernel) {}

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
  open(limit: number, found: Taker): PieceScanner {
    return new PieceScanner(this, this.kernel.calls.openScanner(limit, false), found);
  }

  /** What the call finds goes to the taker. */
  give(taker: Taker, call: () => void): void {
    this.taker = taker;
    call();
    this.taker = null;
  }

  /** Of the kernel: an object in its memory [from, to). */
  found(from: number, to: number, wireBytes: number, kind: number): boolean {
    const found = { bytes: this.kernel.bytes, from, to, wireBytes, kind: OBJECT_KINDS[kind] };
    return this.taker?.(found) === true;
  }
}

export class PieceScanner {
  constructor(
    private readonly scanner: KernelBodyScanner,
    /** In the kernel; 0 if there was no room for one: it finds nothing. */
    private readonly at: number,
    private readonly taker: Taker,
  ) {}

  /** Takes `bytes[from, to)`, the next ones. */
  push(bytes: Uint8Array, from: number, to: number): void {
    const { at, scanner, taker } = this;
    const { kernel } = scanner;
    if (at === 0) return;
    for (let next = from; next < to; next += PACKETS_MEMORY.bytes.scratch)
      scanner.give(taker, () => kernel.calls.scanBody(at, AT.scratch, kernel.put(bytes, next, to)));
  }

  /** Nothing more follows: an object that is not complete comes out cut. */
  end(): void {
    const { at, scanner, taker } = this;
    if (at === 0) return;
    const { calls } = scanner.kernel;
    scanner.give(taker, () => calls.endBody(at));
    calls.closeScanner(at);
  }
}
