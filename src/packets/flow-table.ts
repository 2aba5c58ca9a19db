/** The kernel's flows, read by number. */
import {
  HAS_ANSWERED,
  HAS_ASKED,
  HAS_NAME,
  HAS_TEXT,
  SYN_ACK_SEEN,
  SYN_SEEN,
} from '../kernel/packets/flow-state.ts';
import { AT, FLOW, NAME_BYTES } from '../schema/packets-memory.ts';
import type { View } from '../schema/view.ts';
import type { PacketKernel } from './packet-kernel.ts';

export * from '../kernel/packets/flow-state.ts';

/** The tunnel of what the kernel had no room to tell apart (kernel/packets/layers/through.ts). */
export const UNKNOWN_TUNNEL = 0xffff;

export class FlowTable {
  constructor(private readonly kernel: PacketKernel) {}

  /** What is known of a flow: the next that is asked for overwrites it. */
  row(flow: number): View<keyof typeof FLOW.at> {
    const { flow: row } = this.kernel.rows;
    row.at = AT.flows + flow * FLOW.bytes;
    return row;
  }

  /** Sets bits of flow-state.ts. */
  mark(flow: number, bits: number): void {
    this.row(flow).seen |= bits;
  }

  /** Packets with payload. */
  pushes(flow: number, direction: 0 | 1): number {
    const { pushes0, pushes1 } = this.row(flow);
    return direction === 0 ? pushes0 : pushes1;
  }

  bytes(flow: number, direction: 0 | 1): number {
    const { bytes0, bytes1 } = this.row(flow);
    return direction === 0 ? bytes0 : bytes1;
  }

  packets(flow: number, direction: 0 | 1): number {
    const { packets0, packets1 } = this.row(flow);
    return direction === 0 ? packets0 : packets1;
  }

  /** Hardware address of who sends on the direction, lower case, with colons; null if frames do not tell, or may be a router's. */
  hardware(flow: number, direction: 0 | 1): string | null {
    const { hardware0, hardware1 } = this.row(flow);
    // What sends for both ends is neither of them.
    return hardware0 === hardware1 ? null : machineAddress(direction === 0 ? hardware0 : hardware1);
  }

  /** True if the SYN was seen of the flow's opener, direction 0, or its answer of direction 1. */
  sawStart(flow: number, direction: 0 | 1): boolean {
    return (this.row(flow).seen & (direction === 0 ? SYN_SEEN : SYN_ACK_SEEN)) !== 0;
  }

  /** The name that the client gave its server in clear, or the end of it; '' if it gave none. */
  name(flow: number): string {
    const { memory, seen } = this.row(flow);
    if ((seen & HAS_NAME) === 0) return '';
    const at = AT.flowNames + flow * NAME_BYTES;
    const { u8 } = memory;
    return Buffer.from(u8.subarray(at, at + u8[at + NAME_BYTES - 1])).toString('latin1');
  }

  /** True if packets of the flow came through a tunnel. */
  isTunnelled(flow: number): boolean {
    return this.through(flow, 0) + this.through(flow, 1) > 0;
  }

  /** True if what is said in it may be a text of others, which a mail, a file, a store or a body carries. */
  isEnclosed(flow: number): boolean {
    const said = this.kernel.bytes[AT.services + flow];
    const isService = HAS_ASKED | HAS_ANSWERED;
    return (said & isService) === isService || (said & HAS_TEXT) !== 0;
  }

  /** The tunnel that the packets of a direction came through (tunnel-table.ts); 0 if they came through none. */
  through(flow: number, direction: 0 | 1): number {
    const { flipped, memory } = this.row(flow);
    return memory.u16[AT.through / 2 + flow * 2 + (flipped ^ direction)];
  }

  /** Address words of the end that sends on `direction`, written to `target[0..3]`; returns its port. */
  endpoint(flow: number, direction: 0 | 1, target: Int32Array): number {
    const { flipped, ports, at, memory } = this.row(flow);
    const isHigh = (flipped ^ direction) === 1;
    const from = (at + (isHigh ? FLOW.at.high0 : FLOW.at.low0)) / 4;
    for (let word = 0; word < 4; word++) target[word] = memory.i32[from + word];
    return isHigh ? ports & 0xffff : ports >>> 16;
  }
}

/** Addresses that routers share: VRRP (RFC 9568, section 7.3), and Cisco's HSRP and GLBP. */
const SHARED = /^00:00:(?:5e:00:0[12]|0c:07:ac|0c:9f:f)|^00:07:b4/;

function machineAddress(bits: number): string | null {
  if (bits === 0) return null;
  const digits = bits.toString(16).padStart(12, '0');
  const text = digits.match(/../g)?.join(':') ?? '';
  return SHARED.test(text) ? null : text;
}
