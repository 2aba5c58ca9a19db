/**
 * The columns of the host list, for every report that prints one: which there are, which are usual, and what is in a cell.
 * `--columns` names them by id.
 */

import type { ReportText } from '../statements/codes.ts';
import type { Forms, HostRow } from './rows.ts';

type Cell = (row: HostRow, text: ReportText) => Forms;

/**
 * What answers, in this order: who, since when, how sure, whose, how much, what to do. Of each how wide it is at first, and
 * its cell.
 */
const COLUMNS = {
  ip: [64, (row) => [row.ip]],
  machine: [36, (row) => row.machine],
  since: [16, (row) => row.since],
  last: [16, (row) => row.last],
  verdict: [16, (row, text) => [[text.verdict[row.verdict]]]],
  role: [20, (row) => [row.role]],
  department: [24, (row) => [row.department]],
  contact: [24, (row) => [row.contact]],
  owner: [32, (row) => [row.owner]],
  hashrate: [48, (row) => row.hashrate],
  power: [24, (row) => row.power],
  traffic: [12, (row) => [row.traffic]],
  algorithm: [30, (row) => row.work],
  pool: [32, (row) => row.pool],
  account: [40, (row) => row.account],
  action: [60, (row) => [row.action]],
  evidence: [4000, (row) => row.evidence],
} satisfies Record<string, readonly [widest: number, Cell]>;

type HostColumnId = keyof typeof COLUMNS;

export const HOST_COLUMNS = Object.keys(COLUMNS) as HostColumnId[];
/** Those without a word in any row are not printed. */
export const USUAL_COLUMNS = HOST_COLUMNS.filter((id) => id !== 'action');

/** The columns that were asked for, in that order; else the usual ones of a format. Titles and cells have their longest form first. */
export function hostColumns(
  asked: readonly string[] | null,
  usual: readonly HostColumnId[],
  text: ReportText,
) {
  const ids =
    asked === null
      ? usual
      : asked.includes('all')
        ? HOST_COLUMNS
        : asked.flatMap((id) => HOST_COLUMNS.find((known) => known === id) ?? []);
  return ids.map((id) => {
    const [widest, cell]: readonly [number, Cell] = COLUMNS[id];
    return { id, widest, titles: text.column[id], cell: (row: HostRow): Forms => cell(row, text) };
  });
}
