import { describe, expect, it } from 'vitest';
import { type AuditDiff, DIFF_SCHEMA } from '../../src/audit/diff.ts';
import { renderDiffJson, renderDiffMarkdown, renderDiffTable } from '../../src/report/diff.ts';
import { statement } from '../../src/statements/index.ts';

const side = (day: string, minerAddresses: number): AuditDiff['old'] => ({
  generated: `2026-03-${day}T01:00:00.000Z`,
  start: `2026-03-${day}T00:00:00.000Z`,
  end: `2026-03-${day}T01:00:00.000Z`,
  seconds: 3600,
  complete: true,
  partial: false,
  minerAddresses,
  machines: { low: minerAddresses, high: minerAddresses },
});

const DIFF: AuditDiff = {
  schema: DIFF_SCHEMA,
  old: side('01', 2),
  new: side('02', 3),
  caveats: [statement('diff-uncovered', { which: 'new' })],
  counts: { new: 1, verdict: 0, moved: 1, grew: 1, shrank: 0, gone: 1 },
  changes: [
    {
      ...{ ip: '192.0.2.5', kinds: ['new'], before: null, after: 'confirmed', pools: ['SupportXMR'] },
      ...{ moved: [], measured: [], crosses: true },
    },
    {
      ...{
        ip: '192.0.2.6',
        kinds: ['moved', 'grew'],
        before: 'confirmed',
        after: 'confirmed',
        pools: ['evil\u001b[31m|`pool'],
      },
      moved: [{ what: 'pool', from: ['A'], to: ['evil\u001b[31m|`pool'] }],
      measured: [
        {
          ...{ what: 'hashrate', algorithm: 'rx/0', basis: 'shares', unit: 'H/s', before: 1000, after: 2500 },
          ...{ before95: [900, 1100], after95: [2300, 2700] },
        },
        {
          ...{ what: 'traffic', algorithm: null, basis: null, unit: 'Mbit/s', before: 0.001, after: 0.004 },
          ...{ before95: null, after95: null },
        },
      ],
      crosses: false,
    },
    {
      ...{ ip: '192.0.2.7', kinds: ['gone'], before: 'probable', after: null, pools: [] },
      ...{ moved: [], measured: [], crosses: false },
    },
  ],
  unchanged: 4,
  crossed: true,
};

const PAGE = { width: 100, color: false, zone: 'UTC', language: 'en' as const };

describe('a diff', () => {
  it('is a line a host on a terminal, with nothing that acts on it', () => {
    expect([...renderDiffTable(DIFF, PAGE)].join('')).toBe(
      [
        'Old       2026-03-01 00:00:00 – 01:00:00 UTC (1 h), 2 miner addresses',
        'New       2026-03-02 00:00:00 – 01:00:00 UTC (1 h), 3 miner addresses',
        'Changes   1 new, 1 moved, 1 grew, 1 gone; 4 unchanged',
        'Threshold crossed',
        'The new audit does not cover all of its input.',
        '',
        '! new        192.0.2.5  confirmed at SupportXMR',
        'moved, grew  192.0.2.6  pool: A to evil\\u{1b}[31m|`pool; rx/0 1.00 kH/s (0.900–1.10) to 2.50 kH/s',
        '                        (2.30–2.70), by shares; traffic 1.00 kbps to 4.00 kbps',
        'gone         192.0.2.7  was probable',
        '',
      ].join('\n'),
    );
  });

  it('has colours where the page has', () => {
    expect([...renderDiffTable(DIFF, { ...PAGE, color: true })].join('')).toContain('\u001b[1;31m! new');
  });

  it('is a table in Markdown, what is foreign in code', () => {
    const text = [...renderDiffMarkdown(DIFF, PAGE)].join('');
    expect(text).toContain('| ! new | `192.0.2.5` | confirmed at `SupportXMR` |\n');
    expect(text).toContain('- Threshold: crossed\n');
    expect(text).not.toContain('\u001b');
    expect(text.split('\n').filter((line) => line.startsWith('|')).length).toBe(5);
  });

  it('is itself as JSON', () => {
    expect(JSON.parse([...renderDiffJson(DIFF)].join(''))).toEqual({
      ...JSON.parse(JSON.stringify(DIFF)),
      caveats: ['The new audit does not cover all of its input.'],
    });
  });

  it('is short where nothing changed', () => {
    const none = {
      ...DIFF,
      caveats: [],
      changes: [],
      crossed: false,
      counts: { new: 0, verdict: 0, moved: 0, grew: 0, shrank: 0, gone: 0 },
    };
    expect([...renderDiffTable(none, PAGE)].join('').split('\n').slice(2)).toEqual([
      'Changes   none; 4 unchanged',
      'Threshold not crossed',
      '',
    ]);
  });
});
