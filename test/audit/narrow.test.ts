import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { NO_FILTER, narrow } from '../../src/audit/narrow.ts';
import { auditProblem } from '../../src/audit/schema.ts';
import { main } from '../../src/cli.ts';
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

  it('is what --fail-on counts, and what every format prints', async () => {
    const { miner } = laboratoryCapture('btc-minerd');
    expect((await scanned('--host', miner, '--fail-on', 'confirmed')).status).toBe(3);
    const { audit, status } = await scanned('--host', '203.0.113.0/24', '--fail-on', 'listed');
    expect(status).toBe(0);
    expect(audit.hosts).toEqual([]);
    expect(audit.totals.minerAddresses).toBe(0);
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
