/** The notice of --style official: each figure of the Jiangsu notice has its counterpart, and no order is given. */
import { describe, expect, it } from 'vitest';
import type { AuditHost } from '../../src/audit/audit.ts';
import { renderOfficial } from '../../src/report/official.ts';
import { classified, concentration, dayOf, expanded, withMachines } from '../../src/report/survey.ts';
import type { Language } from '../../src/statements/languages.ts';
import { sampleAudit } from '../support/sample-audit.ts';

function notice(language: Language, sampleOf: number | null = null): string {
  const options = { width: 80, color: false, zone: 'UTC', language, sampleOf };
  return [...renderOfficial(sampleAudit(), options)].join('');
}

describe('the notice', () => {
  it.each(['en', 'zh'] as const)('has every figure of the published one, in %s', (language) => {
    const said = notice(language).replaceAll('\n', ' ');
    // 6.01 kbps of four addresses; 3.69 kW and 88.6 kWh; one of them is a university.
    for (const figure of ['0.006 Mbps', '88.6', '3.69 kW', 'rx/0', 'sha256d', 'XMR', 'BTC', '25.0'])
      expect(said).toContain(figure);
    expect(said).toContain('Example University');
    expect(said).not.toMatch(/责令|\bmust\b|stop the mining|--allow/);
  });

  it('names the department of a private address, and marks energy that is modelled', () => {
    const audit = sampleAudit();
    const [host] = audit.hosts.filter(({ power }) => power !== null);
    if (host?.power == null) throw new Error('the sample has no power');
    const space = { source: 'reserved', name: 'private address space (RFC 1918)', class: 'unknown' } as const;
    host.owner = { ...host.owner, ...space, department: 'Finance' };
    host.power = { ...host.power, tier: 'C', kwhPerDay: 5.47 };
    const options = { width: 80, color: false, zone: 'UTC', language: 'en' } as const;
    const said = [...renderOfficial(audit, options)].join('').replaceAll('\n', ' ');
    expect(said).toMatch(/\d\. Finance: 1 address \(\S+\), \S+ Mbps, ~5\.47 kWh/);
  });

  it('says of a census that it has no error of sampling, and of a sample what all have', () => {
    expect(notice('en')).toContain('no sampling error');
    expect(notice('en', 40).replaceAll('\n', ' ')).toContain('Estimate for all addresses sampled from: 0.06');
    expect(notice('en', 40)).not.toContain('no sampling error');
    // Four addresses mine.
    expect(notice('en', 3)).toContain('they are no sample');
    expect(notice('en', 3)).not.toContain('Estimate');
  });
});

describe('what miners say of more than themselves', () => {
  const { hosts } = sampleAudit();

  it('is themselves where all were seen', () => {
    expect(expanded(hosts, hosts.length, () => 2)).toEqual({ estimate: 14, low: 14, high: 14 });
    expect(expanded(hosts.slice(0, 1), 10, () => 2)).toBeNull();
  });

  it('has the doubt about the machines beside that of the drawing, in quadrature of the logarithms', () => {
    const power = { kwhPerDayLow: 5, kwhPerDay: 10, kwhPerDayHigh: 20 };
    const { low, high } = withMachines({ estimate: 100, low: 80, high: 125 }, power);
    // exp(hypot(ln 1.25, ln 2)) = 2.0713
    expect(high).toBeCloseTo(207.13, 1);
    expect(low).toBeCloseTo(48.28, 1);
    expect(withMachines({ estimate: 100, low: 100, high: 100 }, power)).toMatchObject({ low: 50, high: 200 });
    expect(withMachines({ estimate: 0, low: 0, high: 0 }, power)).toEqual({ estimate: 0, low: 0, high: 0 });
  });

  it('says of a quarter of an hour what the day has at least and at most', () => {
    const [host] = hosts as [AuditHost];
    const half = { ...host, duty: 0.5 };
    const power = { wattsLow: 0, watts: 0, wattsHigh: 0, kwhPerDayLow: 12, kwhPerDay: 24, kwhPerDayHigh: 48 };
    // 12 kWh a day are 0.125 in a quarter of an hour; 48 are 96, if it mines all day.
    expect(dayOf(sampleAudit(), [half], () => ({ ...power, tier: 'A' }))).toEqual({ least: 0.125, most: 96 });
  });

  it('is unevenly spread: mean, median and the top tenth', () => {
    const spread = concentration(
      [1, 1, 1, 17].map((mbps, i) => ({
        ...(hosts[i] as AuditHost),
        traffic: { ...(hosts[i] as AuditHost).traffic, mbpsOut: mbps, mbpsIn: 0 },
      })),
    );
    expect(spread).toEqual({ mean: 5, median: 1, topTenth: 0.85 });
  });

  it('depends on how sure the classes of owners are', () => {
    const owned = (ownerClass: 'education' | 'isp', confidence: number) => ({
      ...(hosts[0] as AuditHost),
      owner: { ...(hosts[0] as AuditHost).owner, class: ownerClass, confidence },
    });
    const found = classified([owned('education', 0.9), owned('education', 0.6), owned('isp', 0.75)]);
    expect(found.estimate).toBe(2);
    expect(found.low).toBeCloseTo(1.5);
    expect(found.high).toBeCloseTo(2.25);
  });
});
