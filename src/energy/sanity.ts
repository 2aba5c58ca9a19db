/** Checks of energy figures (docs/energy.md section 7): implausible ones get a note. */

import { type Statement, statement } from '../statements/index.ts';
import { yearOf } from './efficiency.ts';
import { familyOf } from './families.ts';
import { HARDWARE, WORK_UNITS } from './hardware.ts';

/** Joules per hash outside [best machine of the year / 2, worst / 1/3] for the algorithm; null if plausible. */
export function efficiencyWarning(
  algorithm: string,
  watts: number,
  hashesPerSecond: number,
  atUs: number,
): Statement | null {
  const family = familyOf(algorithm);
  if (family === null || !(watts > 0) || !(hashesPerSecond > 0)) return null;
  const year = yearOf(atUs);
  // Processors and cards doing what ASICs do are not machines of the algorithm.
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
  return statement('implausible-efficiency', {
    algorithm,
    year: Math.floor(year),
    unit,
    value: perHash * scale,
    best: best * scale,
    worst: worst * scale,
  });
}

const MANY_WATTS = 50_000;
const MAY_BE_LARGE: ReadonlySet<string> = new Set(['hosting', 'enterprise', 'unknown']);

/** True if a host draws more than its kind of owner can hide. */
export function isTooHeavy(watts: number, ownerClass: string): boolean {
  return watts > MANY_WATTS && !MAY_BE_LARGE.has(ownerClass);
}
