/** Seeded random numbers for simulated miners, so that a test fails the same way twice. */

/** A generator of uniform numbers in [0, 1) (mulberry32). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  uniform(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.uniform());
  }

  pick<T>(list: readonly T[]): T {
    const one = list[Math.floor(this.uniform() * list.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  }

  poisson(mean: number): number {
    // Means of thousands (a whole session's shares in one job) would take as many steps.
    if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    let count = 0;
    for (let sum = this.exponential(1); sum < mean; sum += this.exponential(1)) count += 1;
    return count;
  }
}
