/**
 * The catalogue that ships: every pool once. The facts were gathered from public sources (see ../sources.ts) and
 * arranged by hand into rules about domains, since pools rename a tenth to a third of their hosts each year.
 */

import { type Statement, statement } from '../../statements/index.ts';
import type { PoolEntry } from '../entry.ts';
import { BROWSER_MINERS } from './browser-miners.ts';
import { CPU_POOLS } from './majors-cpu.ts';
import { GPU_POOLS } from './majors-gpu.ts';
import { SHA256_POOLS } from './majors-sha256.ts';
import { MALWARE_PROXIES } from './malware-proxies.ts';
import { OTHERS_A_E } from './others-a-e.ts';
import { OTHERS_F_O } from './others-f-o.ts';
import { OTHERS_P_Z } from './others-p-z.ts';
import { entryOfRow } from './row.ts';

/** Day on which the facts were last gathered. */
export const CATALOGUE_DATE = '2026-11-01';

export const CATALOGUE: readonly PoolEntry[] = [
  ...SHA256_POOLS,
  ...GPU_POOLS,
  ...CPU_POOLS,
  ...OTHERS_A_E.map(entryOfRow),
  ...OTHERS_F_O.map(entryOfRow),
  ...OTHERS_P_Z.map(entryOfRow),
  ...BROWSER_MINERS,
  ...MALWARE_PROXIES,
];

/** How far the catalogue is behind (or ahead of) traffic. */
interface CatalogueAge {
  readonly date: string;
  /** Whole days from the catalogue's date to the traffic; negative if the traffic is older. */
  readonly days: number;
  /** True if the traffic is more than a year newer: a tenth to a third of pool hosts have changed since. */
  readonly stale: boolean;
}

/** Age of the catalogue at a time (us since 1970), normally the end of the capture. */
export function catalogueAge(timeUs: number): CatalogueAge {
  const days = Math.floor((timeUs / 1000 - Date.parse(CATALOGUE_DATE)) / 86_400_000);
  return { date: CATALOGUE_DATE, days, stale: days > 365 };
}

/** The note on a catalogue that is stale at a time (us since 1970): pools come and go, and it misses new ones. */
export function catalogueWarning(timeUs: number): Statement | null {
  const { date, days, stale } = catalogueAge(timeUs);
  return stale ? statement('old-catalogue', { date, days }) : null;
}
