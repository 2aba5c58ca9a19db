/**
 * Captures recorded by others, read in place: each stated session is found as stated, and of the labelled XMRig
 * sessions the shares and the rate of the last 15 minutes agree with what the miner itself printed.
 */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Audit, AuditSession } from '../src/audit/audit.ts';
import { CORPUS_ABSENT, corpusFolder } from './support/corpus.ts';
import { scanInputs } from './support/scanning.ts';
import { cjTruth, exactInterval, realTruth } from './support/truth.ts';

const corpus = corpusFolder();
const absent = corpus === null ? ` (${CORPUS_ABSENT})` : '';

function scanReal(capture: string): Promise<Audit> {
  return scanInputs([path.join(corpus ?? '', 'real', capture)]);
}

/** Endpoints that the prose of `real/truth.csv` names, by capture and dialect. */
const ENDPOINTS: Readonly<Record<string, readonly string[]>> = {
  'zeek-bitcoin-stratum-and-getwork.pcap stratum-v1': ['74.84.128.158:3333'],
  'zeek-coinhive-tls.pcap tls': ['37.187.167.83:443'],
  'ndpi-mining-four-sessions.pcapng zip301': ['94.23.199.191:3333', '116.211.167.195:3333'],
  'ndpi-mining-four-sessions.pcapng eth-proxy': ['185.71.66.39:9999'],
  'ndpi-mining-four-sessions.pcapng cryptonote': ['178.32.196.217:9050'],
  'di-xmr-suprnova.pcapng cryptonote': ['37.59.21.58:5222'],
  'di-zec-suprnova.pcapng zip301': ['37.187.149.70:2142'],
  'di-eth-http-getwork.pcapng getwork': ['88.198.15.41:80'],
  'di-cgminer-pool-probes.pcapng stratum-v1': [],
};

/** Logins and jobs are in them, and no share: without one nobody is confirmed. */
const SHARELESS: ReadonlySet<string> = new Set([
  'zeek-bitcoin-stratum-and-getwork.pcap',
  'di-eth-http-getwork.pcapng',
]);

function poolOf(session: AuditSession): string {
  return `${session.pool.ip}:${session.pool.port}`;
}

describe.skipIf(corpus === null)(`a session that others recorded${absent}`, () => {
  for (const row of realTruth() ?? []) {
    const verdict = SHARELESS.has(row.capture ?? '') ? 'probable' : row.verdict;
    it(`of ${row.dialect} by ${row.miner} in ${row.capture} is ${verdict}`, async () => {
      const audit = await scanReal(row.capture ?? '');
      const host = audit.hosts.find((each) => each.ip === row.miner);
      expect(host?.verdict).toBe(verdict);
      const sessions = audit.sessions.filter(
        (session) => session.miner.ip === row.miner && session.dialect === row.dialect,
      );
      const expected = ENDPOINTS[`${row.capture} ${row.dialect}`] ?? ['an endpoint that this test lacks'];
      expect(sessions.map(poolOf)).toEqual(expect.arrayContaining([...expected]));
      if (row.coin !== '' && row.dialect !== 'tls') expect(host?.coins).toContain(row.coin);
    });
  }

  it('without shares is priced by the rate that the miner claims', async () => {
    const { hosts } = await scanReal('di-eth-http-getwork.pcapng');
    // 25.2 MH/s; rigs of cards took 2.6 J/MH at the wall in 2021, 66 W, and older ones up to four times as much.
    expect(hosts[0]?.power?.watts).toBeGreaterThan(66);
    expect(hosts[0]?.power?.watts).toBeLessThan(264);
  });

  it('in the bitminter capture lasts on client port 53310 at difficulty 4096, then 64', async () => {
    const audit = await scanReal('zeek-bitcoin-stratum-and-getwork.pcap');
    const lasting = audit.sessions.find((session) => session.miner.port === 53_310);
    expect({
      pool: lasting && poolOf(lasting),
      verdict: lasting?.verdict,
      units: lasting?.difficulty.map((change) => change.difficultyUnits),
      agent: lasting?.agent,
    }).toEqual({
      pool: '74.84.128.158:3333',
      verdict: 'probable',
      units: [4096, 64],
      agent: 'bfgminer/5.2.0',
    });
  });

  it('with self-reported hashrate keeps it, about 30.4 MH/s', async () => {
    const audit = await scanReal('ndpi-mining-four-sessions.pcapng');
    const session = audit.sessions.find((each) => each.dialect === 'eth-proxy');
    const rates = session?.selfReported.map((report) => report.hashrate) ?? [];
    expect(rates.length).toBeGreaterThan(0);
    for (const rate of rates) expect(Math.abs(rate / 30.4e6 - 1)).toBeLessThan(0.03);
  });

  it('of a scanner is an attempt in the role of a scanner, without work', async () => {
    const audit = await scanReal('di-cgminer-pool-probes.pcapng');
    const host = audit.hosts.find((each) => each.ip === '192.168.1.100');
    expect([host?.verdict, host?.roles]).toEqual(['attempted', ['scanner']]);
    expect(audit.sessions.filter((session) => session.shares.submitted > 0)).toEqual([]);
  });

  it('of a browser miner has its names and its address', async () => {
    const audit = await scanReal('zeek-coinhive-tls.pcap');
    const session = audit.sessions.find((each) => each.pool.ip === '37.187.167.83');
    expect(session?.pool.names).toContain('ws027.authedmine.com');
    expect(audit.hosts.find((host) => host.ip === '10.0.2.15')?.roles).toContain('browser-miner');
  });
});

/** The interval of the rate in the last 15 minutes of a session, or of the whole where it is shorter. */
function lastQuarterHour(session: AuditSession): { low: number; high: number } | null {
  const end = Date.parse(session.end) / 1000;
  const windows = session.series.filter((window) => Date.parse(window.start) / 1000 >= end - 900);
  const start = windows[0] === undefined ? end : Date.parse(windows[0].start) / 1000;
  let shares = 0;
  let hashes = 0;
  for (const window of windows) {
    shares += window.shares;
    hashes += (window.hashrate ?? 0) * window.seconds;
  }
  if (shares === 0) return null;
  const { low, high } = exactInterval(shares);
  const perShare = hashes / shares / (end - start);
  return { low: low * perShare, high: high * perShare };
}

describe.skipIf(corpus === null)(`the labelled XMRig sessions${absent}`, () => {
  /** Submits that got no answer before the capture ended: seen as work, and rightly not in the miner's own count. */
  const UNANSWERED: Readonly<Record<string, number>> = { 'cj-1588128490_tdAx5.pcap': 1 };

  for (const label of cjTruth() ?? []) {
    it(`${label.capture} has as many accepted shares as the miner printed`, async () => {
      const audit = await scanReal(label.capture ?? '');
      const [session, ...others] = audit.sessions;
      const [accepted = 0, rejected = 0] = (label.accepted_rejected ?? '').split('/').map(Number);
      const unanswered = UNANSWERED[label.capture ?? ''] ?? 0;
      expect(others).toEqual([]);
      expect([session?.dialect, session?.verdict]).toEqual(['cryptonote', 'confirmed']);
      expect(session?.shares).toEqual({
        submitted: accepted + rejected + unanswered,
        accepted,
        rejected,
        stale: 0,
        unanswered,
      });
    });
  }

  it('have the rate of their last 15 minutes inside the interval in at least 7 of 8', async () => {
    const outside: string[] = [];
    for (const label of cjTruth() ?? []) {
      const [session] = (await scanReal(label.capture ?? '')).sessions;
      const interval = session === undefined ? null : lastQuarterHour(session);
      const rate = Number(label.hashrate_15m);
      if (interval === null || rate < interval.low || rate > interval.high) {
        outside.push(`${label.capture}: ${rate} outside ${interval?.low} to ${interval?.high}`);
      }
    }
    expect(outside.length, outside.join('\n')).toBeLessThanOrEqual(1);
  });
});
