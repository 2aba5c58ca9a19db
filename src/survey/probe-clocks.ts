/**
 * Captures of probes that saw the same packets by clocks that differ: an hour of summer time, or a clock that nobody set.
 * They are known by packets that stand near the beginning of both, and the later one's times are moved to the clock of the
 * one that was named first. Most packets of that stretch must be in both: who plays some again makes no clock wrong.
 */
import { EachRecord } from '../packets/each-record.ts';
import type { Packet } from '../packets/packet.ts';
import { DECODED } from '../packets/skip-reason.ts';
import { pumpCapture, sniffCapture } from '../readers/pcap/reader.ts';
import type { SourceRef } from '../sources/byte-source.ts';

export interface Clock {
  /** How far it is ahead, us. */
  readonly aheadUs: number;
  /** Of which capture. */
  readonly of: string;
}

/** When TCP segments with payload were first seen, us, in the order of time. */
type Marks = ReadonlyMap<string, number>;

const BLOCK_BYTES = 64 * 1024;
const MOST_BLOCKS = 64;
const MOST_MARKS = 4096;
/** Of all captures; of more captures than leave 64 for each none are looked at. */
const MOST_OF_ALL = 1 << 18;
const LEAST_MARKS = 64;
const FEWEST = 16;
/** Of the segments of a stretch so many must be in both, and differ by about as much. */
const LEAST_PART = 0.5;
/** Delays between two probes. */
const MOST_DELAY_US = 100_000;
/** Clocks that are set differ by less. */
const LEAST_AHEAD_US = 1_000_000;

/** The captures whose clock differs from that of one before them, by their place. */
export async function clocksOf(captures: readonly SourceRef[]): Promise<ReadonlyMap<number, Clock>> {
  const most = Math.min(MOST_MARKS, Math.floor(MOST_OF_ALL / captures.length));
  const clocks = new Map<number, Clock>();
  if (captures.length < 2 || most < LEAST_MARKS) return clocks;
  const known: Marks[] = [];
  /** The first capture that has a segment. */
  const owners = new Map<string, number>();
  for (const [place, ref] of captures.entries()) {
    const marks = await marksOf(ref, most);
    const shared = new Map<number, number>();
    for (const mark of marks.keys()) {
      const owner = owners.get(mark);
      if (owner === undefined) owners.set(mark, place);
      else shared.set(owner, (shared.get(owner) ?? 0) + 1);
    }
    known.push(marks);
    const [[of] = [-1]] = [...shared].sort((a, b) => b[1] - a[1]);
    const byUs = of === -1 ? null : aheadOf(marks, known[of]);
    const aheadUs = byUs === null ? 0 : byUs + (clocks.get(of)?.aheadUs ?? 0);
    if (Math.abs(aheadUs) >= LEAST_AHEAD_US)
      clocks.set(place, { aheadUs, of: clocks.get(of)?.of ?? captures[of].path });
  }
  return clocks;
}

/** How far the times of the segments are ahead of those of the same in `other`, us; null if they are not the same. */
function aheadOf(marks: Marks, other: Marks): number | null {
  const common = [...marks].filter(([mark]) => other.has(mark));
  if (common.length < FEWEST) return null;
  const differences = common.map(([mark, timeUs]) => timeUs - (other.get(mark) ?? 0)).sort((a, b) => a - b);
  const aheadUs = differences[differences.length >> 1];
  const agreeing = common.filter(
    ([mark, timeUs]) => Math.abs(timeUs - aheadUs - (other.get(mark) ?? 0)) <= MOST_DELAY_US,
  );
  const first = agreeing[0]?.[1] ?? 0;
  const last = agreeing.at(-1)?.[1] ?? 0;
  const within = (of: Marks, byUs: number): number =>
    [...of.values()].filter((timeUs) => timeUs + byUs >= first && timeUs + byUs <= last).length;
  const most = Math.max(within(marks, 0), within(other, aheadUs));
  return agreeing.length >= FEWEST && agreeing.length >= LEAST_PART * most ? Math.round(aheadUs) : null;
}

async function marksOf(ref: SourceRef, most: number): Promise<Marks> {
  const marks = new Map<string, number>();
  const records = new EachRecord(({ timeUs }, packet, reason) => {
    if (reason !== DECODED || packet.payloadBytes === 0 || packet.protocol !== 6) return;
    const mark = markOf(packet);
    if (marks.size < most && !marks.has(mark)) marks.set(mark, timeUs);
  });
  const source = await ref.open();
  try {
    const kind = sniffCapture(await source.peek(BLOCK_BYTES));
    let blocks = 0;
    const goesOn = (): boolean => marks.size < most && ++blocks < MOST_BLOCKS;
    if (kind !== null) await pumpCapture(source, kind, records.reader, goesOn, { blockBytes: BLOCK_BYTES });
  } finally {
    await source.close();
  }
  return new Map([...marks].sort((a, b) => a[1] - b[1]));
}

function markOf(packet: Packet): string {
  const { source3, destination3, sourcePort, destinationPort } = packet;
  const { sequence, acknowledgement, payloadBytes } = packet;
  return `${source3} ${sourcePort} ${destination3} ${destinationPort} ${sequence} ${acknowledgement} ${payloadBytes}`;
}
