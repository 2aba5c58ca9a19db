import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { main } from '../../src/cli.ts';
import { capture } from '../cli/streams.ts';
import { sampleAudit, totalled } from '../support/sample-audit.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'minesweep-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const MINER = '192.0.2.11';

function save(name: string, audit: Audit): string {
  const file = path.join(folder, name);
  writeFileSync(file, JSON.stringify(totalled(audit)));
  return file;
}

const without = (audit: Audit, ip: string): Audit => ({
  ...audit,
  hosts: audit.hosts.filter((host) => host.ip !== ip),
});

async function diff(...argv: readonly string[]) {
  const to = capture();
  const status = await main(['diff', ...argv], {}, to.streams);
  return { status, out: to.out(), err: to.err() };
}

describe('minesweep diff', () => {
  it('finds nothing between an audit and itself', async () => {
    const file = save('a.json', sampleAudit());
    const { status, out } = await diff(file, file, '--format', 'json');
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ changes: [], crossed: false });
  });

  it('names a miner that is new, and the exit status says so', async () => {
    const now = sampleAudit();
    const { status, out } = await diff(
      save('old.json', without(now, MINER)),
      save('now.json', now),
      '--format',
      'json',
    );
    expect(status).toBe(3);
    expect(JSON.parse(out).changes).toMatchObject([
      { ip: MINER, kinds: ['new'], before: null, after: 'confirmed', crosses: true },
    ]);
  });

  it('names a miner that is gone, which fails only where asked for', async () => {
    const old = sampleAudit();
    const files = [save('old.json', old), save('now.json', without(old, MINER))];
    const plain = await diff(...files, '--format', 'json');
    expect(plain.status).toBe(0);
    expect(JSON.parse(plain.out).changes).toMatchObject([{ ip: MINER, kinds: ['gone'], after: null }]);
    expect((await diff(...files, '--fail-on-change', 'gone')).status).toBe(3);
  });

  it('tells a host that has become confirmed from one that always was', async () => {
    const now = sampleAudit();
    const old = {
      ...now,
      hosts: now.hosts.map((host) => (host.ip === MINER ? { ...host, verdict: 'suspected' as const } : host)),
    };
    const { status, out } = await diff(save('old.json', old), save('now.json', now), '--format', 'json');
    expect(status).toBe(3);
    expect(JSON.parse(out).changes).toMatchObject([
      { ip: MINER, kinds: ['verdict'], before: 'suspected', after: 'confirmed' },
    ]);
  });

  it.each(['attempted', 'listed'] as const)(
    'looks at hosts as weak as --fail-on %s asks for',
    async (verdict) => {
      const now = sampleAudit();
      const ip = now.hosts.find((host) => host.verdict === verdict)?.ip ?? '';
      const files = [save('old.json', without(now, ip)), save('now.json', now), '--format', 'json'];
      const { status, out } = await diff(...files, '--fail-on', verdict);
      expect(status).toBe(3);
      expect(JSON.parse(out).changes).toMatchObject([{ ip, kinds: ['new'], after: verdict, crosses: true }]);
      expect((await diff(...files)).status).toBe(0);
      // A stronger one leaves --least as it is.
      expect((await diff(...files, '--fail-on', 'confirmed', '--least', verdict)).status).toBe(0);
    },
  );

  it('takes a format for all commands that it lacks for none, and says whose it is', async () => {
    const file = save('a.json', sampleAudit());
    const to = capture();
    expect(await main(['diff', file, file], { MINESWEEP_FORMAT: 'csv' }, to.streams)).toBe(0);
    expect(JSON.parse(to.out())).toMatchObject({ changes: [] });
    expect(to.err()).toContain('MINESWEEP_FORMAT: a diff is not printed as csv, the default is taken.');
    writeFileSync(path.join(folder, 'minesweep.json'), '{"format": "csv"}');
    vi.spyOn(process, 'cwd').mockImplementation(() => folder);
    const set = await diff(file, file);
    expect([set.status, JSON.parse(set.out).changes]).toEqual([0, []]);
    expect(set.err).toContain('format in minesweep.json: a diff is not printed as csv');
    // A flag outweighs both, and is meant for this command.
    expect(await diff(file, file, '--format', 'json')).toMatchObject({ status: 0, err: '' });
    expect(await diff(file, file, '--format', 'csv')).toEqual({
      status: 2,
      out: '',
      err: 'minesweep: --format: a diff is not printed as csv\n  One of: table, json, markdown.\n',
    });
  });

  it('refuses one file, a format it lacks and what is no audit', async () => {
    const file = save('a.json', sampleAudit());
    const text = path.join(folder, 'b.json');
    writeFileSync(text, '{"schema":"other/1"}');
    expect((await diff(file)).status).toBe(2);
    expect((await diff(file, file, '--format', 'html')).status).toBe(2);
    expect((await diff(file, text)).status).not.toBe(0);
  });
});
