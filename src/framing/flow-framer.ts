/**
 * The ordered bytes of a flow's two lanes to Messages. Each lane finds its own framing, so that a JSON line in answer
 * to an HTTP request, or to a TLS hello, is read as what it is. Memory is bounded: two lanes times one object, body
 * or hello. No bytes make this throw; what could not be read is counted in `damage`.
 */
import { Exchange } from './exchange.ts';
import { type FramingState, LaneFramer } from './lane-framer.ts';
import type { Lane, Message } from './message.ts';

export type { FramingState } from './lane-framer.ts';

/** What could not be read, by reason. */
export interface FramingDamage {
  /** JSON objects and HTTP heads or bodies above their limits. */
  readonly oversize: number;
  /** Objects that are no JSON. */
  readonly badJson: number;
  /** Messages whose end was not captured. */
  readonly cut: number;
  /** Lines of something else between JSON objects. */
  readonly junkLines: number;
  /** Compressed bodies that could not be unpacked. */
  readonly badEncoding: number;
  /** Calls that were forgotten because too many waited for their reply. */
  readonly droppedCalls: number;
}

/** A lane that says only foreign things for so long, while the other is silent, makes the flow foreign. */
const ONE_SIDED_LIMIT = 2048;

export class FlowFramer {
  private readonly exchange: Exchange;
  private readonly lanes: readonly [LaneFramer, LaneFramer];

  constructor(emit: (message: Message) => void) {
    this.exchange = new Exchange(emit);
    this.lanes = [new LaneFramer(0, this.exchange), new LaneFramer(1, this.exchange)];
  }

  /**
   * Takes `bytes[from, to)`, the next bytes of `lane`; they are valid during the call only. Time in us since 1970,
   * record and input as in `Message`.
   */
  push(
    lane: Lane,
    bytes: Uint8Array,
    from: number,
    to: number,
    timeUs: number,
    record: number,
    input: number,
  ): void {
    this.lanes[lane].push(
      bytes,
      from,
      to,
      { timeUs, record, input },
      this.lanes[1 - lane].framing === 'http',
    );
  }

  /** `missingBytes` of the lane are lost here; 0 where nobody knows how many. */
  gap(lane: Lane, missingBytes: number): void {
    this.lanes[lane].gap(missingBytes);
  }

  /** The flow is over: what is whole comes out, what is not comes out cut. */
  end(): void {
    this.lanes[0].end();
    this.lanes[1].end();
  }

  /** The strongest claim of the two lanes: JSON, then HTTP, then TLS; foreign where neither can become any. */
  get state(): FramingState {
    const [a, b] = this.lanes;
    for (const framing of ['json', 'http', 'tls'] as const) {
      if (a.framing === framing || b.framing === framing) return framing;
    }
    return this.settled ? 'foreign' : 'undecided';
  }

  /** True where no further byte can make a message: the rest of the flow need not be pushed. */
  get settled(): boolean {
    const [a, b] = this.lanes;
    if (!a.closed && !b.closed) return false;
    if (a.closed && b.closed) return true;
    const [open, closed] = a.closed ? [b, a] : [a, b];
    return open.bytes === 0 && closed.framing === 'foreign' && closed.bytes > ONE_SIDED_LIMIT;
  }

  get damage(): FramingDamage {
    const [a, b] = this.lanes;
    const sum = (of: (lane: LaneFramer) => number): number => of(a) + of(b);
    return {
      oversize: sum(
        ({ scanner, http }) =>
          (scanner?.oversize ?? 0) + (http?.headTooLong ?? 0) + (http?.body.tooLong ?? 0),
      ),
      badJson: sum(({ scanner }) => scanner?.badJson ?? 0) + this.exchange.badBodies,
      cut: sum(({ cutMessages }) => cutMessages),
      junkLines: sum(({ scanner }) => scanner?.junkLines ?? 0),
      badEncoding: sum(({ http }) => http?.body.badEncoding ?? 0),
      droppedCalls: this.exchange.droppedCalls,
    };
  }
}
