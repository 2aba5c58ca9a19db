/**
 * The fields of an alert in each format: one table per format, from which alerts and the tables of docs/alerts.md are
 * made. A field without a value is left out.
 */
import { endpointText } from '../address.ts';
import type { AlertEvent } from './event.ts';

/** Objects only where a format nests, and below their name whole. */
export type FieldValue = string | number | readonly string[] | object | null;

export interface AlertField {
  /** Name in the format; dots mean nesting, if the format nests. */
  readonly name: string;
  /** What it holds, for the docs. */
  readonly holds: string;
  readonly value: (event: AlertEvent) => FieldValue;
}

/** The event in one line, for people. */
export function sentenceOf({ kind, ip, verdict, pool, algorithm }: AlertEvent): string {
  const where = pool === null ? '' : ` at ${pool.name === '' ? endpointText(pool.ip, pool.port) : pool.name}`;
  const what = algorithm === null ? '' : ` (${algorithm})`;
  return `cryptocurrency mining ${kind}: ${ip} is ${verdict}${where}${what}`;
}

/** 1 is the most severe, as Suricata counts. */
export function severityOf({ verdict }: AlertEvent): 1 | 2 | 3 {
  return verdict === 'confirmed' ? 1 : verdict === 'probable' ? 2 : 3;
}

interface Nested {
  [name: string]: Nested | FieldValue;
}

/** Fields with dots to nested objects. */
export function nested(fields: readonly AlertField[], event: AlertEvent): Nested {
  const root: Nested = {};
  for (const { name, value } of fields) {
    const given = value(event);
    if (given === null || given === '') continue;
    put(root, name.split('.'), given);
  }
  return root;
}

function put(at: Nested, [name = '', ...below]: readonly string[], value: FieldValue): void {
  if (below.length === 0) {
    at[name] = value;
    return;
  }
  const known = at[name];
  const child: Nested = isNested(known) ? known : {};
  at[name] = child;
  put(child, below, value);
}

function isNested(value: Nested | FieldValue | undefined): value is Nested {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
