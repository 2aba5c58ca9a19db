/**
 * Captures of the same packets by probes whose clocks differ: by an hour of summer time, or because nobody set one. They are
 * found by packets that are near the beginning of both. The capture that was named first keeps its times; those of the other are
 * moved to its clock. Most packets of an interval must be in both, so that packets that somebody plays again make no clock wrong.
 * A capture may hold the packets of two such probes itself, or of a switch that mirrors them as they come in and as they go
 * out: each counts once then, where it comes first.
 */
import { crc32 } from 'node:zlib';
import { median } from '../../evidence/samples.ts';
import type { Packet } from '../../packets/packet.ts';
import { eachRecord } from '../../packets/packet-kernel.ts';
import { DECODED } from '../../packets/skip-reason.ts';
import { pumpCapture, sniffCapture } from '../../readers/pcap/reader.ts';
import type { SourceRef } from '../../sources/byte-source.ts';

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
/** Of all captures together. If that leaves fewer than these for each, no clocks are compared. */
const MOST_OF_ALL = 1 << 18;
const LEAST_MARKS = 64;
/** Segments that two captures must share. */
const FEWEST = 16;
/** If packets of so many pairs of hosts agree, they are no replay, though one of the captures has others as well. */
const FEWEST_PAIRS = 3;
/** Part of the segments of an interval that must be in both, with one difference of their times. */
const LEAST_PART = 0.5;
/** Differences of the times of one packet are alike if they vary by no more: delays between two probes. */
const MOST_DELAY_US = 100_000;
/** A smaller difference is no wrong clock. */
const LEAST_AHEAD_US = 1_000_000;

/** Part of the connections of a capture of which it must hold one direction alone. */
const MOSTLY = 0.5;

interface Clocks {
  /** The captures whose clock differs from that of one before them, by their place. */
  readonly clocks: ReadonlyMap<number, Clock>;
  /** Those that hold their packets twice, and the time between the two, us. */
  readonly twice: ReadonlyMap<number, number>;
  readonly beside: ReadonlyMap<number, Beside>;
}

/**
 * Why a capture is read beside others: it holds one direction of most connections, as a tap gives them, while others have the other
 * one; or it shares packets with such a capture, or is one of which another has packets.
 */
export type Beside = 'half' | 'shared';

export async function clocksOf(captures: readonly SourceRef[], signal: AbortSignal): Promise<Clocks> {
  const mostMarks = Math.min(MOST_MARKS, Math.floor(MOST_OF_ALL / captures.length));
  const clocks = new Map<number, Clock>();
  const twice = new Map<number, number>();
  if (mostMarks < LEAST_MARKS) return { clocks, twice, beside: new Map() };
  const known: Marks[] = [];
  /** The first capture that has a segment. */
  const owners = new Map<string, number>();
  /** Captures that share enough segments. */
  const alike: (readonly [number, number])[] = [];
  for (const [place, ref] of captures.entries()) {
    if (signal.aborted) break;
    const { marks, again } = await marksOf(ref, mostMarks);
    const apartUs = apartBy(marks, again);
    if (apartUs !== null) twice.set(place, apartUs);
    const shared = new Map<number, number>();
    for (const mark of marks.keys()) {
      const owner = owners.get(mark);
      if (owner === undefined) owners.set(mark, place);
      else shared.set(owner, (shared.get(owner) ?? 0) + 1);
    }
    known.push(marks);
    for (const [owner, segments] of shared) if (segments >= FEWEST) alike.push([owner, place]);
    const [most] = [...shared].sort((a, b) => b[1] - a[1]);
    if (most === undefined) continue;
    const [other] = most;
    const byUs = aheadOf(marks, known[other]);
    if (byUs === null) continue;
    const ofOther = clocks.get(other);
    const aheadUs = byUs + (ofOther?.aheadUs ?? 0);
    if (Math.abs(aheadUs) >= LEAST_AHEAD_US)
      clocks.set(place, { aheadUs, of: ofOther?.of ?? captures[other].path });
  }
  const halves = halvesOf(known.map((marks) => new Set([...marks.keys()].map(directionOf))));
  return { clocks, twice, beside: besideOf(halves, alike) };
}

/** The halves and, if they are alike, others with them. */
function besideOf(
  halves: readonly number[],
  alike: readonly (readonly [number, number])[],
): ReadonlyMap<number, Beside> {
  const beside = new Map<number, Beside>(halves.map((place) => [place, 'half']));
  for (let before = -1; before !== beside.size; ) {
    before = beside.size;
    for (const pair of alike)
      if (pair.some((place) => beside.has(place))) for (const place of pair) beside.set(place, 'shared');
  }
  return beside;
}

/** The captures whose directions of connections, one each, others have the other way round: as a tap gives them. */
function halvesOf(captures: readonly ReadonlySet<string>[]): number[] {
  const all = new Set(captures.flatMap((directions) => [...directions]));
  const isHalf = captures.map((directions) => {
    const answered = [...directions].filter(
      (direction) => !directions.has(reversed(direction)) && all.has(reversed(direction)),
    );
    return answered.length > MOSTLY * directions.size;
  });
  // Between them a file may hold nothing but acknowledgements.
  return captures.flatMap(({ size }, place) =>
    isHalf[place] || (size === 0 && isHalf.includes(true)) ? [place] : [],
  );
}

/** Who sends to whom, of a mark. */
function directionOf(mark: string): string {
  return mark.split(' ').slice(0, 4).join(' ');
}

function reversed(direction: string): string {
  const [source, sourcePort, destination, destinationPort] = direction.split(' ');
  return [destination, destinationPort, source, sourcePort].join(' ');
}

/** How long after its segments a capture has the same ones again, us; null if most are there once. */
function apartBy(marks: Marks, again: readonly number[]): number | null {
  const apartUs = median(again);
  const agreeing = again.filter((us) => Math.abs(us - apartUs) <= MOST_DELAY_US).length;
  // Those of the end had no time to come again.
  const lastUs = Math.max(...marks.values());
  const due = [...marks.values()].filter((timeUs) => timeUs + apartUs <= lastUs).length;
  return agreeing >= FEWEST && agreeing >= LEAST_PART * due ? apartUs : null;
}

/** The two hosts of a mark. */
function pairOf(mark: string): string {
  const [source, , destination] = mark.split(' ');
  return [source, destination].sort().join(' ');
}

/** How far the times of the segments are ahead of those of the same in `other`, us; null if they are not the same. */
function aheadOf(marks: Marks, other: Marks): number | null {
  const common: { readonly mark: string; readonly timeUs: number; readonly byUs: number }[] = [];
  for (const [mark, timeUs] of marks) {
    const otherUs = other.get(mark);
    if (otherUs !== undefined) common.push({ mark, timeUs, byUs: timeUs - otherUs });
  }
  if (common.length < FEWEST) return null;
  const aheadUs = median(common.map(({ byUs }) => byUs));
  const agreeing = common.filter(({ byUs }) => Math.abs(byUs - aheadUs) <= MOST_DELAY_US);
  const first = agreeing[0]?.timeUs ?? 0;
  const last = agreeing.at(-1)?.timeUs ?? 0;
  const within = (of: Marks, than: Marks, byUs: number): number => {
    const directions = new Set([...than.keys()].map(directionOf));
    // Who has one direction of a connection alone cannot share the other one.
    const isShareable = (direction: string): boolean =>
      directions.has(direction) || !directions.has(reversed(direction));
    return [...of].filter(
      ([mark, timeUs]) => timeUs + byUs >= first && timeUs + byUs <= last && isShareable(directionOf(mark)),
    ).length;
  };
  const pairs = new Set(agreeing.map(({ mark }) => pairOf(mark)));
  // One probe may see a part of what the other one sees; who plays packets again has those of few hosts.
  const least = pairs.size >= FEWEST_PAIRS ? Math.min : Math.max;
  const most = least(within(marks, other, 0), within(other, marks, aheadUs));
  return agreeing.length >= FEWEST && agreeing.length >= LEAST_PART * most ? Math.round(aheadUs) : null;
}

/** `again`: how much later segments came that were there before, us. */
async function marksOf(ref: SourceRef, most: number): Promise<{ marks: Marks; again: readonly number[] }> {
  const marks = new Map<string, number>();
  const again: number[] = [];
  /** Of the payloads: other bytes with the same numbers are no copy. */
  const sums = new Map<string, number>();
  const records = eachRecord(({ timeUs, memory }, packet, reason) => {
    if (reason !== DECODED || packet.payloadBytes === 0 || packet.protocol !== 6) return;
    const mark = markOf(packet);
    const sum = crc32(memory.u8.subarray(packet.payloadStart, packet.payloadEnd));
    const before = marks.get(mark);
    if (before !== undefined) {
      if (sums.get(mark) === sum) again.push(timeUs - before);
    } else if (marks.size < most) {
      marks.set(mark, timeUs);
      sums.set(mark, sum);
    }
  });
  const source = await ref.open();
  try {
    const kind = sniffCapture(await source.peek(BLOCK_BYTES));
    let blocks = 0;
    const goesOn = (): boolean => marks.size < most && ++blocks < MOST_BLOCKS;
    if (kind !== null) await pumpCapture(source, kind, records, goesOn, BLOCK_BYTES);
  } finally {
    await source.close();
  }
  return { marks: new Map([...marks].sort((a, b) => a[1] - b[1])), again };
}

function markOf(packet: Packet): string {
  const { source3, destination3, sourcePort, destinationPort } = packet;
  const { sequence, acknowledgement, payloadBytes } = packet;
  return `${source3} ${sourcePort} ${destination3} ${destinationPort} ${sequence} ${acknowledgement} ${payloadBytes}`;
}
