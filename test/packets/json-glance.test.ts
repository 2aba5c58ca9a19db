/** The glance at a brace in the middle of a connection. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayOpenObject } from '../../src/packets/json-glance.ts';

function glance(text: string): boolean {
  const bytes = Buffer.from(`--${text}`);
  return mayOpenObject(bytes, 2, bytes.length);
}

describe('a payload that begins with a brace', () => {
  it.each([
    ['{', true],
    ['{}', true],
    ['{"', true],
    ['{"id":1,"method":"mining.submit","params":[', true],
    ['{"id":null,"result":true}', true],
    ['{\r\n  "a" : -1.5e+3 ,\t"b\\"c":"d" }', true],
    ['{"id":1,"jsonrpc":"2.0","error":null,"result":{"', true],
    ['{"a\\', true],
    ['{"id":1, the share', false],
    ['{"id" 1', false],
    ['{"id":share', false],
    ['{id:1}', false],
    ['{"id":"1"the', false],
    ['{"i\u0001d', false],
    ['{"id":1"', false],
    ['{1', false],
  ])('may be an object or not: %j', (text, expected) => {
    expect(glance(text)).toBe(expected);
  });

  it('may be one wherever an object is cut off', () => {
    fc.assert(
      fc.property(fc.object({ key: fc.string({ unit: 'binary' }) }), fc.nat(2), (value, indent) => {
        const bytes = Buffer.from(JSON.stringify(value, null, indent));
        const ends = Array.from(bytes.keys(), (at) => at + 1);
        expect(ends.filter((to) => !mayOpenObject(bytes, 0, to))).toEqual([]);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
