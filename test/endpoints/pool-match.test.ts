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
