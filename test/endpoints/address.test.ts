import { describe, expect, it } from 'vitest';
import { addressText, addressWords } from '../../src/endpoints/address.ts';
import { Networks } from '../../src/endpoints/networks.ts';

describe('address text', () => {
  // RFC 5952, sections 4 and 5.
  const cases = [
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
  ] as const;
  for (const [text, canonical] of cases) {
    it(`${text} reads as ${canonical}`, () => {
      const words = addressWords(text);
      expect(words).not.toBeNull();
      expect(addressText(words ?? [])).toBe(canonical);
    });
  }

  for (const text of [
    '',
    'example.org',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    'fe80::1%eth0',
    ':::',
    '12345::',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => expect(addressWords(text)).toBeNull());
  }
});

describe('networks', () => {
  const networks = Networks.parse(['10.0.0.0/8', '192.0.2.128/25', '2001:db8::/33', '203.0.113.7']);
  const cases = [
    ['10.255.1.2', true],
    ['11.0.0.0', false],
    ['192.0.2.127', false],
    ['192.0.2.128', true],
    ['2001:db8:7fff::1', true],
    ['2001:db8:8000::1', false],
    ['203.0.113.7', true],
    ['203.0.113.8', false],
    ['::a00:1', false],
  ] as const;
  for (const [address, isInside] of cases) {
    it(`${address} is ${isInside ? 'inside' : 'outside'}`, async () => {
      expect((await networks).containsAddress(address)).toBe(isInside);
    });
  }

  for (const prefix of ['10.0.0.0/33', 'x/8', '300.0.0.0/8', '']) {
    it(`refuses ${JSON.stringify(prefix)} with a hint`, async () => {
      await expect(Networks.parse([prefix])).rejects.toThrowError(/not a network prefix/);
    });
  }
});
