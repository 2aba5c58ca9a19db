/**
 * Drives a decompressor of node:zlib piece by piece. Output is drained before more input goes in and before the end
 * is announced: a stream destroyed by an error drops what it has buffered, and the bytes before a cut are wanted.
 */
import type { Transform } from 'node:stream';

/** A Transform of node:zlib: its `bytesWritten` counts the input that it has used up. */
export type ZlibStream = Transform & { readonly bytesWritten: number };

export class Engine {
  readonly #stream: ZlibStream;
  #busy = false;
  #isLast = false;
  #wake: () => void = () => {};
  /** True after the compressed stream has reached its own end. */
  ended = false;
  /** Error code of node:zlib, e.g. 'Z_BUF_ERROR' where the end is missing; null while all is well. */
  failure: string | null = null;

  constructor(stream: ZlibStream) {
    this.#stream = stream;
    const wake = (): void => this.#wake();
    stream.on('readable', wake);
    stream.on('close', () => {
      if (!this.ended) this.failure ??= 'CLOSED';
      wake();
    });
    stream.on('end', () => {
      this.ended = true;
      wake();
    });
    stream.on('error', (error: Error) => {
      this.failure ??= 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
      wake();
    });
  }

  /** Bytes of input used up so far; after the end, exactly those of the compressed stream. */
  get consumed(): number {
    return this.#stream.bytesWritten;
  }

  /** Gives the next piece; it must stay as it is until `next` returns null. `isLast`: no more input comes. */
  push(piece: Uint8Array, isLast = false): void {
    this.#busy = true;
    this.#isLast = isLast;
    this.#stream.write(piece, (error) => {
      // A failure is announced by its event, which comes later.
      if (error) return;
      this.#busy = false;
      this.#wake();
    });
  }

  /** Says that no more input comes: `next` then goes on until the end or a failure. */
  finish(): void {
    this.#busy = true;
    this.#stream.end();
  }

  /** The next bytes of output; null if the piece is used up, the stream has ended or has failed. */
  async next(): Promise<Uint8Array | null> {
    for (;;) {
      const chunk: unknown = this.#stream.read();
      if (chunk instanceof Uint8Array) return chunk;
      if (this.ended || this.failure !== null) return null;
      if (!this.#busy) {
        if (!this.#isLast) return null;
        this.#isLast = false;
        this.finish();
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  close(): void {
    this.#stream.destroy();
  }
}
