/** The line of traffic: bytes and sessions are of the same hosts, and what others had with pools stands beside them. */
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { summaryAbove } from '../../src/report/summary.ts';
import { renderTotalsCsv } from '../../src/report/totals-csv.ts';
import { catalogueOf } from '../../src/statements/catalogue.ts';
import { sampleAudit } from '../support/sample-audit.ts';

const en = catalogueOf('en');

/** The sample with one miner, and every other host too weak to count. */
function oneMiner(): Audit {
  const audit = sampleAudit();
  audit.hosts = audit.hosts.map((host, index) => ({
    ...host,
    roles: ['miner'],
    verdict: index === 0 ? 'confirmed' : 'attempted',
    traffic: { ...host.traffic, bytesOut: index === 0 ? 5_000 : 1_000, bytesIn: index === 0 ? 0 : 500 },
  }));
  const { ip } = audit.hosts[0];
  const [session] = audit.sessions;
  audit.sessions = [
    { ...session, miner: { ip, port: 1 } },
    { ...session, miner: { ip: audit.hosts[1].ip, port: 1 } },
    { ...session, miner: { ip: audit.hosts[1].ip, port: 2 } },
  ];
  audit.totals.traffic = { ...audit.totals.traffic, bytesOut: 5_000, bytesIn: 0 };
  return audit;
}

const lineOf = (audit: Audit): string[] => {
  const line = summaryAbove(audit, 'UTC', en).find(({ label }) => label === en.label.traffic);
  return (line?.phrases ?? []).map((phrase) => phrase.join(''));
};

describe('traffic with pools', () => {
  it('is told with the sessions that it was in, and that of other hosts apart', () => {
    const audit = oneMiner();
    const others = audit.hosts.length - 1;
    const lines = lineOf(audit);
    expect(lines[0]).toMatch(/\(5\.00 kB with pools in 1 session\)$/);
    // 1,500 bytes of each of the six others.
    expect(others).toBe(6);
    expect(lines.slice(1)).toEqual([
      'not included: 9.00 kB in 2 sessions of 6 hosts with a verdict weaker than probable',
    ]);
  });

  it('is so in totals.csv', () => {
    const rows = [...renderTotalsCsv(oneMiner())].join('').split('\r\n');
    expect(rows.filter((row) => /^(?:sessions|traffic of|sessions of)/.test(row))).toEqual([
      'sessions,,1,sessions,,,3,',
      'traffic of other hosts,,9000,B,,,,',
      'sessions of other hosts,,2,sessions,,,3,',
    ]);
  });
});
