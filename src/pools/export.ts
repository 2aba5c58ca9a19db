/**
 * Listed endpoints as filters and lists of other tools: addresses of `--pools` files, to which `pools resolve` adds those of
 * the catalogue's names, and the names themselves. What a format cannot carry is left out, and its head says how many: an
 * address without its port would mean every port of it.
 */
import { escapeJson, escapeTerminal } from '../escape.ts';
import { groupBy } from '../order.ts';
import { catalogueOf } from '../statements/catalogue.ts';
import { CATALOGUE_DATE } from './catalogue.ts';
import type { Endpoint } from './endpoint.ts';
import type { PoolKind } from './entry.ts';
import { CATALOGUE_UNTIL, type ExportedName, type ExportedNames } from './exported-names.ts';
import { PORTS_LEFT_OUT } from './marks.ts';
import { endpointTable } from './pool-list.ts';

/** What is exported. Of a format that takes either, only one of the two holds something, unless both were asked for. */
export interface Exported extends ExportedNames {
  /** Addresses and networks, all of which the format can carry. */
  readonly endpoints: readonly Endpoint[];
  /** What was left out and why, a line each. */
  readonly remarks: readonly string[];
}

/** What an endpoint has beside its place. */
const PARTS = ['port', 'transport', 'pool', 'class', 'coins', 'use', 'source', 'date'] as const;
type Part = (typeof PARTS)[number];

interface PoolExportFormat {
  readonly id: string;
  readonly title: string;
  /** How to use the file: one line for the head of a commented format and for the docs. */
  readonly use: string;
  readonly takes: 'addresses' | 'names' | 'either';
  /** True if it can say "and all names below". */
  readonly domains?: true;
  /** What it says of an entry; with `any`, also that it means every port. */
  readonly says: readonly (Part | 'any' | 'networks')[];
  /** True if the remarks stand in its head; else they go to standard error. */
  readonly hasHead?: true;
  readonly write: (exported: Exported) => string;
  /** The same as files by their names, if it is several. */
  readonly files?: (exported: Exported) => ReadonlyMap<string, string>;
}

/** Suricata: ids from 1,000,000 on are for local rules. Those of addresses have the port added. */
const SIGNATURE = 8_700_101;
const ADDRESS_SIGNATURE = 8_800_000;
const NETWORK_SIGNATURE = 8_900_000;
/** Suricata reads a rule of 8 kB at most. */
const NETWORKS_OF_RULE = 150;
const CONNECTION = 'flow:to_server; flags:S';
const NAMES_SET = 'dataset:isset,minesweep-names,type string,load minesweep-names.lst';

export const POOL_EXPORT_FORMATS: readonly PoolExportFormat[] = [
  {
    id: 'nfdump',
    title: 'an nfdump filter',
    use: "nfdump -R /var/netflow -f FILE 'proto tcp'",
    takes: 'addresses',
    says: ['port', 'any', 'networks'],
    hasHead: true,
    write: ({ endpoints, remarks }) =>
      lines([
        ...remarks.map((text) => `# ${text}`),
        'proto tcp and (',
        byPort(endpoints).map(nfdumpPart).join(' or\n'),
        ')',
      ]),
  },
  {
    id: 'suricata-dataset',
    title: 'Suricata datasets of addresses (type ip), one a port, or a dataset of names (type string)',
    use: '--out DIR writes them beside the rules of suricata-rules: minesweep-pools-3333.lst, …, minesweep-names.lst',
    takes: 'either',
    says: ['port', 'any'],
    write: (exported) => {
      const files = datasets(exported);
      // Several are no file that Suricata takes: each has its name above it.
      return [...files].map(([name, text]) => (files.size > 1 ? `# ${name}\n${text}` : text)).join('');
    },
    files: datasets,
  },
  {
    id: 'suricata-rules',
    title:
      'Suricata rules that use the datasets: a rule a port, with the networks, or of names in DNS, TLS and HTTP',
    use: 'suricata -S FILE; needs Suricata 7',
    takes: 'either',
    says: ['port', 'any', 'networks'],
    hasHead: true,
    write: ({ endpoints, names, remarks }) =>
      lines([
        ...remarks.map((text) => `# ${text}`),
        ...byPort(endpoints).flatMap(addressRules),
        ...(names.length === 0 ? [] : ['dns.query', 'tls.sni', 'http.host']).map((buffer, i) => {
          const [protocol = ''] = buffer.split('.');
          const lower = buffer === 'http.host' ? '' : 'to_lowercase; ';
          const message = words().nameRule(protocol.toUpperCase());
          return rule(SIGNATURE + i + 1, protocol, message, `${buffer}; ${lower}${NAMES_SET}`);
        }),
      ]),
  },
  {
    id: 'csv',
    title: 'addresses and networks as CSV, with every part of each endpoint',
    use: 'for spreadsheets and other programs, and for --pools; port any is every port',
    takes: 'addresses',
    says: [...PARTS, 'any', 'networks'],
    write: ({ endpoints }) => endpointTable(endpoints, 'ip'),
  },
  {
    id: 'plain',
    title: 'one address, network or name a line',
    use: 'threat feeds and external lists of firewalls; they block every port of an address',
    takes: 'either',
    says: ['any', 'networks'],
    hasHead: true,
    write: ({ endpoints, names, remarks }) =>
      lines([
        ...remarks.map((text) => `# ${text}`),
        ...new Set(endpoints.map(({ place }) => place)),
        ...names.map(({ name }) => name),
      ]),
  },
  {
    id: 'akvorado',
    title: 'a custom dictionary of Akvorado',
    use: 'keys addr (String) and port (UInt16), attribute pool; IPv4 as ::ffff:a.b.c.d',
    takes: 'addresses',
    says: ['port', 'pool'],
    write: ({ endpoints }) =>
      lines([
        'addr,port,pool',
        ...new Set(
          endpoints.map(({ place, port, pool }) =>
            [place.includes(':') ? place : `::ffff:${place}`, port, quoted(pool)].join(),
          ),
        ),
      ]),
  },
  {
    id: 'zeek-intel',
    title: "a file of Zeek's intelligence framework",
    use: 'redef Intel::read_files += { "FILE" }; the class is in meta.source',
    takes: 'names',
    says: ['pool', 'class', 'coins', 'date'],
    write: ({ names }) =>
      lines([
        '#fields\tindicator\tindicator_type\tmeta.source\tmeta.desc',
        ...names.map((one) => `${one.name}\tIntel::DOMAIN\tminesweep-${one.kind}\t${told(one)}`),
      ]),
  },
  {
    id: 'suricata-json',
    title: 'a Suricata dataset in JSON, that puts class, pool and coins into the alert',
    use: 'Suricata 8: dns.query; dataset:isset,minesweep-json,type string,load FILE,format json,context_key mining,value_key name',
    takes: 'names',
    says: ['pool', 'class', 'coins', 'date'],
    write: ({ names }) =>
      `[\n${names.map(({ name, kind, pool, coins, until }) => escapeJson(JSON.stringify({ name, class: kind, pool, coins, until }))).join(',\n')}\n]\n`,
  },
  {
    id: 'rpz',
    title: 'a response policy zone (NXDOMAIN for each name)',
    use: 'a zone of type primary, named in response-policy of BIND, or as rpz of Unbound, Knot and PowerDNS',
    takes: 'names',
    domains: true,
    says: ['pool', 'class', 'coins', 'date'],
    hasHead: true,
    write: (exported) =>
      lines([
        '$TTL 3600',
        `@ SOA localhost. minesweep.invalid. ${CATALOGUE_DATE.replaceAll('-', '')}00 3600 600 2592000 3600`,
        '@ NS localhost.',
        ...head(';', exported),
        ...exported.names.flatMap((one) => [
          `${one.name} CNAME . ; ${told(one)}`,
          ...(one.whole ? [`*.${one.name} CNAME .`] : []),
        ]),
      ]),
  },
  {
    id: 'hosts',
    title: 'a hosts file',
    use: 'add it to /etc/hosts, or give it to dnsmasq (addn-hosts), Pi-hole or Technitium',
    takes: 'names',
    says: ['pool', 'class', 'coins', 'date'],
    hasHead: true,
    write: (exported) =>
      lines([...head('#', exported), ...exported.names.map((one) => `0.0.0.0 ${one.name} # ${told(one)}`)]),
  },
  {
    id: 'dnsmasq',
    title: 'settings of dnsmasq (0.0.0.0 and :: for each name)',
    use: 'save it in /etc/dnsmasq.d',
    takes: 'names',
    domains: true,
    says: ['pool', 'class', 'coins', 'date'],
    hasHead: true,
    write: (exported) =>
      lines([
        ...head('#', exported),
        // address= means all names below, a record just one.
        ...exported.names.map(
          (one) =>
            `${one.whole ? `address=/${one.name}/#` : `host-record=${one.name},0.0.0.0,::`} # ${told(one)}`,
        ),
      ]),
  },
  {
    id: 'adblock',
    title: 'a filter list for AdGuard, Pi-hole and uBlock Origin',
    use: 'subscribe to the file; names below which there are web sites are left out, as a filter holds for these too',
    takes: 'names',
    domains: true,
    says: ['pool', 'class', 'coins', 'date'],
    hasHead: true,
    write: (exported) => {
      const names = exported.names.filter(({ whole, aboveSites }) => whole || !aboveSites);
      return lines([
        ...head('!', { ...exported, names }),
        ...names.flatMap((one, at) => {
          const [before, now] = [names[at - 1], told(one)];
          return [...(before !== undefined && told(before) === now ? [] : [`! ${now}`]), `||${one.name}^`];
        }),
      ]);
    },
  },
  {
    id: 'misp-warninglist',
    title: 'a MISP warninglist',
    use: 'lists/minesweep/list.json of misp-warninglists; no entry has a class of its own: make a list for each --class',
    takes: 'names',
    domains: true,
    says: [],
    write: ({ names }) => {
      const kinds = [...new Set(names.map(({ kind }) => kind))].join(', ');
      const list = {
        name: words().list(kinds),
        description: words().about(kinds, CATALOGUE_UNTIL),
        version: Number(CATALOGUE_DATE.replaceAll('-', '')),
        type: names.some(({ whole }) => whole) ? 'hostname' : 'string',
        matching_attributes: ['domain', 'hostname', 'domain|ip', 'hostname|port'],
        list: names.map(({ name }) => name).sort(),
      };
      return `${JSON.stringify(list, null, 2)}\n`;
    },
  },
];

/** Rules and lists of other programs are in English. */
const words = () => catalogueOf('en').pools.export;

function lines(texts: Iterable<string>): string {
  return `${[...texts].join('\n')}\n`;
}

function rule(id: number, protocol: string, message: string, keywords: string, to = 'any any'): string {
  return `alert ${protocol} $HOME_NET any -> ${to} (msg:"minesweep: ${message}"; ${keywords}; classtype:coin-mining; sid:${id}; rev:1;)`;
}

/** A rule for the addresses of a port, by their dataset, and rules for its networks, which no dataset can hold. */
function addressRules([port, endpoints]: PortGroup): string[] {
  const of = port === null ? 'any' : String(port);
  const set = `minesweep-pools-${of}`;
  const dataset = `${CONNECTION}; ip.dst; dataset:isset,${set},type ip,load ${set}.lst`;
  const message = words().addressRule;
  const networks = [...new Set(endpoints.filter(({ is }) => is === 'network').map(({ place }) => place))];
  const chunks = Math.ceil(networks.length / NETWORKS_OF_RULE);
  return [
    ...(endpoints.some(({ is }) => is === 'address')
      ? [rule(ADDRESS_SIGNATURE + (port ?? 0), 'tcp', message, dataset, `any ${of}`)]
      : []),
    ...Array.from({ length: chunks }, (_, chunk) => {
      const list = networks.slice(chunk * NETWORKS_OF_RULE, (chunk + 1) * NETWORKS_OF_RULE).join(',');
      const id = NETWORK_SIGNATURE + chunk * 100_000 + (port ?? 0);
      return rule(id, 'tcp', message, CONNECTION, `[${list}] ${of}`);
    }),
  ];
}

/** The datasets that the rules load, by the names of their files. */
function datasets({ endpoints, names }: Exported): Map<string, string> {
  const files = new Map<string, string>();
  for (const [port, group] of byPort(endpoints.filter(({ is }) => is === 'address')))
    files.set(`minesweep-pools-${port ?? 'any'}.lst`, lines(new Set(group.map(({ place }) => place))));
  if (names.length > 0)
    files.set('minesweep-names.lst', lines(names.map(({ name }) => Buffer.from(name).toString('base64'))));
  return files;
}

/** What a list is and what it lacks, as comments. */
function head(sign: string, { names, doubtful, domainsLeft, remarks }: Exported): string[] {
  return [
    words().head(names.length, CATALOGUE_DATE, CATALOGUE_UNTIL),
    words().doubtful(doubtful),
    ...(domainsLeft === 0 ? [] : [words().domainsLeft(domainsLeft)]),
    ...remarks,
  ].map((text) => `${sign} ${text}`);
}

/** Class, pool, coins and expiry of a name, for a comment. The pool may have its name from an operator's file. */
function told({ kind, pool, coins, until }: ExportedName): string {
  const parts = [kind, pool, coins.join(' '), until === null ? '' : words().until(until)];
  return escapeTerminal(parts.filter((part) => part !== '').join('; '));
}

interface Wanted {
  /** Of these classes, none for all. */
  readonly kinds: readonly PoolKind[];
  /** Also addresses that serve others than the pool's miners. */
  readonly shared: boolean;
}

/** The addresses and networks of a list that a format carries, and remarks on what it does not. */
export function exportedEndpoints(
  all: readonly Endpoint[],
  { takes, says }: Pick<PoolExportFormat, 'takes' | 'says'>,
  { kinds, shared }: Wanted,
): Pick<Exported, 'endpoints' | 'remarks'> {
  const remarks: string[] = [];
  const ofKinds = all.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind));
  const isOfNames = takes === 'names';
  const given = ofKinds.filter(({ is }) => is !== 'name');
  const endpoints = isOfNames ? [] : given;
  if (isOfNames && given.length > 0) remarks.push(words().addressesLeft(given.length));
  const named = ofKinds.length - given.length;
  if (takes === 'addresses' && named > 0) remarks.push(words().namesLeft(named));
  const keep = (
    from: readonly Endpoint[],
    isKept: (each: Endpoint) => boolean,
    left: (count: number) => string,
  ) => {
    const kept = from.filter(isKept);
    if (kept.length < from.length) remarks.push(left(from.length - kept.length));
    return kept;
  };
  const { sharedLeft, networksLeft, anyLeft, portsLeft, partsLeft } = words();
  const dedicated = keep(endpoints, ({ use }) => shared || use === 'dedicated', sharedLeft);
  const fitting = says.includes('networks')
    ? dedicated
    : keep(dedicated, ({ is }) => is !== 'network', networksLeft);
  const kept = says.includes('any') ? fitting : keep(fitting, ({ port }) => port !== null, anyLeft);
  const ports = kept.filter(({ port }) => port !== null).length;
  if (!says.includes('port') && ports > 0) remarks.push(portsLeft(ports, PORTS_LEFT_OUT));
  const parts = PARTS.filter((part) => !says.includes(part));
  if (parts.length > 0) remarks.push(partsLeft(parts));
  return { endpoints: kept, remarks };
}

type PortGroup = [port: number | null, endpoints: Endpoint[]];

/** Endpoints with one port together, those of every port first. */
function byPort(endpoints: readonly Endpoint[]): PortGroup[] {
  return [...groupBy(endpoints, ({ port }) => port)].sort(([a], [b]) => (a ?? 0) - (b ?? 0));
}

function nfdumpPart([port, endpoints]: PortGroup): string {
  const placesOf = (wanted: Endpoint['is']): string[] => [
    ...new Set(endpoints.filter(({ is }) => is === wanted).map(({ place }) => place)),
  ];
  const single = placesOf('address');
  const list = single.length === 0 ? [] : [`ip in [ ${single.join(' ')} ]`];
  const where = [...list, ...placesOf('network').map((place) => `net ${place}`)].join(' or ');
  return port === null ? `  (${where})` : `  ((${where}) and port ${port})`;
}

/** RFC 4180; no cell can start a formula. */
function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
