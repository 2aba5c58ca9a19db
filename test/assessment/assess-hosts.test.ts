/** Owners, machines and notes of an audit: who is asked for which host, and what is noted of it. */
import { describe, expect, it } from 'vitest';
import { type AssessHostsOptions, assessHosts, hasOwnerFiles } from '../../src/assessment/assess-hosts.ts';
import { UNKNOWN_OWNER } from '../../src/assessment/host-rows.ts';
import type { Audit, KnownOwner } from '../../src/audit/audit.ts';
import { LeaseBook } from '../../src/machines/leases.ts';
import { MalwareList } from '../../src/owners/malware.ts';
import { quietAudit, sampleAudit, XMR_WALLET } from '../support/sample-audit.ts';

const KNOWN: KnownOwner = { ...UNKNOWN_OWNER, class: 'research', name: 'Institute' };

/** Owners of all hosts of the sample are known, so that nobody is asked. */
async function assessed(options: AssessHostsOptions = {}, audit: Audit = sampleAudit()): Promise<Audit> {
  const known = new Map(audit.hosts.map(({ ip }) => [ip, KNOWN]));
  // Never opened, so that who waits for it waits for ever.
  await assessHosts(audit, { known, book: new Promise(() => {}), ...options });
  return audit;
}

function leases(ip: string, hostname: string): LeaseBook {
  const book = new LeaseBook();
  const [fromUs, toUs] = ['2026-03-01', '2026-03-03'].map((day) => Date.parse(day) * 1000);
  book.add({ ip, hostname, fromUs, toUs }, 'table');
  return book;
}

describe('the owners of hosts', () => {
  it('are those that are known, and then nobody is asked', async () => {
    const audit = await assessed();
    expect(new Set(audit.hosts.map(({ owner }) => owner.name))).toEqual(new Set(['Institute']));
    expect(audit.sources).toEqual([]);
    expect(await assessed({}, quietAudit())).toEqual(quietAudit());
  });

  it.each([
    [{}, false],
    [{ ownersFile: null, asnDb: null, cityDb: null }, false],
    [{ ownersFile: 'a' }, true],
    [{ asnDb: 'a' }, true],
    [{ cityDb: 'a' }, true],
  ])('are asked for every host with files of the operator: %j (%s)', (files, expected) => {
    expect(hasOwnerFiles(files)).toBe(expected);
  });
});

describe('the machines of hosts', () => {
  const machines = ({ hosts }: Audit) =>
    hosts.flatMap(({ ip, machines: own = [] }) => own.map(({ hostname }) => [ip, hostname]));
  const [first, second] = sampleAudit().hosts.map(({ ip }) => ip);
  const codes = ({ notes }: Audit): string[] => notes.map(({ code }) => code);

  it('are those of leases, or else of what flow logs call them', async () => {
    const called = leases(first, 'called');
    called.add({ ip: second, hostname: 'other', fromUs: 1.7e15, toUs: 1.9e15 }, 'logs');
    const audit = await assessed({ leases: leases(first, 'leased'), called });
    expect(machines(audit)).toEqual([
      [first, 'leased'],
      [second, 'other'],
    ]);
    expect(codes(audit)).toContain('leases-none');
    const named = await assessed({ called });
    expect(machines(named)).toEqual([
      [first, 'called'],
      [second, 'other'],
    ]);
    expect(codes(named)).not.toContain('leases-none');
  });

  it('are unknown without a lease', async () => {
    const audit = await assessed({ leases: new LeaseBook(), called: new LeaseBook() });
    expect([machines(audit), codes(audit).includes('leases-none')]).toEqual([[], false]);
  });

  it('are noted once, and told to the log each time', async () => {
    const log: string[] = [];
    const options: AssessHostsOptions = {
      leases: leases(first, 'leased'),
      log: (level, message) => log.push(`${level} ${message}`),
    };
    const audit = await assessed(options);
    const noted = audit.notes.filter(({ code }) => code === 'leases-none');
    await assessed(options, audit);
    expect(audit.notes.filter(({ code }) => code === 'leases-none')).toEqual(noted);
    expect(noted.length).toBe(1);
    expect(log.filter((line) => line === `warn ${noted[0].text}`).length).toBe(2);
  });
});

it('A list of malware that has the account of a miner is a sign of it', async () => {
  const malware = new MalwareList();
  malware.add(XMR_WALLET, 'a list');
  const { hosts } = await assessed({ malware });
  const said = hosts.filter(({ owner }) => owner.reasons.some(({ text }) => text.includes('a list')));
  expect(said.map(({ ip }) => ip)).toEqual(['192.0.2.11', '192.0.2.77']);
});
