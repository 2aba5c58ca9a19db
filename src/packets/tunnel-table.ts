/** The kernel's tunnels, read by number: the outer ends of what came through them. */
import { addressText } from '../address.ts';
import { AT, TUNNEL } from '../schema/packets-memory.ts';
import type { View } from '../schema/view.ts';
import { UNKNOWN_TUNNEL } from './flow-table.ts';
import type { PacketKernel } from './packet-kernel.ts';

/** The ends of the packets around a packet. */
export interface OuterEnds {
  readonly source: string;
  readonly destination: string;
}

export class TunnelTable {
  constructor(private readonly kernel: PacketKernel) {}

  /**
   * The ways on which packets came of whom the kernel knows this number (0: none), each from the outermost tunnel on; null
   * stands for one that the kernel had no room for.
   */
  ways(number: number): readonly (readonly OuterEnds[] | null)[] {
    const ways: (readonly OuterEnds[] | null)[] = [];
    for (let at = number; at !== 0; at = this.row(at).beside) {
      if (at === UNKNOWN_TUNNEL) return [...ways, null];
      ways.push(this.layers(at));
    }
    return ways;
  }

  private layers(number: number): OuterEnds[] {
    const layers: OuterEnds[] = [];
    for (let at = number; at !== 0; at = this.row(at).around) {
      const { memory, at: packetRef } = this.row(at);
      const address = (from: number) => addressText(memory.i32.subarray(from / 4, from / 4 + 4));
      const { source0, destination0 } = TUNNEL.at;
      layers.unshift({
        source: address(packetRef + source0),
        destination: address(packetRef + destination0),
      });
    }
    return layers;
  }

  private row(number: number): View<keyof typeof TUNNEL.at> {
    const { tunnel } = this.kernel.rows;
    tunnel.at = AT.tunnels + (number - 1) * TUNNEL.bytes;
    return tunnel;
  }
}
