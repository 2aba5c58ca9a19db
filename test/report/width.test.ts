/** Cells cut to a width: behind a word, if that leaves enough of them. */
import { describe, expect, it } from 'vitest';
import { clipWords } from '../../src/report/width.ts';

describe('a cell that is too long', () => {
  it.each([
    ['Computing labs', 12, 'Computing…'],
    ['Computing labs', 14, 'Computing labs'],
    ['Remote access (VPN)', 16, 'Remote access…'],
    ['17 shares, zip301', 12, '17 shares…'],
    ['48 shares, ethereum-stratum-1', 24, '48 shares…'],
    ['TLS name pool.example.net', 20, 'TLS name pool.examp…'],
    ['Data centre', 10, 'Data cent…'],
    ['pool.example.net', 10, 'pool.exam…'],
    ['计算机 实验室与数据中心', 16, '计算机 实验室与…'],
  ])('%s in %d columns', (text, width, expected) => {
    expect(clipWords(text, width)).toBe(expected);
  });
});
