/**
 * Shares over time in windows aligned to UTC: 60 s wide, doubled until at most 1,440 remain, so that a session of
 * any length costs the same.
 */
import type { Difficulty } from '../evidence/fact.ts';

export interface SeriesBucket {
  shares: number;
  hashes: number;
  units: number;
}

const FIRST_SECONDS = 60;
const MAX_BUCKETS = 1440;

export class Series {
  /** Width of a window, s. */
  seconds = FIRST_SECONDS;
  #buckets = new Map<number, SeriesBucket>();

  /** Counts a share (`sign` 1) or takes it back (`sign` -1). */
  add(timeUs: number, difficulty: Difficulty | null, sign: 1 | -1): void {
    const bucket = this.#bucket(Math.floor(timeUs / 1e6 / this.seconds));
    bucket.shares += sign;
    if (difficulty === null) return;
    if (difficulty.scale === 'hashes') bucket.hashes += sign * difficulty.value;
    else bucket.units += sign * difficulty.value;
    if (this.#buckets.size > MAX_BUCKETS) this.#widen();
  }

  /** The windows from `startUs` to `endUs`, empty ones included; start in us since 1970. */
  windows(startUs: number, endUs: number): { startUs: number; seconds: number; bucket: SeriesBucket }[] {
    const countAt = (seconds: number): number =>
      Math.floor(endUs / 1e6 / seconds) - Math.floor(startUs / 1e6 / seconds) + 1;
    while (countAt(this.seconds) > MAX_BUCKETS) this.#widen();
    const first = Math.floor(startUs / 1e6 / this.seconds);
    const rows: { startUs: number; seconds: number; bucket: SeriesBucket }[] = [];
    for (let i = 0; i < countAt(this.seconds); i++) {
      rows.push({
        startUs: (first + i) * this.seconds * 1e6,
        seconds: this.seconds,
        bucket: this.#buckets.get(first + i) ?? { shares: 0, hashes: 0, units: 0 },
      });
    }
    return rows;
  }

  #bucket(index: number): SeriesBucket {
    let bucket = this.#buckets.get(index);
    if (bucket === undefined) {
      bucket = { shares: 0, hashes: 0, units: 0 };
      this.#buckets.set(index, bucket);
    }
    return bucket;
  }

  #widen(): void {
    const old = this.#buckets;
    this.#buckets = new Map();
    this.seconds *= 2;
    for (const [index, { shares, hashes, units }] of old) {
      const bucket = this.#bucket(Math.floor(index / 2));
      bucket.shares += shares;
      bucket.hashes += hashes;
      bucket.units += units;
    }
  }
}
