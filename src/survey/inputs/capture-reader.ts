/** Reads a capture through the tap, and says what was read. */

import type { DamageRow } from '../../packets/capture-damage.ts';
import type { CaptureKind } from '../../packets/record-reader.ts';
import type { Tap } from '../../packets/tap.ts';
import { pumpCapture } from '../../readers/pcap/reader.ts';
import { type TimeSpan, TimeSpans } from '../../rows/time-spans.ts';
import type { ByteSource } from '../../sources/byte-source.ts';

/** A capture as it was read. */
interface ReadCapture {
  readonly packets: number;
  /** Capture time, us; NaN if no record had one. */
  readonly firstUs: number;
  readonly lastUs: number;
  /** Few packets far from all others, which are in neither. */
  readonly strays: readonly TimeSpan[];
  readonly damage: readonly DamageRow[];
}

/** Reads the source to its end or until `onBlock` returns false. */
export async function readRecords(
  source: ByteSource,
  kind: CaptureKind,
  { kernel }: Tap,
  onBlock: (storedBytes: number, packets: number) => Promise<boolean>,
): Promise<ReadCapture> {
  await pumpCapture(source, kind, kernel, (storedBytes) => onBlock(storedBytes, kernel.packets));
  const { packets, firstUs, lastUs } = kernel;
  const spans = new TimeSpans();
  for (const { firstUs: from, lastUs: to, records } of kernel.stretches) spans.add(from, to, records);
  const { main, strays } = spans.strays() ?? { main: { firstUs, lastUs }, strays: [] };
  return { packets, firstUs: main.firstUs, lastUs: main.lastUs, strays, damage: kernel.damage() };
}
