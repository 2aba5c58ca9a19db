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

/** '1 host', '2 hosts'. */
export function counted(count: number, one: string): string {
  return `${grouped(count)} ${one}${count === 1 ? '' : 's'}`;
}

/** A chance for people: '0.3', '1 in 2,000', '1 in 10^9'. */
export function chance(part: number, oneIn: (count: string) => string): string {
  if (part >= 0.1) return part.toFixed(1);
  if (part > 1e-6) return oneIn(grouped(Math.round(1 / part)));
  return oneIn(`10^${Math.min(12, Math.floor(-Math.log10(part)))}`);
}

const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P', 'E'];

/** So many significant digits, thousands by prefix, for a unit that follows: '43 k', '1.1 M', '7 '. */
export function figure(value: number, most = 2): string {
  let rest = value;
  let prefix = 0;
  for (; rest >= 1000 && prefix < PREFIXES.length - 1; rest /= 1000) prefix++;
  return `${digits(rest, most)} ${PREFIXES[prefix]}`;
}
