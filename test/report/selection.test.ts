import { describe, expect, it } from 'vitest';
import { type Audit, VERDICTS } from '../../src/audit/audit.ts';
import { minersOf } from '../../src/audit/miners.ts';
import { REPORT_FILES } from '../../src/report/files.ts';
import { FORMATS, renderAudit } from '../../src/report/index.ts';
import { ALL_HOSTS, type Selection, selectedHosts } from '../../src/report/selection.ts';
import { statement } from '../../src/statements/index.ts';
import { sampleAudit } from '../support/sample-audit.ts';

const POWER = {
  watts: 100,
  wattsLow: 50,
  wattsHigh: 200,
  kwhPerDay: 2,
  kwhPerDayLow: 1,
  kwhPerDayHigh: 4,
  assumptions: [],
};

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

  it('are so many', () => {
    expect(select({ top: 1 })).toHaveLength(1);
  });
});

describe('the ticket', () => {
  it('has a line for each host, and says what is a pseudonym', async () => {
    const notes = [statement('pseudonyms-of-addresses', { range: '2001:db8::/32' })];
    for (const language of ['en', 'zh'] as const) {
      const options = { width: 80, color: false, zone: 'UTC', language };
      const text = [...(await renderAudit('ticket', { ...sampleAudit(), notes }, options))].join('');
      const lines = text.split('\n').filter((line) => line.startsWith('- '));
      expect(lines).toHaveLength(sampleAudit().hosts.length);
      expect(text).toContain('2001:db8::/32');
      expect(text).toContain(select({})[0].ip);
    }
  });

  it('cuts none of its own sentences', async () => {
    const options = { width: 80, color: false, zone: 'UTC', language: 'en' as const };
    const { coverage } = sampleAudit();
    const part = { bytes: 0.02, packets: 0.02 };
    const audit = {
      ...sampleAudit(),
      coverage: { ...coverage, truncated: part, sampled: part, oneSided: part },
    };
    const text = [...(await renderAudit('ticket', audit, options))].join('');
    expect(text.replaceAll('\n', ' ')).toContain('minesweep explain ADDRESS audit.json');
    expect(text.replaceAll('\n', ' ')).toContain('seen in one direction only');
    // Of an algorithm with several figures only the headline.
    const rates =
      /^Hashrate: (.*)$/m
        .exec(text)?.[1]
        .split('; ')
        .map((each) => each.split(' ')[0]) ?? [];
    expect(new Set(rates).size).toBe(rates.length);
  });

  it('marks power that no measured rate gives', async () => {
    const [host] = sampleAudit().hosts;
    const hosts = [{ ...host, power: { ...POWER, tier: 'C' as const } }];
    for (const id of ['ticket', 'table', 'markdown', 'html'] as const) {
      const options = { width: 200, color: false, zone: 'UTC', language: 'en' as const };
      const selection = { ...ALL_HOSTS, columns: ['ip', 'power'] as const };
      const text = [...(await renderAudit(id, { ...sampleAudit(), hosts }, { ...options, selection }))].join(
        '',
      );
      expect(text).toMatch(/100 W( \(50.0–200\))? modelled/);
    }
  });
});

describe('a report of pseudonyms', () => {
  const range = '2001:db8::/32';
  const options = { width: 80, color: false, zone: 'UTC', language: 'en' as const };
  const marked = {
    ...sampleAudit(),
    notes: [statement('pseudonyms-of-accounts'), statement('pseudonyms-of-addresses', { range })],
  };

  it.each([...FORMATS, 'official'])('says so as %s, and a report of real addresses does not', async (id) => {
    const text = async (audit: Audit) => [...(await renderAudit(id, audit, options))].join('');
    expect(await text(marked)).toMatch(/pseudonyms/);
    expect(await text(marked)).toContain(range);
    expect(await text(sampleAudit())).not.toContain(range);
  });

  it.each(REPORT_FILES.map((file) => [file.name, file] as const))('says so in %s', async (_, { load }) => {
    const render = await load();
    expect([...render(marked, options)].join('')).toContain(range);
    expect([...render(sampleAudit(), options)].join('')).not.toContain(range);
  });
});

describe('departments', () => {
  const audit = sampleAudit();
  const [first] = minersOf(audit);
  /** One miner at Physics, the others at Chemistry; of the powers those of a table, the last one modelled. */
  const hosts = audit.hosts.map((host) => ({
    ...host,
    owner: {
      ...host.owner,
      department: host.ip === first.ip ? 'Physics' : 'Chemistry',
      name: 'University',
      contact: 'noc@example.edu',
    },
    power: { ...POWER, tier: host.ip === first.ip ? ('A' as const) : ('C' as const) },
  }));

  it.each(['table', 'markdown', 'html'])('have their totals as %s', async (id) => {
    const options = { width: 200, color: false, zone: 'UTC', language: 'en' as const };
    const text = [...(await renderAudit(id, { ...audit, hosts }, options))].join('');
    if (id === 'table')
      expect(text).toMatch(/^Depts +Physics 1 \(100 W\), Chemistry \d+; of \d+ miner addresses$/m);
    if (id === 'markdown')
      expect(text).toMatch(
        /## Departments[^#]*\| `Physics` \| `University` \| `noc@example.edu` \| 1 \|.*\| 100 W \| 2.00 \|/,
      );
    if (id === 'html') expect(text).toMatch(/<h3>Departments<\/h3>[\s\S]*Physics[\s\S]*100 W/);
  });

  it('are not spoken of without a table of owners', async () => {
    const options = { width: 200, color: false, zone: 'UTC', language: 'en' as const };
    const none = audit.hosts.map((host) => ({ ...host, owner: { ...host.owner, department: null } }));
    for (const id of ['table', 'markdown', 'html'])
      expect([...(await renderAudit(id, { ...audit, hosts: none }, options))].join('')).not.toMatch(
        /Depart|Depts/,
      );
  });
});
