/**
 * The common interface of the readers that take over a lane once its framing is known, for direction-framer.ts.
 */
export interface LaneReader {
  /** Takes `bytes[from, to)`; answers the offset up to which they belong to this framing. */
  push(bytes: Uint8Array, from: number, to: number): number;
  /** `missing` bytes of the lane are lost here; Infinity if nobody knows how many. */
  gap(missing: number): void;
  /** The lane is over. */
  end(): void;
  /** `passed`: what follows is to be framed anew. `closed`: nothing that follows can be read. */
  readonly standing: 'open' | 'passed' | 'closed';
  /** True if a message has begun whose end has not come. */
  readonly isInside: boolean;
}
