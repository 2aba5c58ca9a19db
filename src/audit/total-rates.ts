/** Rates of totals out of rows of hosts or machines. */
import { sumOfRate, totalRate } from '../evidence/poisson.ts';
import { compareText, groupBy, totalOf } from '../order.ts';
import type { HashrateRow, TotalHashrateRow } from './audit.ts';
import { totalCounterRates, totalHeadlines } from './rate-rows.ts';

/** The rows of hosts that are added. What was refused as a headline of its host is left out. */
export function addedRates(hosts: readonly (readonly HashrateRow[])[]): HashrateRow[] {
  return hosts.flatMap((own) =>
    own.filter(({ algorithm }) => own.some((row) => row.algorithm === algorithm && row.headline)),
  );
}

/**
 * Their sums, by algorithm and basis. A rate out of shares carries in its limits how many equal shares tell as much: the
 * total's limits come from these counts.
 */
export function totalRates(hosts: readonly (readonly HashrateRow[])[]): TotalHashrateRow[] {
  const alike = groupBy(addedRates(hosts), ({ algorithm, basis }) => JSON.stringify([algorithm, basis]));
  const totals = [...alike.values()].map((own): TotalHashrateRow => {
    const [first] = own;
    const sum = (field: 'estimate' | 'low95' | 'high95'): number => totalOf(own, (row) => row[field] ?? 0);
    const limits = {
      // Without a share the rates have no sum, and their upper limits have: it holds at least as surely as they do.
      shares: () =>
        totalRate(own.map(sumOfRate)) ??
        (sum('estimate') === 0 && sum('high95') > 0 ? { low95: 0, high95: sum('high95') } : null),
      counter: () => {
        const parts = own.map(({ algorithm, estimate, low95, high95 }) => [
          { algorithm, estimate, low95: low95 ?? 0, high95: high95 ?? estimate, shares: 0, sessions: 0 },
        ]);
        return totalCounterRates(parts)[0];
      },
      // Errors of what is assumed are the same for every host.
      modelled: () => ({ low95: sum('low95'), high95: sum('high95') }),
      'self-reported': () => null,
    }[first.basis]();
    return {
      algorithm: first.algorithm,
      unit: first.unit,
      basis: first.basis,
      estimate: sum('estimate'),
      low95: limits?.low95 ?? null,
      high95: limits?.high95 ?? null,
      headline: false,
      hosts: own.length,
    };
  });
  const measured = totalHeadlines(totals.filter(({ basis }) => basis !== 'modelled'));
  const known = new Set(measured.map(({ algorithm }) => algorithm));
  const modelled = totals.filter(({ basis }) => basis === 'modelled');
  return [...measured, ...modelled.map((row) => ({ ...row, headline: !known.has(row.algorithm) }))].sort(
    (a, b) => compareText(a.algorithm, b.algorithm),
  );
}
