import { describe, expect, it } from 'vitest';
import { addressKey, isReserved, parseAddress, parsePrefix, prefixHolds } from '../../src/pools/address.ts';

describe('addresses', () => {
  it.each([
    ['1.2.3.4', 32, 0x01020304n],
    ['::', 128, 0n],
    ['::1', 128, 1n],
    ['2001:db8::1', 128, 0x20010db8000000000000000000000001n],
    ['1:2:3:4:5:6:7:8', 128, 0x00010002000300040005000600070008n],
    ['64:ff9b::192.0.2.1', 128, 0x0064ff9b0000000000000000c0000201n],
    ['::ffff:1.2.3.4', 32, 0x01020304n],
  ])('%s', (text, bits, value) => {
    expect(parseAddress(text)).toEqual({ bits, value });
  });

  it.each(['', '1.2.3', '256.1.1.1', '1.2.3.4.5', ':::', 'fe80::1%eth0', 'pool.test'])(
    '%j is none',
    (text) => {
      expect(parseAddress(text)).toBeNull();
    },
  );

  it('are equal in any spelling', () => {
    const keys = ['2001:DB8::1', '2001:0db8:0:0:0:0:0:1'].map((text) => {
      const address = parseAddress(text);
      return address === null ? '' : addressKey(address);
    });
    expect(keys[0]).toBe(keys[1]);
  });

  it.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.1.2.3/24', '10.1.2.200', true],
    ['0.0.0.0/0', '8.8.8.8', true],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '1.2.3.4', false],
  ])('%s holds %s: %s', (prefix, address, expected) => {
    const held = parsePrefix(prefix);
    const one = parseAddress(address);
    expect(held !== null && one !== null && prefixHolds(held, one)).toBe(expected);
  });

  it.each(['1.2.3.4', '1.2.3.4/33', '1.2.3.4/', 'x/8', '::/129'])('%s is no prefix', (text) => {
    expect(parsePrefix(text)).toBeNull();
  });

  it.each([
    ['192.168.1.1', true],
    ['198.51.100.20', true],
    ['100.64.0.1', true],
    ['fd00::1', true],
    ['8.8.8.8', false],
    ['2606:4700::1', false],
  ])('%s reserved: %s', (text, expected) => {
    const address = parseAddress(text);
    expect(address !== null && isReserved(address)).toBe(expected);
  });
});
