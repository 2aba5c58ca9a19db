/**
 * Shares that were counted in the unreadable connections of one client and one server, over time. Windows are a minute long, and
 * are doubled until at most 1,440 remain, as those of readable sessions are.
 */

import { sumOf } from '../estimate.ts';
import type { SealedCount } from '../evidence/sealed-frames.ts';
import { type TimeInterval, unionOf, unionSeconds } from '../time-interval.ts';

export interface SharesSeen extends SealedCount {
  /** When the first and the last was sent, us since 1970; null if none was. */
  readonly firstUs: number | null;
  readonly lastUs: number | null;
  /** Connections over the time that they were watched, in the order of time. */
  readonly connections: readonly TimeInterval[];
  /** Length of a window, s, and windows with shares: the number of the window since 1970, and shares. */
  readonly seconds: number;
  readonly windows: readonly (readonly [window: number, shares: number])[];
}

const FIRST_SECONDS = 60;
const MOST_WINDOWS = 1440;
/** Further connections are joined to the last. */
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

/** Shares of one connection over time. */
export class ShareTimeline {
  readonly windows = new ShareWindows();
  firstUs: number | null = null;
  lastUs: number | null = null;

  add(timeUs: number): void {
    this.span(timeUs, timeUs);
    this.windows.add(timeUs);
  }

  /** Shares came from then until then. */
  span(fromUs: number | null, toUs: number | null): void {
    if (fromUs !== null) this.firstUs = Math.min(this.firstUs ?? fromUs, fromUs);
    if (toUs !== null) this.lastUs = Math.max(this.lastUs ?? toUs, toUs);
  }

  seen(counts: SealedCount, connection: TimeInterval): SharesSeen {
    const { firstUs, lastUs, windows } = this;
    const { seconds } = windows;
    return { ...counts, firstUs, lastUs, connections: [connection], seconds, windows: windows.rows() };
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
  const isSized = a.newTargets !== null || b.newTargets !== null;
  const connections = [...a.connections, ...b.connections].sort((one, other) => one.startUs - other.startUs);
  const further = connections.splice(MOST_CONNECTIONS);
  const last = connections.at(-1);
  if (last !== undefined) {
    const endUs = Math.max(last.endUs, ...further.map((each) => each.endUs));
    connections[connections.length - 1] = { startUs: last.startUs, endUs };
  }
  return {
    submitted: sumOf([a.submitted, b.submitted]),
    accepted: sumOf([a.accepted, b.accepted]),
    rejected: sum(({ rejected }) => rejected),
    newTargets: isSized ? sum(({ newTargets }) => newTargets ?? 0) : null,
    channels: isSized ? sum(({ channels }) => channels ?? 0) : null,
    ...(a.isPadded || b.isPadded ? { isPadded: true } : {}),
    firstUs: times.length === 0 ? null : Math.min(...times),
    lastUs: times.length === 0 ? null : Math.max(...times),
    connections,
    seconds: windows.seconds,
    windows: windows.rows(),
  };
}

/** When no share came for long although a connection was watched, in the order of time; whole windows. */
export function silencesOf({ connections, windows, seconds, submitted }: SharesSeen): TimeInterval[] {
  const watched = unionOf(connections);
  const usual = (SILENT_SHARES * unionSeconds(watched)) / Math.max(1, submitted.central);
  const leastUs = Math.max(LEAST_SILENCE_SECONDS, usual) * 1e6;
  const widthUs = seconds * 1e6;
  const withShares = windows.map(([window]) => ({
    startUs: window * widthUs,
    endUs: (window + 1) * widthUs,
  }));
  const silences: TimeInterval[] = [];
  for (const { startUs, endUs } of watched) {
    const within = withShares.filter((window) => window.endUs > startUs && window.startUs < endUs);
    let silentSinceUs = startUs;
    for (const next of [...within, { startUs: endUs, endUs }]) {
      if (next.startUs - silentSinceUs >= leastUs)
        silences.push({ startUs: silentSinceUs, endUs: next.startUs });
      silentSinceUs = Math.max(silentSinceUs, next.endUs);
    }
  }
  return silences;
}

/** Time over which shares came: the connections without their silences, s. */
export function activeSecondsOf(seen: SharesSeen): number {
  return Math.max(0, unionSeconds(seen.connections) - unionSeconds(silencesOf(seen)));
}
