/**
 * Limits that an operator may change with `--limit NAME=VALUE` (data/limits.json, which docs/reference/limits.md prints). The values
 * in force hold for the whole program, as do its tables; threads are given them (reading/messages.ts).
 */
import table from '../data/limits.json' with { type: 'json' };

interface Limit {
  /** The default. */
  readonly value: number;
  /** The most that is possible: the kernel's tables have room for so many. */
  readonly most?: number;
  readonly title: string;
  readonly reached: string;
  /** What the audit says then. */
  readonly code: string;
}

export type LimitName = keyof typeof table;
export const LIMITS: Readonly<Record<LimitName, Limit>> = table;
export const LIMIT_NAMES = Object.keys(table).filter(isLimitName);

/** The values in force. */
export const limits: Record<LimitName, number> = defaults();

export function isLimitName(name: string): name is LimitName {
  return Object.hasOwn(table, name);
}

/** Puts the defaults in force, but for what was given. */
export function setLimits(given: Partial<Record<LimitName, number>>): void {
  Object.assign(limits, defaults(), given);
}

function defaults(): Record<LimitName, number> {
  const values = LIMIT_NAMES.map((name) => [name, LIMITS[name].value]);
  return Object.fromEntries(values) as Record<LimitName, number>;
}
