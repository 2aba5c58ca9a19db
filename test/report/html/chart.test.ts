import { describe, expect, it } from 'vitest';
import { barChart, timeCard } from '../../../src/report/html/chart.ts';
import { catalogueOf } from '../../../src/statements/catalogue.ts';

const TEXT = catalogueOf('en');
const axis = (value: number): string => `${value} W`;
const card = (values: (number | null)[], more: object = {}): string =>
  timeCard(
    'Power',
    {
      steps: values.map((_, i) => `0${i}:00`),
      curves: [{ name: 'all', color: 4, values }],
      drawn: 'area',
      axis,
      ...more,
    },
    null,
    TEXT,
  ).text;

/** The drawing for a wide place. */
function wide(html: string): string {
  return /<svg [^>]*class="wide"[^>]*>.*?<\/svg>/s.exec(html)?.[0] ?? '';
}

describe('a chart over time', () => {
  // 426 wide and 134 high inside margins of 66, 28, 12 and 24: four steps of 106.5; 0 stands at 146, the highest line at 12.
  it('draws a plateau for each step, from zero, below the line that reaches the greatest', () => {
    const svg = wide(card([0, 15, 30, 7.5]));
    expect(svg).toContain('d="M66 146V146H172.5V79H279V12H385.5V112.5H492V146" fill="var(--c4)"');
    expect([...svg.matchAll(/text-anchor="end"[^>]*>([^<]*)</g)].map(([, label]) => label)).toEqual([
      '0 W',
      '10 W',
      '20 W',
      '30 W',
    ]);
  });

  it('draws nothing where nothing is known, hatches it and says so', () => {
    const html = card([30, null, 30], { gaps: [[1, 2]] });
    expect(wide(html)).toContain('d="M66 146V12H208V146M350 146V12H492V146"');
    const hatch = /<path d="([^"]*)" stroke="var\(--muted\)"/.exec(wide(html))?.[1] ?? '';
    const numbers = [...hatch.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
    expect(numbers.length).toBeGreaterThan(20);
    // None leaves the gap.
    for (const [x = 0, y = 0] of numbers) {
      expect(x).toBeGreaterThanOrEqual(208);
      expect(x).toBeLessThanOrEqual(350);
      expect(y).toBeGreaterThanOrEqual(12);
      expect(y).toBeLessThanOrEqual(146);
    }
    expect(html).toContain('Hatched: no input covers this time.');
    expect(html).toContain('<td data-l="x">not watched</td>'.replace(' data-l="x"', ' class="f"'));
    expect(card([1, 2])).not.toContain('Hatched');
  });

  it('has its values as a table with a caption, folded', () => {
    const rows = [...card([0, 15]).matchAll(/<tr><td>([^<]*)<\/td><td class="f">([^<]*)<\/td><\/tr>/g)];
    expect(rows.map(([, time, value]) => `${time} ${value}`)).toEqual(['00:00 0 W', '01:00 15 W']);
    expect(card([0, 15])).toMatch(/<details class="data"><summary>Values<\/summary>.*<caption[^>]*>Power</s);
  });

  it('counts whole things in whole lines', () => {
    const labels = (values: number[]) =>
      [...wide(card(values, { whole: true })).matchAll(/text-anchor="end"[^>]*>([^<]*)</g)].map(([, l]) => l);
    expect(labels([0, 2])).toEqual(['0 W', '1 W', '2 W']);
    expect(labels([0, 0])).toEqual(['0 W', '1 W']);
  });

  it.each([[[0, 0]], [[1e300, 5]], [[5e-324, 0]]])('draws %s with numbers', (values) => {
    expect(card(values)).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('sets bars of several curves side by side', () => {
    const curves = [1, 2].map((color) => ({ name: `${color}`, color, values: [4, 0] }));
    const svg = wide(card([0, 0], { curves, drawn: 'bars' }));
    // Two steps of 213, of which 6 % stay free on either side.
    expect(svg).toContain('d="M78.8 146V12H172.5V146Z" fill="var(--c1)"');
    expect(svg).toContain('d="M172.5 146V12H266.2V146Z" fill="var(--c2)"');
  });
});

describe('bars', () => {
  it('are as long as their values, and names are text', () => {
    const svg = wide(
      barChart(
        [
          { name: '<b>\u202e', value: 10, label: '10' },
          { name: 'b', value: 5, label: '5' },
          { name: 'c', value: 0, label: '0' },
        ],
        'Pools',
      ).text,
    );
    expect(svg).toContain('&lt;b&gt;\\u{202e}');
    const widths = [...svg.matchAll(/<rect [^>]* width="([\d.]+)"/g)].map(([, width]) => Number(width));
    expect(widths[0]).toBeCloseTo(2 * (widths[1] ?? 0), 0);
    // One that is nothing can be seen all the same.
    expect(widths[2]).toBe(2);
    expect(barChart([], 'None').text).not.toMatch(/NaN|Infinity/);
  });
});
