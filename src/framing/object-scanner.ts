/** What finds JSON objects in the bytes of a lane: the kernel (src/kernel/packets/payload/objects.ts), which framing is given. */
import type { Place } from '../place.ts';

/** `whole`: balanced, but maybe no JSON. `cut`: its end was not captured. `agent`: a binary message of BTCAgent. */
export type ObjectKind = 'whole' | 'cut' | 'agent';

/** An object in `bytes[from, to)`, which are valid during the call only; `wireBytes` counts all since the one before it. */
export interface FoundObject {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
  readonly wireBytes: number;
  readonly kind: ObjectKind;
}

/** Receives what the scanner finds. */
export interface ObjectSink {
  /** Binary messages of BTCAgent may come. */
  readonly takesAgentFrames: boolean;
  /** Answers false if it turns out to be no JSON. */
  object(found: FoundObject): boolean;
}

export interface ScannerRow {
  /** Objects longer than the limit, of which the beginning came out cut. */
  readonly oversize: number;
  /** Bytes of these that were passed over. */
  readonly passedBytes: number;
  /** Lines of errors in plain text, and those before what a server passes on. */
  readonly errorLines: number;
  readonly relayLines: number;
}

export interface ObjectScanner {
  /** What the kernel calls it. */
  readonly at: number;
  /** True once the lane has shown that it carries something else. */
  readonly foreign: boolean;
  /** True if an object has begun whose end has not come. */
  readonly isInside: boolean;
  /** What it has counted; null if there was no room for it. */
  readonly row: ScannerRow | null;
  /** The packet of its last bytes, if the kernel took them from a stream. */
  readonly place: Place | null;
  /** Takes `bytes[from, to)`, the next bytes of the lane. */
  push(bytes: Uint8Array, from: number, to: number): void;
  /** Bytes of the lane are lost here. What began stays cut; the next object begins at once or at a line start. */
  gap(): void;
  /** The lane is over: an object that is not complete comes out cut. */
  flush(): void;
  /** The lane was entered inside a line that ends as JSON does: the next line may begin an object. */
  enterAtLineStart(): void;
  /** Nobody asks for it any more. */
  close(): void;
}

export interface Scanners {
  /** @param limit Longest object, bytes. */
  scanner(sink: ObjectSink, limit: number): ObjectScanner;
  /** True if `prefix[0, size)` may be the length of an object that follows. */
  saysLength(prefix: Uint8Array, size: number): boolean;
}
