/**
 * A history for programs: CSV, a figure a line; and OpenMetrics with a time to each sample, which Prometheus takes as blocks
 * (promtool tsdb create-blocks-from openmetrics). A sample has the time at which its day began to be observed.
 */
import { stringify } from 'csv-stringify/sync';
import { escapeCsv } from '../../escape.ts';
import { labelText, METRICS } from '../prometheus.ts';
import type { History } from './days.ts';
import { figuresOf } from './figures.ts';

const HEADER = ['day', 'owner', 'class', 'figure', 'name', 'value', 'unit', 'low', 'high', 'basis'];

export function* renderHistoryCsv(history: History): Generator<string> {
  const line = (cells: readonly (string | number)[]): string =>
    stringify([[...cells]], { record_delimiter: 'windows' });
  yield line(HEADER);
  for (const kinds of history.pseudonyms)
    yield line(['', '', '', 'pseudonyms', '', escapeCsv(kinds), 'text', '', '', '']);
  for (const { day, owner, figure, name, value, unit, low = '', high = '', basis = '' } of figuresOf(
    history.days(),
  ))
    yield line([
      ...[day.date, escapeCsv(owner === null ? '*' : owner.owner), owner?.class ?? '', figure],
      ...[escapeCsv(name), value, unit, low, high, basis],
    ]);
}

export function* renderHistoryMetrics(history: History): Generator<string> {
  for (const kinds of history.pseudonyms) yield `# HELP minesweep_day_pseudonyms pseudonyms: ${kinds}\n`;
  const figures = [...figuresOf(history.days())];
  for (const { metric, help, figure: of, label } of METRICS().filter(({ figure }) => figure !== '')) {
    yield `# HELP ${metric} ${help}\n# TYPE ${metric} gauge\n`;
    for (const each of figures.filter(({ figure }) => figure === of)) {
      const { day, owner, unit, basis } = each;
      const labels = {
        ...(of === 'observed' || of === 'complete'
          ? {}
          : { owner: owner === null ? '*' : owner.owner, class: owner?.class ?? '' }),
        ...(label === '' ? {} : { [label]: each.name }),
        ...(basis === undefined ? {} : { unit, basis }),
      };
      yield `${metric}${labelText(labels)} ${each.value} ${day.startMs / 1000}\n`;
    }
  }
  yield '# EOF\n';
}
