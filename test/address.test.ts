/** Addresses are told from other text as Node.js tells them, and read as RFC 4291 2.2 has them. */
import { isIPv4, isIPv6 } from 'node:net';
import { describe, expect, it } from 'vitest';
import { addressText, addressWords, parseWords } from '../src/address.ts';
import { random } from './support/random.ts';

const PIECES = [
  '0',
  '1',
  'ffff',
  'FE80',
  'a',
  '12345',
  '',
  ':',
  '::',
  '1.2.3.4',
  '1.2.3.04',
  '256.1.1.1',
  '%eth0',
  'g',
];

describe('address text', () => {
  it.each([
    ['::', [0, 0, 0, 0]],
    ['::1', [0, 0, 0, 1]],
    ['2001:db8::', [0x20010db8, 0, 0, 0]],
    ['1:2:3:4:5:6:7::', [0x10002, 0x30004, 0x50006, 0x70000]],
    ['::ffff:192.0.2.1', [0, 0, 0xffff, 0xc0000201]],
    ['1:2:3:4:5:6:192.0.2.1', [0x10002, 0x30004, 0x50006, 0xc0000201]],
    ['192.0.2.1', [0, 0, 0xffff, 0xc0000201]],
  ])('%s', (text, words) => {
    expect(parseWords(text)).toEqual(words);
  });

  it('is read where Node.js calls it an address, and nowhere else', () => {
    const draw = random(7);
    for (let round = 0; round < 50_000; round++) {
      const pieces = Array.from({ length: 1 + draw.below(10) }, () => draw.pick(PIECES));
      const text = pieces.join(draw.below(4) === 0 ? '' : ':');
      const isAddress = isIPv4(text) || (isIPv6(text) && !text.includes('%'));
      expect([text, parseWords(text) !== null]).toEqual([text, isAddress]);
    }
  });

  it.each(['010.0.0.1', '1.2.3', '1.2.3.4.5', 'fe80::1%eth0', ':::', '12345::'])('%s is none', (text) => {
    expect(addressWords(text)).toBeNull();
  });

  // RFC 5952, sections 4 and 5.
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['255.255.255.255', '255.255.255.255'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:0DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['fe80::192.0.2.33', 'fe80::c000:221'],
  ])('%s is printed as %s', (text, canonical) => {
    expect(addressText(addressWords(text) ?? [])).toBe(canonical);
  });
});
