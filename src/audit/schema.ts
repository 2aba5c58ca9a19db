/** The check of unknown JSON: is it an audit, and if not, where does it depart from what audit.tsv declares, or from its rows. */
import { canonicalAddress } from '../address.ts';
import { totalOf } from '../order.ts';
import { type Problem, problemIn } from '../schema/check.ts';
import { AUDIT, type Audit, VERDICTS } from './audit.ts';
import { hostCounts } from './totals.ts';

/** The first departure of a value from the schema, or of its totals from its rows; null if it is a whole audit. */
export function auditProblem(value: unknown): Problem | null {
  return problemIn(value, AUDIT) ?? rowsProblem(value as Audit);
}

/** True if the value is a whole audit. */
export function isAudit(value: unknown): value is Audit {
  return auditProblem(value) === null;
}

/** Sums of fractions depend on their order. */
const SLACK = 1e-6;

function rowsProblem({ hosts, sessions, totals, window }: Audit): Problem | null {
  const known = new Set<string>();
  for (const [at, { ip }] of hosts.entries()) {
    const address = canonicalAddress(ip) ?? ip;
    if (known.has(address)) return { at: `hosts[${at}].ip`, message: `${address} is there twice` };
    known.add(address);
  }
  const counted = hostCounts(hosts, window.seconds, sessions);
  const figures: [at: string, stated: number, counted: number][] = [
    ...VERDICTS.map((verdict): [string, number, number] => [
      `totals.hosts.${verdict}`,
      totals.hosts[verdict],
      counted.hosts[verdict],
    ]),
    ['totals.minerAddresses', totals.minerAddresses, counted.minerAddresses],
    ['totals.owners', totalOf(totals.owners, ({ addresses }) => addresses), counted.minerAddresses],
    ['totals.traffic.bytesOut', totals.traffic.bytesOut, counted.traffic.bytesOut],
    ['totals.traffic.bytesIn', totals.traffic.bytesIn, counted.traffic.bytesIn],
  ];
  for (const [at, stated, rows] of figures) {
    if (Math.abs(stated - rows) > SLACK * Math.max(stated, rows))
      return { at, message: `is ${stated}, but the rows of the hosts make ${rows}` };
  }
  return null;
}
