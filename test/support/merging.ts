/** Captures cut into parts, each scanned alone, and the audits of the parts merged as a later run would merge them. */
import type { Audit } from '../../src/audit/audit.ts';
import { type MergeOptions, merge } from '../../src/merge/merge.ts';
import type { MergePart } from '../../src/merge/parts.ts';
import type { CapturedPacket } from './capture-reader.ts';
import { comparable, differences, scanInputs, type Tolerance } from './scanning.ts';
import { writeCapture } from './split.ts';

type Packets = readonly CapturedPacket[];

/** The audit as a merge reads it: through text. */
export function partOf(audit: Audit, where: string): MergePart {
  const text = JSON.stringify(audit);
  return { where, read: async () => JSON.parse(text) };
}

export function mergeAll(parts: readonly MergePart[], options: Partial<MergeOptions> = {}): Promise<Audit> {
  return merge(parts, { poolFiles: [], local: [], ...options });
}

let serial = 0;

/** The files of a capture that is cut before the packets of these numbers. */
export function writeParts(folder: string, packets: Packets, cuts: readonly number[]): string[] {
  const edges = [0, ...cuts, packets.length];
  return edges
    .slice(0, -1)
    .map((from, i) => writeCapture(folder, `part-${serial++}`, packets.slice(from, edges[i + 1])));
}

/** The parts of a capture, each scanned alone. */
export async function scanParts(
  folder: string,
  packets: Packets,
  cuts: readonly number[],
  options: Parameters<typeof scanInputs>[1] = {},
): Promise<MergePart[]> {
  const parts: MergePart[] = [];
  for (const file of writeParts(folder, packets, cuts))
    parts.push(partOf(await scanInputs([file], options), file));
  return parts;
}

/** Places to cut at, all over the capture. */
export function cutsOf(packets: Packets, count: number): number[] {
  const step = Math.max(1, Math.floor(packets.length / count));
  const cuts: number[] = [];
  for (let at = 1; at < packets.length; at += step) cuts.push(at);
  return cuts;
}

/** Sums that were added in another order differ in their last digits. */
export const SUMS: Tolerance = { timeMs: 0, relative: 1e-12 };

/** Where the merged audit departs from that of the whole. A connection that goes on over a seam counts in each part. */
export function departures(whole: Audit, merged: Audit, tolerance = SUMS): string[] {
  return differences(comparable(whole), comparable(merged), tolerance).filter(
    (line) => !/^\/coverage\/judged\/.*conversations/.test(line),
  );
}
