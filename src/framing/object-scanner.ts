/**
 * JSON objects, which the kernel alone finds (src/kernel/packets/payload/objects.ts): in a direction of a stream from the byte
 * on at which the framing sees that it says JSON, and in the body of a message.
 */

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

/** A direction says JSON from `bytes[from, to)` on, which are its last bytes so far. */
export interface JsonStart {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
  /** What came before ends a line, so that the next line may begin an object as well. */
  readonly isLineStart: boolean;
}

/** What was counted in a direction that said JSON, beside its objects. */
export interface ObjectCounts {
  /** An object has begun whose end has not come. */
  readonly isInside: boolean;
  /** Bytes behind the last object that are none. */
  readonly bytesBehind: number;
  /** Objects longer than the limit, of which the beginning came out cut. */
  readonly oversize: number;
  /** Bytes of these that were passed over. */
  readonly passedBytes: number;
  /** Lines of errors in plain text, and those before what a server passes on. */
  readonly errorLines: number;
  readonly relayLines: number;
}

/** Finds the objects in the body of a message. */
export interface BodyScanner {
  /**
   * Gives `found` each object of `bytes`, of at most `limit` bytes; it answers false for one that turns out to be no JSON. What
   * it is given is valid during the call only.
   */
  objectsIn(bytes: Uint8Array, limit: number, found: (found: FoundObject) => boolean): void;
  /** True if `prefix[0, size)` may be the length of an object that follows. */
  saysLength(prefix: Uint8Array, size: number): boolean;
}
