/** What readers of frames tell of what they find in them, beside what a direction says itself. */
import type { DirectionSink, HttpHead, JsonObject } from './message.ts';

/** Takes what is framed. Bytes are valid during the call only. */
export interface FrameSink extends DirectionSink {
  /** An object, with the head that it came with. */
  object(object: JsonObject, http: HttpHead | undefined, wireBytes: number): void;
  /** A message that holds no object: of gRPC, or the head of a request or response alone. */
  other(http: HttpHead, payload: Uint8Array | null, wireBytes: number): void;
  /** The objects in a message that is complete; answers how many. */
  objectsIn(bytes: Uint8Array, http: HttpHead | undefined, wireBytes: number, cut: boolean): number;
  /** The next bytes of the direction in a stream of a connection that carries many. */
  part(stream: number, bytes: Uint8Array, from: number, to: number): void;
  /** Bytes are missing in it. */
  partGap(stream: number, missing: number): void;
  /** The direction says no more in it; `isReset`: neither does the other. */
  partEnds(stream: number, isReset: boolean): void;
}
