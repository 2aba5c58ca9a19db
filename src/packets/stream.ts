/** A connection that may be mining, as the packet engine feeds it: its bytes and JSON objects in order. */
import type { FoundObject, JsonStart, ObjectCounts } from '../framing/object-scanner.ts';
import type { PacketRef } from '../packet-ref.ts';

/**
 * `undecided` until the bytes tell; `foreign`: nothing that can be read, the connection is dismissed; `other`: it speaks
 * something else that was understood, and is dismissed for longer; `mining`: it is kept for good.
 */
export type Status = 'undecided' | 'foreign' | 'other' | 'mining';

/** What speaks against the packets of a connection (src/kernel/packets/doubts.ts), by DOUBT_ of flow-state.ts. */
export const DOUBTS = ['reset', 'conflict', 'stall'] as const;
export type Doubt = (typeof DOUBTS)[number];

/** Takes what one connection says, in order. Bytes, objects and packet references are valid during the call only. */
export interface Stream {
  readonly status: Status;
  /** It has found something that concerns others than itself: its owner is told after each call. */
  readonly hasFindings: boolean;
  /** Takes `bytes[from, to)`; answers from where on the direction says JSON, whose objects follow, once it does. */
  payload(direction: 0 | 1, bytes: Uint8Array, from: number, to: number, packet: PacketRef): JsonStart | null;
  /** Takes an object of a direction that says JSON; false if it is no JSON. */
  object?(direction: 0 | 1, found: FoundObject, packet: PacketRef): boolean;
  /** A direction that said JSON carries something else: its bytes follow again. */
  leaveJson?(direction: 0 | 1): void;
  /** `missing` bytes were not captured, or if negative came after all; `isCut`: of a packet of which the rest was. */
  gap(direction: 0 | 1, missing: number, isCut: boolean, packet: PacketRef): void;
  /** Bytes of the direction were acknowledged more quickly than any before: the round trip to who got them, us. */
  roundTrip?(direction: 0 | 1, tripUs: number): void;
  /** Something speaks against the packets, so many times; -1 takes one back. */
  doubt?(doubt: Doubt, packet: PacketRef, count: number): void;
  /** No more follows. `objects`: what was counted in each direction, null if it said no JSON. */
  end(objects: readonly [ObjectCounts | null, ObjectCounts | null]): void;
}
