import { describe, expect, it } from 'vitest';
import { VERDICTS } from '../../src/audit/audit.ts';
import { departmentsOf, renderDepartmentsCsv } from '../../src/report/departments-csv.ts';
import { renderAudit } from '../../src/report/index.ts';
import { ALL_HOSTS, type Selection, selectedHosts } from '../../src/report/selection.ts';
import { statement } from '../../src/statements/index.ts';
import { sampleAudit } from '../support/sample-audit.ts';

const select = (selection: Partial<Selection>) =>
  selectedHosts(sampleAudit(), { ...ALL_HOSTS, ...selection });

describe('the hosts shown', () => {
  it('are the strongest verdicts first, of these those of most power', () => {
    const rows = select({}).map(({ verdict, power }) => [VERDICTS.indexOf(verdict), -(power?.watts ?? 0)]);
    const sorted = [...rows].sort(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d);
    expect(rows).toEqual(sorted);
    expect(rows).toHaveLength(sampleAudit().hosts.length);
  });

  it('are in order of their addresses as numbers if asked', () => {
    const hosts = ['10.0.0.10', '10.0.0.9', '2001:db8::2', '9.0.0.1'].map((ip) => ({
      ...sampleAudit().hosts[0],
      ip,
    }));
    const shown = selectedHosts({ ...sampleAudit(), hosts }, { ...ALL_HOSTS, sort: 'ip' });
    expect(shown.map(({ ip }) => ip)).toEqual(['9.0.0.1', '10.0.0.9', '10.0.0.10', '2001:db8::2']);
  });

  it('are those of a verdict or stronger, of a network, of a pool, and so many', () => {
    const [first] = select({});
    expect(select({ hosts: [`${first.ip}/32`] }).map(({ ip }) => ip)).toEqual([first.ip]);
    expect(select({ hosts: ['203.0.113.77'] })).toEqual([]);
    expect(select({ top: 1 })).toHaveLength(1);
    expect(select({ verdict: 'confirmed' }).every(({ verdict }) => verdict === 'confirmed')).toBe(true);
    const [pool = ''] = first.pools;
    expect(select({ pool: pool.slice(1, -1).toUpperCase() })).toContainEqual(first);
    expect(select({ pool: 'no such pool' })).toEqual([]);
  });
});

describe('the ticket', () => {
  it('is at most twenty lines, and says what is a pseudonym', async () => {
    const notes = [statement('pseudonyms-of-addresses', { range: '2001:db8::/32' })];
    for (const language of ['en', 'zh'] as const) {
      const options = { width: 80, color: false, zone: 'UTC', language };
      const text = [...(await renderAudit('ticket', { ...sampleAudit(), notes }, options))].join('');
      const lines = text.trimEnd().split('\n');
      expect(lines.length).toBeLessThanOrEqual(20);
      expect(text).toContain('2001:db8::/32');
      expect(text).toContain(select({})[0].ip);
    }
  });
});

describe('departments.csv', () => {
  it('has one row for a department with miners, with whom to write to', () => {
    const audit = sampleAudit();
    const hosts = audit.hosts.map((host) => ({
      ...host,
      owner: { ...host.owner, department: 'Physics', name: 'University', contact: 'noc@example.edu' },
    }));
    const rows = departmentsOf({ ...audit, hosts });
    expect(rows).toHaveLength(1);
    const [header, row] = [...renderDepartmentsCsv({ ...audit, hosts })].join('').split('\r\n');
    expect(header).toBe('department,organisation,contact,miners,watts,kwhPerDay,addresses');
    expect(row).toMatch(/^Physics,University,noc@example\.edu,\d+,/);
  });
});
