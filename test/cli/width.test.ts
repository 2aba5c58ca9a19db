/** All that the program prints for people fits the page, 80 columns where nobody says otherwise. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import stringWidth from 'fast-string-width';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli.ts';
import { COMMANDS } from '../../src/commands/index.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { sampleAudit, totalled } from '../support/sample-audit.ts';
import { type Captured, capture } from './streams.ts';

const FIXTURES = path.join(REPO_ROOT, 'fixtures');
let folder = '';
const inFolder = (name: string) => path.join(folder, name);

async function printed(argv: readonly string[], columns: number | null, terminal: boolean): Promise<string> {
  const to: Captured = capture({ terminal, ...(columns === null ? {} : { columns }) });
  const env = columns === null || terminal ? {} : { COLUMNS: String(columns) };
  await main(argv, { ...env, NO_COLOR: '1' }, to.streams);
  expect(to.err().includes('bug')).toBe(false);
  return to.out();
}

function tooWide(text: string, columns: number): string[] {
  return text.split('\n').filter((line) => stringWidth(line) > columns);
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'minesweep-width-'));
  const sample = sampleAudit();
  writeFileSync(inFolder('sample.json'), JSON.stringify(sample));
  // The same hosts a day before, all changed: less traffic, other accounts and pools, one missing.
  const old = structuredClone(sample);
  old.hosts.splice(0, 1);
  for (const host of old.hosts) {
    host.traffic = {
      ...host.traffic,
      mbpsOut: host.traffic.mbpsOut / 100,
      mbpsIn: host.traffic.mbpsIn / 100,
    };
    host.verdict = host.verdict === 'confirmed' ? 'listed' : 'confirmed';
  }
  for (const session of old.sessions) {
    session.logins = [{ account: '4'.repeat(106), worker: null }];
    session.pool.names = [`${'pool.'.repeat(30)}example`];
  }
  writeFileSync(inFolder('old.json'), JSON.stringify(totalled(old)));
  writeFileSync(inFolder('asn.csv'), '1.0.0.0,1.0.0.255,64500,X\n');
  writeFileSync(inFolder('feed.txt'), `${'a'.repeat(200)}.example:3333\nmooo.com\n`);
  const [first, second] = ['cryptonote/xmr-many-shares.pcap', 'stratum-v1/btc-v1-full.pcap'];
  for (const [name, fixture] of [
    ['one', first],
    ['two', second],
  ] as const) {
    const text = await printed(['scan', path.join(FIXTURES, fixture), '--format', 'json', '-q'], null, false);
    writeFileSync(inFolder(`${name}.json`), text);
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

const LISTED: readonly (readonly [name: string, argv: () => string[]])[] = [
  ['scan', () => ['scan', path.join(FIXTURES, 'cryptonote/xmr-many-shares.pcap'), '-f', 'table', '-q']],
  ['report', () => ['report', inFolder('sample.json'), '-f', 'table']],
  ['report in Chinese', () => ['report', inFolder('sample.json'), '-f', 'table', '--lang', 'zh']],
  ['merge', () => ['merge', inFolder('one.json'), inFolder('two.json'), '-f', 'table', '-q']],
  ['diff', () => ['diff', inFolder('old.json'), inFolder('sample.json'), '-f', 'table', '--least', 'listed']],
  ['explain', () => ['explain', '192.0.2.18', inFolder('one.json')]],
  ['pools list', () => ['pools', 'list']],
  ['pools check', () => ['pools', 'check', 'xmr-eu1.nanopool.org:14433', 'www.f2pool.com', '192.0.2.1:3389']],
  ['pools import', () => ['pools', 'import', inFolder('feed.txt')]],
  [
    'owners build',
    () => ['owners', 'build', inFolder('asn.csv'), '--output', inFolder(`${'long'.repeat(30)}.mmdb`)],
  ],
  ['help', () => ['--help']],
  ...COMMANDS.map(({ name }) => [`${name} --help`, () => [name, '--help']] as const),
];

describe('what is printed for people', () => {
  it.each(LISTED)(
    '%s fits a page of 80 columns, on a terminal, in a file and by COLUMNS',
    async (_, argv) => {
      const texts = [
        await printed(argv(), 80, true),
        await printed(argv(), null, false),
        await printed(argv(), 80, false),
      ];
      for (const text of texts) {
        expect(text.length).toBeGreaterThan(20);
        expect(tooWide(text, 80)).toEqual([]);
      }
    },
  );
});
