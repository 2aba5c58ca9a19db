/** The time between a database of owners and the traffic. */
import { type Statement, statement } from '../statements/index.ts';

const DAY_MS = 86_400_000;
/** Built so far from the traffic, it may name others than owned the addresses then. */
const HALF_YEAR_DAYS = 183;
const DAYS_A_MONTH = 30.44;

/** The note on a database of this day (YYYY-MM-DD) that has named an owner; null within half a year of the traffic. */
export function ageWarning(title: string, date: string, trafficUs: number): Statement | null {
  const days = Math.round((trafficUs / 1000 - Date.parse(date)) / DAY_MS);
  if (Math.abs(days) <= HALF_YEAR_DAYS) return null;
  const months = Math.round(Math.abs(days) / DAYS_A_MONTH);
  return statement('old-owners', { title, date, months, isBefore: days > 0 });
}
