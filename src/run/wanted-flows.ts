/**
 * Which packets belong to given conversations: both ends and the time. A packet is looked up by a number made of its
 * addresses, so that the many that are not wanted cost one look into a map. Tunnels are seen through, as in a scan;
 * pieces of a datagram are taken by their addresses, for only its first has ports.
 */

import { addressWords } from '../address.ts';
import { push } from '../order.ts';
import type { CaptureRecord, Packet } from '../packets/packet.ts';
import { FRAGMENT } from '../packets/skip-reason.ts';

/** One conversation that is wanted. Ports of 0 stand for any. Times in us since 1970, both included. */
export interface WantedFlow {
  readonly a: { readonly ip: string; readonly port: number };
  readonly b: { readonly ip: string; readonly port: number };
  readonly startUs: number;
  readonly endUs: number;
}

interface Wanted {
  readonly words: readonly [Int32Array, Int32Array];
  readonly ports: readonly [number, number];
  readonly startUs: number;
  readonly endUs: number;
}

const TCP = 6;
const UDP = 17;

/** Hands on the records that are wanted, in their order. */
export class WantedFlows {
  /** Records handed on. */
  packets = 0;
  private readonly wanted = new Map<number, Wanted[]>();

  constructor(
    flows: readonly WantedFlow[],
    private readonly take: (record: CaptureRecord, packet: Packet) => void,
  ) {
    for (const { a, b, startUs, endUs } of flows) {
      const words = [addressWords(a.ip), addressWords(b.ip)];
      const [first, second] = words;
      if (first == null || second == null) continue;
      const wanted: Wanted = { words: [first, second], ports: [a.port, b.port], startUs, endUs };
      push(this.wanted, keyOf(first[3], second[3]), wanted);
    }
  }

  /** Takes a record with what was decoded of it. */
  record(record: CaptureRecord, packet: Packet, reason: number): void {
    const isPiece = reason === FRAGMENT;
    if (!isPiece && (reason !== 0 || (packet.protocol !== TCP && packet.protocol !== UDP))) return;
    const candidates = this.wanted.get(keyOf(packet.source3, packet.destination3));
    if (candidates === undefined) return;
    for (const wanted of candidates) {
      if (record.timeUs < wanted.startUs || record.timeUs > wanted.endUs) continue;
      if (!isBetween(packet, wanted, 0, isPiece) && !isBetween(packet, wanted, 1, isPiece)) continue;
      this.packets++;
      this.take(record, packet);
      return;
    }
  }
}

/** The same for both directions; below 2^30, so that it is never a boxed number. */
function keyOf(source: number, destination: number): number {
  return (source ^ destination) & 0x3fffffff;
}

/** True if the packet goes from end `from` to the other. */
function isBetween(packet: Packet, { words, ports }: Wanted, from: 0 | 1, isPiece: boolean): boolean {
  const to = from === 0 ? 1 : 0;
  const source = words[from];
  const destination = words[to];
  return (
    packet.source3 === source[3] &&
    packet.destination3 === destination[3] &&
    packet.source2 === source[2] &&
    packet.destination2 === destination[2] &&
    packet.source1 === source[1] &&
    packet.destination1 === destination[1] &&
    packet.source0 === source[0] &&
    packet.destination0 === destination[0] &&
    (isPiece || (isPort(ports[from], packet.sourcePort) && isPort(ports[to], packet.destinationPort)))
  );
}

function isPort(wanted: number, port: number): boolean {
  return wanted === 0 || wanted === port;
}
