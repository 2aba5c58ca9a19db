/** Captures in parts, scanned one at a time with a state. */
import type { Audit } from '../../src/audit/audit.ts';
import type { ScanOptions, StateUse } from '../../src/scan.ts';
import type { CapturedPacket } from './capture-reader.ts';
import { scanInputs } from './scanning.ts';
import { writeCapture } from './split.ts';

export function stateAt(file: string): StateUse {
  return { file, checkpoint: null };
}

/** The packets as so many files of like length, in order. */
export function cutInto(
  folder: string,
  name: string,
  packets: readonly CapturedPacket[],
  count: number,
): string[] {
  const edges = Array.from({ length: count + 1 }, (_, i) => Math.floor((i * packets.length) / count));
  return edges
    .slice(0, -1)
    .map((from, i) => writeCapture(folder, `${name}-${i}`, packets.slice(from, edges[i + 1])));
}

/** The audit of the last of several runs, each of one file, each going on from the one before. */
export async function scanInTurn(
  state: string,
  files: readonly string[],
  options: Partial<ScanOptions> = {},
): Promise<Audit> {
  const audits: Audit[] = [];
  for (const file of files) audits.push(await scanInputs([file], { ...options, state: stateAt(state) }));
  const last = audits.at(-1);
  if (last === undefined) throw new Error('no file');
  return last;
}
