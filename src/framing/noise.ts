/**
 * The Noise handshake of Stratum V2 by its sizes (sv2-spec 04, docs/reference/protocols.md 2.1): 64 random-looking bytes of the
 * originator, exactly 234 of the responder, a first message, exactly 44 in answer. Flights are distinguished by turns and
 * pauses and not by packets, because segments merge and split. Only a flow with all four is reported as opaque; its
 * later flights follow by size. Left out: the sizes of revisions before ElligatorSwift keys (32 and 170 bytes).
 */
import type { PacketRef } from '../packet-ref.ts';
import type { Direction, OpaqueMessage } from './message.ts';

const ACT_1 = 64;
const ACT_2 = 234;
/** SetupConnection: 22 for the header, 16 and four strings of payload, 16 behind it. */
const SETUP_LEAST = 54;
const SETUP_MOST = 54 + 4 * 255;
const SETUP_SUCCESS = 44;
/** A pause that ends a flight: shorter ones are the writes of one message. */
const PAUSE_US = 50_000;
/**
 * Distinct values among the bytes of the two acts. Random bytes have 56.6 on average among 64 and 153 among 234, with
 * deviations of 2.4 and 5: these bounds are five of them below. Text, counters and padding stay far under them.
 */
const ACT_1_DISTINCT = 44;
const ACT_2_DISTINCT = 127;

export class NoiseWatch {
  /** `open` while the handshake may still be one. */
  status: 'open' | 'matched' | 'failed' = 'open';

  private readonly handshakeMessages: OpaqueMessage[] = [];
  private readonly seen = new Uint8Array(256);
  private distinct = 0;
  private readonly directionBytes: [number, number] = [0, 0];
  private direction: Direction = 0;
  private size = 0;
  private packetRef: PacketRef = { timeUs: 0, record: 0, input: 0 };

  /** @param taker Takes each flight once the handshake was seen, the four of that first. */
  constructor(private readonly taker: { add(handshakeMessage: OpaqueMessage): void }) {}

  push(direction: Direction, bytes: Uint8Array, from: number, to: number, packetRef: PacketRef): void {
    if (this.status === 'failed' || from >= to) return;
    // In the handshake the two sides take turns: the sender of a flight waits for the answer.
    const hasPaused = this.status === 'matched' && packetRef.timeUs - this.packetRef.timeUs > PAUSE_US;
    if (direction !== this.direction || hasPaused) this.closeHandshakeMessage();
    if (this.size === 0) this.direction = direction;
    this.size += to - from;
    this.packetRef = packetRef;
    if (this.status === 'open') this.look(bytes, from, to);
  }

  /** Bytes of the direction are lost: before the match the sizes are no longer known. */
  gap(direction: Direction, missing: number): void {
    if (this.status === 'open') this.status = 'failed';
    if (direction === this.direction) this.size = 0;
    this.directionBytes[direction] += missing;
  }

  end(): void {
    this.closeHandshakeMessage();
  }

  /** Fails as soon as a flight is longer than the handshake allows, or not random. */
  private look(bytes: Uint8Array, from: number, to: number): void {
    const index = this.handshakeMessages.length;
    const most = [ACT_1, ACT_2, SETUP_MOST, SETUP_SUCCESS][index] ?? 0;
    if (this.size > most || this.direction !== index % 2) {
      this.status = 'failed';
      return;
    }
    if (index > 1) return;
    for (let at = from; at < to; at++) {
      this.distinct += 1 - this.seen[bytes[at]];
      this.seen[bytes[at]] = 1;
    }
  }

  private closeHandshakeMessage(): void {
    const { direction, size, packetRef, status } = this;
    if (size === 0 || status === 'failed') return;
    const own = { kind: 'opaque-message', offset: this.directionBytes[direction], bytes: size } as const;
    const handshakeMessage: OpaqueMessage = { ...own, direction, ...packetRef, cut: false, http: undefined };
    this.directionBytes[direction] += size;
    this.size = 0;
    if (status === 'matched') {
      this.taker.add(handshakeMessage);
      return;
    }
    const index = this.handshakeMessages.length;
    const isRandom = index > 1 || this.distinct >= (index === 0 ? ACT_1_DISTINCT : ACT_2_DISTINCT);
    const least = [ACT_1, ACT_2, SETUP_LEAST, SETUP_SUCCESS][index] ?? 0;
    if (size < least || !isRandom) {
      this.status = 'failed';
      return;
    }
    this.seen.fill(0);
    this.distinct = 0;
    this.handshakeMessages.push(handshakeMessage);
    if (this.handshakeMessages.length < 4) return;
    this.status = 'matched';
    for (const earlier of this.handshakeMessages.splice(0)) this.taker.add(earlier);
  }
}
