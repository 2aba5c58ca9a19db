/**
 * A flow that opens with a TLS client hello, heard for as long as its two sides speak in clear. Most such flows are none
 * of our business, so that their bytes are kept as they came and are framed only if something else asks for them: the
 * server's address, a name in its certificate, or the flow's behaviour. A flow that turns out otherwise, or whose hello
 * names a server that may be a pool's, goes to the listener that other flows get.
 */
import type { CandidateListener, Standing } from '../packets/candidate.ts';
import type { Doubt } from '../packets/doubts.ts';
import { HELLO_CONCERNS, HELLO_INCOMPLETE, HELLO_SETTLES } from '../packets/flow-table.ts';
import type { Stamp } from '../packets/stream.ts';

/** Bytes of a lane that are kept: a hello, or a hello and a certificate. */
const LANE_BYTES = 24 * 1024;
/** Types of TLS records (RFC 8446 5.1). */
const FIRST_RECORD = 0x14;
const HANDSHAKE = 0x16;
const LAST_RECORD = 0x18;
const RECORD_HEADER = 5;

/** Bytes of a lane as they came. */
export interface Piece {
  readonly lane: 0 | 1;
  readonly bytes: Uint8Array;
  readonly stamp: Stamp;
}

export interface GreetingContext {
  /** What a client hello means for its flow (HELLO_ in packets/flow-table.ts). */
  judgeHello(flow: number, hello: Uint8Array): number;
  /** Both sides have said what they say in clear. */
  greetedInClear(flow: number, pieces: readonly Piece[]): void;
  /** Who hears the flow if it is no greeting like others. */
  otherwise(flow: number): CandidateListener;
}

export class Greeting implements CandidateListener {
  private readonly flow: number;
  private readonly context: GreetingContext;
  private decided: Standing = 'undecided';
  private other: CandidateListener | null = null;
  private pieces: Piece[] = [];
  private readonly bytes: [number, number] = [0, 0];
  /** Lane of the client; null before it has spoken. */
  private client: 0 | 1 | null = null;
  private isJudged = false;

  constructor(flow: number, context: GreetingContext) {
    this.flow = flow;
    this.context = context;
  }

  get standing(): Standing {
    return this.other?.standing ?? this.decided;
  }

  payload(lane: 0 | 1, bytes: Uint8Array, from: number, to: number, stamp: Stamp): void {
    if (this.other === null) this.keep(lane, bytes, from, to, stamp);
    else this.other.payload(lane, bytes, from, to, stamp);
  }

  gap(lane: 0 | 1, missing: number, stamp: Stamp, isCut: boolean): void {
    if (this.decided !== 'undecided') return;
    if (this.other === null && this.isJudged) this.finish();
    else this.speak().gap(lane, missing, stamp, isCut);
  }

  conflict(lane: 0 | 1, bytes: Uint8Array, from: number, to: number, stamp: Stamp): void {
    this.other?.conflict?.(lane, bytes, from, to, stamp);
  }

  doubt(doubt: Doubt, lane: 0 | 1, stamp: Stamp, count: number): void {
    this.other?.doubt?.(doubt, lane, stamp, count);
  }

  roundTrip(lane: 0 | 1, tripUs: number): void {
    this.other?.roundTrip?.(lane, tripUs);
  }

  end(): void {
    if (this.decided !== 'undecided') return;
    // A hello whose end never came is read as far as it goes.
    if (this.other === null && this.isJudged) this.finish();
    else if (this.pieces.length > 0 || this.other !== null) this.speak().end();
  }

  private keep(lane: 0 | 1, bytes: Uint8Array, from: number, to: number, stamp: Stamp): void {
    this.client ??= lane;
    const isClient = lane === this.client;
    const other = lane === 0 ? 1 : 0;
    if (isClient && this.isJudged && this.bytes[other] > 0) {
      this.finish();
      return;
    }
    const isFirst = this.bytes[lane] === 0;
    const count = Math.min(to - from, LANE_BYTES - this.bytes[lane]);
    const { timeUs, record, input } = stamp;
    const piece: Piece = { lane, bytes: bytes.slice(from, from + count), stamp: { timeUs, record, input } };
    this.pieces.push(piece);
    this.bytes[lane] += count;
    if (isFirst && (bytes[from] < FIRST_RECORD || bytes[from] > LAST_RECORD)) {
      // An answer in the clear.
      this.speak();
      return;
    }
    if (isClient && !this.isJudged) this.judge(lane);
    else if (!isClient && (this.bytes[lane] === LANE_BYTES || this.goesDark(lane))) this.finish();
  }

  private judge(lane: 0 | 1): void {
    const outcome = this.context.judgeHello(this.flow, joined(this.pieces, lane));
    if (outcome === HELLO_CONCERNS) this.speak();
    else if (outcome === HELLO_SETTLES) {
      this.decided = 'foreign';
      this.pieces = [];
    } else if (outcome !== HELLO_INCOMPLETE) this.isJudged = true;
    else if (this.bytes[lane] === LANE_BYTES) this.speak();
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
    this.decided = 'foreign';
    this.context.greetedInClear(this.flow, this.pieces);
    this.pieces = [];
  }

  /** From here on, and from the beginning on, the flow is heard by another. */
  private speak(): CandidateListener {
    if (this.other === null) {
      this.other = this.context.otherwise(this.flow);
      replay(this.pieces, this.other);
      this.pieces = [];
    }
    return this.other;
  }
}

/** Tells somebody what was kept. */
export function replay(pieces: readonly Piece[], listener: CandidateListener): void {
  for (const { lane, bytes, stamp } of pieces) listener.payload(lane, bytes, 0, bytes.length, stamp);
}

/** The bytes of one lane in a row. */
export function joined(pieces: readonly Piece[], lane: 0 | 1): Uint8Array {
  const own = pieces.filter((piece) => piece.lane === lane);
  return own.length === 1 ? own[0].bytes : Buffer.concat(own.map(({ bytes }) => bytes));
}
