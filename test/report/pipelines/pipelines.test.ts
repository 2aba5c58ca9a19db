/** Audits for pipelines: annotations of GitHub, and SARIF. */
import { expect, it } from 'vitest';
import type { Audit } from '../../../src/audit/audit.ts';
import { renderAudit } from '../../../src/report/index.ts';
import { sampleAudit } from '../../support/sample-audit.ts';
import { sarifResults } from '../../support/sarif.ts';

const AUDIT = sampleAudit();
const OPTIONS = { width: 80, color: false, zone: 'UTC', language: 'en' as const };
const printed = async (format: string, audit: Audit, language: 'en' | 'zh' = 'en'): Promise<string> =>
  [...(await renderAudit(format, audit, { ...OPTIONS, language }))].join('');

it.each(['en', 'zh'] as const)('SARIF has a result for each host, in %s', async (language) => {
  const results = sarifResults(await printed('sarif', AUDIT, language));
  expect(results.map(({ partialFingerprints }) => partialFingerprints['minesweep/v1']).sort()).toEqual(
    AUDIT.hosts.map(({ ip }) => ip).sort(),
  );
  for (const { ruleId, level } of results) {
    const isError = ruleId === 'mining-confirmed' || ruleId === 'mining-probable';
    expect(level === 'error').toBe(isError);
  }
  expect(sarifResults(await printed('sarif', { ...AUDIT, hosts: [] }, language))).toEqual([]);
});

it('SARIF names the input as a URI', async () => {
  const uriOf = async (input: string): Promise<string | undefined> => {
    const hosts = AUDIT.hosts
      .slice(0, 1)
      .map((host) => ({ ...host, evidence: host.evidence.map((each) => ({ ...each, input })) }));
    const [result] = sarifResults(await printed('sarif', { ...AUDIT, hosts }));
    return result?.locations[0]?.physicalLocation?.artifactLocation.uri;
  };
  expect(await uriOf('captures/a b%.pcap')).toBe('captures/a%20b%25.pcap');
  expect(await uriOf('/var/a b.pcap')).toBe('file:///var/a%20b.pcap');
  expect(await uriOf('s3://bucket/a.pcap')).toBe('s3://bucket/a.pcap');
});

it('GitHub is given commands that text from the wire cannot end or begin', async () => {
  const [host] = AUDIT.hosts;
  const pools = ['evil\n::error title=x::y', '100%0A::set-output'];
  const out = await printed('github', { ...AUDIT, hosts: [{ ...host, verdict: 'confirmed', pools }] });
  const lines = out.trimEnd().split('\n');
  for (const line of lines) expect(line).toMatch(/^::(error|warning|notice) title=[^:,]+::[^\r\n]+$/);
  expect(lines.filter((line) => line.startsWith('::error'))).toHaveLength(1);
  expect(out).toContain(host.ip);
  expect(out).toContain('100%250A');
});

it('GitHub shows ten of a kind: the last one counts the others', async () => {
  const [host] = AUDIT.hosts;
  const hosts = Array.from({ length: 25 }, (_, i) => ({
    ...host,
    ip: `10.0.0.${i}`,
    verdict: i < 23 ? ('confirmed' as const) : ('listed' as const),
  }));
  const lines = (await printed('github', { ...AUDIT, hosts })).trimEnd().split('\n');
  const errors = lines.filter((line) => line.startsWith('::error'));
  expect(errors).toHaveLength(10);
  expect(errors.at(-1)).toContain('and 13 more');
  expect(lines.filter((line) => line.includes('10.0.0.23') || line.includes('10.0.0.24'))).toHaveLength(2);
});
