/**
 * The shapes of parameters as patterns, part by part: `jobId previous=hex64 hex0..40000 bool` is a list of four, and
 * `job_id:jobId target:hashes=target` an object with two members, among others. Behind `=` stands a kind (below), in front
 * of it what the part is to the dialect; `|` separates kinds of which one must fit, `?` marks parts that may be missing,
 * and more parts may follow `...`.
 */
import { hashesFromTarget256 } from '../evidence/target.ts';
import { boundaryDigits, hexDigits, isCount, isHex, jobIdOf, listOf, objectOf, textOf } from './shape.ts';

/** What is taken out of parameters that have the shape; what the pattern does not name is null. */
export interface Parts {
  readonly jobId: string;
  /** Login as sent. */
  readonly user: string | null;
  readonly nonce: string | null;
  /** Expected hashes of a share. */
  readonly hashes: number | null;
  /** The block that a job builds on. */
  readonly previous: string | null;
}

export type Form = (params: unknown) => Parts | null;
/** Reads a value of one kind; null if it is none. */
type Kind = (value: unknown) => unknown;
/** Kinds by their names; of texts a pattern, whose first group is taken, or all of it. */
type Kinds = Readonly<Record<string, Kind | RegExp>>;

const KINDS: Kinds = {
  jobId: jobIdOf,
  user: (value) => textual(value),
  string: (value) => textual(value),
  text: textOf,
  anyText: (value) => textOf(value) ?? '',
  bool: (value) => typeof value === 'boolean' || null,
  number: (value) => typeof value === 'number' || null,
  signed: (value) => Number.isSafeInteger(value) || null,
  list: listOf,
  object: objectOf,
  null: (value) => value === null || null,
  empty: (value) => value === '' || null,
  any: () => true,
  target: target256,
  '0xboundary': (value) => hashesFromTarget256(boundaryDigits(value)),
  boundary: (value) => hashesFromTarget256(boundaryDigits(value, true)),
};

/** Expected hashes of a share below 256 bits, the most significant digit first. */
export function target256(value: unknown): number | null {
  return isHex(value, 64) ? hashesFromTarget256(value) : null;
}

/** Hex digits: so many, or an even number from so many to so many; behind 0x, or with 0x or without. */
const DIGITS = /^(0x|\[0x\]|)hex(\d+)(?:\.\.(\d+))?$/;
/** Whole numbers from 0 on, or from and to these. */
const INTEGER = /^int(?:(\d+)\.\.(\d*))?$/;
/** Lists of a kind, of so many. */
const LIST = /^(\w+)\[(\d*)\]$/;
const MOST_ITEMS = 32;

function kindOf(name: string, kinds: Kinds): Kind {
  const known = kinds[name] ?? KINDS[name];
  if (typeof known === 'function') return known;
  if (known !== undefined) {
    return (value) => {
      const match = typeof value === 'string' ? known.exec(value) : null;
      return match && (match[1] ?? match[0]);
    };
  }
  const [, itemName = '', count = ''] = LIST.exec(name) ?? [];
  if (itemName !== '') {
    const item = kindOf(itemName, kinds);
    return (value) => {
      const list = listOf(value) ?? [undefined];
      const fits = count === '' ? list.length <= MOST_ITEMS : list.length === Number(count);
      return fits && list.every((each) => item(each) !== null) ? list : null;
    };
  }
  const integer = INTEGER.exec(name);
  if (integer !== null) {
    const [, least = 0, most = ''] = integer;
    return (value) =>
      isCount(value) && value >= Number(least) && (most === '' || value <= Number(most)) ? value : null;
  }
  const digits = DIGITS.exec(name);
  if (digits === null) throw new Error(`no kind is called ${name}`);
  const [, prefix, least, most = least] = digits;
  if (prefix !== '') return (value) => hexDigits(value, Number(least), prefix === '[0x]');
  return (value) => (isHex(value, Number(least), Number(most)) ? value : null);
}

type Role = keyof Parts;
const ROLES: readonly Role[] = ['jobId', 'user', 'nonce', 'hashes', 'previous'];

/** `key:role=kind|kind?`, of which all but a kind may be left out; a kind may be called like a role. */
const PART = /^(?:(\w+):)?(?:(\w+)=)?([^?=:]+?)(\?)?$/;

function partOf(word: string, kinds: Kinds) {
  const [, key = '', named, names = '', mark] = PART.exec(word) ?? [];
  const [first, ...others] = names.split('|').map((name) => kindOf(name, kinds));
  const either: Kind = (value) => others.reduce((read, kind) => read ?? kind(value), first(value));
  const role = ROLES.find((each) => each === (named ?? names));
  return { key, role, isOptional: mark !== undefined, read: others.length === 0 ? first : either };
}

/** Reads parameters of this shape, with kinds of the dialect's own. */
export function form(pattern: string, kinds: Kinds = {}): Form {
  const isOpen = pattern.endsWith(' ...');
  const words = pattern.replace(/ \.\.\.$/, '').split(' ');
  const parts = words.map((word) => partOf(word, kinds));
  const most = isOpen ? Number.POSITIVE_INFINITY : parts.length;
  const least = parts.filter(({ isOptional }) => !isOptional).length;
  const isNamed = parts[0].key !== '';
  return (params) => {
    const list = listOf(params) ?? [];
    const named = isNamed ? objectOf(params) : null;
    if (isNamed ? named === null : list.length < least || list.length > most) return null;
    const found: Record<Role, unknown> = { jobId: '', user: null, nonce: null, hashes: null, previous: null };
    for (let at = 0; at < parts.length; at++) {
      const part = parts[at];
      const value = named === null ? list[at] : named[part.key];
      if (part.isOptional && value === undefined) continue;
      const read = part.read(value);
      if (read === null) return null;
      if (part.role !== undefined) found[part.role] = read;
    }
    const { jobId, user, nonce, hashes, previous } = found;
    return {
      jobId: String(jobId),
      user: textual(user),
      nonce: textual(nonce),
      hashes: typeof hashes === 'number' ? hashes : null,
      previous: textual(previous),
    };
  };
}

function textual(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** The first of these shapes that parameters have. */
export function oneOf(...forms: readonly Form[]): Form {
  return (params) => {
    for (const each of forms) {
      const parts = each(params);
      if (parts !== null) return parts;
    }
    return null;
  };
}
