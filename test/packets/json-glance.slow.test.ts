/** The glance at a brace in the middle of a connection: who is looked at as a candidate. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WrittenPacket } from '../support/capture-writer.ts';
import { engineOf, Listening } from '../support/engine-hearing.ts';
import { ethernet, ipv4, PSH, tcp } from '../support/packet-builder.ts';
import { runs } from '../support/runs.ts';

/** Which of the payloads, each the second of a connection that begins with something else, are looked at. */
async function looked(payloads: readonly Uint8Array[]): Promise<boolean[]> {
  const packets = payloads.flatMap((payload, i) =>
    [Buffer.from('~~~'), payload].map((bytes, turn): WrittenPacket => {
      const ends = { source: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, destination: '192.0.2.1' };
      const frame = ethernet({}, ipv4(ends, tcp({ flags: PSH, sequence: 1 + turn * 3 }, bytes)));
      return { timeUs: 1.7e15 + i, linkType: 1, bytes: frame.bytes };
    }),
  );
  const observer = new Listening();
  await engineOf(packets, observer);
  // Flows are numbered in the order in which they appear.
  const candidates = new Set(observer.candidates);
  return payloads.map((_, i) => candidates.has(i));
}

describe('a payload that begins with a brace', () => {
  const cases: readonly (readonly [text: string, expected: boolean])[] = [
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
  ];
  it('may be an object or not', async () => {
    const found = await looked(cases.map(([text]) => Buffer.from(text)));
    expect(cases.map(([text], i) => [text, found[i]])).toEqual(cases);
  });

  it('may be one wherever an object is cut off', async () => {
    const objects = fc.sample(fc.tuple(fc.object({ key: fc.string({ unit: 'binary' }) }), fc.nat(2)), {
      seed: 1,
      numRuns: runs(30, 200),
    });
    const cut = objects.flatMap(([value, indent]) => {
      const bytes = Buffer.from(JSON.stringify(value, null, indent));
      return Array.from(bytes.subarray(0, 70).keys(), (at) => bytes.subarray(0, at + 1));
    });
    const found = await looked(cut);
    expect(cut.filter((_, i) => !found[i]).map(String)).toEqual([]);
  });
});
