import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli.ts';
import { capture } from '../cli/streams.ts';
import { sampleAudit } from '../support/sample-audit.ts';
import { comparable, differences, scanInputs } from '../support/scanning.ts';
import { laboratoryCapture } from '../support/truth.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'minesweep-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const CAPTURES = ['xmr-plain-vardiff', 'btc-minerd'].map((name) => laboratoryCapture(name).capture);

/** The audits as scan writes them. */
async function audits(): Promise<string[]> {
  const files: string[] = [];
  for (const [i, input] of CAPTURES.entries()) {
    const out = path.join(folder, `audit-${i}`);
    await main(['scan', input, '--out', out, '--quiet'], {}, capture().streams);
    files.push(path.join(out, 'audit.json'));
  }
  return files;
}

async function merge(...argv: readonly string[]) {
  const to = capture();
  const status = await main(['merge', ...argv], {}, to.streams);
  return { status, out: to.out(), err: to.err() };
}

describe('minesweep merge', () => {
  it('prints the audit that one scan of all inputs gives, and writes its files', async () => {
    const out = path.join(folder, 'merged');
    const { status, out: text } = await merge(...(await audits()), '--format', 'json', '--out', out);
    const whole = await scanInputs(CAPTURES, { hash: true });
    expect(status).toBe(0);
    expect(
      differences(comparable(whole), comparable(JSON.parse(text)), { timeMs: 0, relative: 1e-12 }),
    ).toEqual([]);
    expect(JSON.parse(readFileSync(path.join(out, 'audit.json'), 'utf8'))).toEqual(JSON.parse(text));
  });

  it('tells by its exit status where a host is as bad as asked for', async () => {
    const files = await audits();
    expect((await merge(...files, '--fail-on', 'confirmed', '--format', 'csv')).status).toBe(3);
  });

  it('ends as one scan would where an input was damaged', async () => {
    const cut = path.join(folder, 'cut.pcap');
    writeFileSync(cut, readFileSync(CAPTURES[0] ?? '').subarray(0, -10));
    const damaged = path.join(folder, 'damaged.json');
    const to = capture();
    expect(await main(['scan', cut, '--format', 'json', '--quiet'], {}, to.streams)).toBe(4);
    writeFileSync(damaged, to.out());
    const [, whole = ''] = await audits();
    const { status, out } = await merge(damaged, whole, '--format', 'json');
    expect(status).toBe(4);
    expect(JSON.parse(out).inputs.map(({ damage }: { damage: object[] }) => damage.length)).toEqual([1, 0]);
    expect((await merge(damaged, whole, '--format', 'csv', '--fail-on', 'confirmed')).status).toBe(3);
    const strict = await merge(damaged, whole, '--format', 'csv', '--strict');
    expect(strict.status).toBe(1);
    expect(strict.err).toContain('some input was damaged (--strict)');
    expect((await merge(whole, '--format', 'csv', '--strict')).status).toBe(0);
  });

  it('takes audits that miss the same input', async () => {
    const absent = path.join(folder, 'absent.pcap');
    const files: string[] = [];
    for (const [i, input] of CAPTURES.entries()) {
      const to = capture();
      await main(['scan', absent, input, '--format', 'json', '--quiet'], {}, to.streams);
      files.push(path.join(folder, `${i}.json`));
      writeFileSync(files[i] ?? '', to.out());
    }
    const { status, out } = await merge(...files, '--format', 'json');
    expect(status).toBe(4);
    expect(
      JSON.parse(out)
        .inputs.map((input: { path: string }) => input.path)
        .sort(),
    ).toEqual([...CAPTURES, absent, absent].sort());
  });

  it('warns of an audit that is named twice', async () => {
    const [file = ''] = await audits();
    const { status, err } = await merge(file, file, '--format', 'csv');
    expect(status).toBe(0);
    expect(err).toContain('left out, its inputs are those of');
  });

  it('refuses what carries nothing to merge by, what is no audit and no file at all', async () => {
    const old = path.join(folder, 'old.json');
    writeFileSync(old, JSON.stringify(sampleAudit()));
    const refused = await merge(old);
    expect(refused.status).toBe(1);
    expect(refused.err).toContain('has no basis and cannot be merged');
    const other = path.join(folder, 'other.json');
    writeFileSync(other, JSON.stringify({ ...sampleAudit(), schema: 'minesweep.audit/9' }));
    expect((await merge(other)).err).toContain(
      'the audit is minesweep.audit/9, and only minesweep.audit/4 is read',
    );
    expect((await merge()).status).toBe(2);
  });
});

describe('audits that were made safe to share', () => {
  it('merge, however they were made so, and tell the same hosts as the whole made safe to share', async () => {
    const key = path.join(folder, 'key');
    writeFileSync(key, 'a key of thirty-two bytes, or so');
    const hide = ['--pseudonymize', 'accounts,addresses', '--pseudonym-key', key, '--format', 'json'];
    const run = async (...argv: readonly string[]): Promise<string> => {
      const to = capture();
      expect(await main([...argv, ...hide], {}, to.streams)).toBe(0);
      return to.out();
    };
    const [first = ''] = await audits();
    const reported = path.join(folder, 'reported.json');
    const scanned = path.join(folder, 'scanned.json');
    writeFileSync(reported, await run('report', first));
    writeFileSync(scanned, await run('scan', CAPTURES[1] ?? ''));
    const { status, out: text } = await merge(reported, scanned, '--format', 'json');
    expect(status).toBe(0);
    const whole: unknown = JSON.parse(await run('scan', ...CAPTURES));
    const told = (audit: unknown): unknown => {
      const { hosts, sessions } = Object(audit);
      return [
        hosts.map(({ ip, workers, verdict }: Record<string, unknown>) => ({ ip, workers, verdict })),
        sessions.map(({ logins, shares }: Record<string, unknown>) => ({ logins, shares })),
      ];
    };
    expect(told(JSON.parse(text))).toEqual(told(whole));
    expect(text).not.toContain('192.0.2.');
  });
});
