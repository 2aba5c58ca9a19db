/** Miner addresses, power and contacts by department of the operator's own table: departments.csv, a list of whom to write to. */
import { stringify } from 'csv-stringify/sync';
import type { Audit, AuditHost } from '../audit/audit.ts';
import { minersOf } from '../audit/miners.ts';
import { compareText } from '../audit/order.ts';
import { escapeCsv, escapeCsvItem } from './escape.ts';

const HEADER = ['department', 'organisation', 'contact', 'miners', 'watts', 'kwhPerDay', 'addresses'];

export interface DepartmentRow {
  readonly department: string;
  readonly organisation: string;
  readonly contact: string;
  readonly hosts: readonly AuditHost[];
  readonly watts: number;
  readonly kwhPerDay: number;
}

/** Departments with miners, those of most power first; hosts without a department are one row of their own at the end. */
export function departmentsOf(audit: Audit): DepartmentRow[] {
  const groups = new Map<string, AuditHost[]>();
  for (const host of minersOf(audit)) {
    const { department, name, contact } = host.owner;
    const key = JSON.stringify([department ?? '', name ?? '', contact ?? '']);
    const hosts = groups.get(key) ?? [];
    groups.set(key, hosts);
    hosts.push(host);
  }
  const rows = [...groups.values()].map((hosts): DepartmentRow => {
    const [{ owner }] = hosts;
    return {
      department: owner.department ?? '',
      organisation: owner.name ?? '',
      contact: owner.contact ?? '',
      hosts,
      watts: hosts.reduce((sum, { power }) => sum + (power?.watts ?? 0), 0),
      kwhPerDay: hosts.reduce((sum, { power }) => sum + (power?.kwhPerDay ?? 0), 0),
    };
  });
  return rows.sort(
    (a, b) =>
      Number(a.department === '') - Number(b.department === '') ||
      b.watts - a.watts ||
      compareText(a.department, b.department),
  );
}

/** departments.csv. */
export function* renderDepartmentsCsv(audit: Audit): Generator<string> {
  yield line(HEADER);
  for (const { department, organisation, contact, hosts, watts, kwhPerDay } of departmentsOf(audit)) {
    const addresses = hosts.map(({ ip }) => escapeCsvItem(ip)).join(';');
    yield line([
      ...[department, organisation, contact].map(escapeCsv),
      hosts.length,
      watts,
      kwhPerDay,
      addresses,
    ]);
  }
}

function line(cells: readonly (string | number)[]): string {
  return stringify([[...cells]], { record_delimiter: 'windows' });
}
