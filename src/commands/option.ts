/**
 * What an option is, and its kinds. Values arrive as words from whichever place spoke (flag, file, environment) and are
 * parsed with errors that name the place.
 */

import { beginning, fail } from '../errors.ts';

type Group = 'Input' | 'Detection' | 'Owners and power' | 'Output' | 'Messages';

/** What a word stands for. Throws USAGE; `where` is who spoke. */
export type Parse<T> = (word: string, where: string) => T;

interface More {
  /** A letter. */
  readonly short?: string;
  /** True if it names what the program writes. */
  readonly isOutput?: true;
}

export interface Option<T> extends Unnamed<T> {
  /** Without dashes. */
  readonly name: string;
}

export interface Unnamed<T> extends More {
  /** What follows the flag; null for a switch. */
  readonly argument: string | null;
  /** True if it may be given more than once. */
  readonly repeats: boolean;
  readonly group: Group;
  readonly description: string;
  /** The value of the words; none if the option was not given. Throws USAGE. */
  parse(words: readonly string[], where: string): T;
}

/** One value: the last word counts, `absent` stands for none. */
export function value<T, const A>(
  argument: string | null,
  group: Group,
  description: string,
  parse: Parse<T>,
  absent: A,
  more: More = {},
): Unnamed<T | A> {
  const last: Unnamed<T | A>['parse'] = (words, where) => {
    const word = words.at(-1);
    return word === undefined ? absent : parse(word, where);
  };
  return { argument, group, description, repeats: false, parse: last, ...more };
}

/** What all its words say together. */
export function list<T>(
  argument: string,
  group: Group,
  description: string,
  parse: Unnamed<T>['parse'],
  more?: More,
): Unnamed<T> {
  return { argument, group, description, repeats: true, parse, ...more };
}

/** A switch: present, or a word for yes or no. */
export function flag(group: Group, description: string, more?: More): Unnamed<boolean> {
  return value(null, group, description, parseSwitch, false, more);
}

export function text(
  argument: string,
  group: Group,
  description: string,
  more?: More,
): Unnamed<string | null> {
  return value(argument, group, description, (word) => word, null, more);
}

export function texts(argument: string, group: Group, description: string): Unnamed<readonly string[]> {
  return list(argument, group, description, (words) => words);
}

function parseSwitch(word: string, where: string): boolean {
  const answer = word.toLowerCase();
  if (['', 'true', '1', 'yes', 'on'].includes(answer)) return true;
  if (['false', '0', 'no', 'off'].includes(answer)) return false;
  return fail('USAGE', `'${beginning(word)}' is neither true nor false`, {
    where,
    hint: 'Write true or false.',
  });
}
