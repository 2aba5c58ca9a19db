/** Unknown JSON against a declared type: where it departs from it first, and how. Fields may be added, types are compiled once. */
import { isObject } from '../json.ts';
import type { Type } from './field.ts';

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

function checkOf(type: Type): Check {
  let check = checks.get(type);
  if (check === undefined) {
    const present = checkPresent(type);
    check = type.orNull ? (value) => (value === null ? null : present(value)) : present;
    checks.set(type, check);
  }
  return check;
}

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
      const unlike = wrong(`must match ${pattern}`);
      return (value) =>
        typeof value !== 'string' ? problem : known === null || known.test(value) ? null : unlike;
    }
    case 'flag': {
      const problem = wrong('must be true or false');
      return (value) => (typeof value === 'boolean' ? null : problem);
    }
    case 'whole':
    case 'number': {
      const isNumber = kind === 'whole' ? Number.isInteger : Number.isFinite;
      const problem = wrong(kind === 'whole' ? 'must be a whole number' : 'must be a number');
      const [low, high] = [least ?? Number.NEGATIVE_INFINITY, most ?? Number.POSITIVE_INFINITY];
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
