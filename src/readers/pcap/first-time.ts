/**
 * The time of a capture's first record, from its head alone: it puts rotated files in order before they are read.
 */
import { eachRecord, type PacketKernel } from '../../packets/packet-kernel.ts';
import { replayed } from '../flow-reading.ts';
import { type PumpSource, pumpCapture, sniffCapture } from './reader.ts';

const BLOCK_BYTES = 64 * 1024;
/** Blocks looked at: room for long lists of names and secrets before the first packet of a pcapng file. */
const MAX_BLOCKS = 16;

/** One for all files: it finds the first time above 0, as packets without a time of their own come as 0. */
let records: PacketKernel | null = null;
let foundUs: number | null = null;

/** Microseconds since 1970, or null if the source is not a capture or its head holds no dated record. */
export async function firstTimeUs(source: PumpSource): Promise<number | null> {
  const head = new Uint8Array(BLOCK_BYTES);
  let filled = 0;
  while (filled < head.length) {
    const more = await source.fill(head.subarray(filled));
    if (more === 0) break;
    filled += more;
  }
  const kind = sniffCapture(head.subarray(0, filled));
  if (kind === null) return null;

  records ??= eachRecord(({ timeUs }) => {
    if (foundUs === null && timeUs > 0) foundUs = timeUs;
  });
  foundUs = null;
  let blocks = 0;
  const whole = { ...replayed(head.subarray(0, filled), source), storedBytes: 0 };
  const isWanted = (): boolean => foundUs === null && ++blocks < MAX_BLOCKS;
  await pumpCapture(whole, kind, records, isWanted, BLOCK_BYTES);
  return foundUs;
}
