/**
 * What an object of JSON holds, declared once: each field with its type, unit, meaning,
 * and where it is shown; here, or in a table (declared.ts). From a declaration follow the TypeScript type (`Of`,
 * typescript.ts), the JSON Schema (json-schema.ts), the check of what is read (check.ts), columns of CSV and tables of docs/.
 */

declare const VALUE: unique symbol;

/** A type of values. */
export interface Type<T = unknown> {
  /** `map`: any names, with values of `items`. `record`: `fields`, and others may be added. */
  readonly kind: 'text' | 'flag' | 'whole' | 'number' | 'words' | 'list' | 'map' | 'record';
  /** Name of its definition in the JSON Schema and in docs/. */
  readonly name?: string;
  readonly meaning?: string;
  readonly unit?: string;
  /** The type in TypeScript, if the program knows more than is declared. */
  readonly known?: string;
  readonly orNull?: boolean;
  readonly pattern?: string;
  /** Of a text: what its pattern cannot say. */
  readonly format?: 'date' | 'date-time' | 'ip';
  readonly words?: readonly string[];
  readonly least?: number;
  readonly most?: number;
  readonly items?: Type;
  readonly fields?: Fields;
  /** Never there: carries the TypeScript type. */
  readonly [VALUE]?: () => T;
}

/** The TypeScript type of a declared one. */
export type Of<D> = D extends { readonly [VALUE]?: () => infer T } ? T : never;

/** `all`: JSON, CSV and reports. `json`: no CSV. `merge`: audit.json alone, for a later merge. */
type Shown = 'all' | 'json' | 'merge';

export interface Field<T = unknown, O extends boolean = boolean> {
  readonly type: Type<T>;
  readonly meaning: string;
  readonly isOptional: O;
  readonly shown: Shown;
}

export type Fields = Readonly<Record<string, Field>>;

/** A field that is always there. */
export function field<T>(type: Type<T>, meaning: string): Field<T, false> {
  return { shown: 'all', type, meaning, isOptional: false };
}

/** A field that may be absent. */
export function optional<T>(type: Type<T>, meaning: string): Field<T, true> {
  return { shown: 'all', type, meaning, isOptional: true };
}

type Made<F extends Fields> = {
  -readonly [K in keyof F as F[K] extends Field<unknown, false> ? K : never]: Of<F[K]['type']>;
} & {
  -readonly [K in keyof F as F[K] extends Field<unknown, true> ? K : never]?: Of<F[K]['type']>;
};

interface RecordType<F extends Fields> extends Type<{ [K in keyof Made<F>]: Made<F>[K] }> {
  readonly fields: F;
}

/** An object with these fields. */
export function record<F extends Fields>(fields: F): RecordType<F> {
  return { kind: 'record', fields };
}

export const text: Type<string> = { kind: 'text' };
export const flag: Type<boolean> = { kind: 'flag' };
/** A day of the calendar, 2026-11-27. */
export const date: Type<string> = { kind: 'text', pattern: '^\\d{4}-\\d{2}-\\d{2}$', format: 'date' };
/** A time of the calendar, ISO 8601 UTC. */
export const time: Type<string> = {
  kind: 'text',
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3,9}Z$',
  format: 'date-time',
};
/** An address of IPv4 or IPv6; a network is none. */
export const address: Type<string> = { kind: 'text', pattern: '^[0-9a-f:.]{2,45}$', format: 'ip' };
/** A number, whatever its sign. */
export const number: Type<number> = { kind: 'number' };
/** A number from 0. */
export const amount: Type<number> = { kind: 'number', least: 0 };
/** A whole number from 0. */
export const count: Type<number> = { kind: 'whole', least: 0 };
/** A part of a whole. */
export const part: Type<number> = { kind: 'number', least: 0, most: 1 };

export function matching(pattern: string): Type<string> {
  return { kind: 'text', pattern };
}

export function oneOf<const W extends string>(words: readonly W[], name?: string, meaning?: string): Type<W> {
  return { kind: 'words', words, ...(name && { name }), ...(meaning && { meaning }) };
}

export function list<T>(items: Type<T>): Type<T[]> {
  return { kind: 'list', items };
}

export function map<T>(items: Type<T>): Type<Record<string, T>> {
  return { kind: 'map', items };
}

export function orNull<T>(type: Type<T>): Type<T | null> {
  return { ...type, orNull: true } as Type<T | null>;
}
