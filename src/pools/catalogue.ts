/**
 * The catalogue that ships: every pool once. The facts were gathered from public sources (see sources.ts) and arranged by hand
 * into rules about domains, since pools rename a tenth to a third of their hosts each year.
 */
import { type Statement, statement } from '../statements/index.ts';
import { entryOf, type PoolEntry, poolRows } from './entry.ts';

export const CATALOGUE: readonly PoolEntry[] = poolRows().map(entryOf);

/** Day on which the facts were last gathered. */
export const CATALOGUE_DATE = '2026-11-01';
/** A tenth to a third of pool hosts change in a year: what is older warns, and what is exported expires. */
export const CATALOGUE_VALID_DAYS = 365;

/**
 * The note on a catalogue that is older than it is valid for at a time (us since 1970), normally the end of the capture: pools
 * come and go, and it misses new ones.
 */
export function catalogueWarning(timeUs: number): Statement | null {
  const days = Math.floor((timeUs / 1000 - Date.parse(CATALOGUE_DATE)) / 86_400_000);
  return days > CATALOGUE_VALID_DAYS ? statement('old-catalogue', { date: CATALOGUE_DATE, days }) : null;
}
