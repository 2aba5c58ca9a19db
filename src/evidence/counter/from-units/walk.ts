/**
 * Values of shares as a sum of what goes up by itself (time, jobs, shares), a random walk, what a rate that drifts about
 * its mean adds up to, and noise: their likelihood, by a Kalman filter and least squares on what it finds new.
 */
import type { BaseShare } from '../from-base/division.ts';

/** Deviation of a whole number that stands for anything within one: no value is known better. */
const ROUNDED = Math.sqrt(1 / 12);
/** Variance of a break over that of the noise: of any size that matters. */
const BREAK = 1e9;
const NO_DRIFT: Drift = { variance: 0, seconds: 1 };
/** More shares are thinned. */
const SAMPLE = 300;

/** Shares as columns, in the order of time. */
export interface Columns {
  readonly values: Float64Array;
  /** Seconds since the first share, or since the job if values begin again at each. */
  readonly times: Float64Array;
  readonly jobs: Float64Array;
  readonly shares: Float64Array;
  /** Seconds and jobs since the share before; of the first of a job that starts again its age, and one. */
  readonly seconds: Float64Array;
  readonly steps: Float64Array;
  /** Of the first of a job that starts again: seconds from the share before to the job. */
  readonly gaps: Float64Array;
  readonly isRestart: readonly boolean[];
}

/** Variances over that of the noise of one share: of a walk by second, by job, by share. */
export interface Walk {
  readonly second: number;
  readonly job: number;
  readonly share: number;
}

/** A rate that drifts about its mean and back to it (Ornstein and Uhlenbeck): what it adds is smooth, as no walk is. */
interface Drift {
  /** Variance of the rate over that of the noise of one share, and seconds in which it forgets where it was. */
  readonly variance: number;
  readonly seconds: number;
}

export interface Fitted {
  readonly log: number;
  /** Deviation of the noise, counts. */
  readonly noise: number;
  /** The share that lies furthest from where those before it put it. */
  readonly furthest: number;
}

/** What values are thought to be a sum of, besides a walk and noise. */
export interface Pace {
  readonly ordinals: readonly Float64Array[];
  readonly walk: Walk;
  readonly drift?: Drift;
  /** Deviation of the noise, in counts, if it is given and not estimated from the values. */
  readonly noise?: number;
}

/** The columns of shares whose job is known; `restart` if values begin again at each. */
export function columnsOf(shares: readonly BaseShare[], restart: boolean): Columns {
  const known = shares.filter(({ job, seconds }) => job >= 0 && (!restart || seconds !== null));
  known.sort((a, b) => a.timeUs - b.timeUs);
  const kept: { readonly share: BaseShare; readonly ordinal: number }[] = [];
  const stride = Math.max(1, known.length / SAMPLE);
  let lastJob = Number.NaN;
  let ordinal = 0;
  for (const [index, share] of known.entries()) {
    // Of counts that begin again at each job those of shares do, too.
    ordinal = restart && share.job !== lastJob ? 0 : ordinal + 1;
    lastJob = share.job;
    if (Math.floor(index / stride) !== Math.floor((index - 1) / stride)) kept.push({ share, ordinal });
  }
  const column = (): Float64Array => new Float64Array(kept.length);
  const columns = {
    values: column(),
    times: column(),
    jobs: column(),
    shares: column(),
    seconds: column(),
    steps: column(),
    gaps: column(),
    isRestart: kept.map(({ share }, index) => restart && share.job !== kept[index - 1]?.share.job),
  };
  const first = kept[0]?.share;
  for (const [index, { share, ordinal: own }] of kept.entries()) {
    const before = kept[index - 1]?.share ?? share;
    const age = restart ? (share.seconds ?? 0) : (share.timeUs - (first?.timeUs ?? 0)) / 1e6;
    columns.values[index] = Number(share.nonce - (first?.nonce ?? 0n));
    columns.times[index] = age;
    columns.jobs[index] = share.job;
    columns.shares[index] = own;
    const isRestart = columns.isRestart[index] === true;
    columns.seconds[index] = isRestart ? Math.max(age, 0) : (share.timeUs - before.timeUs) / 1e6;
    columns.gaps[index] = isRestart ? Math.max(0, (share.timeUs - before.timeUs) / 1e6 - age) : 0;
    columns.steps[index] = isRestart ? 1 : Math.abs(share.job - before.job);
  }
  return columns;
}

/** Fits values that are a sum of the ordinals, each by a factor of its own, a walk and noise, with steps at breaks. */
export function weigh(
  columns: Columns,
  { ordinals, walk, drift = NO_DRIFT, noise: given }: Pace,
  breaks: readonly number[],
): Fitted {
  const { values, seconds, steps, gaps, isRestart } = columns;
  const count = values.length;
  // What the filter finds new in each share: of the values, and of what they are thought to be a sum of.
  const rows = [new Float64Array(count).fill(1), ...ordinals, values];
  const news = rows.map(() => new Float64Array(count));
  const known = new Float64Array(rows.length);
  const rates = new Float64Array(rows.length);
  let logs = 0;
  let variance = 0;
  let together = 0;
  let drifting = drift.variance;
  for (let index = 0; index < count; index += 1) {
    const span = seconds[index] ?? 0;
    if (isRestart[index] === true) {
      // Counts begin again, and the rate is what it was.
      const kept = Math.exp(-(gaps[index] ?? 0) / drift.seconds);
      variance = 0;
      together = 0;
      drifting = kept ** 2 * drifting + drift.variance * (1 - kept ** 2);
      known.fill(0);
      for (let row = 0; row < rates.length; row += 1) rates[row] = kept * (rates[row] ?? 0);
    }
    // The rate goes back to its mean, and moves the value on the way.
    const part = span / drift.seconds;
    const stays = Math.exp(-part);
    const moved = drift.seconds * (1 - stays);
    if (drift.variance > 0) {
      variance += moved * (2 * together + moved * drifting);
      const own = Math.max(0, 2 * part - (1 - stays) * (3 - stays));
      variance += drift.variance * drift.seconds ** 2 * own;
      together = stays * (together + moved * drifting) + (drift.variance * moved ** 2) / drift.seconds;
      drifting = stays ** 2 * drifting + drift.variance * (1 - stays ** 2);
    }
    variance += walk.second * span + walk.job * (steps[index] ?? 0) + walk.share;
    if (breaks.includes(index)) variance += BREAK;
    const total = variance + 1;
    const gain = variance / total;
    const scale = Math.sqrt(total);
    for (let row = 0; row < rows.length; row += 1) {
      const due = (known[row] ?? 0) + moved * (rates[row] ?? 0);
      const fresh = (rows[row]?.[index] ?? 0) - due;
      known[row] = due + gain * fresh;
      rates[row] = stays * (rates[row] ?? 0) + (together / total) * fresh;
      const own = news[row];
      if (own !== undefined) own[index] = fresh / scale;
    }
    drifting -= together ** 2 / total;
    together *= 1 - gain;
    variance *= 1 - gain;
    logs += Math.log(total);
  }
  const left = squaresLeft(news);
  const noise = given ?? Math.max(ROUNDED, Math.sqrt(left / count));
  let furthest = 0;
  const rest = news.at(-1) ?? new Float64Array(0);
  for (let index = 1; index < count; index += 1)
    if (isRestart[index] !== true && Math.abs(rest[index] ?? 0) > Math.abs(rest[furthest] ?? 0))
      furthest = index;
  return { log: -logs / 2 - count * Math.log(noise) - left / (2 * noise ** 2), noise, furthest };
}

/** The sum of squares of the last row that no sum of the others explains (Gram and Schmidt). */
function squaresLeft(rows: readonly Float64Array[]): number {
  for (const [at, row] of rows.entries()) {
    const before = dot(row, row);
    if (at === rows.length - 1) return before;
    const own = Math.max(before, 1e-300);
    for (let next = at + 1; next < rows.length; next += 1) {
      const other = rows[next];
      if (other === undefined) continue;
      const whole = dot(other, other);
      const factor = dot(row, other) / own;
      for (let index = 0; index < other.length; index += 1)
        other[index] = (other[index] ?? 0) - factor * (row[index] ?? 0);
      // Nothing of its own is left of a row that is a multiple of this one.
      if (next < rows.length - 1 && dot(other, other) < 1e-12 * whole) other.fill(0);
    }
  }
  return 0;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
