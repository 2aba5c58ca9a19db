/**
 * A second reader of captures, so that tests can take packets out of a file without asking the code under test:
 * pcap in both byte orders and resolutions (draft-ietf-opsawg-pcap), pcapng with enhanced and simple blocks
 * (draft-ietf-opsawg-pcapng), gzip around either. Whole files in memory; broken files throw.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** One captured packet, on its own: nothing in it is overwritten. */
export interface CapturedPacket {
  readonly timeUs: number;
  /** LINKTYPE_ value. */
  readonly linkType: number;
  readonly bytes: Uint8Array;
  /** Bytes on the wire, at least those that were captured. */
  readonly wireBytes: number;
}

/** Every packet of a pcap or pcapng file, in its order. */
export function readCapture(file: string): CapturedPacket[] {
  return packetsOf(readFileSync(file));
}

/** Every packet of the bytes of such a file. */
export function packetsOf(stored: Uint8Array): CapturedPacket[] {
  const content = stored[0] === 0x1f && stored[1] === 0x8b ? gunzipSync(stored) : stored;
  const bytes = new Uint8Array(content);
  const view = new DataView(bytes.buffer);
  return view.getUint32(0) === 0x0a0d0d0a ? readPcapng(bytes, view) : readPcap(bytes, view);
}

function readPcap(bytes: Uint8Array, view: DataView): CapturedPacket[] {
  const big = view.getUint32(0);
  const little = view.getUint32(0, true);
  const isLittle = little === 0xa1b2c3d4 || little === 0xa1b23c4d;
  if (!isLittle && big !== 0xa1b2c3d4 && big !== 0xa1b23c4d) throw new Error('not a pcap file');
  const perUs = (isLittle ? little : big) === 0xa1b23c4d ? 1000 : 1;
  const linkType = view.getUint32(20, isLittle) & 0xffff;
  const packets: CapturedPacket[] = [];
  for (let at = 24; at + 16 <= bytes.length; ) {
    const captured = view.getUint32(at + 8, isLittle);
    packets.push({
      timeUs: view.getUint32(at, isLittle) * 1e6 + view.getUint32(at + 4, isLittle) / perUs,
      linkType,
      bytes: bytes.slice(at + 16, at + 16 + captured),
      wireBytes: view.getUint32(at + 12, isLittle),
    });
    at += 16 + captured;
  }
  return packets;
}

interface Interface {
  readonly linkType: number;
  readonly ticksPerSecond: number;
}

function readPcapng(bytes: Uint8Array, view: DataView): CapturedPacket[] {
  const packets: CapturedPacket[] = [];
  let isLittle = true;
  let interfaces: Interface[] = [];
  for (let at = 0; at + 12 <= bytes.length; ) {
    if (view.getUint32(at) === 0x0a0d0d0a) {
      isLittle = view.getUint32(at + 8, true) === 0x1a2b3c4d;
      interfaces = [];
    }
    const type = view.getUint32(at, isLittle);
    const length = view.getUint32(at + 4, isLittle);
    if (type === 1) interfaces.push(readInterface(view, at, length, isLittle));
    if (type === 6) {
      const card = interfaces[view.getUint32(at + 8, isLittle)];
      const captured = view.getUint32(at + 20, isLittle);
      if (card === undefined) throw new Error('packet of an unknown interface');
      const ticks = view.getUint32(at + 12, isLittle) * 2 ** 32 + view.getUint32(at + 16, isLittle);
      packets.push({
        timeUs: ticks / (card.ticksPerSecond / 1e6),
        linkType: card.linkType,
        bytes: bytes.slice(at + 28, at + 28 + captured),
        wireBytes: view.getUint32(at + 24, isLittle),
      });
    }
    at += length;
  }
  return packets;
}

/** Option 9 (if_tsresol): a power of ten, or of two where the top bit is set; microseconds by default. */
function readInterface(view: DataView, at: number, length: number, isLittle: boolean): Interface {
  let ticksPerSecond = 1e6;
  for (let option = at + 16; option + 4 <= at + length - 4; ) {
    const code = view.getUint16(option, isLittle);
    const size = view.getUint16(option + 2, isLittle);
    if (code === 0) break;
    if (code === 9) {
      const exponent = view.getUint8(option + 4);
      ticksPerSecond = exponent & 0x80 ? 2 ** (exponent & 0x7f) : 10 ** exponent;
    }
    option += 4 + ((size + 3) & ~3);
  }
  return { linkType: view.getUint16(at + 8, isLittle), ticksPerSecond };
}
