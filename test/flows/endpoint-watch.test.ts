/** Listed endpoints as flow records are asked for them: single addresses and prefixes of both families. */
import { describe, expect, it } from 'vitest';
import { EndpointWatch } from '../../src/flows/endpoint-watch.ts';

const V4 = 0xffff;
const V6_NET = 0x20010db8;

describe('EndpointWatch', () => {
  const watch = new EndpointWatch();
  watch.add([0, 0, V4, 0xc6336400], 3333, 96 + 24); // 198.51.100.0/24
  watch.add([0, 0, V4, 0xc0000000 | 0], 0, 96 + 3); // 192.0.0.0/3
  watch.add([0, 0, V4, 0xc6336407], 4444); // 198.51.100.7
  watch.add([V6_NET, 0x5000, 0, 0], 0, 36);
  watch.add([V6_NET, 1, 0, 0], 8443, 64);

  it.each([
    { name: 'a port of a prefix', words: [0, 0, V4, 0xc63364ff], port: 3333, expected: true },
    { name: 'another address of a wide prefix', words: [0, 0, V4, 0xdfffffff], port: 1, expected: true },
    { name: 'the address before it', words: [0, 0, V4, 0xbfffffff], port: 1, expected: false },
    { name: 'the address behind it', words: [0, 0, V4, 0xe0000000], port: 1, expected: false },
    { name: 'the same bits in IPv6', words: [0, 0, 0, 0xc63364ff], port: 3333, expected: false },
    { name: 'half a word of IPv6', words: [V6_NET, 0x5fffffff & 0xfffffff, 9, 9], port: 5, expected: true },
    { name: 'beyond half a word', words: [V6_NET, 0x10000000, 9, 9], port: 5, expected: false },
    { name: 'a port of half an address', words: [V6_NET, 1, 77, 78], port: 8443, expected: true },
    { name: 'its neighbour', words: [V6_NET, 0x70000002, 77, 78], port: 8443, expected: false },
  ])('answers for $name', ({ words: [w0 = 0, w1 = 0, w2 = 0, w3 = 0], port, expected }) => {
    expect(watch.has(w0 | 0, w1 | 0, w2 | 0, w3 | 0, port)).toBe(expected);
  });

  it('asks every length of prefix, the port being allowed by any', () => {
    const narrow = new EndpointWatch();
    narrow.add([0, 0, V4, 0x0a000000], 1, 96 + 8);
    narrow.add([0, 0, V4, 0x0a010000], 2, 96 + 16);
    narrow.add([0, 0, V4, 0x0a010203], 3);
    const ports = [1, 2, 3, 4].filter((port) => narrow.has(0, 0, V4, 0x0a010203, port));
    expect(ports).toEqual([1, 2, 3]);
  });

  it('keeps all of many prefixes and no others', () => {
    const many = new EndpointWatch();
    for (let net = 0; net < 50_000; net++) many.add([0, 0, V4, (net * 2) << 8], 0, 96 + 24);
    const kept = Array.from({ length: 100_000 }, (_, net) => many.has(0, 0, V4, (net << 8) | 0x55, 80));
    expect(kept.every((isKept, net) => isKept === (net % 2 === 0))).toBe(true);
  });
});
