/** Figures that are the same in every language. */

/** Rounded to so many significant digits. */
export function digits(value: number, most: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(most))) : '?';
}

/** A part of 0 to 1 as a whole percentage. */
export function wholePercent(part: number): string {
  return `${Math.round(part * 100)} %`;
}

/**
 * A whole number with thousands apart: 1,204,211; without Intl, whose loading would cost a short scan more than all its
 * counters.
 */
export function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** '1 host', '2 hosts'; `many` for nouns that do not end in -s. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** A chance for people: '0.3', '1 in 2,000', '1 in 10^9'. */
export function chance(part: number, oneIn: (count: string) => string): string {
  if (part >= 0.1) return part.toFixed(1);
  if (part > 1e-6) return oneIn(grouped(Math.round(1 / part)));
  return oneIn(`10^${Math.min(12, Math.floor(-Math.log10(part)))}`);
}

/** '1.2 (0.9 to 1.5)', each of four digits, '?' if unknown. */
export function range(
  {
    estimate,
    low95,
    high95,
    unit,
  }: { estimate: number; low95: number | null; high95: number | null; unit: string },
  to: string,
): string {
  const figure = (value: number | null): string => (value === null ? '?' : digits(value, 4));
  return `${figure(estimate)} ${unit} (${figure(low95)} ${to} ${figure(high95)})`;
}
