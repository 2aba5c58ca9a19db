import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { machineRows } from '../../src/audit/machine-rows.ts';
import type { ReportOptions } from '../../src/report/format.ts';
import { renderAudit } from '../../src/report/index.ts';
import { widthOf } from '../../src/report/width.ts';
import { statement } from '../../src/statements/index.ts';
import type { Language } from '../../src/statements/languages.ts';
import { HOSTILE, quietAudit, sampleAudit } from '../support/sample-audit.ts';

async function screen(
  audit: Audit,
  width: number,
  language: Language = 'en',
  more: Partial<ReportOptions> = {},
): Promise<string> {
  const options = { width, color: false, zone: 'UTC', language, screen: { most: 20, audit: null }, ...more };
  return [...(await renderAudit('table', audit, options))].join('');
}

/** So many machines like the first of the sample, at addresses of their own. */
function crowd(count: number): Audit {
  const audit = sampleAudit();
  const [host] = audit.hosts.filter(({ verdict }) => verdict === 'confirmed');
  const hosts = Array.from({ length: count }, (_, i) => ({ ...host, ip: `10.9.${i >> 8}.${i & 255}` }));
  const { machines: _, ...rest } = { ...audit, hosts, sessions: [] };
  return { ...rest, machines: machineRows({ ...rest, machines: [] } as Audit).rows };
}

describe('the first screen', () => {
  it.each([80, 100, 140])('is the golden text at %d columns', async (width) => {
    await expect(await screen(sampleAudit(), width)).toMatchFileSnapshot(`golden/screen-${width}.txt`);
  });

  it('of thousands of machines takes no longer for each', async () => {
    const audit = crowd(20_000);
    const [session] = sampleAudit().sessions;
    const sessions = audit.hosts.map(({ ip }) => ({ ...session, miner: { ...session.miner, ip } }));
    const began = performance.now();
    await screen({ ...audit, sessions }, 80, 'en', { screen: { most: null, audit: null } });
    expect(performance.now() - began).toBeLessThan(15_000);
  });

  it('names whose data it holds, as licences ask for', async () => {
    const audit = sampleAudit();
    const sources = [{ title: 'Places', attribution: 'Places by Example, CC BY 4.0', date: null }];
    expect(await screen({ ...audit, sources }, 80)).toMatch(/^Data: Places by Example, CC BY 4\.0$/m);
  });

  it('is the golden text in Chinese', async () => {
    await expect(await screen(sampleAudit(), 80, 'zh')).toMatchFileSnapshot('golden/screen-zh.txt');
  });

  it.each([40, 60, 80, 81, 100, 140, 500])('fits %d columns and keeps every address whole', async (width) => {
    const audit = sampleAudit();
    for (const language of ['en', 'zh'] as const) {
      const lines = (await screen(audit, width, language)).split('\n');
      expect(lines.filter((line) => widthOf(line) > width)).toEqual([]);
      const said = lines.join('\n');
      for (const { ip, verdict } of audit.hosts)
        if (['confirmed', 'probable', 'suspected'].includes(verdict)) expect(said).toContain(ip);
    }
  });

  it('says in its first line how many machines have which verdict, and what was not judged', async () => {
    const audit = sampleAudit();
    audit.coverage.judged.notJudged.encrypted = { conversations: 17, bytes: 900 };
    Object.assign(audit.inputs.at(-1) ?? {}, { hostsNotJudged: 9 });
    expect((await screen(audit, 140)).split('\n')[0]).toBe(
      'Mining: 3 machines confirmed, 1 probable, 1 suspected; 17 conversations of 9 hosts not judged.',
    );
  });

  it('accuses nobody of what is suspected alone, and says that it behaves so', async () => {
    const audit = sampleAudit();
    const [host] = audit.hosts.filter(({ verdict }) => verdict === 'suspected');
    host.evidence = [{ ...host.evidence[0], kind: 'behaviour' }];
    host.pools = ['198.51.100.10'];
    const only = { ...audit, hosts: [host], sessions: [] };
    const said = await screen({ ...only, machines: machineRows(only).rows }, 140);
    expect(said).toMatch(/^Possible mining, nothing proven: 1 machine suspected; /);
    expect(said).toContain('behaves like mining, with 198.51.100.10');
  });

  it('counts machines, not addresses', async () => {
    const audit = sampleAudit();
    const lease = {
      mac: '02:00:00:00:00:07',
      hostname: 'lab-7',
      user: null,
      from: null,
      to: null,
      source: 'table' as const,
    };
    const [one, two] = audit.hosts.filter(({ verdict }) => verdict === 'confirmed');
    for (const host of [one, two]) {
      host.machines = [lease];
      host.owner = { ...host.owner, contact: null };
    }
    const said = await screen({ ...audit, machines: machineRows(audit).rows }, 140);
    expect(said).toMatch(/^Mining: 2 machines confirmed/);
    expect(said).toContain('582 shares, 2 addresses');
    expect(said).toContain('minesweep explain lab-7 audit');
  });

  it('has the owner in place of a hardware address that leaves it no room', async () => {
    const audit = sampleAudit();
    const [host] = audit.hosts.filter(({ verdict }) => verdict === 'confirmed');
    const frames = { mac: '02:00:00:00:00:07', hostname: null, user: null, from: null, to: null };
    host.machines = [{ ...frames, source: 'frames' }];
    host.owner = { ...host.owner, department: 'Department of physics' };
    const only = { ...audit, hosts: [host], sessions: [] };
    const made = { ...only, machines: machineRows(only).rows };
    expect(await screen(made, 100)).toContain(
      `1 ${host.ip} (02:00:00:00:00:07)  Department of physics  since`,
    );
    expect(await screen(made, 70)).toContain(`1 ${host.ip}  Department of physics  since`);
    host.verdict = 'attempted';
    const tried = { ...only, machines: machineRows(only).rows };
    expect(await screen(tried, 100)).toContain(`Tried to reach a pool, got no session: ${host.ip}.`);
  });

  it('shows twenty machines on a terminal and says how to see the rest', async () => {
    const said = await screen(crowd(25), 80);
    expect(said.split('\n').filter((line) => / {2}since /.test(line))).toHaveLength(20);
    expect(said).toContain('\n5 more: --top 25\n');
    const all = await screen(crowd(25), 80, 'en', { screen: { most: null, audit: null } });
    expect(all).not.toContain('more: --top');
    const two = await screen(crowd(25), 80, 'en', { selection: { sort: 'ip', top: 2, columns: null } });
    expect(two).toContain('\n23 more: --top 25\n');
    // Totals of all stand above the first two, and below all of them if all are shown.
    expect([
      two.indexOf('\nPower ') < two.indexOf('\n1 '),
      all.indexOf('\nPower ') > all.indexOf('\n25 '),
    ]).toEqual([true, true]);
  });

  it('names the next command with the audit, and never a word that a shell would read', async () => {
    const audit = sampleAudit();
    const [host] = audit.hosts.filter(({ verdict }) => verdict === 'confirmed');
    host.machines = [{ mac: null, hostname: '$(reboot)', user: null, from: null, to: null, source: 'table' }];
    const only = { ...audit, hosts: [host], sessions: [] };
    const said = await screen({ ...only, machines: machineRows(only).rows }, 140, 'en', {
      screen: { most: 20, audit: 'out' },
    });
    expect(said).toContain(`Next: minesweep explain ${host.ip} out;`);
    const odd = await screen(audit, 140, 'en', { screen: { most: 20, audit: 'my audit; rm' } });
    expect(odd).toMatch(/Next: minesweep explain \S+ AUDIT;/);
  });

  it('has no character that acts on a terminal', async () => {
    const audit = sampleAudit();
    audit.hosts[0].owner = { ...audit.hosts[0].owner, department: HOSTILE.agent, contact: HOSTILE.detail };
    // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is looked for.
    const acting = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/;
    for (const width of [80, 400]) expect(await screen(audit, width)).not.toMatch(acting);
  });

  it('has the same shape where nothing was found, and says what that is worth', async () => {
    expect(await screen(quietAudit(), 140)).toBe(
      [
        'No mining found in 400 conversations; all could be judged.',
        '2026-03-02 08:00 – 08:15 UTC (15 min)',
        '',
        'Inputs: 1 of 1 read; 734 MB, 2,400,120 packets.',
        '100 % of conversations judged (100 % of their bytes); 99.8 % of bytes decoded; of TCP bytes 71.4 % encrypted, 3.1 % seen in one direction',
        'only',
        '“Nothing found” holds for this capture point and this time.',
        'Next: minesweep nightly … --cases FILE scans each night and reports only what is new.',
        '',
      ].join('\n'),
    );
  });

  it('leads to the addresses of pools where flow logs had nothing to be matched with', async () => {
    const audit = { ...quietAudit(), notes: [statement('nothing-to-match')] };
    expect(await screen(audit, 140)).toContain(
      'Next: minesweep pools resolve --out endpoints.csv; minesweep scan … --pools',
    );
  });

  it('tells of the unjudged where nothing was found', async () => {
    const audit = quietAudit();
    audit.coverage.judged.notJudged.encrypted = { conversations: 3, bytes: 900 };
    const said = await screen(audit, 140);
    expect(said).toContain('a miner may be among the 3 conversations that were not judged');
    expect(said).toContain('--undecided');
  });

  it('says power with its denominator, and what is modelled apart', async () => {
    const audit = sampleAudit();
    const measured = machineRows(audit).rows.filter(
      ({ verdict, power }) =>
        ['confirmed', 'probable'].includes(verdict) && power !== null && power.tier !== 'C',
    ).length;
    expect(await screen(audit, 140)).toContain(`for ${measured} of 4 machines`);
  });

  it('gives the table of addresses for --columns', async () => {
    const said = await screen(sampleAudit(), 140, 'en', {
      selection: { sort: 'verdict', top: null, columns: ['ip', 'verdict'] },
    });
    expect(said).toMatch(/^IP +VERDICT$/m);
  });

  it('has what is the same in all rows of --wide as one sentence, and what differs as a column', async () => {
    const audit = crowd(4);
    const said = await screen(audit, 200, 'en', { screen: undefined });
    expect(said).toMatch(/The same in all rows: .*role miner; .*hashrate 2\.15 kH\/s/s);
    expect(said).not.toMatch(/^IP.* ROLE/m);
    audit.hosts[2].roles = ['miner', 'proxy'];
    const mixed = await screen(audit, 80, 'en', { screen: undefined });
    expect(mixed).toMatch(/^IP.* ROLE/m);
  });
});
