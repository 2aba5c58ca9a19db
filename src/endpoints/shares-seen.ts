/**
 * Shares that were counted in connections of a client and a server that nobody can read, over time: in windows of a minute,
 * which are doubled until at most 1,440 remain, as those of readable sessions are.
 */
import type { SealedCount } from '../evidence/sealed-frames.ts';

export interface SharesSeen extends SealedCount {
  /** When the first and the last was sent, us since 1970; null if none was. */
  readonly firstUs: number | null;
  readonly lastUs: number | null;
  /** Connections over the time that they were watched, in the order of time. */
  readonly connections: readonly Span[];
  /** Length of a window, s, and windows with shares: the number of the window since 1970, and shares. */
  readonly seconds: number;
  readonly windows: readonly (readonly [window: number, shares: number])[];
}

interface Span {
  readonly startUs: number;
  readonly endUs: number;
}

const FIRST_SECONDS = 60;
const MOST_WINDOWS = 1440;
/** Further connections are one with the last. */
const MOST_CONNECTIONS = 256;
/** A miner is silent if no share comes for so long: ten minutes, or a time in which it sends a dozen otherwise. */
const LEAST_SILENCE_SECONDS = 600;
const SILENT_SHARES = 12;

/** Counts shares by windows. */
export class ShareWindows {
  seconds = FIRST_SECONDS;
  shares = new Map<number, number>();

  add(timeUs: number, count = 1): void {
    const window = Math.floor(timeUs / 1e6 / this.seconds);
    this.shares.set(window, (this.shares.get(window) ?? 0) + count);
    if (this.shares.size > MOST_WINDOWS) this.widen();
  }

  /** Doubles the windows until they are so long. */
  widenTo(seconds: number): void {
    while (this.seconds < seconds) this.widen();
  }

  private widen(): void {
    const { shares, seconds } = this;
    this.shares = new Map();
    this.seconds = seconds * 2;
    for (const [window, count] of shares) this.add(window * seconds * 1e6, count);
  }

  rows(): [number, number][] {
    return [...this.shares].sort(([a], [b]) => a - b);
  }
}

/** What two parts of the input, or two connections, show. */
export function joinSeen(a: SharesSeen, b: SharesSeen): SharesSeen {
  const windows = new ShareWindows();
  windows.widenTo(Math.max(a.seconds, b.seconds));
  for (const { seconds, windows: rows } of [a, b])
    for (const [window, shares] of rows) windows.add(window * seconds * 1e6, shares);
  const times = [a.firstUs, a.lastUs, b.firstUs, b.lastUs].filter((timeUs) => timeUs !== null);
  const sum = (of: (seen: SharesSeen) => number): number => of(a) + of(b);
  const spans = (of: (seen: SharesSeen) => SealedCount['submitted']): SealedCount['submitted'] => ({
    low: of(a).low + of(b).low,
    central: of(a).central + of(b).central,
    high: of(a).high + of(b).high,
  });
  const isSized = a.newTargets !== null || b.newTargets !== null;
  const connections = [...a.connections, ...b.connections].sort((one, other) => one.startUs - other.startUs);
  const further = connections.splice(MOST_CONNECTIONS);
  const last = connections.at(-1);
  if (last !== undefined && further.length > 0) {
    const endUs = Math.max(last.endUs, ...further.map((each) => each.endUs));
    connections[connections.length - 1] = { startUs: last.startUs, endUs };
  }
  return {
    submitted: spans(({ submitted }) => submitted),
    accepted: spans(({ accepted }) => accepted),
    rejected: sum(({ rejected }) => rejected),
    newTargets: isSized ? sum(({ newTargets }) => newTargets ?? 0) : null,
    firstUs: times.length === 0 ? null : Math.min(...times),
    lastUs: times.length === 0 ? null : Math.max(...times),
    connections,
    seconds: windows.seconds,
    windows: windows.rows(),
  };
}

/** When no share came for long although a connection was watched, in the order of time; whole windows. */
export function silencesOf({ connections, windows, seconds, submitted }: SharesSeen): Span[] {
  const watched = connections.reduce((sum, { startUs, endUs }) => sum + (endUs - startUs) / 1e6, 0);
  const least = Math.max(LEAST_SILENCE_SECONDS, (SILENT_SHARES * watched) / Math.max(1, submitted.central));
  const widthUs = seconds * 1e6;
  const silences: Span[] = [];
  for (const { startUs, endUs } of connections) {
    let fromUs = startUs;
    const until = (untilUs: number, nextUs: number): void => {
      if (untilUs - fromUs >= least * 1e6) silences.push({ startUs: fromUs, endUs: untilUs });
      fromUs = Math.max(fromUs, nextUs);
    };
    for (const [window] of windows)
      if ((window + 1) * widthUs > startUs && window * widthUs < endUs)
        until(window * widthUs, (window + 1) * widthUs);
    until(endUs, endUs);
  }
  return silences;
}

/** Time over which shares came: the connections without their silences, s. */
export function activeSecondsOf(seen: SharesSeen): number {
  const length = (spans: readonly Span[]): number =>
    spans.reduce((sum, { startUs, endUs }) => sum + (endUs - startUs) / 1e6, 0);
  return Math.max(0, length(unionOf(seen.connections)) - length(unionOf(silencesOf(seen))));
}

/** Spans in the order of time, those that overlap as one. */
function unionOf(spans: readonly Span[]): Span[] {
  const union: { startUs: number; endUs: number }[] = [];
  for (const { startUs, endUs } of spans) {
    const last = union.at(-1);
    if (last !== undefined && startUs <= last.endUs) last.endUs = Math.max(last.endUs, endUs);
    else union.push({ startUs, endUs });
  }
  return union;
}
