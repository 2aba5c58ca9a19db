/** A stream of bytes to capture records: sniff the format, and read block by block straight to where they are parsed. */

import type { CaptureKind, PacketKernel } from '../../packets/packet-kernel.ts';
import type { ByteSource, Piece } from '../../sources/byte-source.ts';

/** The capture format that the first bytes show (12 are enough), or null. */
export function sniffCapture(head: Uint8Array): CaptureKind | null {
  if (head.length < 4) return null;
  const magic = new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(0);
  switch (magic) {
    case 0xa1b2c3d4: // microseconds, big endian
    case 0xd4c3b2a1:
    case 0xa1b23c4d: // nanoseconds
    case 0x4d3cb2a1:
    case 0xa1b2cd34: // record headers of 24 bytes (Kuznetzov's libpcap of 1999)
    case 0x34cdb2a1:
      return 'pcap';
    case 0x0a0d0d0a: // the same in both orders, and a sign of text conversion where it is broken
      return 'pcapng';
    default:
      return null;
  }
}

/** The source of the bytes: a ByteSource, or anything like it. */
export type PumpSource = Pick<ByteSource, 'fill' | 'storedBytes'>;

/**
 * Pumps the source through the reader until it ends. `onBlock` is called after each block with the stored bytes
 * so far; if it returns false, the pump stops early. `blockBytes` are asked for at most at a time, as far as a record needs no
 * more. Returns whether the end was reached.
 */
export async function pumpCapture(
  source: PumpSource,
  kind: CaptureKind,
  reader: PacketKernel,
  onBlock?: (storedBytes: number) => unknown,
  blockBytes = Number.POSITIVE_INFINITY,
): Promise<boolean> {
  reader.beginInput(kind);
  return (await goOn(source, reader, 0, onBlock, blockBytes)) === null;
}

/**
 * Goes on with `held` bytes that are left in the reader: until the source ends, `onBlock` returns false or the reader pauses
 * (`control.pauseUs`). Returns how many bytes are left; null at the end. `piece`: the bytes are a part of a file that may grow.
 */
export async function goOn(
  source: PumpSource,
  reader: PacketKernel,
  held: number,
  onBlock?: (storedBytes: number) => unknown,
  blockBytes = Number.POSITIVE_INFINITY,
  piece: Piece | null = null,
): Promise<number | null> {
  if (held > 0) held = reader.consume(held);
  while (!reader.input.isPaused) {
    let filled = 0;
    // A record larger than a block: gather all of it first, so that its bytes are copied once.
    do {
      const room = reader.room(held + filled, reader.input.needed - filled);
      const most = Math.max(blockBytes, reader.input.needed - filled);
      const count = await source.fill(room.length > most ? room.subarray(0, most) : room, true);
      if (count === 0) break;
      filled += count;
    } while (filled < reader.input.needed);
    if (filled === 0) break;
    held = reader.consume(held + filled);
    if ((await onBlock?.(source.storedBytes)) === false) return held;
  }
  if (reader.input.isPaused) return held;
  if (piece?.isGrowing === true) {
    held = reader.consumeGrowing(held);
    if (reader.input.isPaused) return held;
    piece.rest = held;
    held = 0;
  } else if (piece !== null) piece.rest = 0;
  held = reader.finish(held);
  return reader.input.isPaused ? held : null;
}
