/** Servers at which machines of cases mined: of other clients there less has to be shown. */
import { isIP } from 'node:net';
import type { Cases } from './case.ts';

/** So long before the last night: after that somebody else may have the address. */
const LATELY_MS = 30 * 86_400_000;

/** By address, with the case that proves it: one that is not closed, and was read in a capture. A listed pool has a name here. */
export function minersServers({ cases, nights }: Pick<Cases, 'cases' | 'nights'>): Map<string, string> {
  const found = new Map<string, string>();
  const last = Date.parse(nights.at(-1)?.date ?? '');
  for (const { id, state, nights: own } of cases) {
    if (state === 'closed') continue;
    for (const { date, verdict, pool } of own) {
      if (verdict !== 'confirmed' || pool === null || isIP(pool) === 0) continue;
      if (last - Date.parse(date) <= LATELY_MS) found.set(pool, id);
    }
  }
  return found;
}
