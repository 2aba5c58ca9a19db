import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { coinByPort, matchPool } from '../../src/endpoints/pool-match.ts';
import { coinPorts, definePool } from '../../src/pools/entry.ts';
import { loadPools } from '../../src/pools/load.ts';
import { PoolSet } from '../../src/pools/pool-set.ts';

const MAY_2024 = Date.UTC(2024, 4, 1) * 1000;
const pools = new PoolSet([
  definePool({
    name: 'Example',
    domains: ['pool.example'],
    mining: ['*'],
    ports: [coinPorts('ZEC', [4001]), coinPorts('SC BTC', [4002]), coinPorts('NIM', [4003])],
    sources: [],
  }),
]);

describe('the pool of an endpoint', () => {
  it('names algorithms as sessions do', () => {
    const at = (port: number) =>
      matchPool(pools, ['eu.pool.example'], '203.0.113.1', port, MAY_2024).algorithm;
    expect([4001, 4002, 4003].map(at)).toEqual(['equihash', null, 'argon2d-nim']);
  });
});

describe('an endpoint of the operator’s list', () => {
  it('serves miners alone only where its port is stated', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'minesweep-'));
    const list = path.join(folder, 'pools.txt');
    writeFileSync(list, 'bare.example\nstated.example:3333\n198.51.100.7\n198.51.100.8:3333\n');
    const listed = await loadPools([list]).finally(() => rmSync(folder, { recursive: true }));
    const dedicated = (name: string, ip: string) =>
      matchPool(listed, name === '' ? [] : [name], ip, 3333, MAY_2024).dedicated;
    expect({
      bareName: dedicated('bare.example', '203.0.113.1'),
      name: dedicated('stated.example', '203.0.113.1'),
      bareAddress: dedicated('', '198.51.100.7'),
      address: dedicated('', '198.51.100.8'),
    }).toEqual({ bareName: false, name: true, bareAddress: false, address: true });
  });
});

describe('an address that a list looked up', () => {
  const DAY_US = 86_400e6;
  const matched = (port: number | null, lookUp: { atUs: number; isShared: boolean } | null) => {
    const pool = definePool({
      name: 'Looked Up',
      domains: [],
      mining: ['*'],
      ports: [coinPorts('ZEC', [4001])],
      sources: [],
    });
    const isShared = lookUp?.isShared === true;
    const known = {
      pool,
      port,
      isShared,
      lookUp: lookUp && { name: 'x.example', ...lookUp },
      rule: 'list:1',
    };
    const listed = Object.assign(new PoolSet([], undefined, [], 30 * DAY_US), { byAddress: () => known });
    const {
      use,
      dedicated,
      portListed,
      by,
      lookUp: told,
    } = matchPool(listed, ['other.example'], '198.51.100.7', 4001, MAY_2024);
    return [by, use, dedicated, portListed, told?.isFar];
  };
  it.each<[string, number | null, { atUs: number; isShared: boolean } | null, readonly unknown[]]>([
    ['with the port, by hand', 4001, null, ['address', 'mining', true, true, undefined]],
    ['with any port, by hand', null, null, ['address', 'mining', false, false, undefined]],
    [
      'of that time',
      4001,
      { atUs: MAY_2024 - 30 * DAY_US, isShared: false },
      ['address', 'mining', true, true, false],
    ],
    [
      'of another time',
      4001,
      { atUs: MAY_2024 - 31 * DAY_US, isShared: false },
      ['address', 'unsure', false, true, true],
    ],
    [
      'of a later time',
      4001,
      { atUs: MAY_2024 + 31 * DAY_US, isShared: false },
      ['address', 'unsure', false, true, true],
    ],
    [
      'that others share',
      4001,
      { atUs: MAY_2024, isShared: true },
      ['address', 'unsure', false, true, false],
    ],
  ])('%s', (_name, port, lookUp, expected) => {
    expect(matched(port, lookUp)).toEqual(expected);
  });
});

describe('the coin of a port', () => {
  it('is the one that has the algorithm of the session', () => {
    const coin = (port: number, algorithm: string) => coinByPort(pools, port, algorithm, MAY_2024);
    expect([
      coin(4001, 'equihash'),
      coin(4002, 'blake2b'),
      coin(4002, 'sha256d'),
      coin(4002, 'scrypt'),
    ]).toEqual(['ZEC', 'SC', 'BTC', null]);
  });
});
