/**
 * The rate of tracks that count through the whole session: between two shares the count tells it exactly, pauses
 * included; only what lies between the shares next to an edge of the span is guessed.
 */
import { byTime, JITTER_SECONDS, type Line } from './line.ts';

/** The rate of one track over a span of time. */
interface ThroughRate {
  /** Counts per second. */
  readonly rate: number;
  /** Its standard deviation, counts per second. */
  readonly deviation: number;
  /** Shares within the span. */
  readonly shares: number;
}

/** At least this part of the rate may come and go between two shares. */
const LEAST_DRIFT = 0.03;

/**
 * What a track counted between its first and last share within a span, us; null if the span has no two shares. What it
 * did in the rest of the span, before its first share and after its last, is guessed.
 */
export function throughRate(line: Line, fromUs: number, toUs: number): ThroughRate | null {
  const steps: { from: number; to: number; rate: number }[] = [];
  let shares = 0;
  let last: { readonly seconds: number; readonly count: number; readonly timeUs: number } | null = null;
  for (const index of byTime(line.points)) {
    const point = line.points[index];
    if (point === undefined || line.usable[index] !== true) continue;
    if (point.timeUs > fromUs && point.timeUs <= toUs) shares += 1;
    // Shares of the same moment make no slope: the later of them is left out.
    if (last !== null && point.seconds - last.seconds < JITTER_SECONDS) continue;
    if (last !== null) {
      steps.push({
        from: last.timeUs,
        to: point.timeUs,
        rate: (point.count - last.count) / (point.seconds - last.seconds),
      });
    }
    last = point;
  }
  let counts = 0;
  let seconds = 0;
  let edge = 0;
  let covered = 0;
  for (const { from, to, rate } of steps) {
    const within = (Math.min(to, toUs) - Math.max(from, fromUs)) / 1e6;
    if (within <= 0) continue;
    counts += rate * within;
    seconds += within;
    covered += 1;
    const gap = (to - from) / 1e6;
    // Of a gap that lies across an edge, how the counts are divided is a guess, worst in the middle.
    edge += (within * (gap - within)) / gap;
  }
  if (!(counts > 0) || !(seconds > 0)) return null;
  const mean = counts / seconds;
  let scatter = 0;
  for (const { from, to, rate } of steps) scatter += (((to - from) / 1e6) * (rate - mean)) ** 2;
  let gaps = 0;
  for (const { from, to } of steps) gaps += ((to - from) / 1e6) ** 2;
  const drift = Math.max(LEAST_DRIFT * mean, Math.sqrt(scatter / Math.max(gaps, 1e-9)));
  const ends = 2 * JITTER_SECONDS * mean;
  const unseen = Math.max(0, (toUs - fromUs) / 1e6 - seconds);
  const edges = Math.hypot(drift * edge, ends, covered < 2 ? 0.02 * counts : 0) / seconds;
  return { rate: mean, deviation: Math.hypot(edges, (drift * unseen) / (seconds + unseen)), shares };
}
