/**
 * Finds the places at which a sequence of rates changes: cut in two, and each part again, as long as that explains much
 * more than it costs; and if one cut explains too little, a spell in the middle of otherwise one rate.
 */
import { median } from './mathematics.ts';

/** No interval tells a rate better than this, relative. */
export const PRECISION = 0.01;
/** Rates on either side of a change, at least. */
const FEWEST = 2;
/** Twice the log-likelihood that a change must gain, after the search for its place; and the least change, relative. */
const GAIN = 14;
export const LEAST = 0.03;
/** The same for two changes, there and back, of which there are more; intervals between them, and beginnings tried. */
const GAIN_OF_SPELL = 20;
const FEWEST_OF_SPELL = 3;
const BEGINNINGS = 128;

/** Indices before which the logarithms of rates change, ascending. */
export function cutsOf(logs: Float64Array, weights: Float64Array): number[] {
  const cuts: number[] = [];
  cut(logs, weights, 0, logs.length, cuts);
  return cuts;
}

/** Cuts if that explains the logarithms best, and again on both sides, as long as it explains much more. */
function cut(logs: Float64Array, weights: Float64Array, from: number, to: number, cuts: number[]): void {
  if (to - from < 2 * FEWEST) return;
  const whole = momentsOf(logs, weights, from, to);
  const { weight: all, sum } = whole;
  const least = all * PRECISION ** 2;
  // Rates that hardly scatter have nothing to gain from any change.
  if ((to - from) * Math.log((whole.squares + least) / least) < GAIN) return;
  let best = { at: 0, gain: 0, step: 0 };
  let left = 0;
  let leftSum = 0;
  for (let index = from; index < to - FEWEST; index += 1) {
    const weight = weights[index] ?? 0;
    left += weight;
    leftSum += weight * (logs[index] ?? 0);
    if (index + 1 - from < FEWEST) continue;
    const step = (sum - leftSum) / (all - left) - leftSum / left;
    const gain = ((left * (all - left)) / all) * step * step;
    if (gain > best.gain) best = { at: index + 1, gain, step };
  }
  const isSure = (gain: number, step: number, atLeast: number): boolean => {
    const rest = Math.max(0, whole.squares - gain);
    return (
      (to - from) * Math.log((whole.squares + least) / (rest + least)) >= atLeast && Math.abs(step) >= LEAST
    );
  };
  if (isSure(best.gain, best.step, GAIN)) {
    cut(logs, weights, from, best.at, cuts);
    cuts.push(best.at);
    cut(logs, weights, best.at, to, cuts);
    return;
  }
  const spell = spellOf(logs, weights, from, to, whole);
  if (spell === null || !isSure(spell.gain, spell.step, GAIN_OF_SPELL)) return;
  cut(logs, weights, from, spell.from, cuts);
  cuts.push(spell.from);
  cut(logs, weights, spell.from, spell.to, cuts);
  cuts.push(spell.to);
  cut(logs, weights, spell.to, to, cuts);
}

/** The intervals in the middle that differ most from those before and behind, which are of one rate. */
function spellOf(
  logs: Float64Array,
  weights: Float64Array,
  from: number,
  to: number,
  { weight: all, sum }: Moments,
): { readonly from: number; readonly to: number; readonly gain: number; readonly step: number } | null {
  if (to - from < FEWEST_OF_SPELL + 2 * FEWEST) return null;
  const stride = Math.ceil((to - from) / BEGINNINGS);
  let best: { from: number; to: number; gain: number; step: number } | null = null;
  for (let first = from + FEWEST; first <= to - FEWEST - FEWEST_OF_SPELL; first += stride) {
    let inner = 0;
    let innerSum = 0;
    for (let index = first; index < to - FEWEST; index += 1) {
      inner += weights[index] ?? 0;
      innerSum += (weights[index] ?? 0) * (logs[index] ?? 0);
      if (index + 1 - first < FEWEST_OF_SPELL) continue;
      const step = innerSum / inner - (sum - innerSum) / (all - inner);
      const gain = ((inner * (all - inner)) / all) * step * step;
      if (best === null || gain > best.gain) best = { from: first, to: index + 1, gain, step };
    }
  }
  if (best === null) return null;
  // One interval far off is a pause: in a spell most of them are off.
  const { from: start, to: end, step } = best;
  const middle =
    median(logs.slice(start, end)) - median([...logs.slice(from, start), ...logs.slice(end, to)]);
  return middle * step > 0 && Math.abs(middle) > Math.abs(step) / 2 ? best : null;
}

interface Moments {
  readonly weight: number;
  readonly sum: number;
  readonly mean: number;
  /** Weighted squares of the distances from the mean. */
  readonly squares: number;
}

/** What logarithms of an interval of the sequence are together. */
export function momentsOf(logs: Float64Array, weights: Float64Array, from: number, to: number): Moments {
  let weight = 0;
  let sum = 0;
  let squares = 0;
  for (let index = from; index < to; index += 1) {
    weight += weights[index] ?? 0;
    sum += (weights[index] ?? 0) * (logs[index] ?? 0);
    squares += (weights[index] ?? 0) * (logs[index] ?? 0) ** 2;
  }
  return { weight, sum, mean: sum / weight, squares: squares - sum ** 2 / weight };
}
