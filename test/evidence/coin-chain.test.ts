import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readChain, readCoinbase, readMoneroBlob } from '../../src/evidence/coin-chain.ts';
import { MINERD } from './laboratory-shares.ts';

const HEAD = `01000000 01 ${'00'.repeat(32)} ffffffff`.replaceAll(' ', '');
const seconds = (date: string): number => Date.parse(date) / 1000;
const word = (value: number): string => value.toString(16).padStart(8, '0');

describe('a coinbase', () => {
  it.each([
    // docs/reference/protocols.md 1.5.
    ['of three bytes of height', `${HEAD}1c03a3cf0d2f6d696e6573776565702d746573742f`, 905123],
    ['of a low height', `${HEAD}0451`, 1],
    ['of no height', `${HEAD}0400ffffffff`, null],
    ['whose first half ends in a number of the pool', `${HEAD}3503d0bf0c04cae64fa6`, 835536],
    ['with an unprintable script', `${HEAD}0a03a3cf0d0102030405`, 905123],
  ])('%s', (_name, coinbase1, height) => {
    expect(readCoinbase(coinbase1)).toEqual({ height });
  });
  it.each(['', 'zz', HEAD.slice(2), `02000000${'11'.repeat(60)}`, 'ff'.repeat(200_000)])(
    'is not %.20s',
    (text) => {
      expect(readCoinbase(text)).toBeNull();
    },
  );
});

describe('a job of the Bitcoin form', () => {
  const at = (height: number, nbits: string, time: number) => {
    const push = Buffer.alloc(3);
    push.writeUIntLE(height, 0, 3);
    return readChain({ coinbase1: `${HEAD}0803${push.toString('hex')}`, nbits, ntime: word(time) });
  };

  it('is Bitcoin by its network difficulty', () => {
    const { coinbase1, nbits } = MINERD.job;
    expect(readCoinbase(coinbase1)).toEqual({ height: 835536 });
    expect(readChain({ coinbase1, nbits, ntime: '6b060e80' })).toEqual({
      networkDifficulty: 86388558925171.02,
      algorithm: 'sha256d',
      coins: ['BTC'],
    });
  });
  it.each([
    ['Bitcoin in 2018', 535_018, '172f4f7b', '2018-08-03', 'sha256d', ['BTC']],
    ['Bitcoin in 2015', 370_000, '181443c4', '2015-08-15', 'sha256d', ['BTC']],
    ['Bitcoin in 2013', 250_000, '1a01aa3d', '2013-08-03', 'sha256d', ['BTC']],
    ['a Bitcoin fork of today', 900_000, '1802a000', '2025-06-06', 'sha256d', ['BTC', 'BCH', 'BSV', 'XEC']],
    ['another chain of that difficulty', 50_000, '1802a000', '2025-06-06', 'sha256d', []],
    ['Litecoin', 2_900_000, '1929be96', '2025-05-01', null, []],
    ['a small coin at the height of Bitcoin', 900_000, '1c00ffff', '2025-06-06', null, []],
  ])('is %s', (_name, height, nbits, date, algorithm, coins) => {
    const reading = at(height, nbits, seconds(date));
    expect([reading.algorithm, reading.coins]).toEqual([algorithm, coins]);
  });
  it('of any content is read without throwing', () => {
    expect(readChain({ coinbase1: '', nbits: '', ntime: '' })).toEqual({
      networkDifficulty: null,
      algorithm: null,
      coins: [],
    });
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), maxLength: 400 }),
    );
    fc.assert(
      fc.property(text, text, (one, two) => {
        readChain({ coinbase1: HEAD + one, nbits: one, ntime: two });
        readMoneroBlob(one, one.length);
      }),
      { seed: 13 },
    );
  });
});

describe('a Monero blob', () => {
  const rest = '00'.repeat(64);
  it.each([
    // Beginnings of blobs that pools sent, with the height and, where named, the algorithm of the same job.
    ['0b0ce382f1ee05', 1_974_881, 'cn/r', 11],
    ['0c0ccce983f105', 2_012_817, 'rx/0', 12],
    ['0c0cb5d6a2f505', 2_086_905, 'rx/0', 12],
    ['0e0eccf7928106', 2_294_248, 'rx/0', 14],
    ['0e0ed1f0888406', 2_345_325, 'rx/0', 14],
  ])('%s at height %d is %s', (blob, height, algorithm, majorVersion) => {
    expect(readMoneroBlob(blob + rest, height)).toEqual({ algorithm, majorVersion, basis: 'height' });
  });
  it.each([
    ['0405c481f8c305', 'cn/0', 4],
    ['0606e89883d205', 'cn/0', 6],
  ])('%s without a height is %s by its time', (blob, algorithm, majorVersion) => {
    expect(readMoneroBlob(blob + rest, null)).toEqual({ algorithm, majorVersion, basis: 'time' });
  });
  it.each([
    ['of another chain with the same version', `0b0ce382f1ee05${rest}`, 300_000],
    ['of a version long past', `0808bc9c98d806${rest}`, 3_191_002],
    ['of version 1 in our days', `0101bb9c98d806${rest}`, null],
    ['of a version that never was', `5050bc9c98d806${rest}`, null],
    ['too short', '0b0ce382f1ee05', 1_974_881],
    ['that is no hex', 'x'.repeat(152), null],
    ['of varints without end', 'ff'.repeat(76), null],
  ])('%s says nothing', (_name, blob, height) => {
    expect(readMoneroBlob(blob, height)).toBeNull();
  });
});
