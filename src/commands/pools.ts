/**
 * `minesweep pools list | check | import | export | resolve`: the catalogue as rows, what it says of a name or endpoint
 * and why, and what comes in from a file, with --out as a list for --pools. Only resolve fetches (pools-resolve.ts).
 */
import { stringify } from 'csv-stringify/sync';
import { parseWords } from '../address.ts';
import { fail } from '../errors.ts';
import { totalOf } from '../order.ts';
import { CATALOGUE, CATALOGUE_DATE } from '../pools/catalogue.ts';
import { algorithmOfEndpoint, type EndpointMatch, type NameMatch } from '../pools/classify.ts';
import type { PoolEntry, PoolKind } from '../pools/entry.ts';
import { exportedPlaces, POOL_EXPORT_FORMATS } from '../pools/export.ts';
import { exportedNames } from '../pools/exported-names.ts';
import { splitPort } from '../pools/feeds/feed.ts';
import { importPlaces, loadPools } from '../pools/load.ts';
import { typedName } from '../pools/names.ts';
import { poolListCsv } from '../pools/pool-list.ts';
import type { PoolSet } from '../pools/pool-set.ts';
import { POOL_SOURCES, portFact } from '../pools/sources.ts';
import { clipEnd, fitLines, hanging, padEnd, widthOf } from '../report/width.ts';
import { catalogueOf } from '../statements/catalogue.ts';
import { statement } from '../statements/index.ts';
import { writeWhole } from '../whole-file.ts';
import type { CommandContext, Execute } from './command.ts';
import { formatAmong, pageWidth, writeAll } from './output.ts';

/** `pools ACTION WORDS…`: throws USAGE for an action that there is not. */
export const runPools: Execute = async ([action = '', ...words], context) => {
  if (action === 'resolve') {
    const { poolsResolve } = await import('./pools-resolve.ts');
    return poolsResolve(context);
  }
  const { settings, streams, env } = context;
  const width = Math.max(NARROWEST, pageWidth(streams.stdout, env));
  if (settings.read('pools-out') !== null && action !== 'import')
    fail('USAGE', `pools ${action} writes no file`, { where: '--out' });
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
        fail('USAGE', `'${word}' is neither a host nor an endpoint`, { hint: CHECK_HINT });
      }
      return fitLines(poolsCheck(await loadPools(files), words, Date.now() * 1000), width);
    case 'import':
      if (words.length === 0) fail('USAGE', 'nothing to import', { hint: 'Name the files of a feed.' });
      return fitLines(await poolsImport(words, settings.read('pools-out')), width);
    case 'export':
      return poolsExport(await loadPools(files), words[0] ?? '', {
        names: settings.sourceOf('pools-names').isFlag,
        domains: settings.read('domains'),
        kinds: settings.read('class'),
      });
    default:
      return fail('USAGE', 'not an action of pools', {
        where: action,
        hint: 'One of: list, check, import, export, resolve.',
      });
  }
}

/** The listed endpoints for another tool. Throws USAGE for what the format cannot say, and if nothing is listed. */
function poolsExport(
  pools: PoolSet,
  id: string,
  { names, domains, kinds }: { names: boolean; domains: boolean; kinds: readonly PoolKind[] },
): string {
  const idsOf = (formats: typeof POOL_EXPORT_FORMATS): string => formats.map((each) => each.id).join(', ');
  const format = POOL_EXPORT_FORMATS.find((each) => each.id === id);
  if (format === undefined) {
    return fail('USAGE', `endpoints cannot be exported as '${id}'`, {
      hint: `One of: ${idsOf(POOL_EXPORT_FORMATS)}.`,
    });
  }
  if (domains && format.domains !== true) {
    return fail('USAGE', `${id} cannot mean all names of a domain`, {
      where: '--domains',
      hint: `These can: ${idsOf(POOL_EXPORT_FORMATS.filter((each) => each.domains))}.`,
    });
  }
  const places = format.takes === 'names' ? [] : exportedPlaces(pools, kinds);
  if (format.takes === 'addresses' && places.length === 0) {
    fail('USAGE', 'no address is listed', {
      hint: `Give --pools a file with addresses, such as that of 'minesweep pools resolve'; names are exported as ${idsOf(POOL_EXPORT_FORMATS.filter(({ takes }) => takes !== 'addresses'))}.`,
    });
  }
  const wantsNames =
    format.takes === 'names' || (format.takes === 'either' && (names || places.length === 0));
  const rows = {
    // The file of a Suricata dataset holds one or the other.
    places: names && format.id === 'suricata-dataset' ? [] : places,
    ...(wantsNames ? exportedNames(pools, domains, kinds) : { names: [], doubtful: 0, domainsLeft: 0 }),
  };
  if (rows.places.length + rows.names.length === 0)
    fail('USAGE', 'nothing of this class is listed', { where: kinds.join(',') });
  return format.write(rows);
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
  if (out !== null) await writeWhole(out, poolListCsv(places));
  const { taken, refused, written } = catalogueOf('en').pools.import;
  const shown = reports.map((report) => {
    const sum = totalOf(report.refused, (row) => row.count);
    const reasons = report.refused.map(({ count, reason, firstLine, example }) =>
      refused(count, statement(reason), firstLine, printable(example)),
    );
    const head = `${report.path}: ${report.format}, sha256 ${report.sha256}`;
    return `${[head, taken(report.linesRead, report.kept, sum), ...reasons].join('\n  ')}\n`;
  });
  return [...shown, ...(out === null ? [] : [`${written(out)}\n`])].join('\n');
}

/** Lines of foreign files go to a terminal: nothing but printable ASCII does. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
