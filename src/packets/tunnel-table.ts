/** The kernel's tunnels, read by number: the outer ends of what came through them. */
import { addressText } from '../address.ts';
import { TUNNEL_BYTES, TUNNELS_AT } from '../kernel/packets/memory.ts';
import { UNKNOWN_TUNNEL } from './flow-table.ts';

/** The ends of the packets around a packet. */
export interface OuterEnds {
  readonly source: string;
  readonly destination: string;
}

interface Memory {
  readonly view: DataView;
  offset(field: string): number;
}

export class TunnelTable {
  private readonly memory: Memory;

  constructor(memory: Memory) {
    this.memory = memory;
  }

  /**
   * The ways on which packets came of whom the kernel knows this number (0: none), each from the outermost tunnel on; null
   * stands for one that the kernel had no room for.
   */
  ways(number: number): readonly (readonly OuterEnds[] | null)[] {
    const ways: (readonly OuterEnds[] | null)[] = [];
    for (let at = number; at !== 0; at = this.word(at, 'beside')) {
      if (at === UNKNOWN_TUNNEL) return [...ways, null];
      ways.push(this.layers(at));
    }
    return ways;
  }

  private layers(number: number): OuterEnds[] {
    const layers: OuterEnds[] = [];
    for (let at = number; at !== 0; at = this.word(at, 'around'))
      layers.unshift({ source: this.address(at, 'source'), destination: this.address(at, 'destination') });
    return layers;
  }

  private address(number: number, field: string): string {
    return addressText([0, 1, 2, 3].map((word) => this.word(number, field, word) | 0));
  }

  private word(number: number, field: string, word = 0): number {
    const { memory } = this;
    const at = TUNNELS_AT + (number - 1) * TUNNEL_BYTES + memory.offset(`tunnel_${field}`);
    return memory.view.getUint32(at + word * 4, true);
  }
}
