/**
 * Shares over time in windows aligned to UTC: 60 s wide, doubled until at most 1,440 remain, so that a session of
 * any length costs the same.
 */
import type { Difficulty } from '../evidence/fact.ts';
import { withItem } from './short-list.ts';

interface SeriesBucket {
  /** Number of the window since 1970. */
  readonly index: number;
  shares: number;
  hashes: number;
  units: number;
  /** Shares of which an earlier part of the session knows the difficulty. */
  bare: number;
}

const FIRST_SECONDS = 60;
const MAX_BUCKETS = 1440;

export class Series {
  /** Width of a window, s. */
  seconds = FIRST_SECONDS;
  /** In the order in which they were first counted in, mostly that of time. */
  private buckets: SeriesBucket[] = [];

  /** Counts a share (`sign` 1) or takes it back (`sign` -1). */
  add(timeUs: number, difficulty: Difficulty | null, sign: 1 | -1, isBare = false): void {
    const bucket = this.bucket(Math.floor(timeUs / 1e6 / this.seconds));
    bucket.shares += sign;
    if (isBare) bucket.bare += sign;
    if (difficulty !== null) bucket[difficulty.scale] += sign * difficulty.value;
    if (this.buckets.length > MAX_BUCKETS) this.widen();
  }

  /** The windows from `startUs` to `endUs`, empty ones included; start in us since 1970. */
  windows(startUs: number, endUs: number): { startUs: number; seconds: number; bucket: SeriesBucket }[] {
    const indexOf = (timeUs: number): number => Math.floor(timeUs / 1e6 / this.seconds);
    while (indexOf(endUs) - indexOf(startUs) >= MAX_BUCKETS) this.widen();
    const byIndex = new Map(this.buckets.map((bucket) => [bucket.index, bucket]));
    const { seconds } = this;
    const rows: { startUs: number; seconds: number; bucket: SeriesBucket }[] = [];
    for (let index = indexOf(startUs); index <= indexOf(endUs); index++) {
      const bucket = byIndex.get(index) ?? emptyBucket(index);
      rows.push({ startUs: index * seconds * 1e6, seconds, bucket });
    }
    return rows;
  }

  /** Prices what had no price, now that the difficulty is known; null if it is one that prices nothing. */
  priceBare(difficulty: Difficulty | null): void {
    for (const bucket of this.buckets) {
      if (difficulty !== null) bucket[difficulty.scale] += bucket.bare * difficulty.value;
      bucket.bare = 0;
    }
  }

  /** Adds the windows of another part of the session, which become as wide as the wider ones. */
  absorb(other: Series): void {
    while (this.seconds < other.seconds) this.widen();
    this.pour(other.buckets, other.seconds);
    while (this.buckets.length > MAX_BUCKETS) this.widen();
  }

  /** As an audit keeps them for a merge: rows of index, shares, hashes, units, bare shares. */
  toFacts(): { seconds: number; rows: number[][] } {
    const { seconds, buckets } = this;
    return {
      seconds,
      rows: buckets.map(({ index, shares, hashes, units, bare }) => [index, shares, hashes, units, bare]),
    };
  }

  fromFacts({ seconds, rows }: ReturnType<Series['toFacts']>): Series {
    const series = new Series();
    series.seconds = seconds;
    for (const [index = 0, shares = 0, hashes = 0, units = 0, bare = 0] of rows)
      series.buckets.push({ index, shares, hashes, units, bare });
    return series;
  }

  private bucket(index: number): SeriesBucket {
    const { buckets } = this;
    for (let at = buckets.length - 1; at >= 0; at--) if (buckets[at].index === index) return buckets[at];
    const bucket = emptyBucket(index);
    this.buckets = withItem(this.buckets, bucket);
    return bucket;
  }

  private widen(): void {
    const old = this.buckets;
    this.buckets = [];
    this.seconds *= 2;
    this.pour(old, this.seconds / 2);
  }

  /** Adds windows of a width that divides ours. */
  private pour(buckets: readonly SeriesBucket[], seconds: number): void {
    for (const from of buckets) {
      const bucket = this.bucket(Math.floor((from.index * seconds) / this.seconds));
      for (const sum of ['shares', 'hashes', 'units', 'bare'] as const) bucket[sum] += from[sum];
    }
  }
}

function emptyBucket(index: number): SeriesBucket {
  return { index, shares: 0, hashes: 0, units: 0, bare: 0 };
}
