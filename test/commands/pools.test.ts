import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli.ts';
import { poolsCheck, poolsImport, poolsList } from '../../src/commands/pools.ts';
import { PoolSet } from '../../src/pools/pool-set.ts';
import { capture } from '../cli/streams.ts';

const MAY_2024 = Date.UTC(2024, 4, 1) * 1000;

describe('minesweep pools', () => {
  it('explains a mining endpoint', () => {
    expect(poolsCheck(new PoolSet(), ['xmr-eu1.nanopool.org:14433'], MAY_2024)).toBe(
      [
        'xmr-eu1.nanopool.org:14433: Nanopool, pool',
        '  serves miners, by the rule "*-*.nanopool.org"',
        '  port 14433: known, TLS',
        '  coins: XMR',
        '  algorithm: rx/0',
        '  port 14433 in general: Nanopool XMR TLS (old) (strong hint)',
        '  sources: falcosecurity/rules, miner lists; stamparm/maltrail, crypto_mining trail; ethminer pool examples; general knowledge of pools; catalogue of 2026-11-01',
        '',
      ].join('\n'),
    );
  });

  it.each(['1.2.3.4:99999', 'pool.example:port', '', 'notahost!!', '1.2.3.999', '2001:db8::g', '.'])(
    'refuses to check %j, which is no endpoint',
    async (word) => {
      const to = capture();
      expect(await main(['pools', 'check', 'pool.example', word], {}, to.streams)).toBe(2);
      expect(to.out()).toBe('');
      expect(to.err()).toContain(`'${word}' is neither a host nor an endpoint`);
    },
  );

  it('checks names, addresses and endpoints', async () => {
    const to = capture();
    const words = [
      'pool.example.',
      'my_pool.example:3333',
      '1.2.3.4',
      '1.2.3.4:3333',
      '2001:db8::1',
      '[2001:db8::1]:3333',
    ];
    expect(await main(['pools', 'check', ...words], {}, to.streams)).toBe(0);
    for (const word of words) expect(to.out()).toContain(`${word}: no pool claims it`);
  });

  it('says of a web site that it is nothing, of a stranger that nobody claims it', () => {
    const lines = poolsCheck(new PoolSet(), ['www.f2pool.com', 'example.org:3389'], MAY_2024).split('\n');
    expect(lines[1]).toBe(
      '  is a web site or API: a visit is nothing, by the rule "f2pool.com, by its labels"',
    );
    expect(lines.slice(-3)).toEqual([
      'example.org:3389: no pool claims it',
      '  port 3389 in general: NiceHash octopus (legacy) (weak hint; also RDP (very common))',
      '',
    ]);
  });

  it('lists what a filter leaves, in three formats', () => {
    expect(poolsList('table', 'slushpool').split('\n')[0]).toBe(
      'Slush Pool  pool  slushpool.com (gone: 2022-09)',
    );
    const { pools } = JSON.parse(poolsList('json', 'supportxmr'));
    expect(pools).toMatchObject([{ dedicated: true, as_of: expect.stringMatching(/^20\d\d-\d\d/) }]);
    expect(poolsList('csv', 'supportxmr').split('\n')[1]).toMatch(
      /^SupportXMR,,pool,supportxmr.com,true,80;3333;5555;7777;8080,443;9000,XMR,,,,/,
    );
  });

  it('shows what an import would take', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'minesweep-pools-'));
    const where = path.join(folder, 'list.txt');
    await writeFile(where, 'pool.lab.test:3333\nmooo.com\n');
    const lines = (await poolsImport([where])).split('\n');
    await rm(folder, { recursive: true });
    expect(lines.slice(1)).toEqual([
      '  2 lines read, 1 endpoint kept, 1 refused',
      '  1 × a shared hosting or dynamic DNS domain, first in line 2: mooo.com',
      '',
    ]);
  });
});
