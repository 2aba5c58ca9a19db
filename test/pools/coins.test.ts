import { describe, expect, it } from 'vitest';
import { algorithmOfCoin, COINS } from '../../src/evidence/algorithm.ts';
import { algorithmOfWord, coinOfWord } from '../../src/pools/grammar.ts';

const us = (day: string): number => Date.parse(`${day}T12:00:00Z`) * 1000;

describe('the algorithm of a coin', () => {
  it.each([
    ['XMR', '2017-01-01', 'cn/0'],
    ['XMR', '2018-04-05', 'cn/0'],
    ['XMR', '2018-04-06', 'cn/1'],
    ['XMR', '2018-10-18', 'cn/2'],
    ['XMR', '2019-03-09', 'cn/r'],
    ['XMR', '2019-11-29', 'cn/r'],
    ['XMR', '2019-11-30', 'rx/0'],
    ['XMR', '2026-01-01', 'rx/0'],
    ['ETH', '2022-09-14', 'ethash'],
    ['ETH', '2022-09-15', null],
    ['ETC', '2020-11-27', 'ethash'],
    ['ETC', '2021-01-01', 'etchash'],
    ['RVN', '2019-01-01', 'x16r'],
    ['RVN', '2020-01-01', 'x16rv2'],
    ['RVN', '2024-01-01', 'kawpow'],
    ['BTC', '2011-01-01', 'sha256d'],
    ['DGB', '2024-01-01', null],
    ['NOSUCH', '2024-01-01', null],
  ])('%s on %s is %s', (coin, day, algorithm) => {
    expect(algorithmOfCoin(coin, us(day))).toBe(algorithm);
  });

  it('is the newest one where the time is no time', () => {
    expect(algorithmOfCoin('XMR', Number.NaN)).toBe('rx/0');
  });

  it('has its eras in order', () => {
    for (const coin of COINS) {
      const ends = coin.algorithms.map((era) => era.untilUs);
      expect(
        ends.toSorted((a, b) => a - b),
        coin.ticker,
      ).toEqual(ends);
      expect(ends.at(-1), coin.ticker).toBe(Number.POSITIVE_INFINITY);
    }
  });
});

describe('words of host names', () => {
  it('name coins and algorithms', () => {
    expect(['monero', 'xmr', 'ergo', 'www'].map(coinOfWord)).toEqual(['XMR', 'XMR', 'ERG', null]);
    expect(['kp', 'daggerhashimoto', 'pool'].map(algorithmOfWord)).toEqual(['kawpow', 'ethash', null]);
    expect(['equihash1445', 'zelhash', 'randomxmonero', 'eth'].map(algorithmOfWord)).toEqual([
      'equihash144_5',
      'equihash125_4',
      'rx/0',
      null,
    ]);
  });
});
