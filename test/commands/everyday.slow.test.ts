/** What people meet every day: times in words, results that are the same again, lists that fit, and mistakes that are told. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { alertOf } from '../../src/alerts/event.ts';
import type { AuditSession } from '../../src/audit/audit.ts';
import { main } from '../../src/cli.ts';
import { OPTIONS } from '../../src/commands/options.ts';
import { renderAudit } from '../../src/report/index.ts';
import { capture } from '../cli/streams.ts';
import { sampleAudit } from '../support/sample-audit.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { laboratoryCapture } from '../support/truth.ts';

const folder = temporaryFolder();
const at = (...names: readonly string[]): string => path.join(folder, ...names);
const { capture: CAPTURE, miner: MINER, account: ACCOUNT } = laboratoryCapture('xmr-many-shares');

async function run(argv: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const to = capture();
  const status = await main(argv, env, to.streams);
  return { status, out: to.out(), err: to.err() };
}

describe('times', () => {
  it('may be yesterday, today, and a time of either', () => {
    const of = (word: string): Date => new Date((OPTIONS.since.parse([word], '--since') ?? 0) / 1000);
    const [yesterday, today, morning] = ['yesterday', 'today', 'Today 08:30'].map(of);
    expect([today.getHours(), today.getMinutes(), morning.getHours(), morning.getMinutes()]).toEqual([
      0, 0, 8, 30,
    ]);
    expect(new Date(today.getTime() - 1).toDateString()).toBe(yesterday.toDateString());
    for (const word of ['tomorrow', 'today 25:00', 'yesterday 8'])
      expect(() => of(word)).toThrow('not a time');
  });
});

describe('results', () => {
  it('are the same again with SOURCE_DATE_EPOCH', async () => {
    const env = { SOURCE_DATE_EPOCH: '1764000000' };
    const [first, second] = [
      await run(['scan', CAPTURE, '--quiet'], env),
      await run(['scan', CAPTURE, '--quiet'], env),
    ];
    expect(second.out).toBe(first.out);
    expect(JSON.parse(first.out).generated).toBe('2025-11-24T16:00:00.000Z');
    expect((await run(['scan', CAPTURE], { SOURCE_DATE_EPOCH: 'now' })).status).toBe(2);
  });

  it('as a list have at most 25 columns, unless all are asked for', async () => {
    const head = async (...options: readonly string[]): Promise<string[]> => {
      const { out } = await run([
        'scan',
        CAPTURE,
        '--quiet',
        '--format',
        'csv',
        '--out',
        at('list'),
        ...options,
      ]);
      return (out.split('\r\n')[0] ?? '').split(',');
    };
    expect((await head()).length).toBeLessThanOrEqual(25);
    expect(await head()).toEqual(
      expect.arrayContaining(['ip', 'firstSeen', 'lastSeen', 'verdict', 'owner.department']),
    );
    const whole = readFileSync(at('list', 'hosts.csv'), 'utf8').split('\r\n')[0]?.split(',');
    expect(whole?.length).toBeGreaterThan(40);
    expect(await head('--columns', 'all')).toEqual(whole);
  });
});

describe('a list of pools', () => {
  it('gives an endpoint the name that stands behind it', async () => {
    writeFileSync(at('pools.txt'), `198.51.100.68:7777 Pool of the lab\n`);
    const { out } = await run(['scan', CAPTURE, '--quiet', '--pools', at('pools.txt'), '--format', 'json']);
    expect(JSON.parse(out).hosts[0].pools).toEqual(['Pool of the lab']);
  });
});

describe('an alert', () => {
  it('has algorithm, rate, pool and account of one session', () => {
    const audit = sampleAudit();
    const [host] = audit.hosts;
    const [session] = audit.sessions.filter(({ miner }) => miner.ip === host.ip);
    const other: AuditSession = {
      ...session,
      ...{ algorithm: 'ethash', logins: [{ account: '0xother', worker: null }] },
      traffic: { ...session.traffic, bytesOut: session.traffic.bytesOut * 100 },
      hashrate: [],
    };
    audit.sessions.push(other);
    const event = alertOf(audit, host, 'appeared');
    expect(event).toMatchObject({ algorithm: 'ethash', account: '0xother', hashrate: null });
  });
});

describe('JUnit', () => {
  it('names the reason why the coverage is not complete', async () => {
    const options = { width: 80, color: false, zone: 'UTC', language: 'en' as const };
    const whole = sampleAudit();
    const coverage = { ...whole.coverage, complete: false };
    const cut = { ...whole, coverage, partial: true, unread: 117 };
    const text = [...(await renderAudit('junit', cut, options))].join('');
    expect(text).toContain(
      '<failure type="partial" message="PARTIAL: the run was interrupted; 3 of 120 inputs were begun',
    );
  });
});

describe('a watch', () => {
  it('of a folder that is not there is wrong usage', async () => {
    const { status, err } = await run(['watch', at('nowhere'), '--out', at('watched')]);
    expect([status, err]).toEqual([2, expect.stringContaining('there is no such folder')]);
  });
});

describe('a case file', () => {
  it('holds page, packets, hashes, and what to look for; of a folder, with captures that were moved', async () => {
    mkdirSync(at('was'));
    mkdirSync(at('is', 'deep'), { recursive: true });
    writeFileSync(at('was', 'a.pcap'), readFileSync(CAPTURE));
    expect(
      (await run(['scan', at('was', 'a.pcap'), '--quiet', '--out', at('audit'), '--format', 'csv'])).status,
    ).toBe(0);
    renameSync(at('was', 'a.pcap'), at('is', 'deep', 'a.pcap'));
    const done = await run([
      'explain',
      MINER,
      at('audit'),
      '--bundle',
      at('case.zip'),
      '--captures',
      at('is'),
      '--extract',
      at('x.pcap'),
    ]);
    expect(done.status).toBe(0);
    expect(done.out).toContain('WHAT TO DO NEXT');
    const files = unzipSync(readFileSync(at('case.zip')));
    const text = (name: string): string => Buffer.from(files[name] ?? []).toString();
    expect(Object.keys(files).sort()).toEqual(
      [
        'README.txt',
        'SHA256SUMS',
        'audit.json',
        'explanation.txt',
        'look-for.txt',
        'packets.pcap',
        'report.html',
      ].sort(),
    );
    expect(Buffer.from(files['packets.pcap'] ?? []).equals(readFileSync(at('x.pcap')))).toBe(true);
    for (const line of text('SHA256SUMS').trim().split('\n')) {
      const [hash = '', name = ''] = line.split('  ');
      expect(
        createHash('sha256')
          .update(files[name] ?? '')
          .digest('hex'),
      ).toBe(hash);
    }
    expect(text('look-for.txt')).toContain(ACCOUNT ?? '');
    expect(text('README.txt')).toContain(createHash('sha256').update(readFileSync(CAPTURE)).digest('hex'));
    // Without the captures the rest is there, and the reason.
    const without = await run(['explain', MINER, at('audit'), '--bundle', at('poor.zip')]);
    expect([without.status, without.err]).toEqual([
      0,
      expect.stringContaining('There are no packets in this bundle'),
    ]);
    expect(Object.keys(unzipSync(readFileSync(at('poor.zip'))))).toContain('packets-missing.txt');
  });

  it('is in Chinese with --lang zh, names of files and commands apart', async () => {
    await run(['scan', CAPTURE, '--quiet', '--out', at('zh'), '--format', 'csv']);
    const bundle = ['--bundle', at('zh.zip'), '--captures', at('nowhere'), '--lang', 'zh'];
    const { err } = await run(['explain', MINER, at('zh'), ...bundle]);
    expect(err).toContain('There are no packets in this bundle');
    const files = unzipSync(readFileSync(at('zh.zip')));
    const text = (name: string): string => Buffer.from(files[name] ?? []).toString();
    expect(text('packets-missing.txt')).toMatch(/^资料包中没有数据包：.*。\n$/);
    expect(text('report.html')).toContain('<html lang="zh-CN">');
    const lines = text('README.txt').split('\n');
    expect(lines[0]).toMatch(new RegExp(`^${MINER} 的取证材料：确认，`));
    expect(lines[2]).toMatch(/命令：minesweep explain .* --lang zh$/);
    const english = lines.filter((line) => line !== '' && !/\p{Script=Han}/u.test(line));
    expect(english).toEqual([
      `${createHash('sha256').update(readFileSync(CAPTURE)).digest('hex')}  ${CAPTURE}`,
    ]);
  });
});
