/**
 * The common interface of the readers that take over a direction once its framing is known, for direction-framer.ts.
 */
export interface DirectionReader {
  /** Takes `bytes[from, to)`; answers the offset up to which they belong to this framing. */
  push(bytes: Uint8Array, from: number, to: number): number;
  /** `missing` bytes of the direction are lost here; Infinity if nobody knows how many. */
  gap(missing: number): void;
  /** The direction is over. */
  end(): void;
  /** `passed`: what follows is to be framed anew. `closed`: nothing that follows can be read. */
  readonly status: 'open' | 'passed' | 'closed';
  /** True if a message has begun whose end has not come. */
  readonly isInside: boolean;
  /** Messages longer than they may be, and bytes that were passed over. */
  readonly oversize?: number;
  readonly passedBytes?: number;
}
