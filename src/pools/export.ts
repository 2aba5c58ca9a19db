/**
 * Listed endpoints as filters and lists of other tools: addresses of `--pools` files, to which `pools resolve` adds those of
 * the catalogue's names, and the names themselves. Networks are exported only if the format supports them.
 */
import { addressText } from '../address.ts';
import { escapeJson, escapeTerminal } from '../escape.ts';
import { networkText } from '../networks.ts';
import { compareText, groupBy } from '../order.ts';
import { catalogueOf } from '../statements/catalogue.ts';
import { CATALOGUE_DATE } from './catalogue.ts';
import type { PoolKind } from './entry.ts';
import { CATALOGUE_UNTIL, type ExportedName, type ExportedNames } from './exported-names.ts';
import type { PoolSet } from './pool-set.ts';

/** One address or network with one port; port 0 stands for every port. */
interface ExportedPlace {
  /** Canonical text; with `/length` if it is a network. */
  readonly place: string;
  readonly isNetwork: boolean;
  readonly port: number;
  readonly pool: string;
}

/** What is exported. Of a format that takes either, only one of the two holds something, unless both were asked for. */
export interface Exported extends ExportedNames {
  readonly places: readonly ExportedPlace[];
}

interface PoolExportFormat {
  readonly id: string;
  readonly title: string;
  /** How to use the file: one line for the head of a commented format and for the docs. */
  readonly use: string;
  readonly takes: 'addresses' | 'names' | 'either';
  /** True if it can say "and all names below". */
  readonly domains?: true;
  readonly write: (exported: Exported) => string;
}

/** Suricata: ids from 1,000,000 on are for local rules. */
const SIGNATURE = 8_700_101;
const ADDRESSES_SET =
  'flow:to_server; flags:S; ip.dst; dataset:isset,minesweep-pools,type ip,load minesweep-pools.lst';
const NAMES_SET = 'dataset:isset,minesweep-names,type string,load minesweep-names.lst';

export const POOL_EXPORT_FORMATS: readonly PoolExportFormat[] = [
  {
    id: 'nfdump',
    title: 'an nfdump filter',
    use: "nfdump -R /var/netflow -f FILE 'proto tcp'",
    takes: 'addresses',
    write: ({ places }) => `proto tcp and (\n${byPort(places).map(nfdumpPart).join(' or\n')}\n)\n`,
  },
  {
    id: 'suricata-dataset',
    title: 'a Suricata dataset of addresses (type ip), or of names (type string)',
    use: 'save it beside the rules of suricata-rules, addresses as minesweep-pools.lst, names as minesweep-names.lst',
    takes: 'either',
    write: ({ places, names }) =>
      lines([
        ...new Set(addresses(places).map(({ place }) => place)),
        ...names.map(({ name }) => Buffer.from(name).toString('base64')),
      ]),
  },
  {
    id: 'suricata-rules',
    title: 'Suricata rules that use the dataset: of addresses, or of names in DNS, TLS and HTTP',
    use: 'suricata -S FILE; needs Suricata 7',
    takes: 'either',
    write: ({ places, names }) =>
      lines([
        ...(places.length === 0 ? [] : [rule(0, 'tcp', words().addressRule, ADDRESSES_SET)]),
        ...(names.length === 0 ? [] : ['dns.query', 'tls.sni', 'http.host']).map((buffer, i) => {
          const [protocol = ''] = buffer.split('.');
          const lower = buffer === 'http.host' ? '' : 'to_lowercase; ';
          const message = words().nameRule(protocol.toUpperCase());
          return rule(i + 1, protocol, message, `${buffer}; ${lower}${NAMES_SET}`);
        }),
      ]),
  },
  {
    id: 'csv',
    title: 'address, port and pool as CSV',
    use: 'for spreadsheets and other programs; port 0 is every port',
    takes: 'addresses',
    write: ({ places }) => `ip,port,pool\n${places.map(csvRow).join('')}`,
  },
  {
    id: 'akvorado',
    title: 'a custom dictionary of Akvorado',
    use: 'keys addr (String) and port (UInt16), attribute pool; IPv4 as ::ffff:a.b.c.d',
    takes: 'addresses',
    write: ({ places }) =>
      `addr,port,pool\n${addresses(places)
        .map((one) => csvRow({ ...one, place: one.place.includes(':') ? one.place : `::ffff:${one.place}` }))
        .join('')}`,
  },
  {
    id: 'zeek-intel',
    title: "a file of Zeek's intelligence framework",
    use: 'redef Intel::read_files += { "FILE" }; the class is in meta.source',
    takes: 'names',
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
    write: ({ names }) =>
      `[\n${names.map(({ name, kind, pool, coins, until }) => escapeJson(JSON.stringify({ name, class: kind, pool, coins, until }))).join(',\n')}\n]\n`,
  },
  {
    id: 'rpz',
    title: 'a response policy zone (NXDOMAIN for each name)',
    use: 'a zone of type primary, named in response-policy of BIND, or as rpz of Unbound, Knot and PowerDNS',
    takes: 'names',
    domains: true,
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
    write: (exported) =>
      lines([...head('#', exported), ...exported.names.map((one) => `0.0.0.0 ${one.name} # ${told(one)}`)]),
  },
  {
    id: 'dnsmasq',
    title: 'settings of dnsmasq (0.0.0.0 and :: for each name)',
    use: 'save it in /etc/dnsmasq.d',
    takes: 'names',
    domains: true,
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

function rule(id: number, protocol: string, message: string, keywords: string): string {
  return `alert ${protocol} $HOME_NET any -> any any (msg:"minesweep: ${message}"; ${keywords}; classtype:coin-mining; sid:${SIGNATURE + id}; rev:1;)`;
}

/** What a list is and what it lacks, as comments. */
function head(sign: string, { names, doubtful, domainsLeft }: ExportedNames): string[] {
  return [
    words().head(names.length, CATALOGUE_DATE, CATALOGUE_UNTIL),
    words().doubtful(doubtful),
    ...(domainsLeft === 0 ? [] : [words().domainsLeft(domainsLeft)]),
  ].map((text) => `${sign} ${text}`);
}

/** Class, pool, coins and expiry of a name, for a comment. The pool may have its name from an operator's file. */
function told({ kind, pool, coins, until }: ExportedName): string {
  const parts = [kind, pool, coins.join(' '), until === null ? '' : words().until(until)];
  return escapeTerminal(parts.filter((part) => part !== '').join('; '));
}

/** Every listed place with each of its ports, by address; of pools of these kinds, none for all. */
export function exportedPlaces(pools: PoolSet, kinds: readonly PoolKind[] = []): ExportedPlace[] {
  const places: ExportedPlace[] = [];
  for (const { network, ports } of pools.listedPrefixes()) {
    const place = networkText(network);
    const ip = addressText(network.words);
    for (const port of ports.length === 0 ? [0] : ports) {
      const pool = pools.byAddress(ip, port)?.pool;
      if (kinds.length > 0 && (pool === undefined || !kinds.includes(pool.kind))) continue;
      places.push({ place, isNetwork: network.length < 128, port, pool: pool?.name ?? '' });
    }
  }
  return places.sort((a, b) => compareText(a.place, b.place) || a.port - b.port);
}

function addresses(places: readonly ExportedPlace[]): ExportedPlace[] {
  return places.filter(({ isNetwork }) => !isNetwork);
}

/** Places with one port together: a filter that names the port once a place is long and slow. */
function byPort(places: readonly ExportedPlace[]): [number, ExportedPlace[]][] {
  return [...groupBy(places, ({ port }) => port)].sort(([a], [b]) => a - b);
}

function nfdumpPart([port, places]: [number, ExportedPlace[]]): string {
  const single = addresses(places).map(({ place }) => place);
  const networks = places.filter(({ isNetwork }) => isNetwork).map(({ place }) => `net ${place}`);
  const list = single.length === 0 ? [] : [`ip in [ ${single.join(' ')} ]`];
  const where = [...list, ...networks].join(' or ');
  return port === 0 ? `  (${where})` : `  ((${where}) and port ${port})`;
}

function csvRow({ place, port, pool }: ExportedPlace): string {
  return `${place},${port},${quoted(pool)}\n`;
}

/** RFC 4180; no cell can start a formula. */
function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
