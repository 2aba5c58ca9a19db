import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { NO_FILTER, narrow } from '../../src/audit/narrow.ts';
import { auditProblem } from '../../src/audit/schema.ts';
import { main } from '../../src/cli.ts';
import { renderHostsCsv, renderPoolsCsv, renderSessionsCsv } from '../../src/report/csv.ts';
import { renderDepartmentsCsv } from '../../src/report/departments.ts';
import { renderAudit } from '../../src/report/index.ts';
import { renderTotalsCsv } from '../../src/report/totals-csv.ts';
import { statement } from '../../src/statements/index.ts';
import { capture } from '../cli/streams.ts';
import { sampleAudit } from '../support/sample-audit.ts';
import { laboratoryCapture } from '../support/truth.ts';

const CAPTURES = ['btc-minerd', 'xmr-many-shares', 'eth-proxy', 'zec-zip301', 'xmr-tls', 'neg-dns-pool-site'];

async function scanned(...options: readonly string[]): Promise<{ audit: Audit; status: number }> {
  const to = capture();
  const files = CAPTURES.map((name) => laboratoryCapture(name).capture);
  const status = await main(['scan', ...files, '--format', 'json', '--quiet', ...options], {}, to.streams);
  return { audit: JSON.parse(to.out()), status };
}

const whole = (await scanned()).audit;

describe('an audit of some hosts', () => {
  it('that are all has the totals that were made of sessions', async () => {
    const all = await narrow(whole, { ...NO_FILTER, verdict: 'listed' });
    expect(auditProblem(all)).toBeNull();
    const { hashrate, ...totals } = all.totals;
    const { hashrate: known, ...others } = whole.totals;
    expect(totals).toEqual(others);
    expect(all.pools).toEqual(whole.pools);
    expect(all.clusters).toEqual(whole.clusters);
    expect(
      hashrate.map(({ algorithm, basis, headline, hosts }) => [algorithm, basis, headline, hosts]),
    ).toEqual(known.map(({ algorithm, basis, headline, hosts }) => [algorithm, basis, headline, hosts]));
    for (const [i, row] of hashrate.entries()) {
      expect(row.estimate).toBeCloseTo(known[i].estimate, 3);
      for (const limit of ['low95', 'high95'] as const) {
        const [made, given] = [row[limit], known[i][limit]];
        if (given === null) expect(made).toBeNull();
        else expect((made ?? 0) / given).toBeGreaterThan(0.97);
        if (given !== null) expect((made ?? 0) / given).toBeLessThan(1.03);
      }
    }
  });

  it('names nobody else, and says what it is', async () => {
    const { miner } = laboratoryCapture('btc-minerd');
    const own = await narrow(whole, { ...NO_FILTER, hosts: [miner] });
    expect(auditProblem(own)).toBeNull();
    expect(own.filter).toEqual({ ...NO_FILTER, hosts: [miner] });
    expect(own.totals.minerAddresses).toBe(1);
    expect(own.totals.hashrate.map(({ algorithm }) => algorithm)).toEqual(['sha256d', 'sha256d']);
    const text = JSON.stringify({ ...own, inputs: [] });
    for (const { ip } of whole.hosts) if (ip !== miner) expect(text).not.toContain(`"${ip}"`);
    for (const { account } of whole.sessions.flatMap(({ logins }) => logins))
      if (!own.sessions.some(({ logins }) => logins.some((login) => login.account === account)))
        expect(text).not.toContain(account);
    expect(own.window).toEqual(whole.window);
    expect(own.inputs).toEqual(whole.inputs);
  });

  it('has no note that names another address, or tells what of others was found', async () => {
    const overlap = statement('leases-overlap', { count: 1, ip: '10.9.9.9', time: '2026-11-24T10:00:00Z' });
    const way = { packets: 5, senders: ['10.8.8.8'], more: 0 };
    const apart = statement('input-silent', { inputs: ['a-192.0.2.180', 'b-192.0.2.18.pcap'], more: 0 });
    const old = statement('old-catalogue', { date: '2026-01-01', days: 400 });
    const notes = [overlap, statement('through-outside', way), apart, old];
    const { miner } = laboratoryCapture('btc-minerd');
    const own = await narrow({ ...whole, notes }, { ...NO_FILTER, hosts: [miner] });
    expect(own.notes.map(({ code }) => code)).toEqual(['old-catalogue']);
  });

  it('says in every list and in Prometheus whose it is, and whose machines', async () => {
    const { miner } = laboratoryCapture('btc-minerd');
    const lease = { mac: 'aa:bb:cc:00:00:22', hostname: 'lab22', user: 'anna' };
    const hosts = whole.hosts.map((host) =>
      host.ip === miner ? { ...host, machines: [{ ...lease, from: null, to: null, source: 'table' }] } : host,
    );
    const own = await narrow({ ...whole, hosts }, { ...NO_FILTER, hosts: [miner], verdict: 'probable' });
    const said = `host=${miner}; verdict=probable`;
    const page = { width: 80, color: false, zone: 'UTC', language: 'en' } as const;
    const lists = [renderHostsCsv, renderSessionsCsv, renderPoolsCsv, renderDepartmentsCsv, renderTotalsCsv];
    for (const render of lists) {
      const text = [...render(own)].join('');
      expect(text).toContain('filter');
      if (render !== renderDepartmentsCsv) expect(text).toContain(said);
    }
    const prometheus = [...(await renderAudit('prometheus', own, page))].join('');
    const samples = prometheus.split('\n').filter((row) => /^minesweep/.test(row));
    expect(samples.every((row) => row.includes(`filter="${said}"`))).toBe(true);
    expect(prometheus).toContain(`minesweep_miner_machines_high{filter="${said}"} 1\n`);
    expect([...(await renderAudit('junit', own, page))].join('')).toContain(
      'machine: lab22 anna aa:bb:cc:00:00:22',
    );
    const html = [...(await renderAudit('html', own, page))].join('');
    expect(html).toMatch(/<dt>Machine<\/dt>\s*<dd>.*lab22/s);
  });

  it('is what --fail-on counts, and what every format prints', async () => {
    const { miner } = laboratoryCapture('btc-minerd');
    expect((await scanned('--host', miner, '--fail-on', 'confirmed')).status).toBe(3);
    const { audit, status } = await scanned('--host', '203.0.113.0/24', '--fail-on', 'listed');
    expect(status).toBe(0);
    expect(audit.hosts).toEqual([]);
    expect(audit.totals.minerAddresses).toBe(0);
  });

  it('keeps a note on an address that only begins like another', async () => {
    const [one, two] = whole.hosts;
    const hosts = [
      { ...one, ip: '10.1.1.10' },
      { ...two, ip: '10.1.1.1' },
    ];
    const note = (text: string) => ({
      ...statement('old-catalogue', { date: '2026-01-01', days: 400 }),
      text,
    });
    const notes = [
      note('of 10.1.1.10.'),
      note('of 10.1.1.1.'),
      note('of 10.1.1.1'),
      note('10.1.1.1 and 10.1.1.10'),
    ];
    const own = await narrow({ ...whole, hosts, notes }, { ...NO_FILTER, hosts: ['10.1.1.10'] });
    expect(own.notes.map(({ text }) => text).filter((text) => text.includes('10.1'))).toEqual([
      'of 10.1.1.10.',
    ]);
  });

  it('is of a machine by its name, hardware address or user, over all its addresses', async () => {
    const [one, two, three] = whole.hosts;
    const hosts = [
      { ...one, ip: '10.1.1.1' },
      { ...two, ip: '10.1.1.2' },
      { ...three, ip: '10.1.1.3' },
    ];
    const at = (ip: string) => ({ ip, from: one.firstSeen, to: one.lastSeen });
    const [machine] = whole.machines;
    const lab = {
      ...machine,
      id: '02:00:00:00:00:0a',
      names: ['02:00:00:00:00:0a', 'LAB-PC-17', 'alice'],
      addresses: [at('10.1.1.1'), at('10.1.1.3')],
    };
    const part = { ...whole, hosts, sessions: [], machines: [lab] };
    for (const asked of ['lab-pc-17', '02-00-00-00-00-0A', 'alice', '10.1.1.1,10.1.1.3']) {
      const own = await narrow(part, { ...NO_FILTER, hosts: asked.split(',') });
      expect([asked, own.hosts.map(({ ip }) => ip)]).toEqual([asked, ['10.1.1.1', '10.1.1.3']]);
    }
    expect((await narrow(part, { ...NO_FILTER, hosts: ['bob'] })).hosts).toEqual([]);
  });

  it('has a pool that a host of it was with, in sessions or not, and no other', async () => {
    const [one, ...others] = whole.hosts.filter(({ pools }) => pools.length > 0);
    const [known] = one.pools;
    const asked = { ...others[0], ip: '10.1.1.2', pools: [known] };
    const part = { ...whole, hosts: [asked], sessions: [] };
    const own = await narrow(part, { ...NO_FILTER, hosts: ['10.1.1.2'] });
    expect(own.pools.map(({ pool, hosts, sessions }) => [pool, hosts, sessions])).toEqual([[known, 1, 0]]);
    const none = await narrow(
      { ...part, hosts: [{ ...asked, pools: [] }] },
      { ...NO_FILTER, hosts: ['10.1.1.2'] },
    );
    expect(none.pools).toEqual([]);
  });

  it('has the rates of those who mine, not of who passes their shares on, and none that was refused', async () => {
    const audit = sampleAudit();
    const [host] = audit.hosts;
    const rate = { ...host.hashrate[0], algorithm: 'rx/0', estimate: 100 };
    const proxy = {
      ...host,
      ip: '192.0.2.40',
      hashrate: [rate, { ...rate, algorithm: 'kawpow', estimate: 7 }],
    };
    const refused = { ...rate, algorithm: 'sha256d', headline: false };
    const own = { ...host, ip: '192.0.2.41', hashrate: [{ ...rate, estimate: 60 }, refused] };
    const [session] = audit.sessions;
    const served = { ...session, miner: { ip: own.ip, port: 1 }, pool: { ...session.pool, ip: proxy.ip } };
    const part = await narrow(
      { ...audit, hosts: [proxy, own], sessions: [{ ...served, algorithm: 'rx/0', verdict: 'confirmed' }] },
      { ...NO_FILTER, verdict: 'listed' },
    );
    const rates = part.totals.hashrate.map(({ algorithm, estimate }) => [algorithm, estimate]);
    expect(Object.fromEntries(rates)).toEqual({ 'rx/0': 60, kawpow: 7 });
  });

  it('has the note that one of its hosts was found through a tunnel', async () => {
    const audit = sampleAudit();
    const [first, second] = audit.hosts;
    const note = statement('through-unknown', { packets: 1, senders: [], more: 0 });
    const notes = (...hosts: typeof audit.hosts) =>
      narrow({ ...audit, hosts, notes: [note] }, { ...NO_FILTER, verdict: 'listed' }).then((part) =>
        part.notes.filter(({ code }) => code === note.code),
      );
    const through = { ...first, through: [] };
    expect([await notes(through, second), await notes(first, second)]).toEqual([[note], []]);
  });

  it('cannot be filtered again', async () => {
    const once = await narrow(sampleAudit(), { ...NO_FILTER, verdict: 'probable' });
    await expect(narrow(once, { ...NO_FILTER, pool: 'x' })).rejects.toThrow('filtered already');
  });

  it('is of a department, or of none', async () => {
    const audit = sampleAudit();
    const departments = audit.hosts.map(({ owner }) => owner.department ?? '');
    for (const name of new Set(departments)) {
      const own = await narrow(audit, { ...NO_FILTER, departments: [name.toUpperCase()] });
      expect(own.hosts.length).toBe(departments.filter((each) => each === name).length);
    }
  });
});
