/**
 * A history for programs: CSV, a figure a line; and OpenMetrics with a time to each sample, which Prometheus takes as blocks
 * (promtool tsdb create-blocks-from openmetrics). A sample has the time at which its day began to be observed.
 */
import { stringify } from 'csv-stringify/sync';
import { escapeCsv } from '../../escape.ts';
import { labelText } from '../prometheus.ts';
import type { History } from './days.ts';
import { figuresOf, type HistoryFigure } from './figures.ts';

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

interface Family {
  readonly name: string;
  readonly help: string;
  readonly of: HistoryFigure['figure'];
  /** Label of what the figure is told apart by; '' if it is not. */
  readonly label: string;
}

const FAMILIES: readonly Family[] = [
  {
    name: 'minesweep_day_observed_seconds',
    help: 'Part of the day of which audits tell.',
    of: 'observed',
    label: '',
  },
  {
    name: 'minesweep_day_complete',
    help: '1 if all that was read could be judged.',
    of: 'complete',
    label: '',
  },
  {
    name: 'minesweep_day_hosts',
    help: 'Addresses by their strongest verdict.',
    of: 'hosts',
    label: 'verdict',
  },
  { name: 'minesweep_day_traffic_bytes', help: 'IP bytes with pools.', of: 'traffic', label: 'direction' },
  { name: 'minesweep_day_energy_kwh', help: 'Electricity, central estimate.', of: 'energy', label: '' },
  {
    name: 'minesweep_day_modelled_energy_kwh',
    help: 'Electricity by assumptions alone; not in the other.',
    of: 'energy modelled',
    label: '',
  },
  {
    name: 'minesweep_day_hashrate',
    help: 'Mean rate over the observed part of the day, in its unit per second.',
    of: 'hashrate',
    label: 'algorithm',
  },
];

export function* renderHistoryMetrics(history: History): Generator<string> {
  for (const kinds of history.pseudonyms) yield `# HELP minesweep_day_pseudonyms pseudonyms: ${kinds}\n`;
  const figures = [...figuresOf(history.days())];
  for (const { name, help, of, label } of FAMILIES) {
    yield `# HELP ${name} ${help}\n# TYPE ${name} gauge\n`;
    for (const each of figures.filter(({ figure }) => figure === of)) {
      const { day, owner, unit, basis } = each;
      const labels = {
        ...(of === 'observed' || of === 'complete'
          ? {}
          : { owner: owner === null ? '*' : owner.owner, class: owner?.class ?? '' }),
        ...(label === '' ? {} : { [label]: each.name }),
        ...(basis === undefined ? {} : { unit, basis }),
      };
      yield `${name}${labelText(labels)} ${each.value} ${day.startMs / 1000}\n`;
    }
  }
  yield '# EOF\n';
}
