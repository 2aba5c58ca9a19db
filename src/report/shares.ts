/**
 * What the page says about miners as a whole and other formats leave to their reader: how many of them have an owner,
 * a place, an intent. Each is a count with its whole.
 */
import { type Audit, type AuditHost, INSTITUTIONAL, type OwnerClass } from '../audit/audit.ts';
import { minersOf } from '../audit/miners.ts';
import { totalOf } from '../order.ts';
import type { ReportText } from '../statements/codes.ts';
import { inEnglish, isStatement, type Statement } from '../statements/index.ts';
import { classified } from './survey.ts';

export type Institutional = NonNullable<ReturnType<typeof institutionalOf>>;

/** The institutional share with its counts; null if no owner was looked up. */
export function institutionalOf({ totals }: Audit) {
  if (totals.institutionalShare === null) return null;
  const owned = (classes: readonly OwnerClass[]): number =>
    totalOf(totals.owners, (row) => (classes.includes(row.class) ? row.addresses : 0));
  const [addresses, unknown] = [owned(INSTITUTIONAL), owned(['unknown'])];
  return { share: totals.institutionalShare, addresses, all: totals.minerAddresses, unknown };
}

/** How many institutional addresses there are if classes are as often wrong as their confidence says; null if not all miners are in the audit. */
export function institutionalLimits(audit: Audit): { readonly low: number; readonly high: number } | null {
  const miners = minersOf(audit);
  return miners.length === audit.totals.minerAddresses ? classified(miners) : null;
}

/** The same as a share of all miners. */
export function institutionalRange(audit: Audit, text: ReportText): string | null {
  const limits = institutionalLimits(audit);
  const all = audit.totals.minerAddresses;
  return limits === null || all === 0 ? null : text.figures.percentRange(limits.low / all, limits.high / all);
}

/** How many miners say each of their words, most first; equal ones by name. */
export function tally(
  miners: readonly AuditHost[],
  wordsOf: (host: AuditHost) => readonly string[],
): Tally[] {
  const counts = new Map<string, number>();
  for (const host of miners) {
    for (const word of new Set(wordsOf(host))) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts]
    .map(([name, addresses]) => ({ name, addresses }))
    .sort((a, b) => b.addresses - a.addresses || (a.name < b.name ? -1 : 1));
}

/** How many miners have each reason, most first; reasons that differ in their count alone are one, with its range. */
export function reasonTally(miners: readonly AuditHost[]): { reason: Statement; addresses: number }[] {
  const rows = new Map<string, { reason: Statement; addresses: number }>();
  for (const { owner } of miners) {
    for (const [key, reason] of new Map(owner.reasons.map((each) => [reasonKey(each), each]))) {
      const row = rows.get(key);
      if (row === undefined) rows.set(key, { reason, addresses: 1 });
      else {
        row.addresses++;
        row.reason = withRange(row.reason, reason);
      }
    }
  }
  return [...rows.values()].sort(
    (a, b) => b.addresses - a.addresses || (a.reason.text < b.reason.text ? -1 : 1),
  );
}

/** What of a reason does not count: a sign without the number of addresses, machines or owners in it. */
function reasonKey(reason: Statement): string {
  const counts = countsOf(reason);
  return counts === null ? reason.text : `${reason.code} ${String(reason.params.use)} ${counts.sign.code}`;
}

function countsOf({ params: { sign } }: Statement): { sign: Statement; low: number; high: number } | null {
  if (!isStatement(sign)) return null;
  const { count, most = count } = sign.params;
  return typeof count === 'number' && typeof most === 'number' ? { sign, low: count, high: most } : null;
}

/** The reason with the range of the counts of both. */
function withRange(a: Statement, b: Statement): Statement {
  const [one, other] = [countsOf(a), countsOf(b)];
  if (one === null || other === null) return a;
  const count = Math.min(one.low, other.low);
  const sign = { ...one.sign, params: { ...one.sign.params, count, most: Math.max(one.high, other.high) } };
  return inEnglish({ ...a, params: { ...a.params, sign: inEnglish(sign) } });
}

export interface Tally {
  readonly name: string;
  readonly addresses: number;
}

/** True if owners were looked up and intent was judged from them; it may still be undetermined. */
export function intentAssessed({ totals, hosts }: Audit): boolean {
  return totals.institutionalShare !== null || hosts.some(({ owner }) => owner.intent !== 'undetermined');
}
