/**
 * A stream of bytes as whole blocks in place, for a source that has its bytes at hand: they are read straight to where
 * they will lie, as many as the block wanted has and the head of the next, so that hardly a byte is copied.
 */

import type { FlowSource } from '../flow-reading.ts';
import type { Intake } from './block-intake.ts';
import { BLOCK_LIMIT } from './nfcapd-compression.ts';

/** Read at least at once: blocks may be small. Also what is copied at most, to the beginning of the room. */
const LEAST_BYTES = 64 * 1024;
/** Of the next block, so that its head costs no reading of its own. */
const HEAD_BYTES = 12;
/** Bytes of room that it must be given. */
export const INTAKE_BYTES = BLOCK_LIMIT + 2 * LEAST_BYTES;

export class RoomIntake implements Intake {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at = 0;
  position = 0;

  readonly #source: FlowSource;
  #from = 0;
  #to = 0;

  constructor(source: FlowSource, room: Uint8Array) {
    this.#source = source;
    this.bytes = room;
    this.view = new DataView(room.buffer, room.byteOffset, room.length);
  }

  async take(count: number): Promise<boolean> {
    if (this.#to - this.#from < count && !(await this.#read(count))) return false;
    this.at = this.#from;
    this.#from += count;
    this.position += count;
    return true;
  }

  get rest(): number {
    return this.#to - this.#from;
  }

  async close(): Promise<void> {}

  /** Reads until there are so many bytes. */
  async #read(count: number): Promise<boolean> {
    this.bytes.copyWithin(0, this.#from, this.#to);
    this.#to -= this.#from;
    this.#from = 0;
    const wanted = Math.max(count + HEAD_BYTES, LEAST_BYTES);
    while (this.#to < count) {
      const got = await this.#source.fill(this.bytes.subarray(this.#to, wanted));
      if (got === 0) return false;
      this.#to += got;
    }
    return true;
  }
}
