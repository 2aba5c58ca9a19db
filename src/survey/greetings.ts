/** The clear part of TLS connections, as received: kept by flow until the flow ends, within a bound. */
import { limits } from '../limits.ts';
import type { Piece } from './kept-opening.ts';

/** Connections of which something is kept. */
const MOST_FLOWS = 1 << 15;

export class Greetings {
  /** Connections of which nothing was kept. */
  overflow = 0;
  private readonly pieces = new Map<number, readonly Piece[]>();
  private bytes = 0;

  keep(flow: number, pieces: readonly Piece[]): void {
    const bytes = bytesOf(pieces);
    if (this.pieces.size >= MOST_FLOWS || this.bytes + bytes > limits.greetings) {
      this.overflow++;
      return;
    }
    this.pieces.set(flow, pieces);
    this.bytes += bytes;
  }

  /** What was kept of a flow that ends; it is forgotten here. */
  take(flow: number): readonly Piece[] | null {
    const pieces = this.pieces.get(flow);
    if (pieces === undefined) return null;
    this.pieces.delete(flow);
    this.bytes -= bytesOf(pieces);
    return pieces;
  }
}

function bytesOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
