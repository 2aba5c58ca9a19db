/** Through whom a finding came, and what that makes of its verdict. */
import { describe, expect, it } from 'vitest';
import { believed, doubtful, joinThrough, type Through } from '../../src/endpoints/through.ts';
import { judged } from '../../src/evidence/verdict.ts';

const tunnel = (
  source: string | null,
  doubt: Through['doubt'] = null,
  kind: Through['kind'] = 'tunnel',
): Through => ({
  kind,
  source,
  destination: null,
  doubt,
});

describe('through whom a finding came', () => {
  it('is each way once, those that are believed least first', () => {
    const [trusted, oneWay, unknown, outside] = [
      tunnel('192.0.2.1'),
      tunnel('192.0.2.2', 'one-way'),
      tunnel(null, 'unknown'),
      tunnel('192.0.2.3', 'outside'),
    ];
    const other = tunnel('192.0.2.0');
    expect(joinThrough([trusted, oneWay], [unknown, trusted, outside, other])).toEqual([
      outside,
      unknown,
      oneWay,
      other,
      trusted,
    ]);
    expect([joinThrough([trusted], []), joinThrough([], [trusted])]).toEqual([[trusted], [trusted]]);
    expect(doubtful([trusted, oneWay])).toBe(oneWay);
    expect(doubtful([trusted])).toBeNull();
  });

  it('names 32 at most', () => {
    const many = Array.from({ length: 40 }, (_, i) => tunnel(`192.0.2.${100 + i}`));
    expect(joinThrough([], many).map(({ source }) => source)).toEqual(
      Array.from({ length: 32 }, (_, i) => `192.0.2.${100 + i}`),
    );
  });

  it('makes what is probable a suspicion if it is not believed', () => {
    const probable = judged('probable', 'pool-and-marks');
    const listed = judged('listed', 'listed-endpoint');
    const verdictOf = (found: typeof probable | typeof listed, ...through: Through[]) => {
      const { verdict, reason } = believed(found, through);
      return `${verdict} ${reason.code}`;
    };
    expect([
      verdictOf(probable),
      verdictOf(probable, tunnel('192.0.2.1')),
      verdictOf(probable, tunnel('192.0.2.1', 'one-way')),
      verdictOf(probable, tunnel('192.0.2.1', 'outside', 'export')),
      verdictOf(listed, tunnel('192.0.2.1', 'outside')),
    ]).toEqual([
      'probable pool-and-marks',
      'probable pool-and-marks',
      'suspected tunnel-one-way',
      'suspected export-outside',
      'listed listed-endpoint',
    ]);
  });
});
