/** Checks and wording of energy figures (energy.md section 7): implausible ones are said to be, none looks too exact. */
import { yearOf } from './efficiency.ts';
import { familyOf } from './families.ts';
import { HARDWARE, WORK_UNITS } from './hardware.ts';
import type { PowerTier } from './power.ts';

/** Joules per hash outside [best machine of the year / 2, worst / 1/3] for the algorithm, as a sentence; else null. */
export function efficiencyWarning(
  algorithm: string,
  watts: number,
  hashesPerSecond: number,
  atUs: number,
): string | null {
  const family = familyOf(algorithm);
  if (family === null || !(watts > 0) || !(hashesPerSecond > 0)) return null;
  const year = yearOf(atUs);
  // Processors and cards doing what ASICs do are no machine of the algorithm.
  const rows = HARDWARE.filter(
    (row) => row.family === family && row.scope !== 'average' && row.year !== null,
  );
  const sold = rows.filter((row) => row.year !== null && row.year <= year);
  const era = sold.length > 0 ? sold : rows;
  const running = era.filter((row) => row.year !== null && row.year >= Math.floor(year) - 5);
  const perHash = watts / hashesPerSecond;
  const best = Math.min(...era.map((row) => row.low / WORK_UNITS[row.unit]));
  const worst = Math.max(
    ...(running.length > 0 ? running : era).map((row) => row.high / WORK_UNITS[row.unit]),
  );
  if (perHash >= best / 2 && perHash <= worst * 3) return null;
  const unit = era[0].unit;
  const scale = WORK_UNITS[unit];
  const figure = (value: number): string => Number((value * scale).toPrecision(3)).toLocaleString('en-US');
  return (
    `${figure(perHash)} ${unit} is implausible for ${algorithm} in ${Math.floor(year)}: ` +
    `machines needed ${figure(best)} to ${figure(worst)}. Part of the power must be of something else, or one of the figures is wrong.`
  );
}

const MANY_WATTS = 50_000;
const MAY_BE_LARGE: ReadonlySet<string> = new Set(['hosting', 'enterprise', 'unknown']);

/** A host that draws more than its kind of owner can hide, as a sentence; else null. */
export function loadWarning(watts: number, ownerClass: string): string | null {
  if (watts <= MANY_WATTS || MAY_BE_LARGE.has(ownerClass)) return null;
  return `${Math.round(watts / 1000)} kW behind one address of class ${ownerClass} is more than such owners have: the rate, the number of machines or the owner is wrong.`;
}

/** Significant digits that a tier deserves. */
const DIGITS: Readonly<Record<PowerTier, number>> = { A: 3, B: 2, C: 1, flat: 3 };

/** A value rounded to what its tier deserves. */
export function roundedForTier(value: number, tier: PowerTier): number {
  return Number(value.toPrecision(DIGITS[tier]));
}

/** 'about 300 kW (100–800)': rounded by tier, the bounds in the unit of the middle. `unit` is W or Wh. */
export function powerText(
  low: number,
  central: number,
  high: number,
  tier: PowerTier,
  unit: 'W' | 'Wh',
): string {
  const prefixes = ['', 'k', 'M', 'G', 'T'];
  let power = 0;
  for (let rest = central; rest >= 1000 && power < prefixes.length - 1; rest /= 1000) power++;
  const figure = (value: number): string => {
    const rounded = roundedForTier(value / 1000 ** power, tier);
    return rounded.toLocaleString('en-US', { maximumSignificantDigits: DIGITS[tier] });
  };
  const about = tier === 'A' ? '' : 'about ';
  const range = low === high ? '' : ` (${figure(low)}–${figure(high)})`;
  return `${about}${figure(central)} ${prefixes[power]}${unit}${range}`;
}

/** What must stand beside a figure per day that comes from another length of time. */
export function extrapolationNote(windowSeconds: number, duty: number | null): string {
  const hours = Number((windowSeconds / 3600).toPrecision(3));
  const active = duty === null ? 'activity unknown' : `active ${Math.round(duty * 100)} % of it`;
  return `per day as if it went on like the ${hours} h observed, ${active}`;
}
