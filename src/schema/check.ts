/**
 * Unknown JSON against a declared type: where it departs from it first, and how. Fields may be added, types are compiled
 * once. All that is read back, from a program or a person, comes in here.
 */
import { isIP } from 'node:net';
import { isObject } from '../json.ts';
import type { Type } from './field.ts';
import { jsonOf } from './json-document.ts';

/** Where a value departs from its type ('hosts[3].verdict') and how. */
export interface Problem {
  readonly at: string;
  readonly message: string;
}

type Check = (value: unknown) => Problem | null;

const checks = new WeakMap<Type, Check>();

/** The first departure of a value from its type, or null if there is none. */
export function problemIn(value: unknown, type: Type): Problem | null {
  return checkOf(type)(value);
}

/** The value as of its type; where it departs from it, `wrong` hears where and how. */
export function checked<T>(value: unknown, type: Type<T>, wrong: (problem: Problem) => never): T {
  const problem = problemIn(value, type);
  return problem === null ? (value as T) : wrong(problem);
}

/** The value of a text that is JSON of this type; `wrong` hears why it is none. */
export function readBack<T>(text: string, type: Type<T>, wrong: (problem: Problem) => never): T {
  let value: unknown;
  try {
    value = jsonOf(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    return wrong({ at: '', message: cause.message });
  }
  return checked(value, type, wrong);
}

/** The same of a line that may have been cut; null if it is none. */
export function readBackLine<T>(line: string, type: Type<T>): T | null {
  const value = parsedLine(line);
  return value !== undefined && problemIn(value, type) === null ? (value as T) : null;
}

function parsedLine(line: string): unknown {
  try {
    return jsonOf(line);
  } catch {
    return undefined;
  }
}

function checkOf(type: Type): Check {
  let check = checks.get(type);
  if (check === undefined) {
    const present = checkPresent(type);
    check = type.orNull ? (value) => (value === null ? null : present(value)) : present;
    checks.set(type, check);
  }
  return check;
}

const FORMATS = {
  any: { test: () => true, said: '' },
  date: { test: isOfCalendar, said: 'must be a date such as 2026-11-27' },
  'date-time': { test: isOfCalendar, said: 'must be a time such as 2026-11-27T20:05:31.000Z' },
  ip: { test: (text: string) => isIP(text) !== 0, said: 'must be an address' },
};

/** February 30 would be a day of March. */
function isOfCalendar(text: string): boolean {
  const ms = Date.parse(text.replace(/(\.\d{3})\d+Z$/, '$1Z'));
  return (
    !Number.isNaN(ms) &&
    (text.slice(8, 10) <= '28' || new Date(ms).toISOString().startsWith(text.slice(0, 10)))
  );
}

/** Beyond what anybody counts: sums and means of such are no numbers any more. */
const MOST = 1e200;

/** An audit has millions of values: a place is put together only on the way back from what is wrong. */
function checkPresent(type: Type): Check {
  const { kind, items, words = [], pattern, least, most } = type;
  const wrong = (message: string): Problem => ({ at: '', message });
  const each = items === undefined ? () => null : checkOf(items);
  switch (kind) {
    case 'words': {
      const problem = wrong(
        words.length === 1 ? `must be '${words[0]}'` : `must be one of ${words.join(', ')}`,
      );
      return (value) => (typeof value === 'string' && words.includes(value) ? null : problem);
    }
    case 'text': {
      const known = pattern === undefined ? null : new RegExp(pattern, 'u');
      const problem = wrong('must be text');
      const { test, said } = FORMATS[type.format ?? 'any'];
      const unlike = wrong(said || `must match ${pattern}`);
      return (value) =>
        typeof value !== 'string'
          ? problem
          : (known === null || known.test(value)) && test(value)
            ? null
            : unlike;
    }
    case 'flag': {
      const problem = wrong('must be true or false');
      return (value) => (typeof value === 'boolean' ? null : problem);
    }
    case 'whole':
    case 'number': {
      const isNumber = kind === 'whole' ? Number.isInteger : Number.isFinite;
      const problem = wrong(kind === 'whole' ? 'must be a whole number' : 'must be a number');
      const [low, high] = [least ?? -MOST, most ?? MOST];
      return (value) => {
        if (!isNumber(value)) return problem;
        const figure = Number(value);
        return figure < low ? wrong(`must be >= ${low}`) : figure > high ? wrong(`must be <= ${high}`) : null;
      };
    }
    case 'list': {
      const problem = wrong('must be a list');
      return (value) => {
        if (!Array.isArray(value)) return problem;
        for (let at = 0; at < value.length; at++) {
          const found = each(value[at]);
          if (found !== null) return within(`[${at}]`, found);
        }
        return null;
      };
    }
    case 'map':
      return (value) => {
        if (!isObject(value)) return wrong('must be an object');
        for (const key of Object.keys(value)) {
          const found = each(value[key]);
          if (found !== null) return within(key, found);
        }
        return null;
      };
    case 'record':
      return checkRecord(type);
  }
}

function checkRecord({ fields = {} }: Type): Check {
  const members = Object.entries(fields).map(([key, { type, isOptional }]) => ({
    key,
    isOptional,
    check: checkOf(type),
  }));
  return (value) => {
    if (!isObject(value)) return { at: '', message: 'must be an object' };
    for (const { key, isOptional, check } of members) {
      if (!Object.hasOwn(value, key)) {
        if (!isOptional) return { at: key, message: 'is missing' };
        continue;
      }
      const found = check(value[key]);
      if (found !== null) return within(key, found);
    }
    return null;
  };
}

function within(place: string, { at, message }: Problem): Problem {
  return { at: `${place}${at === '' || at.startsWith('[') ? '' : '.'}${at}`, message };
}
