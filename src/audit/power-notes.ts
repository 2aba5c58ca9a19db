/** Notes on implausible power of hosts and rates of all (docs/reference/energy.md section 7). The figures are not changed. */
import { efficiencyWarning, isTooHeavy, networkRate } from '../energy/plausible.ts';
import { groupBy, totalOf, under } from '../order.ts';
import { type Statement, statement } from '../statements/index.ts';
import type { Audit } from './audit.ts';
import { minersOf } from './miners.ts';

/** Notes on hosts whose power is more than their owners have, and on algorithms whose power is none of their rate. */
export function powerNotes(audit: Audit): Statement[] {
  const miners = minersOf(audit);
  const notes: Statement[] = [];
  const heavy = miners.filter(({ power, owner }) => power !== null && isTooHeavy(power.watts, owner.class));
  if (heavy.length > 0) {
    const classes = [...new Set(heavy.map(({ owner }) => owner.class))].sort();
    notes.push(statement('too-heavy', { hosts: heavy.length, classes }));
  }
  const headlines = miners.flatMap(({ hashrate }) => hashrate.filter(({ headline }) => headline));
  for (const [algorithm, rows] of groupBy(headlines, (row) => row.algorithm)) {
    const [{ unit }] = rows;
    const rate = totalOf(rows, ({ estimate }) => estimate);
    const highest = networkRate(algorithm);
    if (rate > highest) notes.push(statement('more-than-network', { algorithm, unit, rate, highest }));
  }
  const atUs = Date.parse(audit.window.start ?? audit.generated) * 1000;
  const sums = new Map<string, { watts: number; rate: number }>();
  for (const { algorithms, hashrate, power } of miners) {
    const [row, ...others] = hashrate.filter(({ headline }) => headline);
    if (row === undefined || row.basis === 'modelled' || others.length > 0 || algorithms.length > 1) continue;
    // Power that was computed from rate and machine fits them; watts that were given for each address may not.
    if (power?.tier !== 'flat') continue;
    const sum = under(sums, row.algorithm, () => ({ watts: 0, rate: 0 }));
    sum.watts += power.watts;
    sum.rate += row.estimate;
  }
  for (const [algorithm, { watts, rate }] of sums) {
    const warning = efficiencyWarning(algorithm, watts, rate, atUs);
    if (warning !== null) notes.push(warning);
  }
  return notes;
}
