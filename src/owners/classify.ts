/**
 * Answers about an owner from what a database and the names of a host say, in the order of docs/reference/owners.md
 * section 3. The confidences are also from there: table of networks 0.9, typed database 0.85, confirmed name 0.85.
 */

import networks from '../../data/networks.tsv?raw';
import { number, oneOf, table, text } from '../schema/table.ts';
import { statement } from '../statements/index.ts';
import { OWNER_CLASSES, type OwnerAnswer, type OwnerClass } from './answer.ts';
import { domainMatch } from './domains.ts';
import { netnameMatches, organisationMatches } from './keywords.ts';
import type { DatabaseRecord } from './record.ts';

const rows = table('networks.tsv', networks, {
  asn: number(1, 2 ** 32 - 1),
  class: oneOf(...OWNER_CLASSES, 'research-network'),
  country: text,
  name: text,
});
let known: ReadonlyMap<number, KnownNetwork> | undefined;

type KnownNetwork = ReturnType<typeof networkOf>;

/** Of a research and education network education is said of those behind it, not of itself. */
function networkOf(row: ReturnType<typeof rows>[number]) {
  const isResearchNetwork = row.class === 'research-network';
  const owner: OwnerClass = row.class === 'research-network' ? 'education' : row.class;
  return { ...row, class: owner, isResearchNetwork };
}

/** The network of an AS number (data/networks.tsv); null if the table does not have it. */
export function knownNetwork(asn: number): KnownNetwork | null {
  known ??= new Map(rows().map((row) => [row.asn, networkOf(row)]));
  return known.get(asn) ?? null;
}

/** A name that the host goes by, and how far that can be trusted. */
interface HostName {
  readonly name: string;
  /** `confirmed`: the name also leads to the address, or a service on it showed it. `reverse`: a PTR record alone. */
  readonly trust: 'confirmed' | 'reverse';
}

/** What else is known of an address. */
export interface OwnerNames {
  readonly names?: readonly HostName[];
  /** WHOIS or RDAP network name and description. */
  readonly netname?: string;
}

const TYPED = 0.85;
const NETWORK = 0.9;
/** Universities are most, not all, of those behind a research and education network. */
const RESEARCH_NETWORK = 0.65;
const WHOIS = 0.75;
const CONFIRMED = 0.85;
const REVERSE = 0.5;
const BUSINESS = 0.6;
const PINYIN_ALONE = 0.3;

/** Answers of a database record: stated type, table of networks, organisation name, "business", legal form. */
export function recordAnswers(record: DatabaseRecord): OwnerAnswer[] {
  const { organisation: name, asn, domain, isBusiness } = record;
  const network = asn === null ? null : knownNetwork(asn);
  const typed = (source: OwnerAnswer['source'], owner: OwnerClass, word: string, confidence: number) => ({
    source,
    class: owner,
    name,
    confidence,
    rule: statement('owner-database-type', { word }),
  });
  return [
    ...record.types.map((type) => typed('database-type', type.class, type.word, TYPED)),
    ...(domain === null ? [] : domainAnswers(domain, 'confirmed', 'holder')),
    ...(network === null ? [] : [networkAnswer(network, name)]),
    ...(name === null ? [] : organisationAnswers(name)),
    ...(isBusiness ? [typed('business-type', 'enterprise', 'business', BUSINESS)] : []),
  ];
}

function networkAnswer(network: KnownNetwork, organisation: string | null): OwnerAnswer {
  const { asn, name, isResearchNetwork } = network;
  return {
    source: 'asn-table',
    class: network.class,
    name: organisation ?? name,
    confidence: isResearchNetwork ? RESEARCH_NETWORK : NETWORK,
    rule: isResearchNetwork
      ? statement('owner-research-network', { network: `AS${asn} ${name}` })
      : statement('owner-asn', { asn, name }),
  };
}

/** Answers of an organisation's name. */
export function organisationAnswers(name: string): OwnerAnswer[] {
  return organisationMatches(name).map((match) => ({
    source: match.confidence < 0.5 ? 'legal-form' : 'keyword',
    class: match.class,
    name,
    confidence: match.confidence,
    rule: statement('owner-name-word', { word: match.word, name }),
  }));
}

/** Answers of names that the host itself goes by, and of its WHOIS network name. */
export function nameAnswers({ names = [], netname }: OwnerNames): OwnerAnswer[] {
  const answers = names.flatMap(({ name, trust }) => domainAnswers(name, trust, 'host'));
  if (netname !== undefined && netname !== '') answers.push(...netnameAnswers(netname));
  return answers;
}

function domainAnswers(name: string, trust: HostName['trust'], of: 'host' | 'holder'): OwnerAnswer[] {
  const match = domainMatch(name);
  if (match === null) return [];
  const confidence = trust === 'confirmed' ? CONFIRMED : REVERSE;
  return [
    {
      // A word about the line confirms an access network but never names a holder.
      source: match.isHolder ? 'domain' : 'line',
      class: match.class,
      name: null,
      confidence: match.isHolder ? confidence : REVERSE,
      rule: statement('owner-domain', {
        of,
        name: name.slice(0, 253),
        word: match.word,
        atEnd: match.isHolder,
      }),
    },
  ];
}

function netnameAnswers(netname: string): OwnerAnswer[] {
  const org = organisationMatches(netname.replace(/[-_]/g, ' ')).filter((match) => match.confidence >= 0.5);
  const handles = netnameMatches(netname);
  const agree = new Set([...org, ...handles].map((match) => match.class)).size === 1;
  return [...org, ...handles].map((match) => ({
    source: 'netname',
    class: match.class,
    name: netname,
    // A pinyin word alone may be a person or a shop: two signs that agree make it one.
    confidence: match.needsSecond && !(agree && org.length + handles.length > 1) ? PINYIN_ALONE : WHOIS,
    rule: statement('owner-netname-word', { word: match.word, netname }),
  }));
}
