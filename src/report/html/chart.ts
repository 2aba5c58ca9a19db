/**
 * Charts as SVG text, drawn by ECharts without a browser. Colours are custom properties of the page, so that one
 * drawing serves light, dark and paper. What ECharts writes is passed element by element and attribute by attribute:
 * styles, classes and metadata, which the page's policy forbids or nobody needs, are left out.
 */
import { escapeTerminal } from '../../escape.ts';
import { clipEnd, widthOf } from '../width.ts';
import { svgChart } from './chart-engine.ts';
import { html, Markup } from './markup.ts';

/** Width of a column of text in the charts' font, generous. */
const COLUMN_WIDTH = 6.9;
const BAR_HEIGHT = 24;
const WIDE = 520;
const NARROW = 330;

/** One bar: its name may be foreign, `label` is its value in our words. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly label: string;
}

/** Curves over common steps. */
interface Curves {
  /** Labels of the steps. */
  readonly steps: readonly string[];
  readonly curves: readonly Curve[];
  readonly drawn: 'area' | 'bars';
  /** Words for a value on the axis. */
  axis(value: number): string;
  /** True if the axis counts whole things: then it has no part of one, and never only 0. */
  readonly whole?: boolean;
}

export interface Curve {
  readonly name: string;
  /** Number of the page's palette, 1 to 6. */
  readonly color: number;
  readonly values: readonly number[];
}

type Draw = (width: number) => { readonly height: number; readonly option: object };

/** A horizontal bar for each row, from zero. */
export function barChart(bars: readonly Bar[], title: string): Markup {
  const names = bars.map((bar) => escapeTerminal(bar.name));
  return drawn(title, (width) => {
    const widest = Math.max(...bars.map((bar) => widthOf(bar.label)));
    const longest = Math.max(...names.map((name) => widthOf(name)));
    const nameColumns = Math.min(longest, Math.floor((width * 0.42) / COLUMN_WIDTH));
    return {
      height: bars.length * BAR_HEIGHT + 8,
      option: {
        grid: {
          left: Math.ceil(nameColumns * COLUMN_WIDTH) + 14,
          right: Math.ceil(widest * COLUMN_WIDTH) + 10,
          top: 4,
          bottom: 4,
        },
        xAxis: { type: 'value', min: 0, show: false },
        yAxis: {
          type: 'category',
          inverse: true,
          data: names.map((name) => clipEnd(name, nameColumns)),
          axisLine: { show: false },
          axisTick: { show: false },
          axisLabel: { color: 'var(--ink)', interval: 0 },
        },
        series: [
          {
            type: 'bar',
            data: bars.map((bar) => bar.value),
            barWidth: 13,
            barMinHeight: 2,
            itemStyle: { color: 'var(--c1)', borderRadius: 2 },
            label: {
              show: true,
              position: 'right',
              color: 'var(--muted)',
              formatter: ({ dataIndex }: { dataIndex: number }) => bars[dataIndex]?.label ?? '',
            },
          },
        ],
      },
    };
  });
}

/** Values over time; of one size if it stands in a place that scrolls. */
export function timeChart(
  title: string,
  { steps, curves, drawn: shape, axis, whole = false }: Curves,
  sizes: 'both' | 'one' = 'both',
): Markup {
  const draw: Draw = (width) => ({
    height: sizes === 'both' ? 170 : 120,
    option: {
      grid: { left: LEFT, right: RIGHT, top: 12, bottom: 24 },
      xAxis: {
        type: 'category',
        boundaryGap: shape === 'bars',
        data: steps,
        axisLine: { lineStyle: { color: 'var(--line)' } },
        axisTick: { show: false },
        axisLabel: { color: 'var(--muted)', interval: everyLabel(steps, width - LEFT - RIGHT) },
      },
      yAxis: {
        type: 'value',
        min: 0,
        splitNumber: 3,
        ...(whole ? { minInterval: 1 } : {}),
        splitLine: { lineStyle: { color: 'var(--line)' } },
        axisLabel: { color: 'var(--muted)', formatter: axis },
      },
      series: curves.map(({ color, values }) =>
        shape === 'bars'
          ? { type: 'bar', data: values, barCategoryGap: '12%', itemStyle: { color: `var(--c${color})` } }
          : {
              type: 'line',
              data: values,
              step: 'middle',
              symbol: 'none',
              lineStyle: { color: `var(--c${color})`, width: 1.6 },
              areaStyle: { color: `var(--c${color})`, opacity: 0.14 },
            },
      ),
    },
  });
  return drawn(title, draw, sizes);
}

/** The same in a card with its legend, if there are several curves, and a note. */
export function timeCard(title: string, curves: Curves, note: string | null): Markup {
  return html`<figure class="card"><figcaption><h3>${title}</h3></figcaption>${
    curves.curves.length > 1 ? legend(curves.curves) : null
  }${timeChart(title, curves)}${note === null ? null : html`<p class="note">${note}</p>`}</figure>
`;
}

/** Margins of a chart over time, for labels. */
const LEFT = 66;
const RIGHT = 28;

/** How many labels to leave out between two, so that they stand apart. */
function everyLabel(steps: readonly string[], width: number): number {
  const longest = Math.max(...steps.map((step) => widthOf(step))) * COLUMN_WIDTH + 22;
  return Math.max(0, Math.ceil((steps.length * longest) / width) - 1);
}

/** The colours of several curves in words. */
function legend(curves: readonly Curve[]): Markup {
  return html`<p class="legend">${curves.map(
    ({ name, color }) => html`<span class="key k${color}">${name}</span>`,
  )}</p>`;
}

/** The chart for a wide place and for a phone, of which the page shows one, or one for both. */
function drawn(title: string, draw: Draw, sizes: 'both' | 'one' = 'both'): Markup {
  const widths = sizes === 'both' ? [WIDE, NARROW] : [WIDE];
  const name = (width: number): string => (sizes === 'one' ? 'one' : width === WIDE ? 'wide' : 'narrow');
  return html`<div class="chart" role="img" aria-label="${title}">${widths.map((width) => {
    const { height, option } = draw(width);
    return new Markup(svgOf(option, width, height, name(width)));
  })}</div>`;
}

function svgOf(option: object, width: number, height: number, name: string): string {
  const chart = svgChart(width, height);
  try {
    chart.setOption({ animation: false, silent: true, textStyle: { fontSize: 12 }, ...option });
    return passed(chart.renderToSVGString(), name);
  } finally {
    chart.dispose();
  }
}

const PASSED_ELEMENTS = /^(svg|g|path|text|rect|polyline|polygon|line|circle)$/;
const PASSED_ATTRIBUTES =
  /^(viewBox|d|points|x|y|x1|y1|x2|y2|cx|cy|r|rx|ry|width|height|transform|fill|fill-opacity|stroke|stroke-width|stroke-opacity|stroke-dasharray|stroke-linecap|stroke-linejoin|opacity|text-anchor|dominant-baseline)$/;
/** Elements that are left out with what they hold: rules of style, and clips, as no chart of ours leaves its frame. */
const LEFT_OUT = /<(style|defs)\b[^>]*>[\s\S]*?<\/\1>/g;

/** The drawing with nothing in it but shapes and text. */
function passed(svg: string, name: string): string {
  return svg
    .replace(LEFT_OUT, '')
    .replace(/\n/g, '')
    .replace(
      /<(\/?)([\w:-]+)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*(\/?)>/g,
      (_, close, element, attributes, empty) => {
        if (!PASSED_ELEMENTS.test(element)) return '';
        if (close === '/') return `</${element}>`;
        const kept = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)]
          .filter(
            ([, key]) => PASSED_ATTRIBUTES.test(key) && !(element === 'svg' && /width|height/.test(key)),
          )
          .map(([, key, value]) => ` ${key}="${value}"`)
          .join('');
        return `<${element}${kept}${element === 'svg' ? ` class="${name}" aria-hidden="true"` : ''}${empty}>`;
      },
    );
}
