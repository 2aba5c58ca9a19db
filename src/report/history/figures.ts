/** The figures of a history, each once: for CSV a line, for Prometheus a sample. */
import { VERDICTS } from '../../audit/audit.ts';
import { supported } from '../digits.ts';
import { countOf, type HistoryDay, type OwnerDay, rangeOf } from './days.ts';

export interface HistoryFigure {
  readonly day: HistoryDay;
  /** Null: of all owners. */
  readonly owner: OwnerDay | null;
  readonly figure:
    | 'observed'
    | 'complete'
    | 'hosts'
    | 'machines'
    | 'traffic'
    | 'energy'
    | 'energy modelled'
    | 'hashrate';
  /** What it is told apart by: a verdict, a direction, an algorithm. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly low?: number | null;
  readonly high?: number | null;
  /** How a rate is known. */
  readonly basis?: string;
}

export function figuresOf(days: readonly HistoryDay[]): HistoryFigure[] {
  return days.flatMap((day) => {
    const of = { day, owner: null, name: '' } as const;
    return [
      { ...of, figure: 'observed', value: day.seconds, unit: 's' },
      { ...of, figure: 'complete', value: day.complete ? 1 : 0, unit: '' },
      ...ownerFigures(day, null, day.all),
      ...day.owners.flatMap((owner) => [...ownerFigures(day, owner, owner)]),
    ];
  });
}

function* ownerFigures(day: HistoryDay, owner: OwnerDay | null, sum: OwnerDay): Generator<HistoryFigure> {
  const of = { day, owner } as const;
  for (const verdict of VERDICTS)
    yield { ...of, figure: 'hosts', name: verdict, value: countOf(sum.hosts, verdict), unit: 'addresses' };
  for (const verdict of VERDICTS)
    yield {
      ...of,
      figure: 'machines',
      name: verdict,
      value: countOf(sum.machines, verdict),
      unit: 'machines',
    };
  yield { ...of, figure: 'traffic', name: 'out', value: sum.bytesOut, unit: 'B' };
  yield { ...of, figure: 'traffic', name: 'in', value: sum.bytesIn, unit: 'B' };
  for (const [figure, energy, basis] of [
    ['energy', sum.kwh, 'estimated'],
    ['energy modelled', sum.modelledKwh, 'modelled'],
  ] as const) {
    if (energy === null) continue;
    const [low, central, high] = rangeOf(energy);
    yield { ...of, figure, name: '', unit: 'kWh', basis, ...supported(central, low, high, 'modelled') };
  }
  if (day.seconds === 0) return;
  for (const { algorithm, unit, basis, hashes, below, above } of sum.work) {
    const low = below === null ? null : Math.max(0, hashes - Math.sqrt(below)) / day.seconds;
    const high = above === null ? null : (hashes + Math.sqrt(above)) / day.seconds;
    const rate = supported(hashes / day.seconds, low, high, basis);
    yield { ...of, figure: 'hashrate', name: algorithm, unit, basis, ...rate };
  }
}
