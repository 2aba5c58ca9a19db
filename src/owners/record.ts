/**
 * A record of any of the known address databases to the fields we use, distinguished by its shape and never by the name
 * of the database: GeoLite2/DB-IP ASN, GeoIP2 ISP, Connection-Type, Domain, Enterprise, City and Anonymous, IPinfo
 * (flat and nested), our own databases (docs/owners.md section 4). Records of another shape are skipped.
 */
import type { OwnerClass } from './answer.ts';

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

/** Words for types of users, of MaxMind, IPinfo, ipapi.is, ipgeolocation and others, without blanks and in lower case. */
const TYPE_CLASSES: Readonly<Record<string, OwnerClass>> = {
  cafe: 'isp', // a public hotspot
  cellular: 'mobile',
  mobile: 'mobile',
  college: 'education',
  school: 'education',
  university: 'education',
  library: 'education',
  education: 'education',
  consumer_privacy_network: 'unknown',
  content_delivery_network: 'cdn',
  cdn: 'cdn',
  dialup: 'isp',
  government: 'government',
  goverment: 'government', // so spelt by ipapi.is
  military: 'government',
  hosting: 'hosting',
  search_engine_spider: 'hosting',
  residential: 'isp',
  router: 'isp',
  traveler: 'isp',
  isp: 'isp',
  'cable/dsl': 'isp',
  satellite: 'isp',
  banking: 'finance',
};
const BUSINESS_WORDS: ReadonlySet<string> = new Set(['business', 'corporate', 'commercial', 'organization']);

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
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
  return (
    textOf(value) ??
    textOf(names.en) ??
    Object.values(names)
      .map(textOf)
      .find((name) => name !== null) ??
    null
  );
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
    textOf(traits.user_type),
    textOf(company.type),
    textOf(fieldsOf(root.represented_country).type),
    textOf(traits.usage_type),
    traits.is_hosting_provider === true || traits.is_hosting === true ? 'hosting' : null,
    textOf(traits.connection_type),
    textOf(network.type),
    textOf(traits.type),
    traits.is_mobile === true ? 'mobile' : null,
  ].filter((word) => word !== null);
  const record: DatabaseRecord = {
    asn: asnOf(traits.autonomous_system_number) ?? asnOf(network.asn) ?? asnOf(traits.asn),
    organisation:
      textOf(company.name) ??
      textOf(traits.organization) ??
      textOf(traits.autonomous_system_organization) ??
      textOf(network.name) ??
      textOf(traits.as_name) ??
      textOf(traits.as_organization) ??
      textOf(traits.isp),
    domain:
      textOf(company.domain) ?? textOf(traits.domain) ?? textOf(network.domain) ?? textOf(traits.as_domain),
    country:
      countryOf(fieldsOf(root.country).iso_code) ??
      countryOf(root.country_code) ??
      countryOf(root.country) ??
      countryOf(fieldsOf(root.registered_country).iso_code),
    region: nameOf(subdivisions[0]) ?? nameOf(root.region) ?? nameOf(root.state1),
    city: nameOf(root.city),
    types: words.flatMap((word) => {
      const owner = TYPE_CLASSES[wordKey(word)];
      return owner === undefined ? [] : [{ word, class: owner }];
    }),
    isBusiness: words.some((word) => BUSINESS_WORDS.has(wordKey(word))),
  };
  const isEmpty =
    record.types.length === 0 &&
    !record.isBusiness &&
    [record.asn, record.organisation, record.domain, record.country, record.region, record.city].every(
      (field) => field === null,
    );
  return isEmpty ? null : record;
}

function wordKey(word: string): string {
  return word.toLowerCase().replace(/[\s-]+/g, '_');
}
