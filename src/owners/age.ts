/** How far a database is from the traffic whose owners it names. */

const DAY_MS = 86_400_000;
/** Built so far from the traffic, it may name others than owned the addresses then. */
const HALF_YEAR_DAYS = 183;
const DAYS_A_MONTH = 30.44;

/** The sentence on a database of this day (YYYY-MM-DD) that has named an owner; null within half a year of the traffic. */
export function ageWarning(title: string, date: string, trafficUs: number): string | null {
  const days = Math.round((trafficUs / 1000 - Date.parse(date)) / DAY_MS);
  if (Math.abs(days) <= HALF_YEAR_DAYS) return null;
  const months = Math.round(Math.abs(days) / DAYS_A_MONTH);
  return `Owners come from ${title} of ${date}, ${months} months ${days > 0 ? 'before' : 'after'} the traffic: addresses may have changed hands.`;
}
