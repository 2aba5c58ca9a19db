/** The figures of a history, each once: for CSV a line, for Prometheus a sample. */
import { VERDICTS } from '../../audit/audit.ts';
import { type HistoryDay, hostsWith, type OwnerDay } from './days.ts';

export interface HistoryFigure {
  readonly day: HistoryDay;
  /** Null: of all owners. */
  readonly owner: OwnerDay | null;
  readonly figure: 'observed' | 'complete' | 'hosts' | 'traffic' | 'energy' | 'energy modelled' | 'hashrate';
  /** What it is told apart by: a verdict, a direction, an algorithm. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly low?: number;
  readonly high?: number;
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
    yield { ...of, figure: 'hosts', name: verdict, value: hostsWith(sum, verdict), unit: 'addresses' };
  yield { ...of, figure: 'traffic', name: 'out', value: sum.bytesOut, unit: 'B' };
  yield { ...of, figure: 'traffic', name: 'in', value: sum.bytesIn, unit: 'B' };
  for (const [figure, range] of [
    ['energy', sum.kwh],
    ['energy modelled', sum.modelledKwh],
  ] as const) {
    if (range === null) continue;
    const [low, value, high] = range;
    yield { ...of, figure, name: '', value, unit: 'kWh', low, high };
  }
  if (day.seconds === 0) return;
  for (const { algorithm, unit, basis, hashes } of sum.work)
    yield { ...of, figure: 'hashrate', name: algorithm, value: hashes / day.seconds, unit, basis };
}
