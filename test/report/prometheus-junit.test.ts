/** The Prometheus file and the JUnit file, as the tools that read them judge. Skipped if a tool is not installed. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderJunit } from '../../src/report/junit.ts';
import { renderPrometheus } from '../../src/report/prometheus.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { scanInputs } from '../support/scanning.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SCHEMA = path.join(REPO_ROOT, 'test/report/junit.xsd');
const folder = temporaryFolder();
const audit = await scanInputs([path.join(REPO_ROOT, 'fixtures/cryptonote/xmr-many-shares.pcap')]);
const hasPromtool = spawnSync('promtool', ['--version']).error === undefined;
const hasXmllint = spawnSync('xmllint', ['--version']).error === undefined;

describe('the Prometheus file', () => {
  const text = [...renderPrometheus(audit)].join('');

  it.skipIf(!hasPromtool)('is taken by promtool without a word (skipped without it)', () => {
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: text,
      encoding: 'utf8',
    });
    expect([status, `${stdout}${stderr}`]).toEqual([0, '']);
  });

  it('has totals with their labels, and no address', () => {
    expect(text).toContain('minesweep_hosts{verdict="confirmed"} 1\n');
    expect(text).toMatch(/minesweep_hashrate\{algorithm="rx\/0",unit="H\/s",basis="counter"\} 30\./);
    expect(text).not.toContain('192.0.2.18');
  });
});

describe('the JUnit file', () => {
  const text = [...renderJunit(audit, { language: 'en' })].join('');

  it('fails the host that mines', () => {
    expect(text).toContain('tests="2" failures="1"');
    expect(text).toContain('<failure type="confirmed"');
  });

  it('names its tests and says why they fail in the language of the reader, with types that stay', () => {
    const [host] = audit.hosts;
    const lease = { mac: null, hostname: 'lab22', user: null, from: null, to: null, source: 'dnsmasq' };
    const coverage = { ...audit.coverage, complete: false };
    const marked = { ...audit, coverage, hosts: [{ ...host, machines: [lease] }] };
    const said = (language: 'en' | 'zh'): string[] =>
      [...[...renderJunit(marked, { language })].join('').matchAll(/<(?:testcase|failure) .*?>/g)].map(
        String,
      );
    expect(said('en')).toEqual([
      '<testcase name="coverage is complete" classname="minesweep.coverage">',
      '<failure type="incomplete" message="Mining or traces of it: 1 confirmed. Looked at: 1 conversation of 1 host; all could be judged. INCOMPLETE: 100 % of conversations judged (100 % of their bytes); 100 % of bytes decoded"/>',
      '<testcase name="192.0.2.18 does not mine" classname="minesweep.hosts.confirmed">',
      '<failure type="confirmed" message="confirmed: 198.51.100.68; machine: lab22">',
    ]);
    expect(said('zh')).toEqual([
      '<testcase name="覆盖完整" classname="minesweep.coverage">',
      '<failure type="incomplete" message="发现挖矿或其迹象：确认 1。共检查 1 台主机的 1 个会话；全部可以判断。不完整：100% 的会话得到判断（其字节的 100%）；100% 的字节得到解析"/>',
      '<testcase name="192.0.2.18 没有挖矿" classname="minesweep.hosts.confirmed">',
      '<failure type="confirmed" message="确认：198.51.100.68；设备：lab22">',
    ]);
  });

  it.skipIf(!hasXmllint)('is as its schema says whatever the evidence says (skipped without xmllint)', () => {
    const [host] = audit.hosts;
    const hostile = { ...host, pools: ['<a b="&\u0000\u001b]]>'], verdict: 'confirmed' as const };
    const file = path.join(folder, 'report.xml');
    writeFileSync(file, [...renderJunit({ ...audit, hosts: [hostile] }, { language: 'en' })].join(''));
    const { status, stderr } = spawnSync('xmllint', ['--noout', '--schema', SCHEMA, file], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, `${file} validates\n`]);
  });
});
