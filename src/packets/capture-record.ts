/** The current captured record, in the kernel's memory. Nothing may keep its bytes: the block will be overwritten. */
import { RECORD_AT } from '../kernel/packets/memory.ts';

interface Memory {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  offset(field: string): number;
}

export class CaptureRecord {
  /** The memory that holds the record. */
  readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly timeAt: number;
  private readonly numberAt: number;
  private readonly memory: Memory;

  constructor(memory: Memory) {
    this.memory = memory;
    this.bytes = memory.bytes;
    this.view = memory.view;
    this.timeAt = RECORD_AT + memory.offset('record_timeUs');
    this.numberAt = RECORD_AT + memory.offset('record_number');
  }

  /** Capture time in microseconds since 1970, UTC. Nanosecond files give fractions (resolution 0.25 us). */
  get timeUs(): number {
    return this.view.getFloat64(this.timeAt, true);
  }

  /** 1-based number of the record within its input. */
  get number(): number {
    return this.view.getFloat64(this.numberAt, true);
  }

  /** Offset of the first captured byte in `bytes`. */
  get at(): number {
    return this.word('at');
  }

  /** Bytes that the capture kept, at least 0. */
  get captured(): number {
    return this.word('captured');
  }

  /** Bytes that were on the wire, link header included. */
  get wireBytes(): number {
    return this.word('wireBytes');
  }

  /** LINKTYPE_ value (tcpdump.org registry) that the record was captured with. */
  get linkType(): number {
    return this.word('linkType') | 0;
  }

  private word(field: string): number {
    return this.view.getUint32(RECORD_AT + this.memory.offset(`record_${field}`), true);
  }
}
