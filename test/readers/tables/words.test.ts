/** What is read four bytes at a time, against the same read one by one. */
import { describe, expect, it } from 'vitest';
import { TimeCell } from '../../../src/readers/tables/time-cell.ts';
import { fourDigits, fourTimes, SLACK, wordEnd } from '../../../src/readers/tables/words.ts';
import { random } from '../../support/random.ts';

const rng = random(23);

function view(text: string): DataView {
  const bytes = Buffer.concat([Buffer.from(text, 'latin1'), Buffer.alloc(SLACK, '\n')]);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

describe('four digits', () => {
  it('are a number where all four are digits', () => {
    for (let number = 0; number < 10_000; number++) {
      expect(fourDigits(view(String(number).padStart(4, '0')), 0)).toBe(number);
    }
  });

  it('are none where any byte is no digit', () => {
    for (let at = 0; at < 4; at++) {
      for (let byte = 0; byte < 256; byte++) {
        if (byte >= 0x30 && byte <= 0x39) continue;
        const digits = '1234'.split('');
        digits[at] = String.fromCharCode(byte);
        expect(fourDigits(view(digits.join('')), 0)).toBe(-1);
      }
    }
  });
});

describe('the end of a word', () => {
  it('is its first blank, control byte, quote or delimiter, whatever stands around', () => {
    for (let i = 0; i < 20_000; i++) {
      const bytes = Array.from({ length: 12 }, () =>
        rng.chance(0.5) ? 0x21 + rng.below(0xdf) : rng.pick([0, 9, 0x1f, 0x20, 0x21, 0x22, 0x2c, 0x80, 0xff]),
      );
      const end = bytes.findIndex((byte) => byte <= 0x20 || byte === 0x22 || byte === 0x2c);
      const text = String.fromCharCode(...bytes);
      expect(wordEnd(view(text), 0, fourTimes(0x2c))).toBe(end < 0 ? bytes.length : end);
    }
  });
});

describe('times of ten or thirteen digits', () => {
  const times = [
    { text: '1700000000', us: 1_700_000_000e6, end: 10 },
    { text: '1700000000,', us: 1_700_000_000e6, end: 10 },
    { text: '1700000000.000001\t', us: 1_700_000_000_000_001, end: 17 },
    { text: '1700000000.123456,', us: 1_700_000_000_123_456, end: 17 },
    { text: '1700000000123 ', us: 1_700_000_000_123_000, end: 13 },
    { text: '4102444799.999999', us: 4_102_444_799_999_999, end: 17 },
  ];
  it.each(times)('$text is read at once', ({ text, us, end }) => {
    const cell = new TimeCell();
    expect(cell.readEpoch(view(text), 0)).toBe(end);
    expect(cell.timeUs).toBe(us);
  });

  it.each([
    '170000000',
    '17000000001',
    '170000000012',
    '17000000001234',
    '1700000000123.5',
    '1700000000.12345',
    '1700000000.1234567',
    '1700000000.',
    '0000000000123',
    '2023-11-14T22:13:20Z',
    '-',
  ])('%s is left to the general way', (text) => {
    expect(new TimeCell().readEpoch(view(text), 0)).toBe(-1);
  });
});
