/**
 * Figures with no more digits than their interval supports, for what programs read (tables of people have three): the
 * last digit is a tenth of half the interval at most. What is modelled, or has no interval, has three.
 */
import type { Basis, HashrateRow, Power } from '../audit/audit.ts';

const MOST_DIGITS = 6;
const MODELLED_DIGITS = 3;

export interface Supported {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** An estimate and its limits, rounded alike. */
export function supported(value: number, low: number | null, high: number | null, basis: Basis): Supported {
  const most = basis === 'modelled' ? MODELLED_DIGITS : MOST_DIGITS;
  const half = low === null || high === null ? 0 : (high - low) / 2;
  const last =
    half > 0 ? Math.floor(Math.log10(half)) - 1 : Math.floor(Math.log10(value)) - MODELLED_DIGITS + 1;
  const rounded = (figure: number): number => {
    if (!(figure > 0) || !Number.isFinite(figure)) return figure;
    const digits = Math.floor(Math.log10(figure)) - last + 1;
    return Number(figure.toPrecision(Math.min(most, Math.max(2, digits))));
  };
  return {
    value: rounded(value),
    low: low === null ? null : rounded(low),
    high: high === null ? null : rounded(high),
  };
}

/** A row of a rate with such figures. */
export function supportedRate<Row extends HashrateRow>(row: Row): Row {
  const { value, low, high } = supported(row.estimate, row.low95, row.high95, row.basis);
  return { ...row, estimate: value, low95: low, high95: high };
}

/** Power with such figures: all of it is modelled from rates and hardware. */
export function supportedPower(power: Power): Power {
  const watts = supported(power.watts, power.wattsLow, power.wattsHigh, 'modelled');
  const kwh = supported(power.kwhPerDay, power.kwhPerDayLow, power.kwhPerDayHigh, 'modelled');
  return {
    ...power,
    ...{ wattsLow: watts.low ?? 0, watts: watts.value, wattsHigh: watts.high ?? 0 },
    ...{ kwhPerDayLow: kwh.low ?? 0, kwhPerDay: kwh.value, kwhPerDayHigh: kwh.high ?? 0 },
  };
}
