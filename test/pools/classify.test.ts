import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/pools/catalogue.ts';
import { algorithmOfEndpoint, NameIndex } from '../../src/pools/classify.ts';
import { definePool } from '../../src/pools/entry.ts';
import { compilePattern } from '../../src/pools/pattern.ts';

const index = new NameIndex(CATALOGUE);

const NAMES: readonly (readonly [name: string, pool: string | null, use: string | null])[] = [
  // Pools that take miners under names of their own.
  ['xmr-eu1.nanopool.org', 'Nanopool', 'mining'],
  ['xmr-us-east1.nanopool.org', 'Nanopool', 'mining'],
  ['pool.supportxmr.com', 'SupportXMR', 'mining'],
  ['gulf.moneroocean.stream', 'MoneroOcean', 'mining'],
  ['pool.hashvault.pro', 'HashVault', 'mining'],
  ['mine.c3pool.com', 'C3Pool', 'mining'],
  ['de.monero.herominers.com', 'HeroMiners', 'mining'],
  ['us-eth.2miners.com', '2Miners', 'mining'],
  ['kawpow.auto.nicehash.com', 'NiceHash', 'mining'],
  ['daggerhashimoto.eu-west.nicehash.com', 'NiceHash', 'mining'],
  ['btc-va.ss.poolin.com', 'Poolin', 'mining'],
  ['sg-eth.ss.btc.com', 'BTC.com', 'mining'],
  ['eu.stratum.slushpool.com', 'Slush Pool', 'mining'],
  ['us-east.stratum.braiins.com', 'Braiins Pool', 'mining'],
  ['stratum-ltc.antpool.com', 'AntPool', 'mining'],
  ['stratum_ltc.bw.com', 'BW Pool', 'mining'],
  ['xmr-asia.kryptex.network', 'Kryptex Pool', 'mining'],
  ['randomx.eu.mine.zpool.ca', 'zpool', 'mining'],
  ['donate.v2.xmrig.com', 'XMRig donation', 'mining'],
  // Seen in captures.
  ['us1.bitminter.com', 'BitMinter', 'mining'],
  ['eu1-zcash.flypool.org', 'Flypool', 'mining'],
  ['cn1-zcash.flypool.org', 'Flypool', 'mining'],
  ['pool.eth.pp.ua', 'pool.eth.pp.ua', 'mining'],
  ['ws027.authedmine.com', 'Coinhive', 'mining'],
  ['authedmine.com', 'Coinhive', 'mining'],
  ['xmr.suprnova.cc', 'Suprnova', 'unsure'],
  ['zec-eu.suprnova.cc', 'Suprnova', 'mining'],
  // Sites.
  ['supportxmr.com', 'SupportXMR', 'web'],
  ['www.f2pool.com', 'F2Pool', 'web'],
  ['www.nicehash.com', 'NiceHash', 'web'],
  ['xmr.nanopool.org', 'Nanopool', 'web'],
  ['monero.hashvault.pro', 'HashVault', 'web'],
  ['etc.ethermine.org', 'Ethermine', 'web'],
  ['zcash.flypool.org', 'Flypool', 'web'],
  ['www.suprnova.cc', 'Suprnova', 'web'],
  ['api.unmineable.com', 'unMineable', 'web'],
  ['pool.kryptex.com', 'Kryptex site', 'web'],
  ['www.xmrig.com', 'XMRig donation', 'web'],
  // Both at once: the port must tell.
  ['eth.2miners.com', '2Miners', 'unsure'],
  ['monero.herominers.com', 'HeroMiners', 'unsure'],
  ['rx.unmineable.com', 'unMineable', 'unsure'],
  // A smaller pool, read by grammar.
  ['eu2.wart.1miner.net', '1Miner', 'mining'],
  ['asia1.1miner.net', '1Miner', 'mining'],
  ['www.1miner.net', '1Miner', 'web'],
  ['secret-project.1miner.net', '1Miner', 'unsure'],
  // Spelling.
  ['POOL.SupportXMR.com.', 'SupportXMR', 'mining'],
  // Not pools.
  ['notsupportxmr.com', null, null],
  ['supportxmr.com.example.org', null, null],
  ['org', null, null],
  ['', null, null],
  ['..', null, null],
  ['pool.supportxmr.com\u0000.evil.org', null, null],
  ['пул.supportxmr.com', null, null],
  [`${'a.'.repeat(5000)}nanopool.org`, null, null],
];

/** Names that stand in real lists and would accuse the innocent. */
const NEVER = [
  'mooo.com',
  'anyone.mooo.com',
  'pool.support',
  'www.pool.support',
  'seed.emercoin.com',
  'adminer.com',
  'exdynsrv.com',
  'main.exdynsrv.com',
  'coinpot.co',
  'app.herokuapp.com',
  'herokuapp.com',
  'pangolinminer.comgandalph3000.com',
  'us.to',
  'ddns.net',
  'anyone.ddns.net',
  'duckdns.org',
  'com.com',
  'eu.org',
  'pp.ua',
  'sero.cash',
  'wallet.sero.cash',
  'ellaism.org',
  'electrum.org',
  'getmonero.org',
];

describe('the classification of host names', () => {
  it.each(NAMES)('%s', (name, pool, use) => {
    const match = index.classifyName(name);
    expect([match?.pool.name ?? null, match?.use ?? null]).toEqual([pool, use]);
  });

  it.each(NEVER)('never takes %s for a host of miners', (name) => {
    const use = index.classifyName(name)?.use ?? 'web';
    expect(use).toBe('web');
  });

  it('survives any text and answers the same for any case', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.domain()), (text) => {
        const match = index.classifyName(text);
        expect(index.classifyName(text.toUpperCase().toLowerCase())?.rule).toBe(
          index.classifyName(text.toLowerCase())?.rule,
        );
        expect(match === null || match.name.length <= 253).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

const MAY_2017 = Date.UTC(2017, 4, 1) * 1000;
const MAY_2019 = Date.UTC(2019, 4, 1) * 1000;
const MAY_2024 = Date.UTC(2024, 4, 1) * 1000;

describe('the classification of endpoints', () => {
  it.each([
    ['xmr-eu1.nanopool.org', 14433, 'tls', ['XMR'], MAY_2019, 'cn/r'],
    ['xmr-eu1.nanopool.org', 10300, 'plain', ['XMR'], MAY_2024, 'rx/0'],
    ['xmr-eu1.nanopool.org', 80, 'unlisted', ['XMR'], MAY_2017, 'cn/0'],
    ['eth.2miners.com', 2020, 'plain', ['ETH'], MAY_2019, 'ethash'],
    ['eth.2miners.com', 2020, 'plain', ['ETH'], MAY_2024, null],
    ['cryptonightr.eu.nicehash.com', 3375, 'plain', [], MAY_2019, 'cn/r'],
    ['kawpow.auto.nicehash.com', 443, 'tls', [], MAY_2024, 'kawpow'],
    ['stratum.antpool.com', 3333, 'plain', ['BTC', 'BCH'], MAY_2024, 'sha256d'],
    ['eu1-zcash.flypool.org', 3333, 'plain', ['ZEC'], MAY_2017, 'equihash'],
    ['btcssl.f2pool.com', 1300, 'tls', ['BTC'], MAY_2024, 'sha256d'],
    ['pool.supportxmr.com', 443, 'tls', ['XMR'], MAY_2024, 'rx/0'],
    ['mint.bitminter.com', 3333, 'plain', ['BTC'], MAY_2017, 'sha256d'],
  ])('%s:%i', (name, port, use, coins, timeUs, algorithm) => {
    const match = index.classifyEndpoint(name, port);
    expect(match).not.toBeNull();
    if (match === null) return;
    expect([match.port, match.coins, algorithmOfEndpoint(match, timeUs)]).toEqual([use, coins, algorithm]);
  });

  it('knows no endpoint without a name', () => {
    expect(index.classifyEndpoint(null, 3333)).toBeNull();
  });
});

describe('host patterns', () => {
  it.each([
    ['@', [], true],
    ['@', ['www'], false],
    ['ws#', ['ws027'], true],
    ['ws#', ['ws'], true],
    ['ws#', ['wsx1'], false],
    ['*-*', ['xmr-eu1'], true],
    ['*-*', ['xmr-us-east1'], false],
    ['stratum*', ['stratum_ltc'], true],
    ['**.ss', ['cn', 'ss'], true],
    ['**.ss', ['a-b', 'cn', 'ss'], true],
    ['**.ss', ['ss'], false],
    ['**.*-hub', ['us-east', 'ethash-hub'], true],
  ])('%s on %j', (pattern, labels, expected) => {
    expect(compilePattern(pattern).below.test(labels.join('.'))).toBe(expected);
  });
});

describe('rules of one entry', () => {
  const one = new NameIndex([
    definePool({
      name: 'P',
      domains: ['p.test'],
      mining: ['*', 'www-eu'],
      web: ['www-eu', 'shop#'],
      sites: ['eu.p.test'],
      hosts: ['stratum.coin.test'],
      sources: ['user'],
    }),
  ]);

  it.each([
    ['eu.p.test', 'web', 'eu.p.test'],
    ['us.p.test', 'mining', '*.p.test'],
    ['www-eu.p.test', 'web', 'www-eu.p.test'],
    ['shop3.p.test', 'web', 'shop#.p.test'],
    ['www.p.test', 'web', 'p.test, by its labels'],
    ['stratum.coin.test', 'mining', 'stratum.coin.test'],
  ])('%s is %s by %s', (name, use, rule) => {
    const match = one.classifyName(name);
    expect([match?.use, match?.rule]).toEqual([use, rule]);
  });

  it('claims an exact host of another domain and nothing below or beside it', () => {
    expect(one.classifyName('x.stratum.coin.test')).toBeNull();
    expect(one.classifyName('coin.test')).toBeNull();
  });
});
