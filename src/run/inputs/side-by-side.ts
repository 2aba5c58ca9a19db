/**
 * Captures that each hold one direction of the same connections, as a tap gives them, and others of the same packets: read side by
 * side, in the order of their packets' times, so that each answer comes behind its question.
 */
import type { AuditInput } from '../../audit/audit.ts';
import { totalOf } from '../../order.ts';
import type { PacketEngine } from '../../packets/packet-engine.ts';
import { PCAP_HEAD_BYTES } from '../../readers/pcap/head.ts';
import { sniffCapture } from '../../readers/pcap/reader.ts';
import type { ByteSource } from '../../sources/byte-source.ts';
import { CaptureReading, type PlacedRef, type ReadOptions } from './inputs.ts';

/** A packet is read at most so much before an earlier one of another capture that is read beside it, us. */
const SLICE_US = 20;
/** Captures that are open at once; of more, the first one is read to its end before. */
const MOST_OPEN = 16;

/** Reads them all. The rows are in the order of `refs`. */
export async function readSideBySide(
  refs: readonly PlacedRef[],
  firstOrdinal: number,
  engine: PacketEngine,
  options: ReadOptions,
): Promise<AuditInput[]> {
  const rows: AuditInput[] = [];
  const stored = new Map<number, number>();
  const waiting = refs.map((ref, place) => ({ ref, place, nextUs: ref.captureUs ?? 0 }));
  const open = new Map<number, { readonly source: ByteSource; readonly reading: CaptureReading }>();
  try {
    while (waiting.length > 0) {
      waiting.sort((a, b) => a.nextUs - b.nextUs);
      const at = open.size < MOST_OPEN ? 0 : waiting.findIndex(({ place }) => open.has(place));
      const [next] = waiting.splice(at, 1);
      const { ref, place } = next;
      const onBlock = (bytes: number): void => {
        stored.set(place, bytes);
        options.onBlock(totalOf([...stored.values()], (each) => each));
      };
      const own = { ...options, onBlock };
      const { reading, source } = open.get(place) ?? (await opened(ref, firstOrdinal + place, engine, own));
      open.set(place, { reading, source });
      const isCrowded = open.size >= MOST_OPEN;
      const othersUs = waiting[0]?.nextUs ?? Number.POSITIVE_INFINITY;
      const pausedUs = await reading.goOn(isCrowded ? Number.POSITIVE_INFINITY : othersUs + SLICE_US);
      if (pausedUs !== null) {
        waiting.push({ ...next, nextUs: pausedUs });
        continue;
      }
      rows[place] = reading.row();
      open.delete(place);
      await source.close();
      if (options.signal.aborted) break;
    }
    // Those that are not open come last.
    for (const [place, { reading }] of open) rows[place] = reading.row();
  } finally {
    for (const { source } of open.values()) await source.close();
  }
  return rows;
}

async function opened(ref: PlacedRef, ordinal: number, engine: PacketEngine, options: ReadOptions) {
  const source = await ref.open({ hash: options.hash });
  const kind = sniffCapture(await source.peek(PCAP_HEAD_BYTES)) ?? 'pcap';
  return { source, reading: new CaptureReading(ref, source, kind, ordinal, engine, options) };
}
