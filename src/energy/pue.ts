/**
 * Power of a room divided by the power of its machines: settings by kind of place, and the values of --pue
 * (docs/reference/energy.md section 3).
 */
import { beginning, fail } from '../errors.ts';
import type { Estimate } from '../estimate.ts';

export interface Pue extends Estimate {
  readonly name: string;
}

export const UNKNOWN_PUE: Pue = { name: 'unknown', low: 1.01, central: 1.1, high: 1.5 };

export const PUE_SETTINGS: readonly Pue[] = [
  { name: 'none', low: 1, central: 1, high: 1 },
  { name: 'home', low: 1, central: 1, high: 1.1 },
  { name: 'farm', low: 1.01, central: 1.05, high: 1.2 },
  { name: 'machine-room', low: 1.3, central: 1.6, high: 2 },
  { name: 'colocation', low: 1.1, central: 1.35, high: 1.6 },
  UNKNOWN_PUE,
];

/**
 * A setting by name, one number ('1.2'), or low, central and high ('1.1,1.2,1.5'). Throws USAGE if it is none of
 * them: numbers are from 1 to 5 and in order.
 */
export function parsePue(word: string, where: string): Pue {
  const named = PUE_SETTINGS.find((setting) => setting.name === word);
  if (named !== undefined) return named;
  const numbers = word.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [low, central, high, ...more] = numbers.length === 1 ? [...numbers, ...numbers, ...numbers] : numbers;
  if (low >= 1 && central >= low && high >= central && high <= 5 && more.length === 0) {
    return { name: word, low, central, high };
  }
  return fail('USAGE', `'${beginning(word)}' is not a PUE`, {
    where,
    hint: `one of: ${PUE_SETTINGS.map((setting) => setting.name).join(', ')}; or a number such as 1.2, or low,central,high`,
  });
}
