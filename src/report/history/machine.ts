/**
 * A history for programs: CSV, a figure a line; and OpenMetrics with a time to each sample, which Prometheus takes as blocks
 * (promtool tsdb create-blocks-from openmetrics). A sample has the time at which its day began to be observed.
 */
import { renderRows, scalarCell } from '../csv.ts';
import { labelText, METRICS } from '../prometheus.ts';
import type { History } from './days.ts';
import { figuresOf } from './figures.ts';

const HEADER = ['day', 'owner', 'class', 'figure', 'name', 'value', 'unit', 'low', 'high', 'basis'];

export function renderHistoryCsv(history: History): Generator<string> {
  const marks = [...history.pseudonyms.keys()].map((kinds) => ({
    figure: 'pseudonyms',
    value: kinds,
    unit: 'text',
  }));
  const figures = figuresOf(history.days()).map(({ day, owner, ...figure }) => ({
    day: day.date,
    owner: owner === null ? '*' : owner.owner,
    class: owner?.class,
    ...figure,
  }));
  const columns = HEADER.map((name) => ({ name, cell: (row: object) => scalarCell(Reflect.get(row, name)) }));
  return renderRows<object>([...marks, ...figures], columns, (row) => row);
}

export function* renderHistoryMetrics(history: History): Generator<string> {
  for (const kinds of history.pseudonyms.keys())
    yield `# HELP minesweep_day_pseudonyms pseudonyms: ${kinds}\n`;
  const figures = figuresOf(history.days());
  for (const { metric, help, figure: of, label } of METRICS().filter(({ figure }) => figure !== '')) {
    yield `# HELP ${metric} ${help}\n# TYPE ${metric} gauge\n`;
    const side = metric.endsWith('_low') ? 'low' : metric.endsWith('_high') ? 'high' : 'value';
    for (const each of figures.filter(({ figure }) => figure === of)) {
      const { day, owner, unit, basis } = each;
      const labels = {
        ...(of === 'observed' || of === 'complete'
          ? {}
          : { owner: owner === null ? '*' : owner.owner, class: owner?.class ?? '' }),
        ...(label === '' ? {} : { [label]: each.name }),
        ...(basis === undefined ? {} : { unit, basis }),
      };
      const { [side]: value } = each;
      if (value === null || value === undefined) continue;
      yield `${metric}${labelText(labels)} ${value} ${day.startMs / 1000}\n`;
    }
  }
  yield '# EOF\n';
}
