/** The kernel's flows, read by number: rows of memory, seen through typed views. */
import { FLOW_BYTES, FLOWS_AT, MOST_FLOWS, THROUGH_AT } from '../kernel/packets/memory.ts';

export * from '../kernel/packets/flow-state.ts';

/** The tunnel of what the kernel had no room to tell apart (kernel/packets/layers/through.ts). */
export const UNKNOWN_TUNNEL = 0xffff;

interface Memory {
  readonly bytes: Uint8Array;
  offset(field: string): number;
}

const WORDS = FLOW_BYTES / 4;
const DOUBLES = FLOW_BYTES / 8;

export class FlowTable {
  private readonly memory: Uint8Array;
  private readonly shorts: Uint16Array;
  private readonly words: Uint32Array;
  private readonly doubles: Float64Array;
  private readonly tunnels: Uint16Array;
  private readonly at: {
    readonly state: number;
    readonly flipped: number;
    readonly seen: number;
    readonly low: number;
    readonly high: number;
    readonly ports: number;
    readonly pushes: number;
    readonly bytes: number;
    readonly packets: number;
    readonly firstUs: number;
    readonly lastUs: number;
  };

  constructor(memory: Memory) {
    const { buffer } = memory.bytes;
    const length = MOST_FLOWS * FLOW_BYTES;
    this.memory = new Uint8Array(buffer, FLOWS_AT, length);
    this.shorts = new Uint16Array(buffer, FLOWS_AT, length / 2);
    this.words = new Uint32Array(buffer, FLOWS_AT, length / 4);
    this.doubles = new Float64Array(buffer, FLOWS_AT, length / 8);
    this.tunnels = new Uint16Array(buffer, THROUGH_AT, MOST_FLOWS * 2);
    this.at = {
      state: memory.offset('flow_state'),
      flipped: memory.offset('flow_flipped'),
      seen: memory.offset('flow_seen') / 2,
      low: memory.offset('flow_low') / 4,
      high: memory.offset('flow_high') / 4,
      ports: memory.offset('flow_ports') / 4,
      pushes: memory.offset('flow_pushes0') / 4,
      bytes: memory.offset('flow_bytes0') / 8,
      packets: memory.offset('flow_packets0') / 8,
      firstUs: memory.offset('flow_firstUs') / 8,
      lastUs: memory.offset('flow_lastUs') / 8,
    };
  }

  state(flow: number): number {
    return this.memory[flow * FLOW_BYTES + this.at.state];
  }

  /** Bits of flow-state.ts. */
  seen(flow: number): number {
    return this.shorts[flow * (FLOW_BYTES / 2) + this.at.seen];
  }

  mark(flow: number, bits: number): void {
    this.shorts[flow * (FLOW_BYTES / 2) + this.at.seen] |= bits;
  }

  /** Packets with payload. */
  pushes(flow: number, lane: 0 | 1): number {
    return this.words[flow * WORDS + this.at.pushes + lane];
  }

  bytes(flow: number, lane: 0 | 1): number {
    return this.doubles[flow * DOUBLES + this.at.bytes + lane];
  }

  packets(flow: number, lane: 0 | 1): number {
    return this.doubles[flow * DOUBLES + this.at.packets + lane];
  }

  firstUs(flow: number): number {
    return this.doubles[flow * DOUBLES + this.at.firstUs];
  }

  lastUs(flow: number): number {
    return this.doubles[flow * DOUBLES + this.at.lastUs];
  }

  /** The tunnel that the packets of a lane came through (tunnel-table.ts); 0 if they came through none. */
  through(flow: number, lane: 0 | 1): number {
    return this.tunnels[flow * 2 + (this.memory[flow * FLOW_BYTES + this.at.flipped] ^ lane)];
  }

  /** Address words of the end that sends on `lane`, written to `target[0..3]`; returns its port. */
  endpoint(flow: number, lane: 0 | 1, target: Int32Array): number {
    const isHigh = (this.memory[flow * FLOW_BYTES + this.at.flipped] ^ lane) === 1;
    const from = flow * WORDS + (isHigh ? this.at.high : this.at.low);
    for (let word = 0; word < 4; word++) target[word] = this.words[from + word];
    const ports = this.words[flow * WORDS + this.at.ports];
    return isHigh ? ports & 0xffff : ports >>> 16;
  }
}
