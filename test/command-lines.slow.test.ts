/**
 * Each command line of README.md, of docs/ and of the examples in help, run by a shell in a folder that has what it names:
 * absolute paths begin in that folder, and tcpdump prints a capture. What cannot run here stands in a list, with the reason.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../src/commands/index.ts';
import { REPO_ROOT } from './support/corpus.ts';
import { BIN } from './support/dist.ts';
import { DOC_PAGES } from './support/doc-pages.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const folder = temporaryFolder('lines');
const at = (...names: readonly string[]): string => path.join(folder, ...names);

/** What cannot run here: part of a line, and why. */
const CANNOT: readonly (readonly [part: string, reason: string])[] = [
  ['npm run compare', 'it is of a checkout; test/compare.slow.test.ts runs it'],
  ['npm ci', 'it installs over this checkout; the line behind it is an example of README.md'],
  ['tcpdump -i eth0', 'it needs an interface to listen at'],
  ['apt install', 'test/package/deb.slow.test.ts installs the package'],
  [
    'systemctl',
    'it needs a system that runs systemd; test/package/deb.slow.test.ts runs what the units start',
  ],
  ['pools resolve', 'it asks the DNS of the world; test/pools/resolve asks a server of its own'],
  ['clickhouse://', 'it needs a server; test/stores asks one'],
  ['s3://', 'it needs a store of objects; test/sources/s3 asks one'],
  ['province', 'test/scenario/jiangsu.slow.test.ts runs it'],
  [
    'nightly /var/captures --since yesterday',
    'no capture is of yesterday; test/scenario/night.slow.test.ts plays nights',
  ],
  ['mail:root', 'it needs a mail system; test/cases sends mail to a server of its own'],
];

/** Command lines of shell blocks; a script as a whole is one, and has a test of its own. */
function linesOf(page: string): string[] {
  const text = readFileSync(path.join(REPO_ROOT, page), 'utf8')
    .replace(/<!-- (?:example|table): [\s\S]*?<!-- end -->/g, '')
    // Files of other languages.
    .replace(/^```(?!sh$)\w+$[\s\S]*?^```$/gm, '')
    // Recipes are run by test/recipes.slow.test.ts; nodes and a scheduler for a farm are not here.
    .replace(/<!-- (?:recipe|farm): .*-->\n```sh\n[\s\S]*?```/g, '');
  return [...text.matchAll(/^```(?:sh)?\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
    block
      .replaceAll('\\\n', ' ')
      .split('\n')
      .filter(
        (line) =>
          /^\s*[^#\s]/.test(line) &&
          /\b(minesweep(?! \d)|npm|node|tcpdump|packaging\/|sudo|export)\b/.test(line),
      ),
  );
}

const PAGES = ['README.md', ...DOC_PAGES];
const LINES = [
  ...PAGES.flatMap((page) => linesOf(page).map((line) => [page, line] as const)),
  ...COMMANDS.flatMap(({ name, examples }) =>
    Object.keys(examples).map((line) => [`help ${name}`, line] as const),
  ),
];
const isOut = ([, line]: readonly [string, string]): boolean => CANNOT.some(([part]) => line.includes(part));

function program(name: string, script: string): void {
  writeFileSync(at('bin', name), `#!/bin/sh\n${script}\n`);
  chmodSync(at('bin', name), 0o755);
}

beforeAll(() => {
  const days = [
    'mon',
    'tue',
    'wed',
    'monday',
    'tuesday',
    'yesterday',
    'today',
    'base',
    'now',
    'site-a',
    'site-b',
    'audit',
  ];
  const folders = [
    'bin',
    'flows',
    'audits',
    'var/captures',
    'var/netflow/2026/11/24',
    'var/lib/minesweep',
    'run/minesweep',
    'srv/audits/a',
    'var/log',
    'archive',
    'audits/mon',
  ];
  for (const name of [...folders, ...days, 'var/audits/2026-11-24-00'])
    mkdirSync(at(name), { recursive: true });
  program('minesweep', `exec "${process.execPath}" "${BIN}" "$@"`);
  program('tcpdump', 'cat edge.pcap');
  program('less', 'cat');
  program('man', 'cat');
  const capture = readFileSync(path.join(REPO_ROOT, 'fixtures/cryptonote/xmr-many-shares.pcap'));
  for (const name of [
    'edge',
    'capture',
    'monday',
    'tuesday',
    'var/captures/edge',
    'extra',
    'a',
    'archive/edge',
    'night',
  ])
    writeFileSync(at(`${name}.pcap`), capture);
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  writeFileSync(at(`var/captures/${yesterday}-00.pcap`), capture);
  writeFileSync(at('edge.pcap.gz'), gzipSync(capture));
  const parquet = path.join(REPO_ROOT, 'fixtures/flowlogs/words.parquet');
  for (const name of ['flows', 'var/netflow/2026/11/24']) copyFileSync(parquet, at(name, 'flows.parquet'));
  writeFileSync(at('pools.txt'), '198.51.100.68:3333\n');
  writeFileSync(at('endpoints.txt'), '198.51.100.68:3333\n');
  writeFileSync(at('endpoints.csv'), '198.51.100.68:3333\n');
  writeFileSync(at('threatfox.csv'), 'ioc_type,ioc_value,malware\nip:port,198.51.100.68:3333,xmrig\n');
  writeFileSync(at('blocks.csv'), 'time,coin\n2026-11-27T20:05:31Z,BTC\n');
  writeFileSync(at('dnsmasq.log'), 'Nov 24 22:47:45 dnsmasq[1]: reply xmr.pool.example is 198.51.100.68\n');
  writeFileSync(
    at('difficulties.txt'),
    'pool=xmr.pool.example port=3333 algorithm=rx/0 difficulty=100k..200k\n',
  );
  const written = `minesweep_watch_written_timestamp_seconds ${Math.round(Date.now() / 1000)}`;
  writeFileSync(at('run/minesweep/health.prom'), `minesweep_watch_up 1\n${written}\n`);
  writeFileSync(at('key'), 'a secret of more than sixteen bytes');
  for (const family of ['192.0.2.0,192.0.2.255', '2001:db8::,2001:db8::ffff'])
    writeFileSync(at(`asn-ipv${family.includes(':') ? 6 : 4}.csv`), `${family},64496,Example\n`);
  shell('minesweep scan edge.pcap --out audit --quiet > audit.json');
  for (const day of days) {
    copyFileSync(at('audit.json'), at(`${day}.json`));
    if (day !== 'audit') cpSync(at('audit'), at(day), { recursive: true });
  }
  writeFileSync(
    at('var/log/syslog'),
    'Nov 24 22:40:00 gate dnsmasq-dhcp[1]: DHCPACK(eth0) 192.0.2.18 02:00:00:00:00:12 pc-12\n',
  );
  shell('minesweep nightly edge.pcap --cases cases.json --quiet');
  copyFileSync(at('cases.json'), at('c.json'));
  for (const name of ['srv/audits/a', 'var/audits/2026-11-24-00', 'audits/mon'])
    cpSync(at('audit'), at(name), { recursive: true });
});

function shell(line: string) {
  const { PATH, HOME } = process.env;
  // `minesweep explain` names the miner of another fixture.
  const words = line
    .replace(/(?<=["'\s=:(])\/(var|srv|archive|run)(?=[/ ]|$)/g, `${folder}/$1`)
    .replaceAll('192.0.2.11 ', '192.0.2.18 ');
  const env = { PATH: `${at('bin')}:${PATH}`, HOME };
  return spawnSync('bash', ['-c', words], {
    cwd: folder,
    env,
    encoding: 'utf8',
    timeout: 60_000,
    killSignal: 'SIGTERM',
  });
}

describe('a command line that the documents show', () => {
  it('is of every page that shows some', () => {
    expect(LINES.length).toBeGreaterThan(45);
    // Each reason is still of some line.
    expect(CANNOT.filter(([part]) => !LINES.some(([, line]) => line.includes(part)))).toEqual([]);
    expect(LINES.filter(isOut).length).toBeLessThan(25);
  });

  it.each(LINES.filter((each) => !isOut(each)))('%s: %s', (_, line) => {
    // A watch goes on until somebody ends it.
    const isWatch = / watch (?!-)/.test(line);
    const { status, stderr } = shell(isWatch ? `timeout --preserve-status -s TERM 8 ${line}` : line);
    expect(stderr).not.toMatch(/^minesweep: (?!warning|note)|\n\s+at /m);
    // In the few flow records nothing can be judged.
    const isOpen = / scan flows\/ /.test(line);
    const expected = isOpen ? [4] : / (--fail-on|diff|nightly) /.test(line) ? [0, 3] : [0];
    expect(expected, stderr).toContain(status);
  });
});
