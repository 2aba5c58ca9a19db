/**
 * The fields of an alert: one table per format (data/alerts), from which alerts and the table of
 * docs/reference/alert-fields.md are made.
 * A field without a value is left out.
 */
import { endpointText } from '../address.ts';
import { escapeJson } from '../escape.ts';
import { note, oneOf, optional, table, text } from '../schema/table.ts';
import { catalogueOf } from '../statements/catalogue.ts';
import type { AlertEvent } from './event.ts';

/** Objects only where a format nests, and below their name whole. */
type FieldValue = string | number | readonly string[] | object | null;

/** `version` is that of minesweep. */
export type Fact = (event: AlertEvent, version: string) => FieldValue | undefined;

/** Facts that a field may hold, by the names that the tables give them. */
const FACTS = {
  id: ({ id }) => id,
  time: ({ time }) => time,
  timeMs: ({ time }) => Date.parse(time),
  first: ({ first }) => first,
  firstMs: ({ first }) => Date.parse(first),
  last: ({ last }) => last,
  lastMs: ({ last }) => Date.parse(last),
  ip: ({ ip }) => ip,
  ipv4: ({ ip }) => (ip.includes(':') ? null : ip),
  ipv6: ({ ip }) => (ip.includes(':') ? ip : null),
  port: ({ port }) => (port === 0 ? null : port),
  mac: ({ machine }) => machine?.mac,
  hostname: ({ machine }) => machine?.hostname,
  user: ({ machine }) => machine?.user,
  pool: ({ pool }) => pool,
  poolIp: ({ pool }) => pool?.ip,
  poolIpv4: ({ pool }) => (pool?.ip.includes(':') ? null : pool?.ip),
  poolIpv6: ({ pool }) => (pool?.ip.includes(':') ? pool.ip : null),
  poolPort: ({ pool }) => pool?.port,
  poolDomain: ({ pool }) => pool?.domain,
  poolName: ({ pool }) => pool?.name,
  sentence: sentenceOf,
  action: ({ kind }) => `mining-${kind}`,
  verdict: ({ verdict }) => verdict,
  severity: severityOf,
  rule: ({ verdict }) => `minesweep-${verdict}`,
  ruleName: ({ verdict }) => `Mining ${verdict}`,
  roles: ({ roles }) => roles,
  dialect: ({ dialect }) => dialect,
  algorithm: ({ algorithm }) => algorithm,
  account: ({ account }) => account,
  hashrate: ({ hashrate }) => hashrate,
  rate: ({ hashrate }) => hashrate?.estimate,
  rateUnit: ({ hashrate }) => hashrate?.unit,
  rateBasis: ({ hashrate }) => hashrate?.basis,
  owner: ({ owner }) => owner,
  ownerClass: ({ owner }) => owner.class,
  ownerName: ({ owner }) => owner.name,
  intent: ({ owner }) => owner.intent,
  department: ({ owner }) => owner.department,
  contact: ({ owner }) => owner.contact,
  evidence: ({ evidence }) => evidence.map(({ code }) => code),
  why: ({ evidence }) => evidence[0]?.text,
  pseudonyms: ({ pseudonyms }) => pseudonyms,
  version: (_, version) => version,
} satisfies Record<string, Fact>;

/** The fields of a format; `own` are the facts that it alone has. */
export function alertFields(file: string, content: string, own: Readonly<Record<string, Fact>>) {
  const facts: Readonly<Record<string, Fact>> = { ...FACTS, ...own };
  const named = oneOf(...Object.keys(facts));
  const fact = (cell: string): Fact => facts[named(cell)];
  const constant =
    (value: FieldValue): Fact =>
    () =>
      value;
  return table(`alerts/${file}`, content, {
    field: text,
    value: (cell) => (cell.startsWith('=') ? constant(JSON.parse(cell.slice(1))) : fact(cell)),
    if: optional(fact),
    holds: note,
  });
}

type AlertFields = ReturnType<typeof alertFields>;

export interface AlertFormat {
  readonly id: string;
  readonly title: string;
  readonly fields: AlertFields;
  /** One line, without its end. `version` is that of minesweep. */
  readonly line: (event: AlertEvent, version: string) => string;
  /** A line that says in words why an audit is no all-clear; absent if the format has no place for it. */
  readonly incomplete?: (time: string, reasons: string) => string;
}

/** A format whose lines are objects of JSON. */
export function jsonFormat(
  id: string,
  title: string,
  fields: AlertFields,
  incomplete?: (time: string, reasons: string) => object,
): AlertFormat {
  const json = (value: object): string => escapeJson(JSON.stringify(value));
  return {
    id,
    title,
    fields,
    line: (event, version) => json(nested(valuesOf(fields, event, version))),
    ...(incomplete && { incomplete: (time, reasons) => json(incomplete(time, reasons)) }),
  };
}

/** The fields that have a value, in their order. */
export function valuesOf(fields: AlertFields, event: AlertEvent, version: string) {
  const given = (fact: Fact): FieldValue => {
    const value = fact(event, version);
    return value === undefined || value === '' ? null : value;
  };
  return fields().flatMap(({ field, value, if: needed }) => {
    const held = needed === null || given(needed) !== null ? given(value) : null;
    return held === null ? [] : [[field, held] as const];
  });
}

/** The event in one line, for people; in English, as rules of other programs look for it. */
export function sentenceOf({ kind, ip, verdict, pool, algorithm }: AlertEvent): string {
  const where = pool && (pool.name || endpointText(pool.ip, pool.port));
  return catalogueOf('en').finding.alert(kind, ip, verdict, where, algorithm);
}

/** 1 is the most severe, as Suricata counts. */
export function severityOf({ verdict }: AlertEvent): 1 | 2 | 3 {
  return verdict === 'confirmed' ? 1 : verdict === 'probable' ? 2 : 3;
}

interface Nested {
  [name: string]: Nested | FieldValue;
}

/** Fields with dots to nested objects. */
function nested(fields: readonly (readonly [name: string, value: FieldValue])[]): Nested {
  const root: Nested = {};
  for (const [name, value] of fields) {
    const above = name.split('.');
    const last = above.pop() ?? '';
    let at = root;
    for (const key of above) {
      at[key] ??= {};
      at = at[key] as Nested;
    }
    at[last] = value;
  }
  return root;
}
