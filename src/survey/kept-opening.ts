/**
 * The first bytes of a flow, kept until they show if the flow has to be read. If so, they and all that follows
 * go to the listener that other flows have.
 */
import type { CandidateListener, Doubt, Stamp, Standing } from '../packets/candidate.ts';

/** Bytes of a lane as they came. */
export interface Piece {
  readonly lane: 0 | 1;
  readonly bytes: Uint8Array;
  readonly stamp: Stamp;
}

export interface OpeningContext {
  /** Who hears the flow if it is not an opening like others. */
  otherwise(flow: number): CandidateListener;
}

export abstract class KeptOpening implements CandidateListener {
  protected decided: Standing = 'undecided';
  protected pieces: Piece[] = [];
  protected readonly flow: number;
  private other: CandidateListener | null = null;

  constructor(flow: number) {
    this.flow = flow;
  }

  protected abstract readonly context: OpeningContext;
  /** Takes the next bytes of a lane while the opening is kept. */
  protected abstract keep(lane: 0 | 1, bytes: Uint8Array, from: number, to: number, stamp: Stamp): void;

  get standing(): Standing {
    return this.other?.standing ?? this.decided;
  }

  protected get isKept(): boolean {
    return this.other === null;
  }

  payload(lane: 0 | 1, bytes: Uint8Array, from: number, to: number, stamp: Stamp): void {
    if (this.other === null) this.keep(lane, bytes, from, to, stamp);
    else this.other.payload(lane, bytes, from, to, stamp);
  }

  gap(lane: 0 | 1, missing: number, isCut: boolean): void {
    if (this.decided === 'undecided') this.speak().gap(lane, missing, isCut);
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
    if (this.pieces.length > 0 || this.other !== null) this.speak().end();
  }

  protected add(lane: 0 | 1, bytes: Uint8Array, from: number, to: number, stamp: Stamp): void {
    const { timeUs, record, input } = stamp;
    this.pieces.push({ lane, bytes: bytes.slice(from, to), stamp: { timeUs, record, input } });
  }

  /** Nobody needs to hear the flow. */
  protected dismiss(): void {
    this.decided = 'foreign';
    this.pieces = [];
  }

  /** From here on, and from the beginning on, the flow is heard by another. */
  protected speak(): CandidateListener {
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
