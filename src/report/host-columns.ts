/**
 * The columns of the host list, for every report that prints one: which there are, which are usual, and what is in a cell.
 * `--columns` names them by id.
 */

import type { ReportText } from '../statements/en/report.ts';
import type { Phrase } from './phrase.ts';
import type { Forms, HostRow } from './rows.ts';

export const HOST_COLUMNS = [
  'ip',
  'machine',
  'since',
  'last',
  'verdict',
  'role',
  'department',
  'contact',
  'owner',
  'hashrate',
  'power',
  'traffic',
  'algorithm',
  'pool',
  'account',
  'action',
  'evidence',
] as const;
export type HostColumnId = (typeof HOST_COLUMNS)[number];

interface HostColumn {
  readonly id: HostColumnId;
  /** Longest form first. */
  readonly titles: readonly string[];
  /** Longest form first. */
  cell(row: HostRow): Forms;
}

/** What answers, in this order: who, since when, how sure, whose, how much, what to do. Columns without a word are not printed. */
export const USUAL_COLUMNS: readonly HostColumnId[] = HOST_COLUMNS.filter((id) => id !== 'action');

/** The column of each id. */
function columnOf(id: HostColumnId, { column, verdict }: ReportText): HostColumn {
  const one = (phrase: Phrase): Forms => [phrase];
  const cells: Readonly<Record<HostColumnId, (row: HostRow) => Forms>> = {
    ip: (row) => one(row.ip),
    machine: (row) => row.machine,
    since: (row) => row.since,
    last: (row) => row.last,
    verdict: (row) => one([verdict[row.verdict]]),
    role: (row) => one(row.role),
    department: (row) => one(row.department),
    contact: (row) => one(row.contact),
    owner: (row) => one(row.owner),
    power: (row) => row.power,
    traffic: (row) => one(row.traffic),
    hashrate: (row) => row.hashrate,
    algorithm: (row) => row.work,
    pool: (row) => row.pool,
    account: (row) => row.account,
    action: (row) => one(row.action),
    evidence: (row) => row.evidence,
  };
  return { id, titles: column[id], cell: cells[id] };
}

/** The columns that were asked for, in that order; else the usual ones of a format. */
export function hostColumns(
  asked: readonly string[] | null,
  usual: readonly HostColumnId[],
  text: ReportText,
): HostColumn[] {
  const ids =
    asked === null
      ? usual
      : asked.includes('all')
        ? HOST_COLUMNS
        : asked.flatMap((id) => HOST_COLUMNS.find((known) => known === id) ?? []);
  return ids.map((id) => columnOf(id, text));
}
