/**
 * `minesweep pools resolve`: the addresses of the names that serve miners, by DNS, as a dated file for `--pools`. It opens
 * sockets to resolvers, which no other command does, and says so. The file appears whole or not at all.
 */
import { readFile } from 'node:fs/promises';
import { fail, reasonOf } from '../errors.ts';
import { readTextList } from '../given-file.ts';
import { openOwnerBook } from '../owners/book.ts';
import { CATALOGUE } from '../pools/catalogue.ts';
import { coinPorts, definePool } from '../pools/entry.ts';
import { readFeed } from '../pools/feeds/index.ts';
import { loadPools } from '../pools/load.ts';
import { typedName } from '../pools/names.ts';
import type { PoolSet } from '../pools/pool-set.ts';
import { ENDPOINT_COLUMNS, endpointFile, endpointRows } from '../pools/resolve/endpoint-file.ts';
import { type Looked, lookUp } from '../pools/resolve/lookup.ts';
import { type SpelledName, spellNames } from '../pools/resolve/spell.ts';
import { replaced, writeWhole } from '../whole-file.ts';
import type { CommandContext, Outcome, TextStream } from './command.ts';
import { createLog } from './log.ts';
import { writeAll } from './output.ts';
import { onceStopped } from './signals.ts';

const PROGRESS_EVERY_MS = 500;
/** Questions for a name: for IPv4 and for IPv6. */
const QUESTIONS = 2;
/** Names by which a dead resolver is told from a live one. */
const PROBES = 5;
const MOST_IN_A_ROW = 100;
/** If more of the names were not answered, or fewer of the rows are left, the list that is there is the better one. */
const MOST_FAILED = 0.5;

export async function poolsResolve(context: CommandContext): Promise<Outcome> {
  const { settings, streams } = context;
  const log = await createLog(context);
  const run = await begun(context);
  const { server, rate, asked } = run;
  const stop = new AbortController();
  const release = onceStopped(() => stop.abort());
  const shows = !settings.read('quiet') && !settings.read('no-progress') && streams.stderr.isTTY === true;
  let shownMs = 0;
  let answered = 0;
  try {
    await probe(asked, server, stop.signal);
    const looked = await lookUp(asked, {
      server,
      rate,
      signal: stop.signal,
      mostInARow: MOST_IN_A_ROW,
      onProgress: () => {
        answered++;
        if (!shows || Date.now() - shownMs < PROGRESS_EVERY_MS) return;
        shownMs = Date.now();
        streams.stderr.write(`\r\u001b[K${answered} of ${asked.length} names`);
      },
    });
    if (shows) streams.stderr.write('\r\u001b[K');
    if (stop.signal.aborted) return 'interrupted';
    const failed = await deliver(looked, run, streams.stdout);
    if (failed > 0) log.write('warn', `${failed} names were not answered`);
    return 'done';
  } finally {
    release();
    log.close();
  }
}

/** What is to be looked up, and how; says so. */
async function begun({ settings, streams: { stderr } }: CommandContext) {
  const [server, rate] = [settings.read('server'), settings.read('rate')];
  const target = settings.read('pools-out');
  // Before an hour of questions.
  if (target !== null)
    await replaced(target).catch((cause: unknown) =>
      fail('OUTPUT_FAILED', `cannot be written: ${reasonOf(cause)}`, { where: target, cause }),
    );
  const pools = await loadPools(settings.read('pools'));
  const given = await givenNames(settings.read('pools-names'), pools);
  const { names, sites: known, openPatterns } = spellNames(pools, CATALOGUE);
  const wanted = new Map([...names, ...given].map((each) => [each.name, each]));
  const sites = known.filter((site) => !wanted.has(site));
  const asked = [...wanted.keys(), ...sites];
  const print = (text: string): void => void (settings.read('quiet') || stderr.write(text));
  const minutes = Math.max(1, Math.round((asked.length * QUESTIONS) / rate / 60));
  print(
    `Asks ${server ?? 'the resolvers of this system'} for ${wanted.size} names of miners and ${sites.length} of web sites, ` +
      `at most ${rate} questions a second: about ${minutes} min. This opens sockets; no other command looks names up.\n`,
  );
  return { server, rate, pools, wanted, asked, openPatterns, print, target };
}

/** Fails at once if the resolver is dead, rather than after an hour of waiting. */
async function probe(names: readonly string[], server: string | null, signal: AbortSignal): Promise<void> {
  const some = names.slice(0, PROBES);
  const looked = await lookUp(some, { server, rate: PROBES, signal, retryMs: [500] });
  if (signal.aborted || looked.length === 0 || looked.some(({ outcome }) => outcome !== 'failed')) return;
  fail('FILE_UNREADABLE', 'no resolver answered', {
    where: server ?? undefined,
    hint: 'Name one that does with --server. Nothing was written.',
  });
}

/** Writes the list, and says what is in it. Returns how many names were not answered. */
async function deliver(
  looked: readonly Looked[],
  { wanted, pools, target, asked, openPatterns, print }: Awaited<ReturnType<typeof begun>>,
  stdout: TextStream,
): Promise<number> {
  const count = (outcome: Looked['outcome']): number =>
    looked.filter((each) => each.outcome === outcome).length;
  const kept = target === null ? '' : `; ${target} stays as it was`;
  if (looked.length < asked.length || count('failed') > asked.length * MOST_FAILED) {
    const failed = `${count('failed')} of the first ${looked.length} names of ${asked.length} were not answered${kept}`;
    fail('FILE_UNREADABLE', failed, { hint: 'Try a lower --rate, or another resolver with --server.' });
  }
  const book = await openOwnerBook({ ownersFile: null, asnDb: null, cityDb: null });
  const nowUs = Date.now() * 1000;
  const rows = endpointRows({
    pools,
    looked: looked.flatMap((found) => {
      const name = wanted.get(found.name);
      return name === undefined ? [] : [{ found, pool: name.pool }];
    }),
    others: looked.filter(({ name }) => !wanted.has(name)),
    isCdn: (ip) => book.ownerOf(ip, nowUs).class === 'cdn',
  });
  if (rows.length === 0) {
    fail('FILE_UNREADABLE', 'no name has an address: a list without any would find nothing', {
      hint: 'Check the resolver; some answer that names of pools do not exist.',
    });
  }
  const before = target === null ? '' : await readFile(target, 'utf8').catch(() => '');
  const rowsBefore = before.startsWith(ENDPOINT_COLUMNS.join()) ? before.trimEnd().split('\n').length - 1 : 0;
  if (rows.length < rowsBefore * MOST_FAILED) {
    fail('FILE_UNREADABLE', `${rows.length} rows were found, and the list has ${rowsBefore}${kept}`, {
      hint: 'A resolver that filters may deny names. If so few are right, remove the list first.',
    });
  }
  const text = endpointFile(rows);
  if (target === null) await writeAll(stdout, [text]);
  else await writeWhole(target, text);
  const addresses = new Set(rows.map(({ address }) => address)).size;
  const shared = new Set(rows.filter(({ use }) => use === 'shared').map(({ address }) => address)).size;
  print(
    `${addresses} addresses, ${shared} of them shared, in ${rows.length} rows${target === null ? '' : `: ${target}`}. ` +
      `${count('absent')} names do not exist, ${count('failed')} were not answered, of ${looked.length}. ` +
      `${openPatterns} patterns of the catalogue stand for more names than were tried.\n`,
  );
  return count('failed');
}

/** Hosts of the operator's files; what no pool claims is taken at his word. */
async function givenNames(files: readonly string[], pools: PoolSet): Promise<SpelledName[]> {
  const given: SpelledName[] = [];
  for (const file of files) {
    const text = await readTextList(file, 'the list of names');
    const feed = readFeed(text);
    if (feed === null)
      fail('FILE_INVALID', 'not a list of names', {
        where: file,
        hint: 'Give a host a line, with or without a port.',
      });
    for (const { place, port, tls, pool } of feed.items) {
      const name = typedName(place);
      if (name === null) continue;
      const ports = port === null ? [] : [coinPorts('', tls ? [] : [port], tls ? [port] : [])];
      const known = pools.byName(name)?.pool;
      given.push({
        name,
        pool: known ?? definePool({ name: pool ?? name, domains: [], ports, sources: ['user'] }),
      });
    }
  }
  return given;
}
