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
  const text = [...renderJunit(audit)].join('');

  it('fails the host that mines', () => {
    expect(text).toContain('tests="2" failures="1"');
    expect(text).toContain('<failure type="confirmed"');
  });

  it.skipIf(!hasXmllint)('is as its schema says whatever the evidence says (skipped without xmllint)', () => {
    const [host] = audit.hosts;
    const hostile = { ...host, pools: ['<a b="&\u0000\u001b]]>'], verdict: 'confirmed' as const };
    const file = path.join(folder, 'report.xml');
    writeFileSync(file, [...renderJunit({ ...audit, hosts: [hostile] })].join(''));
    const { status, stderr } = spawnSync('xmllint', ['--noout', '--schema', SCHEMA, file], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, `${file} validates\n`]);
  });
});
