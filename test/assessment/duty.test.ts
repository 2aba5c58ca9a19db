/**
 * Energy is power times the part of the window that was mined (contract, Meanings; docs/reference/energy.md sections 2 and 7): the same
 * part in the host's row, in its energy and in every report. Times are those that the conversations were written with,
 * or tshark's (-z conv,tcp) of the captures in fixtures/.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Audit, AuditHost } from '../../src/audit/audit.ts';
import { renderExplanation } from '../../src/report/explain/explain.ts';
import { renderAudit } from '../../src/report/index.ts';
import { type Conversation, conversation } from '../support/conversation.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { twoWayTable } from '../support/two-way-table.ts';

const folder = temporaryFolder();
const START = 1_790_000_000_000_000;
const MINER = '192.0.2.9';
const POOL = '198.51.100.1:3333';

/** A session of twenty shares, one each five seconds: 100 s from its job to its last share. */
function session(port: number, atSeconds: number, algo = 'rx/0'): Conversation {
  const job = { blob: 'ab'.repeat(76), job_id: 'j1', target: 'b88d0600', algo, height: 1, seed_hash: 'cd' };
  const talk = conversation({
    miner: `${MINER}:${port}`,
    pool: POOL,
    startUs: START + atSeconds * 1e6,
  })
    .connect()
    .minerSays({ id: 1, jsonrpc: '2.0', method: 'login', params: { login: 'a', pass: 'x', algo: [algo] } })
    .poolReplies({ jsonrpc: '2.0', error: null, result: { id: 's', job, status: 'OK' } });
  for (let i = 0; i < 20; i++) {
    const nonce = (0x9e3779b1 * (i + 1) * port).toString(16).slice(-8).padStart(8, '0');
    // The hash meets the target: its last word is the most significant one.
    const params = { id: 's', job_id: 'j1', nonce, result: `${nonce}${'ef'.repeat(24)}b88d0500` };
    talk
      .after(5)
      .minerSays({ id: 2 + i, jsonrpc: '2.0', method: 'submit', params })
      .poolReplies({ jsonrpc: '2.0', error: null, result: { status: 'OK' } });
  }
  return talk;
}

/** Others talk from the start to 400 s after it: that is the window. */
const OTHERS = conversation({ miner: '192.0.2.99:5000', pool: '198.51.100.99:5001', startUs: START })
  .connect()
  .after(400)
  .minerSays('bye');

async function scanned(name: string, ...talks: readonly Conversation[]): Promise<Audit> {
  const packets = [OTHERS, ...talks].flatMap((talk) => talk.toPackets()).sort((a, b) => a.timeUs - b.timeUs);
  return scanInputs([writeCapture(folder, name, packets)]);
}

function hostOf(audit: Audit, ip: string): AuditHost {
  const host = audit.hosts.find((each) => each.ip === ip);
  if (host === undefined) throw new Error(`no ${ip}`);
  return host;
}

/** The part of the window that energy a day was reckoned with. */
function partOf({ power }: AuditHost): number {
  return ((power?.kwhPerDay ?? 0) * 1000) / 24 / (power?.watts ?? 0);
}

async function said(audit: Audit, ip: string): Promise<{ table: string; page: string; explanation: string }> {
  const options = { width: 200, color: false, zone: 'UTC', language: 'en' as const };
  const inOneLine = (text: string): string => text.replace(/\s+/g, ' ');
  return {
    table: inOneLine([...(await renderAudit('table', audit, options))].join('')),
    page: inOneLine([...(await renderAudit('html', audit, options))].join('')),
    explanation: inOneLine(
      [...renderExplanation(audit, hostOf(audit, ip), { width: 200, zone: 'UTC', language: 'en' })].join(''),
    ),
  };
}

describe('the part of the window that was mined', () => {
  it('counts sessions at one time once: 100 of 400 s', async () => {
    const audit = await scanned('parallel', session(4000, 10), session(4001, 10));
    const host = hostOf(audit, MINER);
    expect(host.duty).toBeCloseTo(0.25, 3);
    expect(partOf(host)).toBeCloseTo(host.duty ?? 0, 9);
    // 2 x 20 shares of 2^32 / 0x00068db8 hashes each in 100 s, at what that takes.
    expect(host.hashrate.map(({ estimate }) => Math.round(estimate / 10))).toEqual([400]);
    expect(host.hashrate[0].activeSeconds).toBeCloseTo(100, 0);
    const { table, page, explanation } = await said(audit, MINER);
    expect(table).toContain('25.0 % of the time');
    expect(page).toContain('25.0 % of the time watched');
    expect(page.match(/25\.0 % of the time(?! watched)/g)).toHaveLength(2);
    expect(explanation).toContain('It was mining 25.0 % of the time watched.');
    expect(explanation).toContain('found in 1 min 40 s of mining');
  });

  it('adds sessions one after the other: 200 of 400 s', async () => {
    const host = hostOf(await scanned('series', session(4000, 10), session(4001, 150)), MINER);
    expect(host.duty).toBeCloseTo(0.5, 3);
    expect(partOf(host)).toBeCloseTo(0.5, 3);
  });

  it('is each algorithm’s own where a host mines several: a quarter each, half in all', async () => {
    const [first, second] = [session(4000, 10), session(4001, 150, 'cn/r')];
    const host = hostOf(await scanned('both', first, second), MINER);
    expect(host.algorithms).toEqual(['cn/r', 'rx/0']);
    expect(host.duty).toBeCloseTo(0.5, 3);
    expect(partOf(host)).toBeCloseTo(host.duty ?? 0, 9);
    // Energy adds, and power is the mean of the two that take turns.
    const alone = [
      hostOf(await scanned('first', first), MINER),
      hostOf(await scanned('second', second), MINER),
    ];
    const [a, b] = alone.map(({ power }) => power);
    expect(host.power?.kwhPerDay).toBeCloseTo((a?.kwhPerDay ?? 0) + (b?.kwhPerDay ?? 0), 6);
    expect(host.power?.watts).toBeCloseTo(((a?.watts ?? 0) + (b?.watts ?? 0)) / 2, 1);
    // At one time they add up.
    const both = hostOf(await scanned('at-once', first, session(4001, 10, 'cn/r')), MINER);
    expect(both.duty).toBeCloseTo(0.25, 3);
    expect(both.power?.watts).toBeCloseTo((a?.watts ?? 0) + (b?.watts ?? 0), 1);
    expect(partOf(both)).toBeCloseTo(both.duty ?? 0, 9);
  });

  it('has the time in it that flow records tell of beside a capture', async () => {
    const capture = path.join(REPO_ROOT, 'fixtures/cryptonote/xmr-many-shares.pcap');
    const log = written(
      'day.csv',
      twoWayTable(
        '2026-11-24T00:00:00Z,2026-11-24T23:59:59Z,192.0.2.18,59158,198.51.100.68,7777,6,98000,15000000,55000,7400000',
      ),
    );
    const poolFiles = [written('pools.txt', '198.51.100.68:7777\n')];
    const audit = await scanInputs([log, capture], { poolFiles });
    const host = hostOf(audit, '192.0.2.18');
    expect(host.duty).toBeCloseTo(1, 3);
    expect(partOf(host)).toBeCloseTo(host.duty ?? 0, 9);
    const { table, explanation } = await said(audit, '192.0.2.18');
    expect(table).toContain('>99.9 % of the time');
    expect(explanation).toContain('It was mining >99.9 % of the time watched.');
    // The shares were found in the 81 s of the capture.
    expect(explanation).toContain('found in 1 min 2');
  });

  it('is the time of capture and flow records together where neither can be read', async () => {
    const log = written(
      'tls.csv',
      twoWayTable(
        '2026-11-24T22:19:50Z,2026-11-24T22:30:00Z,192.0.2.12,48920,198.51.100.20,443,6,500,80000,300,60000',
      ),
    );
    const capture = path.join(REPO_ROOT, 'fixtures/encrypted/xmr-tls.pcap');
    const poolFiles = [written('both-pools.txt', '198.51.100.20:443\n')];
    const host = hostOf(await scanInputs([log, capture], { poolFiles }), '192.0.2.12');
    // One connection from 22:19:50 to 22:30:00, of which the capture shows 76 s.
    expect(host.duty).toBeCloseTo(1, 6);
    expect(host.rigs).toEqual({ low: 1, high: 1 });
  });

  it('is the time with a session open where nobody can read its work', async () => {
    const audit = await scanInputs(
      ['encrypted/xmr-tls.pcap', 'stratum-v1/ltc-cpuminer-multi.pcap', 'cryptonote/xmr-many-shares.pcap'].map(
        (name) => path.join(REPO_ROOT, 'fixtures', name),
      ),
      { poolFiles: [written('tls-pools.txt', '198.51.100.20:443\n')] },
    );
    // From 22:19:59.368129 to 22:49:06.545005.
    expect(audit.window.seconds).toBeCloseTo(1747.177, 3);
    // The lengths of the three captures (capinfos -u): nobody watched the time between.
    expect(audit.window.observedSeconds).toBeCloseTo(75.649109 + 72.491252 + 80.642664, 5);
    for (const [ip, seconds] of [
      ['192.0.2.12', 75.6491],
      ['192.0.2.23', 72.4913],
    ] as const) {
      const host = hostOf(audit, ip);
      expect(host.hashrate).toEqual([]);
      expect(host.duty).toBeCloseTo(seconds / 228.783025, 6);
      expect(partOf(host)).toBeCloseTo(seconds / 228.783025, 6);
    }
    // Of one 43 shares were read, and neither difficulty nor algorithm nor program; of the other nothing.
    expect(
      [hostOf(audit, '192.0.2.23'), hostOf(audit, '192.0.2.12')].map(({ power }) => power?.tier),
    ).toEqual(['C', 'C']);
    const { table, page } = await said(audit, '192.0.2.23');
    // Both at the same watts, one after the other: the sum of their parts.
    expect(table).toContain('extrapolated to 24 h, mining 64.8 % of the time; not included in totals');
    expect(page).toContain('31.7 % of the time watched');
    expect(page).not.toContain('from flows alone');
  });
});

function written(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}
