/**
 * The owner of an address: one answer per source, the answer that won, and where it came from. The
 * classes are those of docs/reference/owners.md.
 */
import type { Statement } from '../statements/index.ts';

export const OWNER_CLASSES = [
  'government',
  'education',
  'research',
  'enterprise',
  'healthcare',
  'finance',
  'isp',
  'mobile',
  'hosting',
  'cdn',
  'unknown',
] as const;
export type OwnerClass = (typeof OWNER_CLASSES)[number];

/** The source of an answer. The first one in this order that knows a class wins. */
export const OWNER_SOURCES = [
  'owners-table', // the operator's own table
  'reserved', // special-purpose address space
  'database-type', // a type or user type that the database states
  'domain', // a name of the host, by its suffix
  'netname', // WHOIS network name or description
  'asn-table', // our table of networks
  'keyword', // the organisation's name
  'line', // a word about the line in a host's name
  'business-type', // a database that says no more than "business"
  'legal-form', // Ltd, GmbH, 有限公司: below the threshold, a hint
] as const;
type OwnerSource = (typeof OWNER_SOURCES)[number];

/** What one source says. */
export interface OwnerAnswer {
  readonly source: OwnerSource;
  readonly class: OwnerClass;
  readonly name: string | null;
  /** 0 to 1. */
  readonly confidence: number;
  /** The rule that gave the class. */
  readonly rule: Statement;
}

/** The owner of an address at one time. `unknown` with a null source is an honest answer. */
export interface AddressOwner {
  readonly class: OwnerClass;
  /** What the owner is as well, by another answer: NASA is government and research. Null if nothing else. */
  readonly secondClass: OwnerClass | null;
  readonly name: string | null;
  /** Network that originates the address, if a database knows it. */
  readonly asn: number | null;
  /** ISO 3166 alpha-2, upper case. */
  readonly country: string | null;
  readonly region: string | null;
  readonly city: string | null;
  readonly department: string | null;
  /** Whom to write to, from the operator's table. */
  readonly contact: string | null;
  readonly source: OwnerSource | null;
  /** 0 to 1; null if nobody said anything. */
  readonly confidence: number | null;
  readonly rule: Statement | null;
  /** Every answer, the strongest source first: the winner, those it overrides, and hints. */
  readonly answers: readonly OwnerAnswer[];
}

/** Classes that count as institutional (docs/reference/owners.md section 10). */
export const INSTITUTIONAL: readonly OwnerClass[] = ['government', 'education', 'enterprise'];

/** The wider definition that stands beside it: research bodies count too. */
export const INSTITUTIONAL_WITH_RESEARCH: readonly OwnerClass[] = [...INSTITUTIONAL, 'research'];

/** Operators whose subscribers are not visible: never a statement about the tenant. */
export const ACCESS: ReadonlySet<OwnerClass> = new Set(['isp', 'mobile']);
