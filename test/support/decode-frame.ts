/**
 * One frame through the packet decoder, and what came of it as a plain value to compare.
 */
import { FrameDecoder } from '../../src/packets/frame-decoder.ts';
import { type Packet, TCP } from '../../src/packets/packet.ts';
import { DECODED, SKIP_REASONS } from '../../src/packets/skip-reason.ts';

export type SkipReason = (typeof SKIP_REASONS)[number];

export const LINKTYPE = {
  null: 0,
  ethernet: 1,
  ppp: 9,
  pppHdlc: 50,
  pppoe: 51,
  raw: 101,
  ciscoHdlc: 104,
  wifi: 105,
  loop: 108,
  sll: 113,
  radiotap: 127,
  ipv4: 228,
  ipv6: 229,
  nflog: 239,
  sll2: 276,
} as const;

export interface Decoded {
  readonly source: string;
  readonly destination: string;
  readonly transport: 'tcp' | 'udp';
  /** Flags, sequence and acknowledgement; all 0 for UDP. */
  readonly tcp: readonly [flags: number, sequence: number, acknowledgement: number];
  readonly ipBytes: number;
  /** Captured payload as Latin-1 text, and its length on the wire. */
  readonly payload: string;
  readonly payloadBytes: number;
  readonly tunnels: number;
}

export interface FrameOptions {
  readonly linkType?: number;
  /** Captured length; by default the frame's. */
  readonly captured?: number;
  readonly wireBytes?: number;
  readonly timeUs?: number;
  /** One that has decoded others before, as in a capture. */
  readonly decoder?: FrameDecoder;
}

/** Of frames that have nothing to do with each other. */
const SHARED = new FrameDecoder();

/** What the decoder makes of a frame: the packet, or the reason why there is none. */
export function decodeFrame(frame: Uint8Array, options: FrameOptions = {}): Decoded | SkipReason {
  const decoder = options.decoder ?? SHARED;
  const outcome = decoder.decode({
    bytes: frame,
    at: 0,
    captured: options.captured ?? frame.length,
    wireBytes: options.wireBytes ?? frame.length,
    linkType: options.linkType ?? LINKTYPE.ethernet,
    timeUs: options.timeUs ?? 1_700_000_000_000_000,
  });
  return outcome === DECODED ? decodedOf(decoder.packet) : (SKIP_REASONS[outcome] ?? fail(outcome));
}

export function decodedOf(packet: Packet): Decoded {
  const p = packet;
  return {
    source: endpoint([p.source0, p.source1, p.source2, p.source3], p.sourcePort),
    destination: endpoint(
      [p.destination0, p.destination1, p.destination2, p.destination3],
      p.destinationPort,
    ),
    transport: p.protocol === TCP ? 'tcp' : 'udp',
    tcp: [p.flags, p.sequence, p.acknowledgement],
    ipBytes: p.ipBytes,
    payload: String.fromCharCode(...p.memory.u8.subarray(p.payloadStart, p.payloadEnd)),
    payloadBytes: p.payloadBytes,
    tunnels: p.tunnels,
  };
}

/** '192.0.2.1 port 3333', or an IPv6 address in eight words without leading zeros. */
function endpoint(words: readonly number[], port: number): string {
  const [first, second, third, fourth = 0] = words;
  if (first === 0 && second === 0 && third === 0xffff) {
    return `${[24, 16, 8, 0].map((shift) => (fourth >>> shift) & 0xff).join('.')} port ${port}`;
  }
  const halves = words.flatMap((word) => [word >>> 16, word & 0xffff]);
  return `${halves.map((half) => half.toString(16)).join(':')} port ${port}`;
}

function fail(outcome: number): never {
  throw new Error(`no such skip reason: ${outcome}`);
}
