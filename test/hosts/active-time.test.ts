import { describe, expect, it } from 'vitest';
import { type ActivePeriod, activeSeconds, unionSecondsWith } from '../../src/hosts/active-time.ts';
import { type TimeInterval, unionSeconds } from '../../src/time-interval.ts';

const HOUR = 3600;

function interval(fromSeconds: number, toSeconds: number): TimeInterval {
  return { startUs: fromSeconds * 1e6, endUs: toSeconds * 1e6 };
}

function spell(fromSeconds: number, toSeconds: number, activeSeconds: number): ActivePeriod {
  return { ...interval(fromSeconds, toSeconds), activeSeconds };
}

describe('the union of times', () => {
  it('counts what overlaps once and leaves out what lies between', () => {
    expect(unionSeconds([interval(50, 150), interval(0, 100), interval(60, 70), interval(200, 210)])).toBe(
      160,
    );
    expect(unionSeconds([])).toBe(0);
  });

  it.each([
    {
      name: 'two of a whole day',
      spells: [spell(0, 24 * HOUR, 24 * HOUR), spell(0, 24 * HOUR, 24 * HOUR)],
      hours: 24,
    },
    {
      name: 'one server after the other',
      spells: [spell(0, 24 * HOUR, 8 * HOUR), spell(0, 24 * HOUR, 6 * HOUR)],
      hours: 14,
    },
    {
      name: 'no more than they span',
      spells: [spell(0, 10 * HOUR, 8 * HOUR), spell(0, 10 * HOUR, 6 * HOUR)],
      hours: 10,
    },
    {
      name: 'no more than its own span',
      spells: [spell(0, HOUR, 5 * HOUR), spell(20 * HOUR, 24 * HOUR, HOUR)],
      hours: 2,
    },
  ])('of spells is $name', ({ spells, hours }) => {
    expect(unionSecondsWith([], spells)).toBe(hours * HOUR);
  });

  it('of a day’s record and the hour of it that a capture shows is the day', () => {
    expect(unionSecondsWith([interval(5 * HOUR, 6 * HOUR)], [spell(0, 24 * HOUR, 23 * HOUR)])).toBe(
      24 * HOUR,
    );
    expect(unionSecondsWith([interval(0, HOUR)], [])).toBe(HOUR);
  });
});

it('Nobody says how long a host mined that has neither sessions nor contacts', () => {
  expect(activeSeconds({ sessions: [], poolConnections: [] })).toBeNull();
});
