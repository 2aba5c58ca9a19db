/** The example of the Apache Parquet format ("Encodings", "RLE / Bit-Packing Hybrid"), runs by hand, and BigInt as the second reader. */
import { describe, expect, it } from 'vitest';
import { Runs, readNumbers } from '../../../src/readers/parquet/page-numbers.ts';
import { random } from '../../support/random.ts';

function readRuns(bytes: Uint8Array, width: number, count: number): number[] {
  const runs = new Runs(bytes, width, count);
  return Array.from({ length: count }, () => runs.next());
}

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

describe('runs', () => {
  it.each([
    {
      name: 'the numbers 0 to 7 in 3 bits each',
      hex: '03 88c6fa',
      width: 3,
      numbers: [0, 1, 2, 3, 4, 5, 6, 7],
    },
    { name: 'fewer than the group holds', hex: '03 88c6fa', width: 3, numbers: [0, 1, 2, 3, 4] },
    { name: 'a run, then a group', hex: '06 05 03 88c6fa', width: 3, numbers: [5, 5, 5, 0, 1, 2] },
    { name: 'a run of two bytes a number', hex: '04 2c01', width: 10, numbers: [300, 300] },
    { name: 'a run longer than the page', hex: 'feffffff0f 01', width: 1, numbers: [1, 1, 1] },
    { name: 'no bits', hex: '', width: 0, numbers: [0, 0] },
    {
      name: '31 bits, across five bytes',
      hex: `03 ${'ffffff7f'.padEnd(8, '0')} 01000000 ${'00'.repeat(23)}`,
      width: 31,
      numbers: [2 ** 31 - 1, 2],
    },
    {
      name: '32 bits',
      hex: `03 ffffffff 01000080 ${'00'.repeat(24)}`,
      width: 32,
      numbers: [2 ** 32 - 1, 0x80000001],
    },
  ])('$name', ({ hex, width, numbers }) => {
    expect(readRuns(bytes(hex), width, numbers.length)).toEqual(numbers);
  });

  it.each([
    { name: 'nothing', hex: '', width: 1 },
    { name: 'a group that is cut off', hex: '03 88c6', width: 3 },
    { name: 'a run without its number', hex: '06', width: 3 },
    { name: 'a length without end', hex: 'ffffffffffffffff', width: 3 },
    { name: 'empty runs alone', hex: '00 00 00 00', width: 3 },
    { name: 'too many bits', hex: '03 88c6fa', width: 33 },
  ])('refuses $name', ({ hex, width }) => {
    expect(() => readRuns(bytes(hex), width, 8)).toThrow(RangeError);
  });
});

describe('64-bit values', () => {
  const { below } = random(20261128);
  const drawn = Array.from({ length: 2000 }, () =>
    BigInt.asIntN(64, BigInt(below(2 ** 32)) << BigInt(below(33))),
  );
  const values = BigInt64Array.from([0n, 1n, -1n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, ...drawn]).filter(
    (v) => v < 10n ** 17n,
  );
  const whole = { name: 'x', type: 'INT64' } as const;

  it('are the numbers that BigInt makes of them', () => {
    expect([...(readNumbers(values, whole) ?? [])]).toEqual([...values].map(Number));
    const positive = values.filter((v) => v >= 0n);
    expect([...(readNumbers(positive, { ...whole, converted_type: 'UINT_64' }) ?? [])]).toEqual(
      [...positive].map(Number),
    );
  });

  it('are microseconds if they are times', () => {
    const time = (unit: 'MILLIS' | 'MICROS' | 'NANOS') =>
      ({ ...whole, logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit } }) as const;
    const times = BigInt64Array.from([
      0n,
      999n,
      1000n,
      1_793_491_200_123_456_789n,
      2n ** 62n + 999n,
      2n ** 32n - 1n,
    ]);
    expect([...(readNumbers(times, time('NANOS')) ?? [])]).toEqual(
      [...times].map((ns) => Number(ns / 1000n)),
    );
    expect([...(readNumbers(times, time('MICROS')) ?? [])]).toEqual([...times].map(Number));
    expect([...(readNumbers(times, time('MILLIS')) ?? [])]).toEqual(
      [...times].map((ms) => Number(ms) * 1000),
    );
  });

  it('stay as they are if they may be nanoseconds, or are something else', () => {
    expect(readNumbers(BigInt64Array.of(1_793_491_200_123_456_789n), whole)).toBeNull();
    expect(readNumbers(BigInt64Array.of(1n), { ...whole, converted_type: 'DECIMAL' })).toBeNull();
    expect(readNumbers(Int32Array.of(1), whole)).toBeNull();
  });
});
