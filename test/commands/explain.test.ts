import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli.ts';
import { verbatim } from '../../src/statements/index.ts';
import { capture } from '../cli/streams.ts';
import { readCapture } from '../support/capture-reader.ts';
import { sampleAudit, XMR_WALLET } from '../support/sample-audit.ts';
import { scanInputs } from '../support/scanning.ts';
import { laboratoryCapture } from '../support/truth.ts';

let folder = '';
let auditFile = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'minesweep-'));
  auditFile = path.join(folder, 'audit.json');
  writeFileSync(auditFile, JSON.stringify(sampleAudit()));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(...argv: readonly string[]): Promise<{ status: number; out: string; err: string }> {
  const to = capture({ terminal: true, columns: 80 });
  const status = await main(argv, {}, to.streams);
  return { status, out: to.out(), err: to.err() };
}

describe('minesweep explain', () => {
  it('tells the story of a host', async () => {
    const { status, out, err } = await run('explain', '192.0.2.11', auditFile, '--all');
    expect([status, err]).toEqual([0, '']);
    expect(out).toMatch(/^192\.0\.2\.11 is confirmed\.\n/);
    for (const title of ['FACTS', 'SESSIONS', 'HASHRATE', 'TRAFFIC']) expect(out).toContain(`\n${title}`);
  });

  it('says first what it is and what to do, then the three strongest facts and what these leave open', async () => {
    const audit = sampleAudit();
    const [host] = audit.hosts.filter(({ ip }) => ip === '192.0.2.11');
    while (host.evidence.length < 5)
      host.evidence.push({ ...host.evidence[0], record: host.evidence.length });
    writeFileSync(auditFile, JSON.stringify(audit));
    const { out } = await run('explain', '192.0.2.11', auditFile);
    expect(out.split('\n').length).toBeLessThan(40);
    const order = ['is confirmed.', 'WHAT TO DO NEXT', 'STRONGEST FACTS OF', 'POSSIBLE FALSE', '--all'];
    expect(order.map((title) => out.indexOf(title)).toSorted((a, b) => a - b)).toEqual(
      order.map((title) => out.indexOf(title)),
    );
    expect(out.match(/^\d\. /gm)).toHaveLength(3);
    for (const title of ['SESSIONS', 'HASHRATE', 'TRAFFIC']) expect(out).not.toContain(`\n${title}`);
  });

  it('lists no false positive that a stronger fact settles', async () => {
    const audit = sampleAudit();
    const [host] = audit.hosts.filter(({ ip }) => ip === '192.0.2.11');
    const place = { count: 1, input: 'a.pcap', record: 1, time: host.firstSeen };
    host.evidence = [
      { kind: 'dns-lookup', strength: 'hint', ...verbatim('looked up'), ...place },
      { kind: 'session', strength: 'proof', ...verbatim('parsed'), ...place },
    ];
    writeFileSync(auditFile, JSON.stringify(audit));
    for (const flags of [[], ['--all']]) {
      const { out } = await run('explain', '192.0.2.11', auditFile, ...flags);
      const doubts = out.slice(out.indexOf('POSSIBLE FALSE'));
      expect(doubts).toContain('honeypot');
      expect(doubts).not.toContain('look names up');
    }
  });

  it('finds an address in any spelling', async () => {
    const { status, out } = await run('explain', '2001:DB8:10:4:0:0:1:2F', auditFile);
    expect([status, out.split('\n')[0]]).toEqual([0, '2001:db8:10:4::1:2f is confirmed.']);
  });

  it.each([
    [
      '192.0.2.78',
      'minesweep: 192.0.2.78: the audit has no host with this address',
      /Similar addresses in it: 192\.0\.2\.77/,
    ],
    ['198.51.100.10', /no host with this address/, /the pool or proxy of 192\.0\.2\.11, 192\.0\.2\.77/],
    ['nonsense', /nonsense: not an IP address/, /Its 7 hosts: 192\.0\.2\.11, /],
  ])('of %s, which is not there, ends with 2 and a hint', async (ip, message, hint) => {
    const { status, out, err } = await run('explain', ip, auditFile);
    expect([status, out]).toEqual([2, '']);
    expect(err.split('\n')[0]).toMatch(message);
    expect(err.split('\n')[1]).toMatch(hint);
  });

  it('writes a letter to the pool, with what a pool finds an account by', async () => {
    const { status, out, err } = await run('explain', '192.0.2.11', auditFile, '--letter');
    expect([status, err]).toEqual([0, '']);
    expect(out.split('\n')[0]).toBe('To: abuse contact of SupportXMR');
    expect(out).toContain(`\nAccount: ${XMR_WALLET}\n`);
    // Times in UTC to the second, both ends, and the sums of all sessions of the account.
    expect(out).toContain('2026-03-02 08:00:03 – 08:14:59 UTC, 192.0.2.11:59124');
    expect(out).toContain('pool.supportxmr.com:3333 (198.51.100.10:3333)');
    expect(out).toMatch(/In all: \d+ sessions?, \d+ shares submitted, \d+ accepted\n/);
    for (const line of out.split('\n').filter((each) => !each.includes(XMR_WALLET)))
      expect(line).not.toMatch(/\p{Cc}/u);
    const chinese = await run('explain', '192.0.2.11', auditFile, '--letter', '--lang', 'zh');
    expect(chinese.out).toContain(`账户：${XMR_WALLET}\n`);
  });

  it('counts the recordings that a letter does not name', async () => {
    const audit = sampleAudit();
    const inputs = Array.from({ length: 23 }, (_, i) => ({
      ...audit.inputs[0],
      sha256: i.toString(16).padStart(64, '0'),
    }));
    writeFileSync(auditFile, JSON.stringify({ ...audit, inputs }));
    const { out } = await run('explain', '192.0.2.11', auditFile, '--letter');
    const [letter = ''] = out.split('To: ').slice(1);
    expect(letter.match(/^ {2}[0-9a-f]{64}$/gm)).toHaveLength(20);
    expect(letter).toContain('\n  … and 3 more recordings\n');
  });

  it('writes no letter about what no pool knows: a pseudonym, or no account', async () => {
    const key = path.join(folder, 'key');
    writeFileSync(key, 'a secret of more than sixteen bytes');
    const shared = await run(
      'report',
      auditFile,
      '-f',
      'json',
      '--pseudonymize',
      'accounts',
      '--pseudonym-key',
      key,
    );
    writeFileSync(auditFile, shared.out);
    const { status, err } = await run('explain', '192.0.2.11', auditFile, '--letter');
    expect([status, err]).toEqual([2, expect.stringMatching(/pseudonyms \(accounts\), which no pool knows/)]);
    writeFileSync(auditFile, JSON.stringify(sampleAudit()));
    const none = await run('explain', '192.0.2.140', auditFile, '--letter');
    expect([none.status, none.err]).toEqual([2, expect.stringMatching(/no account of this host was seen/)]);
  });

  it('writes the packets where asked, and says how many', async () => {
    const { capture: input, miner } = laboratoryCapture('xmr-socks5');
    writeFileSync(auditFile, JSON.stringify(await scanInputs([input])));
    const file = path.join(folder, 'case.pcap');
    const { status, err } = await run('explain', miner, auditFile, '--extract', file);
    const packets = readCapture(file).length;
    expect(status).toBe(0);
    expect(err).toContain(`${file}: ${packets} packets of 1 session as pcap, from ${input} (${packets})`);
  });

  it('fails with 1 where a capture of the audit is gone', async () => {
    const { status, err } = await run(
      'explain',
      '192.0.2.11',
      auditFile,
      '-x',
      path.join(folder, 'case.pcap'),
    );
    expect(status).toBe(1);
    expect(err).toContain('this input of the audit is not there');
  });
});
