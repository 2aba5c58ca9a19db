/** Of rates from shares and from nonces the one that stands comes first, and a contradicted one says so. */
import { describe, expect, it } from 'vitest';
import { contradictedSessions } from '../../src/audit/agreement.ts';
import type { Audit, AuditSession, Basis, HashrateRow } from '../../src/audit/audit.ts';
import { renderAudit } from '../../src/report/index.ts';
import { widthOf } from '../../src/report/width.ts';
import { sampleAudit } from '../support/sample-audit.ts';
import { scanInputs } from '../support/scanning.ts';
import { laboratoryCapture } from '../support/truth.ts';

async function report(audit: Audit, format: string, language: 'en' | 'zh' = 'en', width = 80) {
  const options = { width, color: false, zone: 'UTC', language };
  return [...(await renderAudit(format, audit, options))].join('');
}

function rate(basis: Basis, estimate: number, low95: number, high95: number, headline: boolean): HashrateRow {
  return { algorithm: 'rx/0', unit: 'H/s', basis, estimate, low95, high95, headline };
}

const SHARES = rate('shares', 1000, 800, 1200, true);

/** A miner with a session for each pair of rates, and these totals. */
function audit(counters: readonly HashrateRow[], totals: readonly HashrateRow[]): Audit {
  const sample = sampleAudit();
  const [host] = sample.hosts;
  const found = sample.sessions.find(({ miner }) => miner.ip === host?.ip);
  if (found === undefined) throw new Error('the sample has a miner');
  const session: AuditSession = found;
  return {
    ...sample,
    hosts: [host],
    sessions: counters.map((counter) => ({ ...session, hashrate: [SHARES, counter] })),
    totals: { ...sample.totals, hashrate: totals.map((row) => ({ ...row, hosts: 1 })) },
  };
}

const AGREES = rate('counter', 1010, 1000, 1020, false);
const EXCLUDED = rate('counter', 2000, 1900, 2100, false);

describe('a total from nonces', () => {
  it('that shares contradict stands below the figure from shares, and says so', async () => {
    const scanned = await scanInputs([laboratoryCapture('xmr-plain-vardiff').capture]);
    const lines = (await report(scanned, 'table')).split('\n');
    const first = lines.findIndex((line) => line.startsWith('Hashrate'));
    expect(lines.slice(first, first + 4)).toEqual([
      'Hashrate  rx/0  17.0 H/s (10.4–26.3)  1 host, from shares',
      '          rx/0  34.5 H/s (31.5–37.5)  1 host, from nonce counters',
      '                disagrees with the shares in 1 of 1 session; share-based figure',
      '                used',
    ]);
    const said = 'from nonce counters; disagrees with the shares in 1 of 1 session; share-based figure used';
    expect(await report(scanned, 'markdown')).toContain(`| ${said} |`);
    expect(await report(scanned, 'html')).toContain(said);
    expect(await report(scanned, 'markdown', 'zh')).toContain(
      '| 按 Nonce 计数；1 个会话中有 1 个与其份额矛盾；采用按份额计算的结果 |',
    );
    for (const width of [40, 60, 80]) {
      const wide = (await report(scanned, 'table', 'zh', width)).split('\n');
      expect(wide.filter((line) => widthOf(line) > width)).toEqual([]);
    }
  });

  it('says in how many sessions, also where it stands', async () => {
    const counter = { ...AGREES, headline: true };
    const mixed = audit([AGREES, EXCLUDED, AGREES], [counter, { ...SHARES, headline: false }]);
    expect(contradictedSessions(mixed, 'rx/0')).toEqual({ tested: 3, contradicted: 1 });
    const lines = (await report(mixed, 'table')).split('\n');
    const first = lines.findIndex((line) => line.startsWith('Hashrate'));
    expect(lines.slice(first, first + 3)).toEqual([
      'Hashrate  rx/0  1.01 kH/s (1.00–1.02)   1 host, from nonce counters',
      '                disagrees with the shares in 1 of 3 sessions',
      '          rx/0  1.00 kH/s (0.800–1.20)  1 host, from shares',
    ]);
  });

  it('says nothing where the two agree', async () => {
    const agreed = audit(
      [AGREES],
      [
        { ...AGREES, headline: true },
        { ...SHARES, headline: false },
      ],
    );
    expect(await report(agreed, 'table')).not.toContain('contradicted');
  });

  it('may be contradicted as a whole by sessions that each agree', async () => {
    const whole = audit([AGREES], [EXCLUDED, SHARES]);
    expect(await report(whole, 'markdown')).toContain(
      'from nonce counters; disagrees with the share-based total; share-based figure used',
    );
  });

  it('leaves out sessions of a proxy at which the same is mined', () => {
    const behind = audit([EXCLUDED, AGREES], [EXCLUDED, SHARES]);
    const [first, second] = behind.sessions;
    const proxied = {
      ...behind,
      sessions: [
        first,
        { ...second, miner: { ip: '192.0.2.200', port: 1 }, pool: { ...second.pool, ip: first.miner.ip } },
      ],
    };
    expect(contradictedSessions(proxied, 'rx/0')).toEqual({ tested: 0, contradicted: 0 });
  });

  it('leaves out sessions of a proxy on the way to where the same is mined', () => {
    const behind = audit([EXCLUDED, AGREES], [EXCLUDED, SHARES]);
    const [first, second] = behind.sessions;
    const throughProxy = {
      ...behind,
      sessions: [
        first,
        {
          ...second,
          miner: { ip: '192.0.2.200', port: 1 },
          via: [{ ip: first.miner.ip, port: 1080, kind: 'socks5' }],
        },
      ],
    };
    expect(contradictedSessions(throughProxy, 'rx/0')).toEqual({ tested: 0, contradicted: 0 });
  });
});
