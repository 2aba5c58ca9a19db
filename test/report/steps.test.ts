import { describe, expect, it } from 'vitest';
import { addressRanks } from '../../src/report/address-order.ts';
import { tally } from '../../src/report/shares.ts';
import {
  gapsBetween,
  secondsWithin,
  spread,
  spreadOver,
  stepsOver,
  touched,
  withoutPartialEnds,
} from '../../src/report/steps.ts';
import { sampleAudit } from '../support/sample-audit.ts';

const DAY = Date.UTC(2026, 2, 2);
const at = (seconds: number): string => new Date(DAY + seconds * 1000).toISOString();

describe('steps that the window hardly touches', () => {
  it('are left out at both ends, and never all', () => {
    const steps = { startMs: 0, stepMs: 60_000, count: 4 };
    expect(withoutPartialEnds(steps, 59_000, 185_000)).toEqual({ startMs: 60_000, stepMs: 60_000, count: 2 });
    expect(withoutPartialEnds(steps, 50_000, 190_000)).toEqual(steps);
    const two = { startMs: 0, stepMs: 60_000, count: 2 };
    expect(withoutPartialEnds(two, 59_999, 60_001)).toEqual(two);
  });
});

describe('steps of time', () => {
  it.each([
    { name: 'a quarter of an hour', seconds: 900, most: 96, least: 1, stepMs: 10_000, count: 90 },
    {
      name: 'a quarter of an hour, by minutes',
      seconds: 900,
      most: 96,
      least: 60,
      stepMs: 60_000,
      count: 15,
    },
    { name: 'a day', seconds: 86_400, most: 96, least: 60, stepMs: 900_000, count: 96 },
    { name: 'thirty days', seconds: 30 * 86_400, most: 96, least: 60, stepMs: 43_200_000, count: 60 },
    {
      name: 'a thousand days',
      seconds: 1000 * 86_400,
      most: 96,
      least: 60,
      stepMs: 16 * 86_400_000,
      count: 64,
    },
  ])('over $name are ones that people reckon with', ({ seconds, most, least, stepMs, count }) => {
    const steps = stepsOver(Date.parse(at(0)), Date.parse(at(seconds)), most, least);
    expect(steps?.stepMs).toBe(stepMs);
    expect(Math.abs((steps?.count ?? 0) - count)).toBeLessThanOrEqual(1);
  });

  it.each([
    ['no start', null, at(1)],
    ['no length', at(1), at(1)],
    ['a start after its end', at(2), at(1)],
    ['no times', 'yesterday', 'today'],
  ])('are none over a window with %s', (_, start, end) => {
    expect(stepsOver(Date.parse(start ?? ''), Date.parse(end), 10, 1)).toBeNull();
  });

  const steps = { startMs: DAY, stepMs: 10_000, count: 3 };

  it('share an amount by the time that each has of it', () => {
    const into = new Float64Array(3);
    spread(into, steps, DAY + 5000, DAY + 25_000, 40);
    expect([...into]).toEqual([10, 20, 10]);
  });

  it('take a moment whole, and leave out what lies outside', () => {
    const into = new Float64Array(3);
    spread(into, steps, DAY + 10_000, DAY + 10_000, 7);
    spread(into, steps, DAY - 10_000, DAY + 10_000, 8);
    spread(into, steps, DAY + 30_000, DAY + 40_000, 9);
    spread(into, steps, Number.NaN, DAY, 5);
    expect([...into]).toEqual([4, 7, 0]);
    expect(touched(steps, DAY, DAY + 10_000)).toEqual([0, 0]);
    expect(touched(steps, DAY - 5, DAY - 1)).toBeNull();
  });

  it('know how much of them the window has', () => {
    expect([...secondsWithin(steps, [[DAY + 4000, DAY + 25_000]])]).toEqual([6, 10, 5]);
  });

  it('have no part of what happened while nobody watched', () => {
    const watched = [
      [DAY, DAY + 5000],
      [DAY + 25_000, DAY + 30_000],
    ] as const;
    expect([...secondsWithin(steps, watched)]).toEqual([5, 0, 5]);
    const into = new Float64Array(3);
    spreadOver(into, steps, watched, DAY + 3000, DAY + 28_000, 50);
    expect([...into]).toEqual([20, 0, 30]);
    // What nobody watched at all has its amount all the same.
    spreadOver(into, steps, watched, DAY + 10_000, DAY + 20_000, 7);
    expect([...into]).toEqual([20, 7, 30]);
    expect(gapsBetween(steps, watched)).toEqual([[0.5, 2.5]]);
    expect(gapsBetween(steps, [[DAY, DAY + 30_000]])).toEqual([]);
  });
});

describe('shares', () => {
  it('count an address once for each of its words', () => {
    const [first, second, third] = sampleAudit().hosts;
    if (first === undefined || second === undefined || third === undefined) throw new Error('three hosts');
    first.coins = ['XMR', 'XMR'];
    expect(tally([first, second, third], (host) => host.coins)).toEqual([
      { name: 'XMR', addresses: 2 },
      { name: 'BTC', addresses: 1 },
      { name: 'ETC', addresses: 1 },
    ]);
  });
});

describe('addresses', () => {
  it('stand in the order of their numbers', () => {
    const sorted = [
      '9.255.0.1',
      '10.0.0.2',
      '10.0.0.10',
      '::1',
      '2001:db8::9',
      '2001:db8:0:0:1::',
      'fe80::1',
      'x<y',
    ];
    const ranks = addressRanks([...sorted].reverse());
    expect(sorted.map((address) => ranks.get(address))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
});
