/** Shares placed on a clock that begins at 0 with each job: columns in the order of time, which fits and rates read in place. */
export class PlacedShares {
  readonly #jobs = new Map<number, number>();
  count = 0;
  readonly nonces: Float64Array;
  /** Seconds since the job. */
  readonly seconds: Float64Array;
  readonly timesUs: Float64Array;
  /** Numbered from 0 in the order in which they come. */
  readonly jobs: Int32Array;
  /** Hashes that each stands for. */
  readonly works: Float64Array;

  constructor(most: number) {
    this.nonces = new Float64Array(most);
    this.seconds = new Float64Array(most);
    this.timesUs = new Float64Array(most);
    this.jobs = new Int32Array(most);
    this.works = new Float64Array(most);
  }

  /** The same shares, the four bytes of their nonces last first. */
  reversed(): PlacedShares {
    const other = new PlacedShares(this.count);
    for (let index = 0; index < this.count; index++) {
      const nonce = this.nonces[index];
      const ends = (nonce << 24) | (nonce >>> 24);
      other.add(this, index, (ends | ((nonce & 0xff00) << 8) | ((nonce >>> 8) & 0xff00)) >>> 0);
    }
    return other;
  }

  /** Adds a share of others, with a nonce of its own. */
  add(from: PlacedShares, index: number, nonce: number): void {
    this.put(nonce, from.seconds[index], from.timesUs[index], from.jobs[index], from.works[index]);
  }

  put(nonce: number, seconds: number, timeUs: number, job: number, work: number): void {
    const index = this.count++;
    this.nonces[index] = nonce;
    this.seconds[index] = seconds;
    this.timesUs[index] = timeUs;
    const ordinal = this.#jobs.get(job) ?? this.#jobs.size;
    this.#jobs.set(job, ordinal);
    this.jobs[index] = ordinal;
    this.works[index] = work;
  }

  get lastUs(): number {
    return this.timesUs[this.count - 1];
  }
}
