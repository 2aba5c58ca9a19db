import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadAllowList } from '../../src/pools/allow.ts';
import { readFeed } from '../../src/pools/feeds/index.ts';
import { loadPools } from '../../src/pools/load.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'minesweep-pools-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function file(name: string, text: string): Promise<string> {
  const where = path.join(folder, name);
  await writeFile(where, text);
  return where;
}

const MALTRAIL_TEXT = `# Copyright (c) 2014-2026 Maltrail developers
# Reference: a report

pool.evilminer.test
1.2.3.4:14433
5.6.7.8:8333
http://9.9.9.9/x.sh
mooo.com
seed.emercoin.com
xmr.nanopool.org
10.1.2.3
www.pool.support
pangolinminer.comgandalph3000.com
co.uk
`;

describe('files of the operator', () => {
  it('takes a plain list at its word where a port stands', async () => {
    const text =
      '# test pools\n198.51.100.20:443\npool.lab.test:3333 # mine\n[2001:db8::7]:3334\n203.0.113.0/28:4444\n10.0.0.9\nstratum.lab.test\n';
    const pools = await loadPools([await file('mine.txt', text)]);
    expect(pools.byAddress('198.51.100.20', 443)).toMatchObject({
      port: 443,
      rule: 'mine.txt:2',
      pool: { name: '198.51.100.20', kind: 'pool', sources: ['user'] },
    });
    expect(pools.byAddress('198.51.100.20', 80)).toBeNull();
    expect(pools.byAddress('2001:db8:0::7', 3334)?.rule).toBe('mine.txt:4');
    expect(pools.byAddress('203.0.113.14', 4444)?.rule).toBe('mine.txt:5');
    expect(pools.byAddress('203.0.113.16', 4444)).toBeNull();
    expect(pools.byAddress('10.0.0.9', 3333)).toBeNull();
    expect(pools.byEndpoint('pool.lab.test', 3333)).toMatchObject({ use: 'mining', port: 'plain' });
    expect(pools.byEndpoint('pool.lab.test', 80)).toMatchObject({ use: 'mining', port: 'unlisted' });
    expect(pools.byName('stratum.lab.test')?.use).toBe('mining');
    expect(pools.imports).toEqual([
      {
        path: path.join(folder, 'mine.txt'),
        format: 'plain',
        sha256: createHash('sha256').update(text).digest('hex'),
        linesRead: 7,
        lookedUpUs: null,
        kept: 5,
        refused: [
          {
            reason: 'line-reserved-address',
            count: 1,
            firstLine: 6,
            example: '10.0.0.9',
          },
        ],
      },
    ]);
  });

  it('takes no wrong address for a name, with a port neither', async () => {
    const wrong = [
      '010.0.0.1:3333',
      '192.0.02.18:3333',
      '192.0.2.999:3333',
      '10.1:3333',
      'a.0x7f:3333',
      '192.0.2.18/',
    ];
    const pools = await loadPools([await file('wrong.txt', `${wrong.join('\n')}\npool.lab.test:3333\n`)]);
    expect(pools.imports.map(({ kept, refused }) => [kept, refused.map(({ count }) => count)])).toEqual([
      [1, [1, 5]],
    ]);
  });

  it('says of each port in a CSV that is none', async () => {
    const pools = await loadPools([
      await file('ports.csv', 'domain_pattern,ports,tls_ports\nlab.test,3333;99999,443|444\n'),
    ]);
    expect(pools.byEndpoint('lab.test', 3333)?.port).toBe('plain');
    expect(pools.imports[0]?.refused).toEqual([
      { reason: 'line-no-port', count: 2, firstLine: 2, example: '99999' },
    ]);
  });

  it('screens a Maltrail trail', async () => {
    const pools = await loadPools([await file('crypto_mining.txt', MALTRAIL_TEXT)]);
    expect(pools.byName('pool.evilminer.test')?.use).toBe('unsure');
    expect(pools.byAddress('1.2.3.4', 14433)?.port).toBe(14433);
    expect(pools.byAddress('5.6.7.8', 8333)).toBeNull();
    expect(pools.byName('mooo.com')).toBeNull();
    expect(pools.byName('xmr.nanopool.org')?.use).toBe('web');
    const [report] = pools.imports;
    expect([report?.format, report?.linesRead, report?.kept]).toEqual(['maltrail', 14, 2]);
    expect(report?.refused.map((row) => [row.reason, row.example])).toEqual([
      ['line-web-address', 'http://9.9.9.9/x.sh'],
      ['line-node-port', '5.6.7.8'],
      ['line-shared-domain', 'mooo.com'],
      ['line-coin-node', 'seed.emercoin.com'],
      ['line-pool-website', 'xmr.nanopool.org'],
      ['line-reserved-address', '10.1.2.3'],
      ['line-known-site', 'www.pool.support'],
      ['line-run-together', 'pangolinminer.comgandalph3000.com'],
      ['line-public-suffix', 'co.uk'],
    ]);
  });

  it.each([
    [
      'a hosts file',
      'hosts',
      '# x\n0.0.0.0 a.pool.test b.pool.test\n127.0.0.1 c.pool.test\n',
      'b.pool.test',
      'unsure',
    ],
    [
      'a CSV with a header',
      'csv',
      'pool,domain_pattern,ports,tls_ports,coins,kind\r\n"Lab, Inc",*.lab.test,3333;4444,443,XMR,pool\r\n',
      'x.lab.test',
      'mining',
    ],
    [
      'a web site of a CSV',
      'csv',
      'pool,domain_pattern,ports,tls_ports,coins,kind\nLab,lab.test,80,443,,website\n',
      'lab.test',
      'web',
    ],
    [
      'a Hive template',
      'hive',
      '[{"coin":"xmr","servers":[{"geo":"EU","urls":["stratum+tcp://h.pool.test::3333"],"ssl_urls":["h.pool.test:443"]}]}]',
      'h.pool.test',
      'mining',
    ],
    [
      'a MISP warning list',
      'misp',
      '{"name":"miners","type":"hostname","list":["m.pool.test"]}',
      'm.pool.test',
      'unsure',
    ],
    [
      'a Suricata dataset',
      'suricata',
      `${Buffer.from('s.pool.test').toString('base64')}\n${Buffer.from('t.pool.test').toString('base64')},5\n`,
      't.pool.test',
      'unsure',
    ],
    [
      'Suricata rules',
      'suricata',
      '# x\nalert dns $HOME_NET any -> any any (msg:"ET COINMINER DNS Query; to mining"; dns.query; content:"r.pool.test"; nocase; sid:1;)\n',
      'r.pool.test',
      'unsure',
    ],
    ['a uBlock list', 'plain', '! title\n||u.pool.test^\n', 'u.pool.test', 'mining'],
  ])('reads %s', async (_, format, text, name, use) => {
    const pools = await loadPools([await file('feed', text)]);
    expect([pools.imports[0]?.format, pools.byName(name)?.use]).toEqual([format, use]);
  });

  it('reads of rules those about mining, with what is below a name, addresses and ports', async () => {
    const rule = (header: string, options: string): string => `alert ${header} (${options} sid:1; rev:2;)`;
    const rules = [
      rule(
        'tls $HOME_NET any -> $EXTERNAL_NET any',
        'msg:"COINMINER"; tls.sni; dotprefix; content:".d.test"; endswith;',
      ),
      rule(
        'tcp $HOME_NET any -> [5.6.7.8,5.6.7.9] 3333',
        'msg:"ET COINMINER Pool"; content:"mining.authorize";',
      ),
      rule('dns any any -> any any', 'msg:"MALWARE else"; dns.query; content:"other.test";'),
      rule(
        'http any any -> any any',
        'msg:"COINMINER"; http.uri; content:"uri.pool.test"; http.host; content:"h.pool.test";',
      ),
      rule(
        'dns any any -> any any',
        'msg:"coin-mining"; dns.query; content:"|03|xmr|04|"; content:"github.io";',
      ),
    ];
    const pools = await loadPools([await file('rules', `${rules.join('\n')}\n`)]);
    expect(['d.test', 'a.d.test', 'h.pool.test'].map((name) => pools.byName(name)?.use)).toEqual([
      'unsure',
      'unsure',
      'unsure',
    ]);
    expect(
      ['other.test', 'uri.pool.test', 'xmr.test', 'github.io'].map((name) => pools.byName(name)),
    ).toEqual([null, null, null, null]);
    expect([pools.byAddress('5.6.7.9', 3333)?.port, pools.byAddress('5.6.7.9', 443)]).toEqual([3333, null]);
    expect(pools.imports[0]?.refused.map((row) => [row.reason, row.firstLine])).toEqual([
      ['line-other-rule', 3],
      ['line-shared-domain', 5],
    ]);
  });

  it.each([
    ['below a coin’s own domain', 'downloads.getmonero.org', 'line-known-site'],
    ['below an exchange', 'stream.binance.com', 'line-known-site'],
    ['that is a seed further down', 'x9.seed.bitcoin.test', 'line-coin-node'],
    ['that is a test seed', 'testnet-seed.coin.test', 'line-coin-node'],
    ['that is a node with a number', 'node01.coin.test', 'line-coin-node'],
    ['that is a wallet', 'web-wallet.coin.test', 'line-coin-node'],
  ])('refuses a name %s', async (_, name, reason) => {
    const pools = await loadPools([await file('hosts', `0.0.0.0 ${name}\n0.0.0.0 x.pool.test\n`)]);
    expect(pools.imports[0]?.refused.map((row) => row.reason)).toEqual([reason]);
    expect(pools.byName(name)).toBeNull();
  });

  it('takes what the catalogue knows as a pool’s, whosever domain it is on', async () => {
    const pools = await loadPools([
      await file('known', '0.0.0.0 sha256.poolbinance.com\n0.0.0.0 bitcoin.viabtc.io\n'),
    ]);
    expect(pools.imports[0]?.kept).toBe(2);
  });

  it('keeps pool, coins and ports of a table', async () => {
    const text = 'pool,domain_pattern,ports,tls_ports,coins,kind\nLab,h.lab.test,3333,443,XMR,pool\n';
    const match = (await loadPools([await file('t.csv', text)])).byEndpoint('h.lab.test', 443);
    expect([match?.pool.name, match?.port, match?.coins]).toEqual(['Lab', 'tls', ['XMR']]);
  });

  it('adds a port to a pool that the catalogue knows', async () => {
    const pools = await loadPools([await file('more.txt', 'xmr-eu1.nanopool.org:4711\n')]);
    expect(pools.byEndpoint('xmr-eu1.nanopool.org', 4711)).toMatchObject({
      pool: { name: 'Nanopool' },
      port: 'plain',
      coins: ['XMR'],
      rule: 'more.txt:1',
    });
    expect(pools.byEndpoint('xmr-eu1.nanopool.org', 10343)?.port).toBe('tls');
  });

  it.each([
    ['a file that is not there', null, 'FILE_UNREADABLE'],
    ['JSON of another kind', '{"hello":1}', 'FILE_INVALID'],
    ['binary', 'MZ\u0000\u0001', 'FILE_INVALID'],
  ])('refuses %s', async (_, text, code) => {
    const where = text === null ? path.join(folder, 'absent') : await file('bad', text);
    await expect(loadPools([where])).rejects.toMatchObject({ code, where });
  });

  it('reads any text without failing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 300 }), fc.json()), (text) => {
        const feed = readFeed(text);
        expect(feed === null || feed.lines >= 0).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('allow-lists', () => {
  const day = '2026-11-20';

  it('apply until their day is over, and say which have run out', async () => {
    const where = await file(
      'allow.txt',
      [
        '192.0.2.7 until 2026-11-20 # test rig',
        '10.1.0.0/16 until 2026-11-19 # old agreement',
        '2001:db8::/32 # lab',
        '*.lab.test until 2027-01-01',
        'pool.own.test # own pool',
        'nonsense until tomorrow',
        '',
      ].join('\n'),
    );
    const list = await loadAllowList(where);
    expect(list.allowsAddress('192.0.2.7')).toMatchObject({
      line: 1,
      until: '2026-11-20',
      reason: 'test rig',
    });
    expect(list.allowsAddress('10.1.2.3', null, day)).toBeNull();
    expect(list.allowsAddress('2001:db8:1::5')?.reason).toBe('lab');
    expect(list.allowsName('a.b.LAB.test.')?.line).toBe(4);
    expect(list.allowsName('lab.test')).toBeNull();
    expect(list.allowsName('pool.own.test')?.reason).toBe('own pool');
    expect(list.expired(day).map((rule) => [rule.line, rule.place])).toEqual([[2, '10.1.0.0/16']]);
    expect(list.unread).toEqual([6]);
  });
});
