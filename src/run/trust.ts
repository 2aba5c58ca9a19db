/**
 * Whose tunnels and exports are believed. Anybody can send VXLAN or NetFlow to a network, with any address inside: believed
 * is what own addresses sent, and whom the operator names.
 */

import { joinThrough, THROUGH_NOBODY, type Through } from '../endpoints/through.ts';
import type { Doubt } from '../evidence/verdict.ts';
import { Networks } from '../networks.ts';
import type { FlowTable } from '../packets/flow-table.ts';
import type { OuterEnds, TunnelTable } from '../packets/tunnel-table.ts';

/**
 * Own networks if nobody names any: private use (RFC 1918, 4193), carriers' shared space (RFC 6598), link-local (RFC 3927,
 * 4291) and the host itself.
 */
const PRIVATE = [
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16', '127.0.0.0/8'],
  ...['fc00::/7', 'fe80::/10', '::1/128'],
];

interface TrustedNetworks {
  readonly local: readonly string[];
  readonly trustTunnels?: readonly string[];
  readonly trustExporters?: readonly string[];
}

export class Trust {
  private constructor(
    private readonly own: Networks,
    private readonly tunnels: Networks,
    private readonly exporters: Networks,
  ) {}

  /** Throws USAGE if a text is no network. */
  static async of({ local, trustTunnels = [], trustExporters = [] }: TrustedNetworks): Promise<Trust> {
    return new Trust(
      local.length === 0 ? Networks.own(PRIVATE) : await Networks.parse(local),
      await Networks.parse(trustTunnels),
      await Networks.parse(trustExporters),
    );
  }

  /** Through whom a flow came. */
  ofFlow(flows: FlowTable, tunnels: TunnelTable, flow: number): readonly Through[] {
    const [first, second] = [flows.through(flow, 0), flows.through(flow, 1)];
    if (first === 0 && second === 0) return THROUGH_NOBODY;
    const ways = [tunnels.ways(first), tunnels.ways(second)];
    const through = ([0, 1] as const).flatMap((direction) => {
      const other = ways[1 - direction];
      // The other side was seen without a tunnel.
      const isBare = other.length === 0 && flows.packets(flow, direction === 0 ? 1 : 0) > 0;
      return ways[direction].flatMap((layers) => this.ofLayers(layers, isBare ? null : other));
    });
    return joinThrough(THROUGH_NOBODY, through);
  }

  /** `back`: on which ways the answers came; null if they need not have come by a tunnel. */
  private ofLayers(
    layers: readonly OuterEnds[] | null,
    back: readonly (readonly OuterEnds[] | null)[] | null,
  ): Through[] {
    if (layers === null) return [{ kind: 'tunnel', source: null, destination: null, doubt: 'unknown' }];
    return layers.map(({ source, destination }, depth) => {
      const sources = back?.map((way) => way?.[depth]?.source);
      const isOneWay = sources !== undefined && (sources.length === 0 || sources.includes(source));
      return { kind: 'tunnel', source, destination, doubt: this.doubtOf(source, isOneWay) };
    });
  }

  private doubtOf(source: string, isOneWay: boolean): Doubt | null {
    if (this.tunnels.containsAddress(source)) return null;
    if (!this.own.containsAddress(source)) return 'outside';
    return isOneWay ? 'one-way' : null;
  }

  /** True if a tunnel around a packet (its number in the kernel) is of a sender outside the own networks. */
  isFromOutside(tunnels: TunnelTable, number: number): boolean {
    if (number === 0) return false;
    return tunnels.ways(number).some((way) => this.ofLayers(way, null).some(({ doubt }) => doubt !== null));
  }

  ofExporter(source: string): Through {
    const isOwn = this.own.containsAddress(source) || this.exporters.containsAddress(source);
    return { kind: 'export', source, destination: null, doubt: isOwn ? null : 'outside' };
  }
}
