/** The check of unknown JSON: is it an audit, and if not, where does it depart from what audit.tsv declares, or from its rows. */
import { canonicalAddress } from '../address.ts';
import { compareText, totalOf, under } from '../order.ts';
import { type Problem, problemIn } from '../schema/check.ts';
import { AUDIT, type Audit, type AuditHost, VERDICTS } from './audit.ts';
import { declared } from './declared.ts';
import { hostRates, machineRates } from './machine-totals.ts';
import { isCountedMiner } from './miners.ts';
import { addedRates } from './total-rates.ts';
import { hostCounts } from './totals.ts';

/** The first departure of a value from the schema, or of its totals from its rows; null if it is a whole audit. */
export function auditProblem(value: unknown): Problem | null {
  return problemIn(value, AUDIT) ?? rowsProblem(value as Audit);
}

/** True if the value is a whole audit. */
export function isAudit(value: unknown): value is Audit {
  return auditProblem(value) === null;
}

type Figure = readonly [at: string, stated: number, counted: number];

/** Times of a coarse audit are rounded to a minute. */
const COARSE_SECONDS = 60;
/** Sums of fractions depend on their order. */
const SLACK = 1e-6;

function rowsProblem(audit: Audit): Problem | null {
  const { hosts, sessions, totals, window, coverage } = audit;
  const reasons = declared('undecided').fields.reason.type.words ?? [];
  const other = Object.keys(coverage.judged.notJudged).find((why) => !reasons.includes(why));
  if (other !== undefined)
    return { at: 'coverage.judged.notJudged', message: `has other names than ${reasons.join(', ')}` };
  const lasted = (Date.parse(window.end ?? '') - Date.parse(window.start ?? '')) / 1000;
  if (window.seconds > (lasted || 0) + COARSE_SECONDS)
    return { at: 'window.seconds', message: `is ${window.seconds}, but from start to end it is ${lasted}` };
  const rated = { hosts, sessions, machines: audit.machines ?? [], totals: [totals] };
  for (const [at, rows] of Object.entries(rated))
    for (const { hashrate } of rows)
      if (hashrate.some(({ low95, high95 }) => low95 !== null && high95 !== null && low95 > high95))
        return { at, message: 'have a rate whose low95 is above its high95' };
  const known = new Set<string>();
  for (const [at, { ip }] of hosts.entries()) {
    const address = canonicalAddress(ip) ?? ip;
    if (known.has(address)) return { at: `hosts[${at}].ip`, message: `${address} is there twice` };
    known.add(address);
  }
  const counted = hostCounts(hosts, window.seconds, sessions);
  const figures: Figure[] = [
    ...VERDICTS.map(
      (verdict): Figure => [`totals.hosts.${verdict}`, totals.hosts[verdict], counted.hosts[verdict]],
    ),
    ['totals.minerAddresses', totals.minerAddresses, counted.minerAddresses],
    ['totals.owners', totalOf(totals.owners, ({ addresses }) => addresses), counted.minerAddresses],
    ['totals.traffic.bytesOut', totals.traffic.bytesOut, counted.traffic.bytesOut],
    ['totals.traffic.bytesIn', totals.traffic.bytesIn, counted.traffic.bytesIn],
    ['totals.power.kwhPerDay', totals.power?.kwhPerDay ?? 0, energyOf(hosts, (tier) => tier !== 'C')],
    [
      'totals.modelledPower.kwhPerDay',
      totals.modelledPower?.kwhPerDay ?? 0,
      energyOf(hosts, (tier) => tier === 'C'),
    ],
    ...rateFigures(audit),
  ];
  for (const [at, stated, rows] of figures) {
    if (Math.abs(stated - rows) > SLACK * Math.max(stated, rows))
      return { at, message: `is ${stated}, but the rows of the hosts make ${rows}` };
  }
  return null;
}

function energyOf(hosts: readonly AuditHost[], isOf: (tier: string) => boolean): number {
  return totalOf(hosts, (host) =>
    isCountedMiner(host) && host.power !== null && isOf(host.power.tier ?? 'A') ? host.power.kwhPerDay : 0,
  );
}

/** Of each algorithm and basis that totals or rows have. */
function rateFigures(audit: Audit): Figure[] {
  const added = addedRates(machineRates(audit) ?? hostRates(audit));
  const byRow = new Map<string, [number, number]>();
  for (const [side, rows] of [audit.totals.hashrate, added].entries())
    for (const { algorithm, basis, estimate } of rows)
      under(byRow, `totals.hashrate of ${algorithm} by ${basis}`, (): [number, number] => [0, 0])[side] +=
        estimate;
  return [...byRow].map(([at, both]): Figure => [at, ...both]).sort(([a], [b]) => compareText(a, b));
}
