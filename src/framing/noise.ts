/**
 * The Noise handshake of Stratum V2 by its sizes (sv2-spec 04, docs/protocols.md 2.1): 64 random-looking bytes of the
 * originator, exactly 234 of the responder, a first message, exactly 44 in answer. Flights are distinguished by turns and
 * pauses and not by packets, because segments merge and split. Only a flow with all four is reported as opaque; its
 * later flights follow by size. Left out: the sizes of revisions before ElligatorSwift keys (32 and 170 bytes).
 */
import type { Place } from '../place.ts';
import type { Lane, OpaqueFlight } from './message.ts';

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
  standing: 'open' | 'matched' | 'failed' = 'open';

  private readonly flights: OpaqueFlight[] = [];
  private readonly seen = new Uint8Array(256);
  private distinct = 0;
  private readonly laneBytes: [number, number] = [0, 0];
  private lane: Lane = 0;
  private size = 0;
  private place: Place = { timeUs: 0, record: 0, input: 0 };

  /** @param taker Takes each flight once the handshake was seen, the four of that first. */
  constructor(private readonly taker: { add(flight: OpaqueFlight): void }) {}

  push(lane: Lane, bytes: Uint8Array, from: number, to: number, place: Place): void {
    if (this.standing === 'failed' || from >= to) return;
    // In the handshake the two sides take turns: the sender of a flight waits for the answer.
    const hasPaused = this.standing === 'matched' && place.timeUs - this.place.timeUs > PAUSE_US;
    if (lane !== this.lane || hasPaused) this.closeFlight();
    if (this.size === 0) this.lane = lane;
    this.size += to - from;
    this.place = place;
    if (this.standing === 'open') this.look(bytes, from, to);
  }

  /** Bytes of the lane are lost: before the match the sizes are no longer known. */
  gap(lane: Lane, missing: number): void {
    if (this.standing === 'open') this.standing = 'failed';
    if (lane === this.lane) this.size = 0;
    this.laneBytes[lane] += missing;
  }

  end(): void {
    this.closeFlight();
  }

  /** Fails as soon as a flight is longer than the handshake allows, or not random. */
  private look(bytes: Uint8Array, from: number, to: number): void {
    const index = this.flights.length;
    const most = [ACT_1, ACT_2, SETUP_MOST, SETUP_SUCCESS][index] ?? 0;
    if (this.size > most || this.lane !== index % 2) {
      this.standing = 'failed';
      return;
    }
    if (index > 1) return;
    for (let at = from; at < to; at++) {
      this.distinct += 1 - this.seen[bytes[at]];
      this.seen[bytes[at]] = 1;
    }
  }

  private closeFlight(): void {
    const { lane, size, place, standing } = this;
    if (size === 0 || standing === 'failed') return;
    const own = { kind: 'opaque-flight', offset: this.laneBytes[lane], bytes: size } as const;
    const flight: OpaqueFlight = { ...own, lane, ...place, cut: false, http: undefined };
    this.laneBytes[lane] += size;
    this.size = 0;
    if (standing === 'matched') {
      this.taker.add(flight);
      return;
    }
    const index = this.flights.length;
    const isRandom = index > 1 || this.distinct >= (index === 0 ? ACT_1_DISTINCT : ACT_2_DISTINCT);
    const least = [ACT_1, ACT_2, SETUP_LEAST, SETUP_SUCCESS][index] ?? 0;
    if (size < least || !isRandom) {
      this.standing = 'failed';
      return;
    }
    this.seen.fill(0);
    this.distinct = 0;
    this.flights.push(flight);
    if (this.flights.length < 4) return;
    this.standing = 'matched';
    for (const earlier of this.flights.splice(0)) this.taker.add(earlier);
  }
}
