/** A flow that may be mining, as the code above the waterline sees it. */
import type { FoundObject } from '../framing/object-scanner.ts';
import type { Place } from '../place.ts';

/**
 * `undecided` until the bytes tell; `foreign`: nothing that can be read, the flow is dismissed; `other`: it speaks
 * something else that was understood, and is dismissed for longer; `mining`: it is kept for good.
 */
export type Standing = 'undecided' | 'foreign' | 'other' | 'mining';

/** What speaks against the packets of a flow (src/kernel/packets/doubts.ts), by DOUBT_ of flow-state.ts. */
export const DOUBTS = ['reset', 'conflict', 'stall'] as const;
export type Doubt = (typeof DOUBTS)[number];

/** Receives the ordered bytes of a flow. Bytes and `place` are valid during the call only. */
export interface CandidateListener {
  readonly standing: Standing;
  payload(lane: 0 | 1, bytes: Uint8Array, from: number, to: number, place: Place): void;
  /** An object in a lane whose scanner was handed over; false if it is no JSON. */
  object?(lane: 0 | 1, found: FoundObject, place: Place): boolean;
  /** `missing` bytes of the lane were not captured, or if negative came after all; `isCut`: of a packet of which the rest was. */
  gap(lane: 0 | 1, missing: number, isCut: boolean): void;
  /** Other bytes than before came for a place in the lane that was delivered: `bytes[from, to)` instead. */
  conflict?(lane: 0 | 1, bytes: Uint8Array, from: number, to: number, place: Place): void;
  /** Bytes of the lane were acknowledged more quickly than any before: the round trip to who got them, us. */
  roundTrip?(lane: 0 | 1, tripUs: number): void;
  /** Something speaks against the packets of the lane, so many times; -1 takes one back. */
  doubt?(doubt: Doubt, lane: 0 | 1, place: Place, count: number): void;
  /** No more bytes will come. */
  end(): void;
}

/** What a flow opens with: a message to a name server over TCP, or anything else. */
export type Opening = 'dns' | 'plain';
