/** Hours and days in UTC: a watch closes one audit for each. */
export type PeriodLength = 'day' | 'hour';

export interface Period {
  /** 2026-11-27, or 2026-11-27T08 for an hour. */
  readonly name: string;
  readonly sinceUs: number;
  readonly untilUs: number;
}

const LENGTH_US: Readonly<Record<PeriodLength, number>> = { day: 86_400e6, hour: 3_600e6 };

/** The period that a time is in, us since 1970. */
export function periodOf(timeUs: number, length: PeriodLength): Period {
  const lengthUs = LENGTH_US[length];
  const sinceUs = Math.floor(timeUs / lengthUs) * lengthUs;
  const name = new Date(sinceUs / 1000).toISOString().slice(0, length === 'day' ? 10 : 13);
  return { name, sinceUs, untilUs: sinceUs + lengthUs };
}
