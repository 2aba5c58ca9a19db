/**
 * A record of any of the known address databases to the fields we use, distinguished by its shape and never by the name
 * of the database: GeoLite2/DB-IP ASN, GeoIP2 ISP, Connection-Type, Domain, Enterprise, City and Anonymous, IPinfo
 * (flat and nested), our own databases (docs/reference/owners.md section 4). Records of another shape are skipped.
 */
import userTypes from '../../data/user-types.tsv?raw';
import { isObject } from '../json.ts';
import { oneOf, table, text } from '../schema/table.ts';
import { OWNER_CLASSES, type OwnerClass } from './answer.ts';

export interface DatabaseRecord {
  readonly asn: number | null;
  /** Who the address is assigned to, else who announces it; null if neither is named. */
  readonly organisation: string | null;
  /** Second-level domain of the holder. */
  readonly domain: string | null;
  readonly country: string | null;
  readonly region: string | null;
  readonly city: string | null;
  /** What the database says the user is, as it spells it, and the class that means; strongest first. */
  readonly types: readonly { readonly word: string; readonly class: OwnerClass }[];
  /** True if it says no more than "business". */
  readonly isBusiness: boolean;
}

const TYPES = table('user-types.tsv', userTypes, { word: text, class: oneOf(...OWNER_CLASSES) });
const BUSINESS_WORDS: ReadonlySet<string> = new Set(['business', 'corporate', 'commercial', 'organization']);

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return isObject(value) ? value : {};
}

function textOf(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value.trim().slice(0, 300);
  return text === '' ? null : text;
}

function asnOf(value: unknown): number | null {
  const asn =
    typeof value === 'number' ? value : Number(/^\s*(?:AS)?(\d{1,10})\b/i.exec(textOf(value) ?? '')?.[1]);
  return Number.isInteger(asn) && asn > 0 && asn < 2 ** 32 ? asn : null;
}

function countryOf(value: unknown): string | null {
  const text = textOf(value);
  return text !== null && /^[A-Za-z]{2}$/.test(text) ? text.toUpperCase() : null;
}

/** A name in English, else in the first language given; plain text as it is. */
function nameOf(value: unknown): string | null {
  const names = fieldsOf(fieldsOf(value).names);
  return firstOf(textOf, value, names.en, ...Object.values(names));
}

/** The first of the values that can be read. */
function firstOf<T>(read: (value: unknown) => T | null, ...values: readonly unknown[]): T | null {
  return values.map(read).find((found) => found !== null) ?? null;
}

/** Reads a record; null if nothing in it is known to us. */
export function readRecord(value: unknown): DatabaseRecord | null {
  // Some databases hold nothing but the text "AS15169 Google LLC".
  if (typeof value === 'string') {
    const match = /^AS(\d{1,10})\s+(.+)$/i.exec(value.trim());
    return match === null ? null : readRecord({ asn: match[1], as_name: match[2] });
  }
  const root = fieldsOf(value);
  const traits = { ...root, ...fieldsOf(root.traits) };
  const network = fieldsOf(traits.asn);
  const company = fieldsOf(traits.company);
  const subdivisions = Array.isArray(root.subdivisions) ? root.subdivisions : [];
  const words = [
    ...[traits.user_type, company.type, fieldsOf(root.represented_country).type, traits.usage_type],
    traits.is_hosting_provider === true || traits.is_hosting === true ? 'hosting' : null,
    ...[traits.connection_type, network.type, traits.type],
    traits.is_mobile === true ? 'mobile' : null,
  ].flatMap((word) => textOf(word) ?? []);
  const record: DatabaseRecord = {
    asn: firstOf(asnOf, traits.autonomous_system_number, network.asn, traits.asn),
    organisation: firstOf(
      textOf,
      ...[company.name, traits.organization, traits.autonomous_system_organization, network.name],
      ...[traits.as_name, traits.as_organization, traits.isp],
    ),
    domain: firstOf(textOf, company.domain, traits.domain, network.domain, traits.as_domain),
    country: firstOf(
      countryOf,
      ...[fieldsOf(root.country).iso_code, root.country_code, root.country],
      fieldsOf(root.registered_country).iso_code,
    ),
    region: firstOf(nameOf, subdivisions[0], root.region, root.state1),
    city: nameOf(root.city),
    types: words.flatMap((word) => {
      const type = TYPES().find((row) => row.word === wordKey(word));
      return type === undefined ? [] : [{ word, class: type.class }];
    }),
    isBusiness: words.some((word) => BUSINESS_WORDS.has(wordKey(word))),
  };
  const { types, isBusiness, ...facts } = record;
  const isEmpty = types.length === 0 && !isBusiness && Object.values(facts).every((fact) => fact === null);
  return isEmpty ? null : record;
}

function wordKey(word: string): string {
  return word.toLowerCase().replace(/[\s-]+/g, '_');
}
