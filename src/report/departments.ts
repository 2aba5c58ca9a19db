/**
 * Miner addresses, power and contacts by department of the operator's own table, and departments.csv with the contacts.
 */
import type { Audit, AuditHost } from '../audit/audit.ts';
import { minersOf } from '../audit/miners.ts';
import { spansByHost } from '../audit/totals.ts';
import { greatestAtOnce } from '../energy/at-once.ts';
import { escapeCsv, escapeCsvItem } from '../escape.ts';
import { compareText, groupBy, totalOf } from '../order.ts';
import { type Cell, markColumns, renderRows } from './csv.ts';

interface DepartmentRow {
  /** '' if the table names none. */
  readonly department: string;
  readonly organisation: string;
  readonly contact: string;
  readonly hosts: readonly AuditHost[];
  readonly watts: number;
  readonly kwhPerDay: number;
  /** As in the totals, what is modelled (tier C) stands apart. */
  readonly modelledWatts: number;
  readonly modelledKwhPerDay: number;
}

/** True if the operator's table names the department of a host. */
export function hasDepartments({ hosts }: Audit): boolean {
  return hosts.some(({ owner }) => owner.department != null);
}

/** Departments with miners, those of most power first; hosts without a department are one at the end. */
export function departmentsOf(audit: Audit): DepartmentRow[] {
  const spansOf = spansByHost(audit);
  // Whoever has no department is one: "no department".
  const groups = groupBy(minersOf(audit), ({ owner: { department, name, contact } }) =>
    department == null ? '' : JSON.stringify([department, name ?? '', contact ?? '']),
  );
  const rows = [...groups.values()].map((hosts): DepartmentRow => {
    const [{ owner }] = hosts;
    const powered = (isModelled: boolean) =>
      hosts.flatMap(({ ip, power }) =>
        power !== null && (power.tier === 'C') === isModelled ? [{ ...power, spans: spansOf(ip) }] : [],
      );
    // As in the totals: what did not run at one time is not added.
    const wattsOf = (isModelled: boolean): number =>
      totalOf(greatestAtOnce(powered(isModelled)), ({ watts }) => watts);
    const energyOf = (isModelled: boolean): number =>
      totalOf(powered(isModelled), ({ kwhPerDay }) => kwhPerDay);
    return {
      department: owner.department ?? '',
      organisation: owner.department == null ? '' : (owner.name ?? ''),
      contact: owner.department == null ? '' : (owner.contact ?? ''),
      hosts,
      watts: wattsOf(false),
      kwhPerDay: energyOf(false),
      modelledWatts: wattsOf(true),
      modelledKwhPerDay: energyOf(true),
    };
  });
  return rows.sort(
    (a, b) =>
      Number(a.department === '') - Number(b.department === '') ||
      b.watts - a.watts ||
      b.modelledWatts - a.modelledWatts ||
      b.hosts.length - a.hosts.length ||
      compareText(a.department, b.department),
  );
}

/** departments.csv. */
export function renderDepartmentsCsv(audit: Audit): Generator<string> {
  const columns = Object.entries<(row: DepartmentRow) => Cell>({
    department: ({ department }) => escapeCsv(department),
    organisation: ({ organisation }) => escapeCsv(organisation),
    contact: ({ contact }) => escapeCsv(contact),
    miners: ({ hosts }) => hosts.length,
    watts: ({ watts }) => watts,
    kwhPerDay: ({ kwhPerDay }) => kwhPerDay,
    modelledWatts: ({ modelledWatts }) => modelledWatts,
    modelledKwhPerDay: ({ modelledKwhPerDay }) => modelledKwhPerDay,
    addresses: ({ hosts }) => hosts.map(({ ip }) => escapeCsvItem(ip)).join(';'),
  }).map(([name, cell]) => ({ name, cell }));
  return renderRows(departmentsOf(audit), [...columns, ...markColumns(audit)], (row) => row);
}
