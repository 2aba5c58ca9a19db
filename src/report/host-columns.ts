/**
 * The columns of the host list, for every report that prints one: which there are, which are usual, and what is in a cell.
 * `--columns` names them by id.
 */

import type { ReportText } from '../statements/en/report.ts';
import type { Phrase } from './phrase.ts';
import type { Forms, HostRow } from './rows.ts';

export const HOST_COLUMNS = [
  'ip',
  'verdict',
  'role',
  'department',
  'owner',
  'power',
  'traffic',
  'hashrate',
  'algorithm',
  'pool',
  'account',
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

/** The column of each id. */
function columnOf(id: HostColumnId, { column, verdict }: ReportText): HostColumn {
  const one = (phrase: Phrase): Forms => [phrase];
  const cells: Readonly<Record<HostColumnId, (row: HostRow) => Forms>> = {
    ip: (row) => one(row.ip),
    verdict: (row) => one([verdict[row.verdict]]),
    role: (row) => one(row.role),
    department: (row) => one(row.department),
    owner: (row) => one(row.owner),
    power: (row) => row.power,
    traffic: (row) => one(row.traffic),
    hashrate: (row) => row.hashrate,
    algorithm: (row) => row.work,
    pool: (row) => row.pool,
    account: (row) => row.account,
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
    asked === null ? usual : asked.flatMap((id) => HOST_COLUMNS.find((known) => known === id) ?? []);
  return ids.map((id) => columnOf(id, text));
}
