/**
 * Rows to the tap, in the main thread.
 *
 * HOT: the loop runs once a row. Nothing is allocated.
 */

import { CaptureRecord } from '../../readers/pcap/record.ts';
import { TCP } from '../packet.ts';
import type { Tap } from '../tap.ts';
import { FlowProgram } from './flow-program.ts';
import {
  ASIDE,
  CONTROL_WORDS,
  COUNTS,
  doublesOf,
  HIGHER,
  KEYS_ANEW,
  RECORDS_BEFORE,
  ROW_WORDS,
  ROWS,
  type SharedSlots,
  SLOT_NUMBERS,
  WIDE,
} from './slots.ts';

/** Bytes of shared memory, as a packet holds them. */
class Room {
  readonly bytes: Uint8Array;
  readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }
}

export class PacketRows {
  readonly #control: Int32Array;
  readonly #numbers: Float64Array;
  readonly #rowWords: readonly Int32Array[];
  readonly #rowTimes: readonly Float64Array[];
  /** Of each slot, and which of them is in use. */
  readonly #ownBlocks: readonly Room[];
  readonly #blocks: Room[];
  readonly #asides: readonly Room[];
  readonly #record = new CaptureRecord();
  /** Null where there is no memory for it, or where the tap needs more. */
  #program: FlowProgram | null;
  #tap: Tap | null = null;

  constructor(slots: SharedSlots) {
    this.#control = new Int32Array(slots.control);
    this.#numbers = new Float64Array(slots.numbers);
    this.#rowWords = slots.rows;
    this.#rowTimes = slots.rows.map(doublesOf);
    this.#ownBlocks = slots.blocks.map((block) => new Room(block));
    this.#blocks = [...this.#ownBlocks];
    this.#asides = slots.asides.map((aside) => new Room(aside));
    this.#program = FlowProgram.of(slots);
  }

  /** The slot has got another block; null: its own again. */
  move(slot: number, block: SharedArrayBuffer | null): void {
    this.#blocks[slot] = block === null ? this.#ownBlocks[slot] : new Room(new Uint8Array(block));
  }

  /** The flows of a tap move to where the program counts. */
  #attach(tap: Tap): void {
    if (this.#tap !== null || this.#program?.follow(tap.flows) === false) this.#program = null;
    this.#tap = tap;
  }

  /** Gives what a slot holds to the tap. */
  give(slot: number, tap: Tap): void {
    const numbersAt = slot * SLOT_NUMBERS;
    tap.addFrom(this.#numbers, numbersAt);
    const control = this.#control;
    const at = slot * CONTROL_WORDS;
    if (control[at + KEYS_ANEW] === 1) tap.flows.forgetKeys();
    const to = control[at + ROWS] * ROW_WORDS;
    const words = this.#rowWords[slot];
    const times = this.#rowTimes[slot];
    const block = this.#blocks[slot];
    const aside = this.#asides[slot];
    const recordsBefore = this.#numbers[numbersAt + RECORDS_BEFORE];
    const record = this.#record;
    const packet = tap.packet;
    if (this.#tap !== tap) this.#attach(tap);
    const program = this.#program;
    for (let w = 0; w < to; w += ROW_WORDS) {
      if (program !== null) {
        w = program.run(words, w, to, tap.quietUntilUs);
        if (w === to) break;
      }
      const bits = words[w + 3];
      const room = (bits & ASIDE) === 0 ? block : aside;
      const ports = words[w + 9];
      const key = words[w + 4];
      record.timeUs = times[w >> 1];
      record.number = recordsBefore + words[w + 2];
      packet.bytes = room.bytes;
      packet.view = room.view;
      packet.protocol = (bits >> 8) & 0xff;
      packet.flags = bits & 0xff;
      packet.ipBytes = words[w + 5];
      packet.payloadStart = words[w + 6];
      packet.payloadEnd = words[w + 7];
      packet.payloadBytes = words[w + 8];
      packet.sourcePort = ports >>> 16;
      packet.destinationPort = ports & 0xffff;
      packet.sequence = words[w + 10];
      packet.acknowledgement = words[w + 11];
      packet.source3 = words[w + 12];
      packet.destination3 = words[w + 13];
      packet.opening = words[w + 14];
      if ((bits & WIDE) === 0) {
        packet.source0 = 0;
        packet.source1 = 0;
        packet.source2 = 0xffff;
        packet.destination0 = 0;
        packet.destination1 = 0;
        packet.destination2 = 0xffff;
      } else {
        w += ROW_WORDS;
        packet.source0 = words[w];
        packet.source1 = words[w + 1];
        packet.source2 = words[w + 2];
        packet.destination0 = words[w + 3];
        packet.destination1 = words[w + 4];
        packet.destination2 = words[w + 5];
      }
      if (packet.protocol === TCP) {
        tap.segment(record, (bits & COUNTS) !== 0, key, (bits & HIGHER) === 0 ? 0 : 1);
      } else tap.datagram(record);
    }
  }
}
