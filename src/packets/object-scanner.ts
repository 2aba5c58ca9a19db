/** Finds JSON objects in bytes of any kind: scanners of the kernel (src/kernel/packets/payload/objects.ts), driven. */

import type * as Calling from '../../dist/kernel/packets/index.d.ts';
import type { ObjectKind, ObjectScanner, ObjectSink, Scanners } from '../framing/object-scanner.ts';
import type { Calls } from '../kernel.ts';
import type { Place } from '../place.ts';
import { AT, PACKETS_MEMORY, type SCANNER } from '../schema/packets-memory.ts';
import type { View } from '../schema/view.ts';

/** By OBJECT_ of src/kernel/packets/flow-state.ts. */
export const OBJECT_KINDS: readonly ObjectKind[] = ['whole', 'cut', 'agent'];

interface Kernel {
  readonly calls: Calls<typeof Calling>;
  readonly bytes: Uint8Array;
  readonly rows: { readonly scanner: View<keyof typeof SCANNER.at> };
  put(bytes: Uint8Array, from?: number, to?: number): number;
}

export class KernelScanners implements Scanners {
  /** Receives the objects of the current bytes. */
  private sink: ObjectSink | null = null;

  constructor(readonly kernel: Kernel) {}

  scanner(sink: ObjectSink, limit: number): ObjectScanner {
    return new KernelScanner(this, sink, this.kernel.calls.openScanner(limit, sink.takesAgentFrames));
  }

  saysLength(prefix: Uint8Array, size: number): boolean {
    this.kernel.put(prefix, 0, size);
    return this.kernel.calls.saysLength(AT.scratch, size) !== 0;
  }

  /** What is found until `listen` is called again goes there. */
  listen(sink: ObjectSink | null): ObjectSink | null {
    const before = this.sink;
    this.sink = sink;
    return before;
  }

  /** Of the kernel: an object in its memory [from, to). */
  found(from: number, to: number, wireBytes: number, kind: number): boolean {
    const found = { bytes: this.kernel.bytes, from, to, wireBytes, kind: OBJECT_KINDS[kind] };
    return this.sink?.object(found) === true;
  }
}

export class KernelScanner implements ObjectScanner {
  constructor(
    private readonly scanners: KernelScanners,
    private readonly sink: ObjectSink,
    /** 0 if there was no room for one: it finds nothing. */
    readonly at: number,
  ) {}

  private get kernel(): Kernel {
    return this.scanners.kernel;
  }

  get foreign(): boolean {
    return this.at === 0 || this.kernel.calls.isForeign(this.at, 0) !== 0;
  }

  get isInside(): boolean {
    return this.at !== 0 && this.kernel.calls.isInsideObject(this.at) !== 0;
  }

  get place(): Place | null {
    const { row } = this;
    if (row === null || Number.isNaN(row.timeUs)) return null;
    return { timeUs: row.timeUs, record: row.record, input: row.input };
  }

  get row(): Kernel['rows']['scanner'] | null {
    if (this.at === 0) return null;
    const { scanner } = this.kernel.rows;
    scanner.at = this.at;
    return scanner;
  }

  push(bytes: Uint8Array, from: number, to: number): void {
    const { kernel, at } = this;
    if (bytes.buffer === kernel.bytes.buffer) {
      this.heard(() => kernel.calls.scan(at, bytes.byteOffset + from, bytes.byteOffset + to));
      return;
    }
    for (let next = from; next < to; next += PACKETS_MEMORY.bytes.scratch) {
      this.heard(() => kernel.calls.scan(at, AT.scratch, kernel.put(bytes, next, to)));
    }
  }

  gap(): void {
    this.heard(() => this.kernel.calls.gapScanner(this.at));
  }

  flush(): void {
    this.heard(() => this.kernel.calls.flushScanner(this.at));
  }

  /** What the call finds goes to the sink. */
  private heard(call: () => void): void {
    if (this.at === 0) return;
    const before = this.scanners.listen(this.sink);
    call();
    this.scanners.listen(before);
  }

  enterAtLineStart(): void {
    if (this.at !== 0) this.kernel.calls.enterAtLineStart(this.at);
  }

  close(): void {
    if (this.at !== 0) this.kernel.calls.closeScanner(this.at);
  }
}
