import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cryptonoteTarget,
  difficultiesOfResult,
  difficultyFromCompact,
  hashesFromBeamDifficulty,
  hashesFromCompact,
  hashesFromTarget256,
  hashesFromTarget256LittleEndian,
  hashesFromTargetDecimal,
} from '../../src/evidence/target.ts';

const ETHASH_4G = '0x0000000112e0be826d694b2e62d01511f12a6061fbaec8bc02357593e70e52ba';
const KAWPOW = '000000007fff8000000000000000000000000000000000000000000000000000';
const SV2 = `00000000000007ff${'f'.repeat(48)}`;
const RESULT = '5b1e77c2a0d94413f6e8b7a1c2d3e4f5061728394a5b6c7d8e9fa0b1c2570300';

describe('256-bit targets', () => {
  const cases = [
    { name: 'an Ethereum boundary of 4 GH', hex: ETHASH_4G, hashes: 4.0e9 },
    { name: 'the same without its leading zeros', hex: ETHASH_4G.replace('0x0000000', ''), hashes: 4.0e9 },
    { name: 'a KawPow target', hex: KAWPOW, hashes: 8590065666.00003 },
    { name: 'a Stratum V2 target', hex: SV2, hashes: 2 ** 53 },
    { name: 'difficulty 1 of Equihash', hex: `0007${'f'.repeat(60)}`, hashes: 8192 },
    {
      name: 'an Equihash set_target',
      hex: '0004189374bc6a7ef9db22d0e5604189374bc6a7ef9db22d0e5604189374bc6a',
      hashes: 16000,
    },
    { name: 'the easiest target', hex: 'f'.repeat(64), hashes: 1 },
    { name: 'the hardest target', hex: '1', hashes: 2 ** 256 },
  ];
  it.each(cases)('give the work of $name', ({ hex, hashes }) => {
    const work = hashesFromTarget256(hex) ?? 0;
    expect(Math.abs(work / hashes - 1)).toBeLessThan(1e-15);
  });

  it('are read in either byte order', () => {
    const littleEndian = Buffer.from(SV2, 'hex').reverse().toString('hex');
    expect(hashesFromTarget256LittleEndian(littleEndian)).toBe(2 ** 53);
    expect(hashesFromTarget256LittleEndian('ff')).toBeNull();
  });

  it.each([
    ['0x'],
    [''],
    ['0'],
    ['00'.repeat(32)],
    ['xyz'],
    ['-1'],
    [`1${'0'.repeat(64)}`],
    [4],
    [null],
    [{}],
  ])('give nothing for %s', (hex) => {
    expect(hashesFromTarget256(hex)).toBeNull();
  });
});

describe('other target forms', () => {
  it('reads the boundary of Ergo and the number of Nimiq in decimal', () => {
    const boundary = (2n ** 256n / 4_000_000_000n).toString();
    expect(hashesFromTargetDecimal(boundary)).toBe(4.0e9);
    expect(hashesFromTargetDecimal(1.7668470647783843e72)).toBe(65536);
    expect(hashesFromTargetDecimal('0')).toBeNull();
    expect(hashesFromTargetDecimal(Number.NaN)).toBeNull();
    expect(hashesFromTargetDecimal(`9${'0'.repeat(77)}`)).toBeNull();
  });
  it('unpacks the difficulty of BEAM', () => {
    expect(hashesFromBeamDifficulty(0x05800000)).toBe(48);
    expect(hashesFromBeamDifficulty(1.5)).toBeNull();
  });
});

describe('CryptoNote targets', () => {
  const cases = [
    { hex: 'b88d0600', hashes: 10000, target64: 0xffffffffffffffffn / 10000n },
    { hex: 'ffffff00', hashes: 256, target64: 0xffffffffffffffffn / 256n },
    { hex: '711b0d00', hashes: 5000, target64: 0xffffffffffffffffn / 5000n },
    { hex: 'e4a63d00', hashes: 1063, target64: 0xffffffffffffffffn / 1063n },
    { hex: '780d7f02f3220000', hashes: 480045, target64: 38427114278264n },
    { hex: 'ffffffff', hashes: 1, target64: 0xffffffffffffffffn },
  ];
  it.each(cases)('of $hex stand for $hashes hashes', ({ hex, hashes, target64 }) => {
    expect(cryptonoteTarget(hex)).toEqual({ hashes, target64 });
  });
  it('are plain numbers for rx/yada', () => {
    expect(cryptonoteTarget('00000fffffffffff', 'rx/yada')?.hashes).toBe(1048576);
  });
  it.each([
    ['00000000'],
    ['0000000000000000'],
    ['b88d06'],
    ['b88d060000'],
    ['b88d060g'],
    [''],
    [7],
    [undefined],
  ])('give nothing for %s', (hex) => {
    expect(cryptonoteTarget(hex)).toBeNull();
  });
  it('are checked against the result of a share', () => {
    expect(difficultiesOfResult(RESULT)).toBe(19605);
    // The same hash, most significant byte first.
    const turned = Buffer.from(RESULT, 'hex').reverse().toString('hex');
    expect(difficultiesOfResult(turned)).toBe(19605);
    expect(difficultiesOfResult('00')).toBe(0);
    expect(cryptonoteTarget('b88d0600')?.hashes).toBeLessThanOrEqual(19605);
    expect(cryptonoteTarget('780d7f02f3220000')?.hashes).toBeGreaterThan(19605);
  });
});

describe('compact bits', () => {
  it.each([
    ['1d00ffff', 1],
    ['1b04864c', 14484.162361225399],
    ['1a05db8b', 2864140.5078109736],
    ['17034219', 86388558925171.02],
  ])('%s are network difficulty %d', (nbits, difficulty) => {
    expect(difficultyFromCompact(nbits)).toBe(difficulty);
  });
  it('give the work of a block', () => {
    expect(hashesFromCompact('1d00ffff')).toBeCloseTo(4295032833.000015, 5);
  });
  it.each([
    ['1d80ffff'],
    ['1d000000'],
    ['ff00ffff'],
    ['01000001'],
    ['1d00fff'],
    ['0x1d'],
    [''],
    [null],
    [486604799],
  ])('give nothing for %s', (nbits) => {
    expect(difficultyFromCompact(nbits)).toBeNull();
  });
});

it('answers any text with a number of at least 1 or with nothing', () => {
  const readers = [hashesFromTarget256, hashesFromTarget256LittleEndian, hashesFromTargetDecimal];
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0123456789abcdefx') }), fc.anything()),
      (value) => {
        for (const read of readers) {
          const work = read(value);
          expect(work === null || (work >= 1 && Number.isFinite(work))).toBe(true);
        }
        expect(() => [cryptonoteTarget(value), difficultyFromCompact(value)]).not.toThrow();
      },
    ),
    { seed: 7 },
  );
});
