/**
 * Charts as SVG text. Colours are custom properties of the page, so that one drawing serves light, dark and paper. Under
 * a chart over time its values stand as a table, folded: a drawing says nothing to a screen reader.
 */
import type { ReportText } from '../../statements/codes.ts';
import { clipEnd, widthOf } from '../width.ts';
import { html, type Markup, table } from './markup.ts';

/** Width of a column of text in the charts' font, generous. */
const COLUMN_WIDTH = 6.9;
const BAR_HEIGHT = 24;
const WIDE = 520;
const NARROW = 330;
/** Margins of a chart over time, for labels. */
const LEFT = 66;
const RIGHT = 28;
const TOP = 12;
const BOTTOM = 24;
/** Lines across a chart over time, at most. */
const LINES = 4;
/** A smaller value is nothing: its parts would be none. */
const LEAST = 1e-300;
/** Distance between the lines of a hatched area. */
const HATCH = 7;

/** One bar: its name may be foreign, `label` is its value in our words. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly label: string;
}

/** Curves over common steps. */
export interface Curves {
  /** Labels of the steps. */
  readonly steps: readonly string[];
  readonly curves: readonly Curve[];
  readonly drawn: 'area' | 'bars';
  /** Parts of the axis, counted in steps, of which nothing is known: they are hatched. */
  readonly gaps?: readonly (readonly [from: number, to: number])[];
  /** Words for a value on the axis. */
  axis(value: number): string;
  /** True if the axis counts whole things: then it has no part of one, and never only 0. */
  readonly whole?: boolean;
}

export interface Curve {
  readonly name: string;
  /** Number of the page's palette, 1 to 6. */
  readonly color: number;
  /** Null: nothing is known of the step. */
  readonly values: readonly (number | null)[];
}

/** A horizontal bar for each row, from zero. */
export function barChart(bars: readonly Bar[], title: string): Markup {
  const names = bars.map(({ name }) => name);
  const most = greatest(bars.map(({ value }) => value)) || 1;
  const widest = greatest(bars.map(({ label }) => widthOf(label)));
  const longest = greatest(names.map(widthOf));
  return drawn(title, bars.length * BAR_HEIGHT + 8, (width) => {
    const columns = Math.min(longest, Math.floor((width * 0.42) / COLUMN_WIDTH));
    const left = Math.ceil(columns * COLUMN_WIDTH) + 14;
    const room = width - left - Math.ceil(widest * COLUMN_WIDTH) - 10;
    return bars.map(({ value, label }, i) => {
      const y = i * BAR_HEIGHT + 4;
      const length = tenth(Math.max(2, (value / most) * room));
      return html`<text x="${left - 8}" y="${y + 16}" text-anchor="end" fill="var(--ink)">${clipEnd(names[i] ?? '', columns)}</text><rect x="${left}" y="${y + 5}" width="${length}" height="13" rx="2" fill="var(--c1)"/><text x="${tenth(left + length + 5)}" y="${y + 16}" fill="var(--muted)">${label}</text>`;
    });
  });
}

/** Values over time, drawn and as a folded table; of one size if it stands in a place that scrolls. */
export function timeChart(
  title: string,
  chart: Curves,
  text: ReportText,
  sizes: 'both' | 'one' = 'both',
): Markup {
  const height = sizes === 'both' ? 170 : 120;
  return html`${drawn(title, height, (width) => plot(chart, width, height), sizes)}${values(title, chart, text)}`;
}

/** The same in a card with its legend, if there are several curves, and a note. */
export function timeCard(title: string, chart: Curves, note: string | null, text: ReportText): Markup {
  const hatched = (chart.gaps ?? []).length > 0 ? ` ${text.page.time.hatched}` : '';
  return html`<figure class="card"><figcaption><h3>${title}</h3></figcaption>${
    chart.curves.length > 1 ? legend(chart.curves) : null
  }${timeChart(title, chart, text)}${note === null && hatched === '' ? null : html`<p class="note">${note ?? ''}${hatched}</p>`}</figure>
`;
}

/** Axes, areas of which nothing is known, and curves as steps or bars. */
function plot(
  { steps, curves, drawn: shape, gaps = [], axis, whole = false }: Curves,
  width: number,
  height: number,
): Markup[] {
  const bottom = height - BOTTOM;
  const right = width - RIGHT;
  const ticks = ticksUpTo(greatest(curves.flatMap(({ values }) => values.map((value) => value ?? 0))), whole);
  const top = ticks.at(-1) ?? 1;
  const x = (step: number): number => tenth(LEFT + (step / steps.length) * (right - LEFT));
  const y = (value: number): number => tenth(bottom - (value / top) * (bottom - TOP));
  // Labels stand apart.
  const longest = greatest(steps.map(widthOf)) * COLUMN_WIDTH + 22;
  const every = Math.max(1, Math.ceil((steps.length * longest) / (right - LEFT)));
  return [
    ...ticks.map(
      (tick) =>
        html`<path d="M${LEFT} ${y(tick)}H${right}" stroke="var(--line)"/><text x="${LEFT - 8}" y="${y(tick) + 4}" text-anchor="end" fill="var(--muted)">${axis(tick)}</text>`,
    ),
    ...steps.map((step, i) =>
      i % every === 0
        ? html`<text x="${x(i + 0.5)}" y="${bottom + 18}" text-anchor="middle" fill="var(--muted)">${step}</text>`
        : html``,
    ),
    ...gaps.map(
      ([from, to]) =>
        html`<path d="${hatching(x(from), x(to), TOP, bottom)}" stroke="var(--muted)" stroke-opacity="0.6"/>`,
    ),
    ...curves.map(({ color, values }, i) =>
      shape === 'bars'
        ? html`<path d="${barsOf(values, i, curves.length, x, y)}" fill="var(--c${color})"/>`
        : html`<path d="${areaOf(values, x, y)}" fill="var(--c${color})" fill-opacity="0.14" stroke="var(--c${color})" stroke-width="1.6"/>`,
    ),
  ];
}

type Place = (at: number) => number;

/** Steps one beside the other, down to zero where nothing is known. */
function areaOf(values: Curve['values'], x: Place, y: Place): string {
  let path = '';
  for (const [i, value] of values.entries()) {
    if (value === null) continue;
    if (values[i - 1] == null) path += `M${x(i)} ${y(0)}`;
    path += `V${y(value)}H${x(i + 1)}`;
    if (values[i + 1] == null) path += `V${y(0)}`;
  }
  return path;
}

/** A bar in each step, beside those of other curves. */
function barsOf(values: Curve['values'], place: number, curves: number, x: Place, y: Place): string {
  const bar = 0.88 / curves;
  return values
    .map((value, i) => {
      const from = i + 0.06 + place * bar;
      return value === null || value === 0 ? '' : `M${x(from)} ${y(0)}V${y(value)}H${x(from + bar)}V${y(0)}Z`;
    })
    .join('');
}

/** Slanting lines over an area, cut at its sides. */
function hatching(left: number, right: number, top: number, bottom: number): string {
  let path = '';
  const first = Math.ceil((left - bottom + top) / HATCH) * HATCH;
  for (let foot = first; foot < right; foot += HATCH) {
    const from = Math.max(left, foot);
    const to = Math.min(right, foot + bottom - top);
    if (to > from)
      path += `M${tenth(from)} ${tenth(bottom - from + foot)}L${tenth(to)} ${tenth(bottom - to + foot)}`;
  }
  return path;
}

/** Round values from 0 to the first that reaches the greatest. */
function ticksUpTo(most: number, whole: boolean): number[] {
  const rough = most / (LINES - 1);
  const power = rough > LEAST ? 10 ** Math.floor(Math.log10(rough)) : 1;
  const nice = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const step = whole ? Math.max(1, nice) : nice;
  const count = Math.max(1, Math.ceil(most / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, i) => i * step);
}

/** The colours of several curves in words. */
function legend(curves: readonly Curve[]): Markup {
  return html`<p class="legend">${curves.map(
    ({ name, color }) => html`<span class="key k${color}">${name}</span>`,
  )}</p>`;
}

/** The values of a chart, a row a step. */
function values(title: string, { steps, curves, axis }: Curves, { page }: ReportText): Markup {
  const cell = (value: number | null | undefined): string =>
    value == null ? page.time.notWatched : axis(value);
  return html`<details class="data"><summary>${page.time.values}</summary>${table(
    title,
    [
      [page.details.time, (i: number) => steps[i] ?? ''],
      ...curves.map(({ name, values }) => [name, (i: number) => cell(values[i]), 'figure'] as const),
    ],
    [...steps.keys()],
  )}</details>`;
}

/** The chart for a wide place and for a phone, of which the page shows one, or one for both. */
function drawn(
  title: string,
  height: number,
  draw: (width: number) => readonly Markup[],
  sizes: 'both' | 'one' = 'both',
): Markup {
  const shown =
    sizes === 'both'
      ? ([
          [WIDE, 'wide'],
          [NARROW, 'narrow'],
        ] as const)
      : ([[WIDE, 'one']] as const);
  return html`<div class="chart" role="img" aria-label="${title}">${shown.map(
    ([width, name]) =>
      html`<svg viewBox="0 0 ${width} ${height}" class="${name}" aria-hidden="true">${draw(width)}</svg>`,
  )}</div>`;
}

function greatest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
