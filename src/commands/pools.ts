/**
 * `minesweep pools list | check | import | export | resolve`: the catalogue as rows, what it says of a name or endpoint
 * and why, and what comes in from a file, with --out as a list for --pools. Only resolve fetches (pools-resolve.ts).
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import { parseWords } from '../address.ts';
import { pseudonymsIn } from '../audit/pseudonyms.ts';
import { readAudit } from '../audit/read-audit.ts';
import { beginning, fail } from '../errors.ts';
import { totalOf } from '../order.ts';
import { openOwnerBook } from '../owners/book.ts';
import { CATALOGUE, CATALOGUE_DATE } from '../pools/catalogue.ts';
import { algorithmOfEndpoint, type EndpointMatch, type NameMatch } from '../pools/classify.ts';
import { type Endpoint, endpointsOf } from '../pools/endpoint.ts';
import { POOL_KINDS, type PoolEntry } from '../pools/entry.ts';
import { exportedEndpoints, POOL_EXPORT_FORMATS } from '../pools/export.ts';
import { exportedNames } from '../pools/exported-names.ts';
import { splitPort } from '../pools/feeds/feed.ts';
import { importPlaces, loadPools } from '../pools/load.ts';
import { typedName } from '../pools/names.ts';
import { endpointTable } from '../pools/pool-list.ts';
import type { PoolSet } from '../pools/pool-set.ts';
import { POOL_SOURCES, portFact } from '../pools/sources.ts';
import { clipEnd, fitLines, hanging, padEnd, widthOf } from '../report/width.ts';
import { HIDDEN } from '../secret.ts';
import { catalogueOf } from '../statements/catalogue.ts';
import { statement } from '../statements/index.ts';
import { writeWhole } from '../whole-file.ts';
import type { CommandContext, Execute, Outcome } from './command.ts';
import { formatAmong, pageWidth, writeAll } from './output.ts';

/** `pools ACTION WORDS…`: throws USAGE for an action that there is not. */
export const runPools: Execute = async ([action = '', ...words], context) => {
  if (action === 'resolve') {
    const { poolsResolve } = await import('./pools-resolve.ts');
    return poolsResolve(context);
  }
  const { settings, streams, env } = context;
  const width = Math.max(NARROWEST, pageWidth(streams.stdout, env));
  if (settings.read('pools-out') !== null && !['import', 'export'].includes(action))
    fail('USAGE', `pools ${action} writes no file`, { where: '--out' });
  if (action === 'export') return poolsExport(words[0] ?? '', context);
  await writeAll(streams.stdout, [await textOf(action, words, context, width)]);
  return 'done';
};

const NARROWEST = 40;
const CHECK_HINT = 'Name hosts or addresses, with or without a port.';

function isEndpoint(text: string): boolean {
  const place = splitPort(text)?.place ?? '';
  return parseWords(place) !== null || typedName(place) !== null;
}

async function textOf(
  action: string,
  words: readonly string[],
  context: CommandContext,
  width: number,
): Promise<string> {
  const { settings } = context;
  const files = settings.read('pools');
  switch (action) {
    case 'list': {
      const format = await formatAmong(context, POOLS_FORMATS, 'pools are not listed as');
      return poolsList(format ?? 'table', words.join(' '), width);
    }
    case 'check':
      if (words.length === 0) fail('USAGE', 'nothing to check', { hint: CHECK_HINT });
      for (const word of words.filter((each) => !isEndpoint(each))) {
        fail('USAGE', `'${beginning(word)}' is neither a host nor an endpoint`, { hint: CHECK_HINT });
      }
      return fitLines(poolsCheck(await loadPools(files), words, Date.now() * 1000), width);
    case 'import':
      if (words.length === 0) fail('USAGE', 'nothing to import', { hint: 'Name the files of a feed.' });
      return fitLines(await poolsImport(words, settings.read('pools-out')), width);
    default:
      return fail('USAGE', 'not an action of pools', {
        where: action,
        hint: 'One of: list, check, import, export, resolve.',
      });
  }
}

/** The listed endpoints for another tool. Throws USAGE for what the format cannot say, and if nothing is listed. */
async function poolsExport(id: string, { settings, streams }: CommandContext): Promise<Outcome> {
  const names = settings.sourceOf('pools-names').isFlag;
  const [domains, kinds, shared] = [
    settings.read('domains'),
    settings.read('class'),
    settings.read('shared'),
  ];
  const idsOf = (formats: typeof POOL_EXPORT_FORMATS): string => formats.map((each) => each.id).join(', ');
  const format = POOL_EXPORT_FORMATS.find((each) => each.id === id);
  if (format === undefined) {
    return fail('USAGE', `endpoints cannot be exported as '${beginning(id)}'`, {
      hint: `One of: ${idsOf(POOL_EXPORT_FORMATS)}.`,
    });
  }
  if (domains && format.domains !== true) {
    return fail('USAGE', `${id} cannot mean all names of a domain`, {
      where: '--domains',
      hint: `These can: ${idsOf(POOL_EXPORT_FORMATS.filter((each) => each.domains))}.`,
    });
  }
  const pools = await loadPools(settings.read('pools'));
  const audits = settings.read('from');
  const seen = await endpointsOfAudits(audits, streams.stdin);
  // What an audit saw has no names of the catalogue beside it.
  const isOfAudit = audits.length > 0;
  const { endpoints, remarks } = exportedEndpoints([...pools.endpoints(), ...seen], format, {
    kinds,
    shared,
  });
  if (endpoints.length === 0 && (format.takes === 'addresses' || (isOfAudit && format.takes === 'either'))) {
    fail('USAGE', 'no address is listed', {
      hint: `${remarks.map((text) => `${text}. `).join('')}Give --pools a file with addresses, such as that of 'minesweep pools resolve'; names are exported as ${idsOf(POOL_EXPORT_FORMATS.filter(({ takes }) => takes !== 'addresses'))}.`,
    });
  }
  const wantsNames =
    format.takes === 'names' || (format.takes === 'either' && (names || endpoints.length === 0));
  const rows = {
    // A list holds one or the other.
    endpoints: names && format.takes === 'either' && format.id !== 'suricata-rules' ? [] : endpoints,
    remarks,
    ...(wantsNames ? exportedNames(pools, domains, kinds) : { names: [], doubtful: 0, domainsLeft: 0 }),
  };
  if (rows.endpoints.length + rows.names.length === 0)
    fail('USAGE', 'nothing of this class is listed', { where: kinds.join(',') });
  const out = settings.read('pools-out');
  if (out !== null && format.files !== undefined) {
    await mkdir(out, { recursive: true });
    for (const [name, text] of format.files(rows)) await writeWhole(path.join(out, name), text);
  } else if (out !== null) await writeWhole(out, format.write(rows));
  else await writeAll(streams.stdout, [format.write(rows)]);
  if (format.hasHead !== true && !settings.read('quiet'))
    for (const remark of remarks) streams.stderr.write(`${remark}\n`);
  return 'done';
}

/** Where sessions of audits went that the protocol proved; a server of a CDN is shared. */
async function endpointsOfAudits(files: readonly string[], stdin: Readable): Promise<Endpoint[]> {
  const found = new Map<string, Endpoint>();
  if (files.length === 0) return [];
  const book = await openOwnerBook({ ownersFile: null, asnDb: null, cityDb: null });
  for (const file of files) {
    const audit = await readAudit(file, stdin);
    if (pseudonymsIn(audit) !== null)
      fail('USAGE', 'the audit has pseudonyms, which are no endpoints', { where: file });
    for (const { pool: server, verdict, end } of audit.sessions) {
      if (verdict !== 'confirmed' && verdict !== 'probable') continue;
      const [name = server.ip] = server.names;
      const atUs = Date.parse(end) * 1000;
      const isOfCdn = book.ownerOf(server.ip, atUs).class === 'cdn';
      found.set(`${server.ip} ${server.port}`, {
        ...{
          place: server.ip,
          is: 'address',
          port: server.port,
          tls: false,
          use: isOfCdn ? 'shared' : 'dedicated',
        },
        ...{
          pool: server.pool ?? name,
          kind: POOL_KINDS.find((each) => each === server.kind) ?? 'pool',
          coins: [],
        },
        lookUp: { name, atUs },
        source: path.basename(file),
      });
    }
  }
  return [...found.values()];
}

const POOLS_FORMATS = ['table', 'json', 'csv'] as const;
type PoolsFormat = (typeof POOLS_FORMATS)[number];

/** The catalogue, or the entries that have the filter (any case) in their name, domains, kind or coins. */
export function poolsList(format: PoolsFormat, filter = '', width = 80): string {
  const wanted = filter.toLowerCase();
  const rows = CATALOGUE.filter((entry) => matchesFilter(entry, wanted)).map(rowOf);
  if (format === 'json') return `${JSON.stringify({ date: CATALOGUE_DATE, pools: rows }, null, 2)}\n`;
  if (format === 'csv')
    return stringify(rows, { header: true, escape_formulas: true, cast: { boolean: String } });
  const { pools: words } = catalogueOf('en');
  const names = Math.min(NAME_AT_MOST, Math.max(0, ...rows.map(({ name }) => widthOf(name))));
  const kinds = Math.max(0, ...rows.map(({ kind }) => kind.length));
  const lines = rows.flatMap((row) => {
    const shown = [
      row.domains.replaceAll(';', ', '),
      ...(row.dedicated ? [] : [words.shared]),
      ...(row.gone === '' ? [] : [words.gone(row.gone)]),
    ].join(' ');
    const lead = `${padEnd(clipEnd(row.name, names), names)}  ${row.kind.padEnd(kinds)}  `;
    return hanging(lead, shown, width);
  });
  return [...lines, '', words.listed(rows.length, CATALOGUE.length, CATALOGUE_DATE), ''].join('\n');
}

/** Columns of a pool's name. */
const NAME_AT_MOST = 28;

function matchesFilter(entry: PoolEntry, wanted: string): boolean {
  return [entry.name, entry.kind, ...entry.aliases, ...entry.domains, ...entry.hosts, ...entry.coins].some(
    (text) => text.toLowerCase().includes(wanted),
  );
}

/** One pool as a row: lists joined by ';'; `as_of` is the month or day of its newest facts. */
function rowOf(entry: PoolEntry) {
  const ports = (side: 'plain' | 'tls'): string =>
    [...new Set(entry.ports.flatMap((use) => use[side]))].sort((a, b) => a - b).join(';');
  return {
    name: entry.name,
    operator: entry.operator ?? '',
    kind: entry.kind,
    domains: [...entry.domains, ...entry.hosts.filter((host) => !entry.domains.includes(host))].join(';'),
    dedicated: entry.dedicated,
    ports: ports('plain'),
    tls_ports: ports('tls'),
    coins: [...new Set([...entry.coins, ...entry.ports.flatMap((use) => use.coins)])].join(';'),
    gone: entry.gone ?? '',
    renamed: entry.renamed ?? '',
    listed: entry.listed ?? '',
    sources: entry.sources.join(';'),
    as_of: entry.listed ?? CATALOGUE_DATE,
  };
}

/** What the catalogue (and the operator's files) say of names or endpoints, and by which rule; a paragraph each. */
export function poolsCheck(pools: PoolSet, endpoints: readonly string[], timeUs: number): string {
  return endpoints.map((endpoint) => `${checkOne(pools, endpoint, timeUs).join('\n  ')}\n`).join('\n');
}

function checkOne(pools: PoolSet, endpoint: string, timeUs: number): string[] {
  const { place, port } = splitPort(endpoint) ?? { place: endpoint, port: null };
  const { named, addressed, unclaimed, fact } = catalogueOf('en').pools;
  const match = port === null ? pools.byName(place) : pools.byEndpoint(place, port);
  if (match !== null) {
    const { pool, use, rule } = match;
    const titles = pool.sources.map((tag) => POOL_SOURCES.get(tag)?.title ?? tag);
    return [
      named(endpoint, pool.name, pool.operator, pool.kind),
      fact.use(use, rule),
      ...(use === 'web' || pool.dedicated ? [] : [fact.shared]),
      ...portFacts(match, port, timeUs),
      fact.gone(pool.gone),
      fact.renamed(pool.renamed),
      fact.newest(pool.listed),
      fact.sources(titles.join('; '), CATALOGUE_DATE),
    ].filter((line) => line !== '');
  }
  const address = pools.byAddress(place, port ?? 0);
  return address === null
    ? [unclaimed(endpoint), ...benignFacts(port)]
    : [addressed(endpoint, address.pool.name, address.port), fact.by(address.rule)];
}

function portFacts(match: NameMatch | EndpointMatch, port: number | null, timeUs: number): string[] {
  if (port === null || !('port' in match)) return [];
  const { fact } = catalogueOf('en').pools;
  const algorithm = algorithmOfEndpoint(match, timeUs);
  return [
    fact.port(port, match.port),
    fact.coins(match.coins),
    fact.algorithm(algorithm),
    ...benignFacts(port),
  ];
}

function benignFacts(port: number | null): string[] {
  const known = port === null ? null : portFact(port);
  if (known === null) return [];
  return [catalogueOf('en').pools.fact.general(known.port, known.use, known.strength, known.benign)];
}

/** Reads pool lists as `--pools` would, says what is taken and what refused, and writes what is taken to `out`. */
export async function poolsImport(files: readonly string[], out: string | null = null): Promise<string> {
  const { places, reports } = await importPlaces(files);
  if (out !== null) await writeWhole(out, endpointTable(endpointsOf(places), 'domain_pattern'));
  const { taken, refused, written } = catalogueOf('en').pools.import;
  const shown = reports.map((report) => {
    const sum = totalOf(report.refused, (row) => row.count);
    const reasons = report.refused.map(({ count, reason, firstLine, example }) =>
      // A file of which nothing is taken may be no list at all, and hold anything.
      refused(count, statement(reason), firstLine, report.kept === 0 ? HIDDEN : beginning(example)),
    );
    const head = `${report.path}: ${report.format}, sha256 ${report.sha256}`;
    return `${[head, taken(report.linesRead, report.kept, sum), ...reasons].join('\n  ')}\n`;
  });
  return [...shown, ...(out === null ? [] : [`${written(out)}\n`])].join('\n');
}
