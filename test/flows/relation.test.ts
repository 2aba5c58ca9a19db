import { expect, it } from 'vitest';
import { RelationSum } from '../../src/flows/relation.ts';

it('adds parts up, and leaves them as they are', () => {
  const ends = ['192.0.2.1', { ip: '198.51.100.1', port: 3333 }] as const;
  const part = {
    ...new RelationSum(...ends).state,
    traffic: { bytesOut: 1000, bytesIn: 2000, packetsOut: 10, packetsIn: 20 },
    stretches: [{ startUs: 1, endUs: 2 }],
  };
  const before = structuredClone(part);
  const sum = new RelationSum(...ends, part);
  sum.addPart(before);
  expect(part).toEqual(before);
  expect(sum.state.traffic).toEqual({ bytesOut: 2000, bytesIn: 4000, packetsOut: 20, packetsIn: 40 });
});
