import { describe, expect, it } from 'vitest';
import {
  ALGORITHMS,
  algorithmOfCoin,
  COINS,
  canonicalAlgorithm,
  coinNamed,
  familyOf,
  hashesPerUnit,
  hashesPerUnitRange,
  unitOf,
} from '../../src/evidence/algorithm.ts';

describe('names of algorithms', () => {
  it.each([
    ['rx/0', 'rx/0'],
    ['randomx/0', 'rx/0'],
    ['RandomX', 'rx/0'],
    ['rx', 'rx/0'],
    ['cryptonight', 'cn/0'],
    ['cryptonight/r', 'cn/r'],
    ['CryptoNight-V7', 'cn/1'],
    ['cryptonight_v8', 'cn/2'],
    ['cn-pico/trtl', 'cn-pico'],
    ['argon2/wrkz', 'argon2/ninja'],
    ['chukwav2', 'argon2/chukwav2'],
    ['gr', 'ghostrider'],
    ['SHA-256', 'sha256d'],
    ['SHA256d', 'sha256d'],
    ['Lyra2REv2', 'lyra2rev2'],
    ['Equihash 144,5', null],
    ['Equihash144_5', 'equihash144_5'],
    ['daggerhashimoto', 'ethash'],
    ['grincuckatoo32', 'cuckatoo32'],
    ['monero', 'rx/0'],
    ['Ravencoin', 'kawpow'],
    ['ethereum', 'ethash'],
    ['BTC', 'sha256d'],
    ['ltc', 'scrypt'],
    ['DGB', null],
    ['nonsense', null],
    ['', null],
    ['constructor', null],
    ['__proto__', null],
    ['x'.repeat(100_000), null],
  ])('%.40s is %s', (name, id) => {
    expect(canonicalAlgorithm(name)).toBe(id);
  });

  it('lead to one algorithm each', () => {
    const seen = new Map<string, string>();
    for (const { id, aliases } of ALGORITHMS) {
      for (const name of [id, ...aliases]) {
        const folded = name.toLowerCase().replace(/[\s\-_/.]/g, '');
        expect([name, seen.get(folded) ?? id]).toEqual([name, id]);
        seen.set(folded, id);
      }
    }
  });
  it('of coins lead to algorithms of the table', () => {
    const ids = new Set(ALGORITHMS.map(({ id }) => id));
    for (const { algorithms: eras } of COINS) {
      for (const { algorithm } of eras) if (algorithm !== null) expect(ids).toContain(algorithm);
    }
  });
  it('of coins lead to one coin each', () => {
    const names = COINS.flatMap((coin) => [coin.ticker.toLowerCase(), ...coin.names]);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    for (const name of names) expect(coinNamed(name)).not.toBeNull();
  });
});

describe('a unit of difficulty', () => {
  it.each([
    ['sha256d', 4294967296],
    ['x11', 4294967296],
    ['scrypt', 65536],
    ['neoscrypt', 65536],
    ['ghostrider', 65536],
    ['yespower', 65536],
    ['verthash', 16777216],
    ['x16r', 16777216],
    ['lyra2v2', 16777216],
    ['lyra2re', 33554432],
    ['groestl', 16777216],
    ['keccak', 16777216],
    ['kawpow', 4294967296],
    ['kaspa', 4294967296],
    ['blake3-alephium', 17179869184],
    ['rx/0', null],
    ['equihash', null],
    ['autolykos2', null],
    ['never heard of', null],
  ])('of %s is worth %s hashes', (name, hashes) => {
    expect(hashesPerUnit(name)).toBe(hashes);
  });
  it('is a range where programs disagree', () => {
    expect(hashesPerUnitRange('groestl')).toMatchObject({ low: 2 ** 20, high: 2 ** 32 });
    expect(hashesPerUnitRange('x16rv2')).toMatchObject({ low: 2 ** 20, high: 2 ** 24 });
    expect(hashesPerUnitRange('sha256d')).toEqual({ low: 2 ** 32, high: 2 ** 32 });
    expect(hashesPerUnitRange('rx/0')).toBeNull();
  });
});

it('gives each algorithm its unit and family', () => {
  expect([unitOf('zhash'), unitOf('cuckatoo31'), unitOf('rx/0'), unitOf('?')]).toEqual([
    'Sol/s',
    'graphs/s',
    'H/s',
    'H/s',
  ]);
  expect([familyOf('rx/wow'), familyOf('etchash'), familyOf('?')]).toEqual(['randomx', 'ethash', null]);
});

it('knows what a coin was mined with at the time', () => {
  const at = (coin: string, date: string) => algorithmOfCoin(coin, Date.parse(date) * 1000);
  expect(at('XMR', '2018-01-01T00:00:00Z')).toBe('cn/0');
  expect(at('XMR', '2018-06-01T00:00:00Z')).toBe('cn/1');
  expect(at('monero', '2019-11-25T00:00:00Z')).toBe('cn/r');
  expect(at('XMR', '2019-12-01T00:00:00Z')).toBe('rx/0');
  expect(at('RVN', '2020-01-01T00:00:00Z')).toBe('x16rv2');
  expect(at('ETC', '2020-06-01T00:00:00Z')).toBe('ethash');
  expect(algorithmOfCoin('ETC')).toBe('etchash');
});
