/**
 * The ordered bytes of a flow's two lanes to Messages. Each lane finds its own framing, so that a JSON line in answer
 * to an HTTP request, or to a TLS hello, is read as what it is. Memory is bounded: two lanes times one object, body
 * or hello. No bytes make this throw.
 */

import type { Place } from '../place.ts';
import { FRAMINGS } from './detect.ts';
import { Exchange } from './exchange.ts';
import { type FramingState, LaneFramer } from './lane-framer.ts';
import type { Lane, MessageListener } from './message.ts';
import { type Flight, NoiseWatch } from './noise.ts';
import type { FoundObject, ObjectScanner, Scanners } from './object-scanner.ts';

/** A lane that says only foreign things for so long, while the other is silent, makes the flow foreign. */
const ONE_SIDED_LIMIT = 2048;

export class FlowFramer {
  private readonly exchange: Exchange;
  private readonly lanes: readonly [LaneFramer, LaneFramer];
  /** Made for flows that open as nothing else. */
  private noise: NoiseWatch | null = null;

  constructor(listener: MessageListener, scanners: Scanners) {
    this.exchange = new Exchange(listener, scanners);
    this.lanes = [new LaneFramer(0, this.exchange), new LaneFramer(1, this.exchange)];
  }

  /** Takes `bytes[from, to)`, the next bytes of `lane`; they and the place are valid during the call only. */
  push(lane: Lane, bytes: Uint8Array, from: number, to: number, { timeUs, record, input }: Place): void {
    const place = { timeUs, record, input };
    this.noise?.push(lane, bytes, from, to, place);
    const wasStill = this.lanes[0].bytes + this.lanes[1].bytes === 0;
    this.lanes[lane].push(bytes, from, to, place, this.lanes[1 - lane]);
    if (wasStill) this.watchNoise(lane, bytes, from, to, place);
  }

  /** What finds the objects of a lane that says nothing else from now on; null if it may. */
  handOver(lane: Lane): ObjectScanner | null {
    const { framing, scanner } = this.lanes[lane];
    const isWatched = this.noise !== null && this.noise.standing !== 'failed';
    return framing === 'json' && !isWatched ? scanner : null;
  }

  /** An object that was found in a lane whose scanner was handed over; false if it is no JSON. */
  object(lane: Lane, found: FoundObject, place: Place): boolean {
    this.lanes[lane].standAt(place, this.lanes[1 - lane]);
    return this.lanes[lane].object(found);
  }

  /** Nothing more is asked. */
  close(): void {
    for (const { scanner } of this.lanes) scanner?.close();
  }

  /** Of a flow whose first bytes nobody knows, the sizes may still be those of a handshake. */
  private watchNoise(lane: Lane, bytes: Uint8Array, from: number, to: number, place: Place): void {
    const { framing } = this.lanes[lane];
    if (framing !== 'foreign' && framing !== 'undecided') return;
    this.noise = new NoiseWatch(this);
    this.noise.push(lane, bytes, from, to, place);
  }

  /** Of the watch. */
  flight({ lane, size, offset, place }: Flight): void {
    this.exchange.listener.message({
      kind: 'opaque-flight',
      lane,
      ...place,
      bytes: size,
      cut: false,
      http: undefined,
      offset,
    });
  }

  /** `missingBytes` of the lane are lost here; 0 if nobody knows how many. */
  gap(lane: Lane, missingBytes: number): void {
    this.lanes[lane].gap(missingBytes);
    this.noise?.gap(lane, missingBytes);
  }

  /** True if the lane has begun a message whose end has not come. */
  isInside(lane: Lane): boolean {
    return this.lanes[lane].isInside;
  }

  /** The flow is over: what is whole comes out, what is not comes out cut. */
  end(): void {
    this.lanes[0].end();
    this.lanes[1].end();
    this.noise?.end();
  }

  /** The strongest claim of the two lanes, JSON first; foreign if neither can become any. */
  get state(): FramingState {
    const [a, b] = this.lanes;
    for (const framing of FRAMINGS) {
      if (a.framing === framing || b.framing === framing) return framing;
    }
    if (this.noise?.standing === 'matched') return 'opaque';
    return this.isDecided ? 'foreign' : 'undecided';
  }

  /** True if no further byte can make a message: the rest of the flow need not be pushed. */
  get isDecided(): boolean {
    const [a, b] = this.lanes;
    if (this.noise !== null && this.noise.standing !== 'failed') return false;
    if (!a.closed && !b.closed) return false;
    if (a.closed && b.closed) return true;
    const [open, closed] = a.closed ? [b, a] : [a, b];
    return open.bytes === 0 && closed.framing === 'foreign' && closed.bytes > ONE_SIDED_LIMIT;
  }

  /** True if a lane has spoken, and is not heard on all the same. */
  get isGivenUp(): boolean {
    return this.lanes.some((lane) => lane.isGivenUp);
  }

  /** What the lane says in plain text: errors, and lines before what it passes on. */
  plainText(lane: Lane): { readonly errors: number; readonly relays: number } {
    const { errorLines = 0, relayLines = 0 } = this.lanes[lane].scanner?.row ?? {};
    return { errors: errorLines, relays: relayLines };
  }

  /** What could not be read: JSON objects and HTTP heads or bodies above their limits, and bytes that were passed over. */
  get damage(): { readonly oversize: number; readonly passedBytes: number } {
    const [a, b] = this.lanes;
    return { oversize: a.oversize + b.oversize, passedBytes: a.passedBytes + b.passedBytes };
  }
}
