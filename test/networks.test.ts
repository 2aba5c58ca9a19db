import { describe, expect, it } from 'vitest';
import { addressWords } from '../src/address.ts';
import { holds, Networks, networkParser, networkText, specialSpace } from '../src/networks.ts';

const parse = await networkParser();

describe('a network that somebody types', () => {
  it.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.1.2.3/24', '10.1.2.200', true],
    ['192.0.2.128/25', '192.0.2.127', false],
    ['0.0.0.0/0', '8.8.8.8', true],
    ['203.0.113.7', '203.0.113.7', true],
    ['203.0.113.7', '203.0.113.8', false],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/33', '2001:db8:8000::1', false],
    ['2001:db8::/32', '1.2.3.4', false],
    ['10.0.0.0/8', '::a00:1', false],
    // IPv4-mapped is IPv4, on both sides.
    ['::ffff:10.0.0.0/104', '10.9.9.9', true],
    ['10.0.0.0/8', '::ffff:10.9.9.9', true],
    // No network of IPv6 holds an address of IPv4.
    ['::/0', '10.0.0.1', false],
  ])('%s holds %s: %s', (text, address, expected) => {
    const network = parse(text);
    const words = addressWords(address);
    expect(network !== null && words !== null && holds(network, words)).toBe(expected);
  });

  it.each([
    ['10.1.2.3/24', '10.1.2.0/24'],
    ['203.0.113.7/32', '203.0.113.7'],
    ['2001:DB8:0:0::/32', '2001:db8::/32'],
    ['::ffff:10.0.0.0/104', '10.0.0.0/8'],
    ['::ffff:9.1.2.3/104', '9.0.0.0/8'],
  ])('%s is printed as %s', (text, canonical) => {
    const network = parse(text);
    expect(network === null ? null : networkText(network)).toBe(canonical);
  });

  it('has a length if ip-cidr says so', async () => {
    const { default: IpCidr } = await import('ip-cidr');
    for (const [address, first, most] of [
      ['10.1.2.3/', 96, 40],
      ['2001:db8::/', 0, 140],
    ] as const) {
      const lengths = [...Array(most).keys()].flatMap((length) => [`${length}`, `0${length}`, `00${length}`]);
      for (const length of lengths) {
        const text = `${address}${length}`;
        const network = parse(text);
        const isValid = length.length <= 3 && IpCidr.isValidCIDR(text);
        expect([text, network?.length]).toEqual([text, isValid ? first + Number(length) : undefined]);
      }
    }
  });

  it.each([
    '',
    'x/8',
    'pool.test',
    '1.2.3.4/33',
    '1.2.3.4/',
    '::/129',
    '300.0.0.0/8',
    '10.1',
    '10.0.0.0/8/8',
    '::/8/8',
    '::/24%eth0',
    // Some readers take it for octal.
    '010.0.0.0/8',
    // A zone is of one machine.
    'fe80::1%eth0/64',
    `10.0.0.0/8${' '.repeat(100)}`,
  ])('%j is none', (text) => {
    expect(parse(text)).toBeNull();
  });

  it('is refused with a hint', async () => {
    await expect(Networks.parse(['10.0.0.0/33'])).rejects.toThrowError("'10.0.0.0/33' is not a network");
  });
});

describe('an address that no public pool can have', () => {
  it.each([
    ['192.168.1.1', true],
    ['198.51.100.20', true],
    ['100.64.0.1', true],
    ['fd00::1', true],
    ['8.8.8.8', false],
    ['2606:4700::1', false],
  ])('%s: %s', (text, expected) => {
    expect(specialSpace(addressWords(text) ?? []) !== null).toBe(expected);
  });
});
