/** Whom the advice of a report is for: who is asked for, else who has an owners table or private addresses, else a provider. */
import { describe, expect, it } from 'vitest';
import type { Audit, Owner } from '../../src/audit/audit.ts';
import type { ReportOptions } from '../../src/report/format.ts';
import { renderAudit } from '../../src/report/index.ts';
import { LANGUAGES, type Reader } from '../../src/statements/languages.ts';
import { sampleAudit } from '../support/sample-audit.ts';

const CUSTOMER = {
  asn: 64_500,
  name: 'Example Net',
  source: 'asn-db',
  department: null,
  contact: null,
} as const;

/** The sample with one confirmed host, whose owner is this. */
function minedAt(owner: Partial<Owner>): Audit {
  const audit = sampleAudit();
  const [host] = audit.hosts.filter(({ verdict }) => verdict === 'confirmed');
  host.owner = { ...host.owner, intent: 'undetermined', ...owner };
  return { ...audit, hosts: [host] };
}

async function said(format: 'ticket' | 'html' | 'github', audit: Audit, more: Partial<ReportOptions> = {}) {
  const options = { width: 100, color: false, zone: 'UTC', language: 'en', ...more } as const;
  return [...(await renderAudit(format, audit, options))].join('');
}

const ADVICE: Readonly<Record<Reader, string>> = {
  admin: 'find the machine, ask its owner',
  isp: 'tell the customer, or the contact of the network',
  ci: 'find the job, package or image that mines',
};

describe('a report for people', () => {
  it.each([
    ['a provider, where the network alone is known', CUSTOMER, 'isp'],
    ['an administrator, where a department is known', { ...CUSTOMER, department: 'Physics' }, 'admin'],
    ['an administrator, where a contact is known', { ...CUSTOMER, contact: 'noc@example.net' }, 'admin'],
    ['an administrator, at private addresses', { ...CUSTOMER, asn: null, source: 'reserved' }, 'admin'],
  ] as const)('is for %s', async (_name, owner, reader) => {
    for (const format of ['ticket', 'html'] as const) {
      const report = await said(format, minedAt(owner));
      for (const [each, advice] of Object.entries(ADVICE))
        expect([each, report.includes(advice)]).toEqual([each, each === reader]);
    }
  });

  it('names the machine by its hardware address if it has no other name', async () => {
    const audit = minedAt(CUSTOMER);
    const frames = { mac: '02:00:00:00:00:07', hostname: null, user: null, from: null, to: null };
    audit.hosts[0].machines = [{ ...frames, source: 'frames' }];
    expect(await said('ticket', audit)).toContain(`${audit.hosts[0].ip} (02:00:00:00:00:07)`);
  });

  it('is for whom it is asked for', async () => {
    for (const reader of ['admin', 'isp', 'ci'] as const)
      expect(await said('ticket', minedAt(CUSTOMER), { reader })).toContain(ADVICE[reader]);
  });

  it('is for the people of the pipeline in its formats', async () => {
    expect(await said('github', minedAt(CUSTOMER))).toContain(ADVICE.ci);
    expect(await said('github', minedAt(CUSTOMER), { reader: 'admin' })).toContain(ADVICE.admin);
  });

  it.each(LANGUAGES)('differs by reader in %s', async (language) => {
    const readers = ['admin', 'isp', 'ci'] as const;
    const all = await Promise.all(readers.map((reader) => said('ticket', minedAt({}), { reader, language })));
    expect(new Set(all).size).toBe(3);
  });
});
