import { totalOf } from './order.ts';

/** From `low` to `high`, both included. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** A figure with its limits. */
export interface Estimate extends Range {
  readonly central: number;
}

export function times(a: Estimate, b: Estimate): Estimate {
  return { low: a.low * b.low, central: a.central * b.central, high: a.high * b.high };
}

export function scaled({ low, central, high }: Estimate, factor: number): Estimate {
  return { low: low * factor, central: central * factor, high: high * factor };
}

export function sumOf(spans: readonly Estimate[]): Estimate {
  const sum = (key: keyof Estimate): number => totalOf(spans, (span) => span[key]);
  return { low: sum('low'), central: sum('central'), high: sum('high') };
}
