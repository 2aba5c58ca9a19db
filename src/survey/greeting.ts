/**
 * A flow that opens with a TLS hello, heard for as long as its two sides speak in clear. Most such flows are none
 * of our business, so that their bytes are kept as they came and are framed only if something else asks for them: the
 * server's address, a name in its certificate, or the flow's behaviour. A flow that turns out otherwise, or whose hello
 * names a server that may be a pool's, goes to the listener that other flows get.
 */

import type { Stamp } from '../packets/candidate.ts';
import { HELLO_CONCERNS, HELLO_INCOMPLETE, HELLO_IS_WEB } from '../packets/flow-table.ts';
import { joined, KeptOpening, type OpeningContext, type Piece } from './kept-opening.ts';

/** Bytes of a lane that are kept: a hello, or a hello and a certificate. */
const LANE_BYTES = 24 * 1024;
/** Segments that are kept: each is looked at with all before it. At 536 bytes each, 46 fill a lane. */
const MOST_SEGMENTS = 64;
/** Types of TLS records (RFC 8446 5.1). */
const FIRST_RECORD = 0x14;
const HANDSHAKE = 0x16;
const LAST_RECORD = 0x18;
const RECORD_HEADER = 5;
/** Where the type of the first message in it lies (RFC 8446 4). */
const HELLO_AT = 5;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;

export interface GreetingContext extends OpeningContext {
  /** What a client hello means for its flow (HELLO_ in packets/flow-table.ts). */
  judgeHello(flow: number, hello: Uint8Array): number;
  /** Both sides have said what they say in clear. */
  greetedInClear(flow: number, pieces: readonly Piece[]): void;
}

export class Greeting extends KeptOpening {
  protected readonly context: GreetingContext;
  private readonly bytes: [number, number] = [0, 0];
  /** Lane of the client; null before it has spoken. */
  private client: 0 | 1 | null = null;
  private isJudged = false;

  constructor(flow: number, context: GreetingContext) {
    super(flow);
    this.context = context;
  }

  override gap(lane: 0 | 1, missing: number, isCut: boolean): void {
    if (this.isKept && this.isJudged) this.finish();
    else super.gap(lane, missing, isCut);
  }

  override end(): void {
    // A hello whose end never came is read as far as it goes.
    if (this.isKept && this.isJudged) this.finish();
    else super.end();
  }

  protected keep(lane: 0 | 1, bytes: Uint8Array, from: number, to: number, stamp: Stamp): void {
    const other = lane === 0 ? 1 : 0;
    const type = to - from > HELLO_AT && bytes[from] === HANDSHAKE ? bytes[from + HELLO_AT] : 0;
    if (this.client === null) {
      // Of a connection that was joined in the middle the server may speak first.
      this.isJudged = type === SERVER_HELLO;
      this.client = this.isJudged ? other : lane;
    }
    const isClient = lane === this.client;
    if (isClient && this.isJudged && this.bytes[other] > 0) {
      if (this.bytes[lane] > 0 || type !== CLIENT_HELLO) this.finish();
      else this.speak().payload(lane, bytes, from, to, stamp);
      return;
    }
    const isFirst = this.bytes[lane] === 0;
    const count = Math.min(to - from, LANE_BYTES - this.bytes[lane]);
    this.add(lane, bytes, from, from + count, stamp);
    this.bytes[lane] += count;
    if (isFirst && (bytes[from] < FIRST_RECORD || bytes[from] > LAST_RECORD)) {
      // An answer in the clear.
      this.speak();
      return;
    }
    const isFull = this.bytes[lane] === LANE_BYTES || this.pieces.length >= MOST_SEGMENTS;
    if (isClient && !this.isJudged) this.judge(lane, isFull);
    else if (isFull || (!isClient && this.goesDark(lane))) this.finish();
  }

  private judge(lane: 0 | 1, isFull: boolean): void {
    const outcome = this.context.judgeHello(this.flow, joined(this.pieces, lane));
    if (outcome === HELLO_CONCERNS) this.speak();
    else if (outcome === HELLO_IS_WEB) this.dismiss();
    else if (outcome !== HELLO_INCOMPLETE) this.isJudged = true;
    else if (isFull) this.speak();
  }

  /** True if the lane has gone on to records of another type: from there on it is encrypted. */
  private goesDark(lane: 0 | 1): boolean {
    const bytes = joined(this.pieces, lane);
    for (let at = 0; at + RECORD_HEADER <= bytes.length; ) {
      if (bytes[at] !== HANDSHAKE) return true;
      at += RECORD_HEADER + ((bytes[at + 3] << 8) | bytes[at + 4]);
    }
    return false;
  }

  private finish(): void {
    if (this.decided !== 'undecided') return;
    const { pieces } = this;
    this.dismiss();
    this.context.greetedInClear(this.flow, pieces);
  }
}
